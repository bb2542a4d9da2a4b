"""Schemas of the custom resources, where they are at hand, as a judge of what we render."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

CRDS = Path(__file__).parents[4] / "shared" / "crds"


def _strict(schema: Any) -> Any:
    """An OpenAPI schema as JSON Schema in which an unknown field is an error, as on strict admission."""
    if isinstance(schema, list):
        return [_strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: _strict(value) for key, value in schema.items() if key != "format"}
    if isinstance(schema.get("properties"), dict):
        result["properties"] = {name: _strict(value) for name, value in schema["properties"].items()}
        if "additionalProperties" not in schema and not schema.get("x-kubernetes-preserve-unknown-fields"):
            result["additionalProperties"] = False
    return result


def _schemas() -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {}
    for file in ("karpenter.sh_nodepools.yaml", "karpenter.k8s.aws_ec2nodeclasses.yaml"):
        crd = yaml.safe_load((CRDS / "karpenter" / file).read_text())
        for version in crd["spec"]["versions"]:
            key = (f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"])
            found[key] = version["schema"]["openAPIV3Schema"]
    auto = json.loads((CRDS / "eks-auto-mode" / "json-schema" / "nodeclass_v1.json").read_text())
    found["eks.amazonaws.com/v1", "NodeClass"] = auto
    for schema in found.values():
        schema["properties"]["metadata"] = {"type": "object", "additionalProperties": True}
    return {key: _strict(schema) for key, schema in found.items()}


@pytest.fixture(scope="session")
def schema_faults() -> Callable[[dict[str, Any]], list[str]]:
    """`schema_faults(manifest)`: what the kind's published schema says against it."""
    if not CRDS.exists():
        pytest.skip("no CRD schemas at hand: node pools and node classes were not checked against them")
    schemas = _schemas()

    def faults(manifest: dict[str, Any]) -> list[str]:
        schema = schemas[manifest["apiVersion"], manifest["kind"]]
        errors = jsonschema.Draft202012Validator(schema).iter_errors(manifest)
        return sorted(f"{error.json_path}: {error.message}" for error in errors)

    return faults
