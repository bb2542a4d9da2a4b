"""What we declare about Argo CD's pods, against a list of what its chart rendered (where that is at hand)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.argocd.pods import pods
from components.argocd.spec import ArgoCdSpec
from components.argocd.values import values

ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"
SWITCHED_OFF = ("applicationset-controller", "notifications-controller", "dex-server", "redis-ha")
CACHE = "argo-cd-argocd-redis"
"""The list was rendered with the cache as a cluster of three; ours is one pod, which holds nothing."""


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: declared pods were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())["charts"]["argo-cd"]


def on(name: str) -> bool:
    return not any(part in name for part in SWITCHED_OFF)


def test_declared_pods_are_those_the_chart_renders(rendered: dict[str, Any]) -> None:
    there = {
        (one["kind"], one["name"]): (
            one["labels"],
            sorted((port["name"], port["port"]) for port in one["ports"]),
            one["service_account"],
            one["pod_security"],
            "hook" in one,
        )
        for one in rendered["workloads"]
        if on(one["name"])
    }
    ours = {
        (one.kind.value, one.name): (
            dict(one.labels),
            sorted((port.name, port.number) for port in one.ports),
            one.service_account,
            one.pod_security.value,
            one.hook,
        )
        for one in pods(ArgoCdSpec())
        if one.name != CACHE
    }
    assert ours == there


def test_what_is_not_declared_is_switched_off() -> None:
    given = values(ArgoCdSpec(), monitored=False)
    assert given["applicationSet"]["replicas"] == 0
    assert given["notifications"]["enabled"] is False
    assert given["dex"]["enabled"] is False
    assert "redis-ha" not in given, "off by default"


def test_declared_images_are_among_those_the_chart_pulls(rendered: dict[str, Any]) -> None:
    ours = {image.reference.partition("@")[0] for one in pods(ArgoCdSpec()) for image in one.images}
    assert ours <= set(rendered["images"])


def test_every_container_that_the_chart_leaves_unsized_is_declared(rendered: dict[str, Any]) -> None:
    unsized = {
        (one["workload"], one["container"]) for one in rendered["resources_missing"] if on(one["workload"])
    }
    sized = {
        (f"{one.kind.value}/{one.name}", container.name)
        for one in pods(ArgoCdSpec())
        for container in one.containers
    }
    assert unsized <= sized
