"""Proves (our store): a custom resource is held against the definition found in a directory, parsed once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.rules import unvalidated_kinds
from tests.agentic.sandbox.providers.kubernetes.conftest import Kubernetes

TOKEN = "kubernetes:example.org/v1:Widget"
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["spec"],
    "properties": {
        "spec": {
            "type": "object",
            "properties": {
                "size": {"type": "integer", "format": "int32"},
                "port": {"x-kubernetes-int-or-string": True},
                "note": {"type": "string", "nullable": True},
                "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            },
        }
    },
}


def _definition(scope: str = "Namespaced") -> dict[str, Any]:
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.org"},
        "spec": {
            "group": "example.org",
            "names": {"kind": "Widget", "plural": "widgets"},
            "scope": scope,
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": SCHEMA}}
            ],
        },
    }


@pytest.fixture
def crds(tmp_path: Path) -> Path:
    directory = tmp_path / "definitions"
    (directory / "nested").mkdir(parents=True)
    (directory / "nested" / "widgets.yaml").write_text(yaml.safe_dump(_definition()))
    return directory


@pytest.fixture
def kubernetes(kubernetes_with: Callable[[Path | None], Kubernetes], crds: Path) -> Kubernetes:
    return kubernetes_with(crds)


def _faults(kubernetes: Kubernetes, **spec: Any) -> list[tuple[str, str]]:
    return kubernetes.check(TOKEN, metadata={"name": "a"}, spec=spec)[1]


def test_an_unknown_field_of_a_custom_resource_is_refused(kubernetes: Kubernetes) -> None:
    assert _faults(kubernetes, size=1, colour="red") == [("spec.colour", 'unknown field "spec.colour"')]


def test_a_value_of_another_type_is_refused(kubernetes: Kubernetes) -> None:
    assert _faults(kubernetes, size="big") == [("spec.size", "'big' is not of type 'integer'")]


def test_what_a_structural_schema_leaves_open_is_let_through(kubernetes: Kubernetes) -> None:
    assert _faults(kubernetes, port=80, note=None, free={"any": {"thing": 1}}, labels={"a/b": "c"}) == []
    assert _faults(kubernetes, port="http") == []


def test_a_missing_part_is_named(kubernetes: Kubernetes) -> None:
    assert kubernetes.check(TOKEN, metadata={"name": "a"})[1] == [("object", "'spec' is a required property")]


def test_a_kind_with_a_definition_is_not_counted_as_unvalidated(kubernetes: Kubernetes) -> None:
    assert kubernetes.apply(TOKEN, metadata={"name": "a"}, spec={"size": 1}) == "default/a"
    assert unvalidated_kinds(kubernetes.database) == {}


def test_a_cluster_wide_custom_kind_gets_no_namespace(
    kubernetes_with: Callable[[Path | None], Kubernetes], crds: Path
) -> None:
    (crds / "nested" / "widgets.yaml").write_text(yaml.safe_dump(_definition("Cluster")))
    assert kubernetes_with(crds).apply(TOKEN, metadata={"name": "a"}, spec={}) == "a"


def test_a_bare_json_schema_stands_in_for_a_definition(
    kubernetes_with: Callable[[Path | None], Kubernetes], tmp_path: Path
) -> None:
    directory = tmp_path / "bare"
    directory.mkdir()
    (directory / "widget_v1.json").write_text(json.dumps(SCHEMA))
    faults = kubernetes_with(directory).check(TOKEN, metadata={"name": "a"}, spec={"colour": 1})[1]
    assert faults == [("spec.colour", 'unknown field "spec.colour"')]


def test_another_version_or_group_has_no_schema(crds: Path, tmp_path: Path) -> None:
    schemas = CustomSchemas(crds, tmp_path / "cache")
    assert schemas.get("example.org/v1", "Widget") is not None
    assert schemas.get("example.org/v2", "Widget") is None
    assert schemas.get("example.com/v1", "Widget") is None


def test_a_definition_is_parsed_once_for_all_processes(
    crds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = CustomSchemas(crds, tmp_path / "cache").get("example.org/v1", "Widget")
    monkeypatch.setattr(yaml, "load_all", lambda *_, **__: pytest.fail("parsed again"))
    assert CustomSchemas(crds, tmp_path / "cache").get("example.org/v1", "Widget") == first


def test_a_directory_that_is_not_there_has_no_schemas(tmp_path: Path) -> None:
    assert CustomSchemas(tmp_path / "none", tmp_path).get("example.org/v1", "Widget") is None


def test_a_definition_that_the_program_makes_lets_its_kind_in(
    kubernetes_with: Callable[[Path | None], Kubernetes],
) -> None:
    kubernetes, token = kubernetes_with(None), "kubernetes:keda.sh/v1alpha1:ScaledObject"
    with pytest.raises(ResourceError, match=r"^NoMatch: .*; it comes with keda$"):
        kubernetes.apply(token, metadata={"name": "a"})
    made = _definition()
    made["spec"] |= {"group": "keda.sh", "names": {"kind": "ScaledObject", "plural": "scaledobjects"}}
    made["metadata"]["name"] = "scaledobjects.keda.sh"
    kubernetes.apply("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", **made)
    kubernetes.apply(token, metadata={"name": "a"})
