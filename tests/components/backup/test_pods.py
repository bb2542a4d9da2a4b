"""What we declare about Velero's pods, against a list of what its chart rendered (where that is at hand)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.backup.pods import pods
from components.backup.spec import BackupSpec

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: declared pods were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())["charts"]["velero"]


def test_declared_pods_are_those_the_chart_renders(rendered: dict[str, Any]) -> None:
    there = {
        (one["kind"], one["name"]): (
            one["labels"],
            [(port["name"], port["port"]) for port in one["ports"]],
            one["service_account"],
            one["pod_security"],
            "hook" in one,
        )
        for one in rendered["workloads"]
    }
    ours = {
        (one.kind.value, one.name): (
            dict(one.labels),
            [(port.name, port.number) for port in one.ports],
            one.service_account,
            one.pod_security.value,
            one.hook,
        )
        for one in pods(BackupSpec())
    }
    assert ours == there


def test_declared_images_are_those_the_chart_pulls(rendered: dict[str, Any]) -> None:
    ours = {image.reference.partition("@")[0] for one in pods(BackupSpec()) for image in one.images}
    repositories = {reference.rpartition(":")[0] for reference in rendered["images"]}
    assert {reference.rpartition(":")[0] for reference in ours} == repositories
    assert "docker.io/velero/velero:v1.18.1" in ours & set(rendered["images"])


def test_every_container_that_the_chart_leaves_unsized_is_declared(rendered: dict[str, Any]) -> None:
    unsized = {(one["workload"], one["container"]) for one in rendered["resources_missing"]}
    sized = {
        (f"{one.kind.value}/{one.name}", container.name)
        for one in pods(BackupSpec())
        for container in one.containers
    }
    assert unsized == sized
