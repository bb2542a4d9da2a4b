from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from components.charts import images
from components.charts.pods import (
    Container,
    ContainerResources,
    PodClass,
    PodSecurity,
    Port,
    Workload,
)
from components.isolation.ends import EVERY_PORT, OWN_NAMESPACE, TENANTS, Flow, Pods
from components.isolation.flows import in_force
from components.isolation.surroundings import Surroundings
from components.milvus.pods import pods as milvus
from components.milvus.spec import StandaloneMilvus
from components.namespaces.catalogue import namespaces_for
from components.smoke.expectations import Expectations, expectations
from components.smoke.names import OTHER, OWN

PARTS = {"milvus", "kagent", "gateway", "prometheus", "models"}
TWO = ("tenant-a", "tenant-b")
MILVUS = milvus(StandaloneMilvus(mode="standalone"))


def pod(
    namespace: str, labels: dict[str, str], *ports: int, kind: Workload = Workload.DEPLOYMENT
) -> PodClass:
    size = ContainerResources(cpu="1", memory="1Gi", cpu_limit="1", memory_limit="1Gi")
    return PodClass(
        release="x",
        namespace=namespace,
        kind=kind,
        name="x",
        labels=labels,
        ports=tuple(Port(f"p{number}", number) for number in ports),
        pod_security=PodSecurity.RESTRICTED,
        service_account="x",
        containers=(Container(name="x", image=images.PYTHON, resources=size),),
    )


def asked(
    around: Surroundings, pods: Iterable[PodClass] = MILVUS, flows: tuple[Flow, ...] | None = None
) -> Expectations:
    names = namespaces_for(PARTS)
    return expectations(TWO, pods, in_force(PARTS, names) if flows is None else flows, around, names)


def verdicts(found: Expectations) -> dict[str, str]:
    return {one.name: one.expected for one in found.known}


@pytest.fixture(scope="module")
def around() -> Surroundings:
    return Surroundings(
        vpc_cidr="10.0.0.0/16",
        tiers={
            "private": ("10.0.0.0/18", "10.0.64.0/18"),
            "control-plane": ("10.0.240.0/28", "10.0.240.16/28"),
            "endpoints": ("10.0.241.0/24",),
            "data": ("10.0.242.0/24",),
            "public": ("10.0.243.0/24",),
        },
        service_cidr="172.20.0.0/16",
    )


def test_the_flow_table_says_what_a_tenant_may_reach_of_milvus(around: Surroundings) -> None:
    found = verdicts(asked(around))
    assert found["ai-data/milvus-standalone milvus"] == "allowed"
    assert found["ai-data/milvus-standalone metrics"] == "denied"
    assert found["ai-data/milvus-etcd client"] == "denied"


def test_own_pods_are_allowed_and_those_of_another_tenant_denied(around: Surroundings) -> None:
    found = verdicts(asked(around))
    assert (found[OWN], found[OTHER]) == ("allowed", "denied")


def test_metadata_and_the_api_are_denied_and_names_are_resolved(around: Surroundings) -> None:
    found = asked(around)
    assert verdicts(found)["instance metadata"] == "denied"
    assert verdicts(found)["Kubernetes API"] == "denied"
    assert verdicts(found)["name server"] == "allowed"
    where = {one.name: (one.address, one.port) for one in found.known if one.address}
    assert where == {
        "instance metadata": ("169.254.169.254", 80),
        "Kubernetes API": ("172.20.0.1", 443),
        "name server": ("172.20.0.10", 53),
    }


def test_a_flow_more_is_an_expectation_that_turns(around: Surroundings) -> None:
    names = namespaces_for(PARTS)
    more = Flow(TENANTS, Pods("observability", {"app": "page"}), (3000,), "a page")
    page = pod("observability", {"app": "page"}, 3000)
    assert verdicts(asked(around, [page]))["observability/x p3000"] == "denied"
    opened = asked(around, [page], (*in_force(PARTS, names), more))
    assert verdicts(opened)["observability/x p3000"] == "allowed"


def test_what_another_tenant_runs_is_not_named_and_ones_own_pods_are_reached(around: Surroundings) -> None:
    mine, others = pod("tenant-a", {"app": "mine"}, 8080), pod("tenant-b", {"app": "theirs"}, 8080)
    found = verdicts(asked(around, [mine, others]))
    assert found["tenant-a/x p8080"] == "allowed"
    assert "tenant-b" not in str(found)


def test_gateway_and_models_are_expected_where_the_table_lets_tenants_in(around: Surroundings) -> None:
    gateway = pod("ai-gateway", {"gateway.networking.k8s.io/gateway-name": "ai-gateway"}, 8080, 15020)
    model = replace(pod("ai-inference", {"app": "vllm"}, 8000, 9000), name="model")
    found = verdicts(asked(around, [gateway, model]))
    assert found["ai-gateway/x p8080"] == "allowed"
    assert found["ai-gateway/x p15020"] == "denied"
    assert found["ai-inference/model p8000"] == "allowed"
    assert found["ai-inference/model p9000"] == "denied"


def test_pods_on_every_node_and_of_jobs_are_not_tried(around: Surroundings) -> None:
    others = [pod("ai-data", {}, 1234, kind=kind) for kind in (Workload.DAEMON_SET, Workload.JOB)]
    assert [name for name in verdicts(asked(around, others)) if "1234" in name] == []


def test_what_a_plan_does_not_know_is_named_and_not_guessed(around: Surroundings) -> None:
    unknown = pod("ai-data", {"app.kubernetes.io/name": "@{some:type::thing.name}"}, 19531)
    flow = Flow(TENANTS, Pods("ai-data", {"app.kubernetes.io/name": "thing"}), (19531,), "x")
    base = (Flow(TENANTS, OWN_NAMESPACE, EVERY_PORT, "x"), flow)
    found = asked(around, [unknown], base)
    assert found.unknown == ("ai-data/x p19531",)


def test_without_the_tenants_flow_its_own_pods_are_denied_too(around: Surroundings) -> None:
    assert verdicts(asked(around, [], ()))[OWN] == "denied"
