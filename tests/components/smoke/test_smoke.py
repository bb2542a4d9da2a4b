from __future__ import annotations

import json
from typing import Any

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.isolation.flows import in_force
from components.isolation.surroundings import Surroundings
from components.milvus.pods import pods as milvus
from components.milvus.spec import StandaloneMilvus
from components.namespaces.catalogue import namespaces_for
from components.smoke.pods import pod
from components.smoke.smoke import Smoke, SmokeArgs
from components.smoke.spec import SmokeSpec, chosen

CRON = "kubernetes:batch/v1:CronJob"
PARTS = {"milvus"}
AROUND = Surroundings(
    vpc_cidr="10.0.0.0/16",
    tiers={
        "private": ("10.0.0.0/18",),
        "control-plane": ("10.0.240.0/28",),
        "endpoints": ("10.0.241.0/24",),
        "data": ("10.0.242.0/24",),
        "public": ("10.0.243.0/24",),
    },
    service_cidr="172.20.0.0/16",
)


def captured(capture: Capture, *tenants: str, spec: SmokeSpec | None = None) -> Plan:
    def program() -> None:
        made = {name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name for name in tenants}
        names = namespaces_for(PARTS)
        Smoke(
            "smoke",
            SmokeArgs(
                spec=spec or SmokeSpec(),
                tenants=made,
                pods=milvus(StandaloneMilvus(mode="standalone")),
                flows=in_force(PARTS, names),
                around=AROUND,
                namespaces=names,
            ),
        )

    return capture(program)


def test_two_tenants_stand_for_all(capture: Capture) -> None:
    plan = captured(capture, "c", "b", "a")
    assert [one.inputs["metadata"]["namespace"] for one in plan.all(CRON)] == ["a", "b"]


def test_those_that_are_named_are_tested_whoever_else_comes(capture: Capture) -> None:
    named = SmokeSpec(tenants=["c", "b"])
    before, after = (
        {one.urn: one.inputs for one in captured(capture, *tenants, spec=named).resources}
        for tenants in (("b", "c"), ("a", "b", "c"))
    )
    assert [urn.split("::")[-1] for urn in after if urn not in before] == ["a"]
    assert {urn: after[urn] for urn in before} == before
    assert chosen(named, ()) == ("c", "b")


@pytest.mark.parametrize("tenants", [(), ("alone",)])
def test_one_tenant_has_nobody_to_be_kept_from(capture: Capture, tenants: tuple[str, ...]) -> None:
    assert captured(capture, *tenants).all(CRON) == []


def test_it_never_runs_by_itself(capture: Capture) -> None:
    for one in captured(capture, "a", "b").all(CRON):
        assert one.inputs["spec"]["suspend"] is True


def template(capture: Capture, tenant: str) -> Any:
    (one,) = (
        each
        for each in captured(capture, "a", "b").all(CRON)
        if each.inputs["metadata"]["namespace"] == tenant
    )
    return one.inputs["spec"]["jobTemplate"]["spec"]


def test_each_tenant_tries_its_own_and_the_other(capture: Capture) -> None:
    for mine, other in (("a", "b"), ("b", "a")):
        (container,) = template(capture, mine)["template"]["spec"]["containers"]
        env = {one["name"]: one.get("value") for one in container["env"]}
        assert json.loads(env["PEERS"]) == {
            "own namespace": [f"smoke.{mine}.svc.cluster.local", 1, "allowed"],
            "other tenant": [f"smoke.{other}.svc.cluster.local", 2, "denied"],
        }


def test_a_pod_that_differs_does_not_end_the_others(capture: Capture) -> None:
    job = template(capture, "a")
    assert (job["parallelism"], job["completions"], job["completionMode"]) == (2, 2, "Indexed")
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    assert job["backoffLimit"] == 0, "one that is tried again finds its neighbours gone"


def test_its_pods_are_those_that_are_declared_and_pass_restricted(capture: Capture) -> None:
    spec = template(capture, "a")["template"]
    declared = pod("a")
    assert spec["metadata"]["labels"] == dict(declared.labels)
    assert spec["spec"]["automountServiceAccountToken"] is False
    assert spec["spec"]["securityContext"]["runAsNonRoot"] is True
    (container,) = spec["spec"]["containers"]
    assert container["image"] == declared.images[0].reference
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_what_is_expected_is_there_to_be_read(capture: Capture) -> None:
    script = captured(capture, "a", "b").one("kubernetes:core/v1:ConfigMap", "smoke-a").inputs["data"]
    known = json.loads(script["expected.json"])["known"]
    assert known["ai-data/milvus-standalone milvus 19530"] == {
        "name": "ai-data/milvus-standalone milvus",
        "port": 19530,
        "expected": "allowed",
        "namespace": "ai-data",
        "labels": {
            "app.kubernetes.io/name": "milvus",
            "app.kubernetes.io/instance": "milvus",
            "component": "standalone",
        },
        "address": "",
    }
    assert script["probe.py"].startswith('"""Tries connections')


def test_every_object_is_what_its_kind_accepts(capture: Capture) -> None:
    schemas = Schemas("1.35", None)
    plan = captured(capture, "a", "b")
    objects = [*plan.all(CRON), *plan.all("kubernetes:core/v1:Service")]
    assert len(objects) == 4
    for one in objects:
        assert schemas.faults(dict(one.inputs)) == [], one.name
