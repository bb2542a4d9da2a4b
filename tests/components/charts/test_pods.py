from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from pydantic import ValidationError

from components.charts.images import Image, TagOnly
from components.charts.pods import (
    Container,
    ContainerResources,
    PodClass,
    PodSecurity,
    Port,
    Workload,
    labels,
)

ROOM = ContainerResources(cpu="100m", memory="128Mi", cpu_limit="1", memory_limit="256Mi")


def image(name: str) -> Image:
    excuse = TagOnly(reason="a test", expires=date(2027, 1, 1))
    return Image(repository=f"registry.example/{name}", tag="1.0", tag_only=excuse)


POD = PodClass(
    release="app",
    namespace="apps",
    kind=Workload.DEPLOYMENT,
    name="app",
    labels=labels("app", "app"),
    ports=(Port("http", 8080), Port("dns", 53, "UDP")),
    pod_security=PodSecurity.RESTRICTED,
    service_account="app",
    replicas=2,
    containers=(
        Container(name="app", image=image("app"), resources=ROOM),
        Container(name="sidecar", image=image("sidecar"), resources=ROOM),
    ),
    starts=(image("worker"),),
)


def test_a_limit_below_its_request_is_refused_with_both_numbers() -> None:
    with pytest.raises(ValidationError, match=r"memory_limit 1Gi is below memory 2Gi; raise it"):
        ContainerResources(cpu="1", memory="2Gi", cpu_limit="1", memory_limit="1Gi")
    with pytest.raises(ValidationError, match=r"cpu_limit 500m is below cpu 1; raise it"):
        ContainerResources(cpu="1", memory="1Gi", cpu_limit="500m", memory_limit="1Gi")


def test_a_limit_is_required_as_much_as_a_request() -> None:
    with pytest.raises(ValidationError, match="memory_limit\n  Field required"):
        ContainerResources.model_validate({"cpu": "1", "memory": "1Gi", "cpu_limit": "1"})


@pytest.mark.parametrize("memory", ["512", "512MB", "512M"])
def test_memory_in_the_wrong_unit_is_refused(memory: str) -> None:
    with pytest.raises(ValidationError, match="is not an amount of memory; write a binary unit"):
        ContainerResources(cpu="1", memory=memory, cpu_limit="1", memory_limit="1Gi")


def test_resources_read_as_kubernetes_has_them() -> None:
    assert ROOM.values() == {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "1", "memory": "256Mi"},
    }


def test_a_pod_asks_for_the_sum_of_its_containers() -> None:
    assert POD.requests("cpu") == Fraction(1, 5)
    assert POD.limits("cpu") == 2
    assert POD.requests("memory") == 256 * 2**20
    assert POD.limits("memory") == 512 * 2**20


def test_images_include_those_of_pods_it_starts_elsewhere() -> None:
    assert [one.repository.rpartition("/")[2] for one in POD.images] == ["app", "sidecar", "worker"]


def test_a_port_is_found_by_name_and_an_unknown_one_is_an_error() -> None:
    assert POD.port("dns") == Port("dns", 53, "UDP")
    with pytest.raises(KeyError, match="Deployment/app has no port 'metrics'"):
        POD.port("metrics")
