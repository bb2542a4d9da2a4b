"""Which objects wait for their kinds. Plan."""

from __future__ import annotations

from typing import Any

import pytest

from agentic.check.custom_objects import custom_objects
from agentic.plan.model import Plan, Resource
from policies.rules.rule import CustomObject

RELEASE = "kubernetes:helm.sh/v3:Release"
MONITOR: dict[str, Any] = {"apiVersion": "monitoring.coreos.com/v1", "kind": "ServiceMonitor"}
ROUTE: dict[str, Any] = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute"}
POOL: dict[str, Any] = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool"}


def made(type_token: str, name: str, inputs: dict[str, Any], *needs: str, **more: Any) -> Resource:
    return Resource(
        urn=name, type=type_token, name=name, inputs=inputs, dependencies=[*needs], custom=True, **more
    )


def an_object(inputs: dict[str, Any], *needs: str) -> Resource:
    return made(f"kubernetes:{inputs['apiVersion']}:{inputs['kind']}", "object", inputs, *needs)


def found(*resources: Resource) -> CustomObject:
    (one,) = custom_objects(Plan(project="p", stack="dev", resources=resources))
    return one


CRDS = made(RELEASE, "crds", {"chart": "prometheus-operator-crds"})


@pytest.mark.parametrize(
    ("source", "inputs"),
    [
        (CRDS, MONITOR),
        (made("kubernetes:yaml/v2:ConfigFile", "crds", {"file": "https://x/gateway-api/v1/a.yaml"}), ROUTE),
        (
            made("aws:eks/addon:Addon", "crds", {"addonName": "snapshot-controller"}),
            {"apiVersion": "snapshot.storage.k8s.io/v1", "kind": "VolumeSnapshotClass"},
        ),
        (made("aws:eks/cluster:Cluster", "crds", {"computeConfig": {"enabled": True}}), POOL),
        (
            made(
                "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition",
                "crds",
                {"apiVersion": "apiextensions.k8s.io/v1", "spec": {"group": "example.com"}},
            ),
            {"apiVersion": "example.com/v1", "kind": "Widget"},
        ),
    ],
    ids=["release", "manifest", "addon", "auto mode", "definition"],
)
def test_an_object_waits_for_whatever_installs_its_kind_or_does_not(
    source: Resource, inputs: dict[str, Any]
) -> None:
    assert found(source, an_object(inputs, "crds")).comes_after is True
    lucky = found(source, an_object(inputs))
    assert (lucky.brought_by, lucky.comes_after, lucky.where) == (
        ("crds",),
        False,
        f"kubernetes:{inputs['apiVersion']}:{inputs['kind']} object",
    )


def test_waiting_for_somebody_who_waits_is_enough() -> None:
    between = made(RELEASE, "between", {"chart": "valkey"}, "crds")
    assert found(CRDS, between, an_object(MONITOR, "between")).comes_after is True


def test_a_release_that_was_told_to_leave_its_kinds_out_brings_none() -> None:
    without = made(
        RELEASE, "crds", {"chart": "kube-prometheus-stack", "values": {"crds": {"enabled": False}}}
    )
    one = found(without, an_object(MONITOR, "crds"))
    assert (one.brought_by, one.comes_after, one.known) == ((), False, True)


def test_a_cluster_without_auto_mode_has_no_pools_of_its_own() -> None:
    assert found(made("aws:eks/cluster:Cluster", "cluster", {}), an_object(POOL, "cluster")).brought_by == ()


def test_a_group_that_the_table_does_not_name_is_not_known() -> None:
    assert found(an_object({"apiVersion": "example.com/v1", "kind": "Widget"})).known is False


def test_kinds_that_every_server_has_need_nobody() -> None:
    namespace = made("kubernetes:core/v1:Namespace", "a", {"apiVersion": "v1", "kind": "Namespace"})
    deployment = made("kubernetes:apps/v1:Deployment", "b", {"apiVersion": "apps/v1", "kind": "Deployment"})
    assert list(custom_objects(Plan(project="p", stack="dev", resources=(namespace, deployment)))) == []
