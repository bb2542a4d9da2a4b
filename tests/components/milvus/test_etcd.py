from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from components.core.stateful import BackupOwner
from components.milvus.etcd import service_monitor
from components.milvus.spec import SHARED
from components.milvus.stateful import stateful


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with every object refusing what it does not name, as a strict server does."""
    made = {key: closed(value) if isinstance(value, dict) else value for key, value in schema.items()}
    if "properties" in made:
        made["properties"] = {key: closed(value) for key, value in schema["properties"].items()}
        made.setdefault("additionalProperties", False)
    return made


def test_the_monitor_is_one_that_a_strict_server_takes(reference_crds: Path) -> None:
    file = reference_crds / "prometheus-operator" / "crd-servicemonitors.yaml"
    version = yaml.safe_load(file.read_text())["spec"]["versions"][0]
    schema = closed(version["schema"]["openAPIV3Schema"]["properties"]["spec"])
    validator = Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(service_monitor(SHARED))] == []
    assert not validator.is_valid({**service_monitor(SHARED), "selectors": {}})


def test_only_the_volumes_of_etcd_hold_what_is_nowhere_else() -> None:
    (volume,) = stateful()
    assert volume.type == "PersistentVolumeClaim"
    assert volume.name == "ai-data/data-milvus-etcd-"
    assert volume.owner is BackupOwner.VOLUME_SNAPSHOTS
