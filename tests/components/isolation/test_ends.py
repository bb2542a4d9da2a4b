"""Which facts may stand in the table, and what a wrong one is told."""

from __future__ import annotations

import re

import pytest

from components.isolation.ends import (
    API_SERVER,
    METADATA,
    OWN_NAMESPACE,
    POD_IDENTITY,
    TENANTS,
    AwsApis,
    End,
    Flow,
    FlowError,
    Pods,
    Port,
    SubnetTier,
    TenantPods,
)

AGENTS = Pods("ai-agents")


def test_bare_port_numbers_are_tcp() -> None:
    flow = Flow(AGENTS, Pods("ai-data"), (6379, Port(53, "UDP")), "why")
    assert flow.numbered == (Port(6379, "TCP"), Port(53, "UDP"))


def test_a_flow_without_ports_is_refused_because_policies_read_that_as_every_port() -> None:
    with pytest.raises(FlowError, match="names no port, which a policy reads as every port; name them"):
        Flow(AGENTS, Pods("ai-data"), (), "why")


@pytest.mark.parametrize("port", [0, 65536])
def test_a_port_that_does_not_exist_is_refused(port: int) -> None:
    with pytest.raises(FlowError, match="names a port outside 1-65535"):
        Flow(AGENTS, Pods("ai-data"), (port,), "why")


def test_a_flow_between_two_blocks_is_refused_because_no_policy_would_enforce_it() -> None:
    with pytest.raises(FlowError, match="has no pods on either end, so no policy would enforce it"):
        Flow(SubnetTier("private"), API_SERVER, (443,), "why")


@pytest.mark.parametrize(("source", "target"), [(AGENTS, METADATA), (METADATA, AGENTS)])
def test_no_flow_may_name_the_metadata_address(source: End, target: End) -> None:
    with pytest.raises(
        FlowError, match="opens instance metadata, which is the node's role; use Pod Identity"
    ):
        Flow(source, target, (80,), "why")


def test_the_pod_identity_address_may_be_named() -> None:
    assert Flow(AGENTS, POD_IDENTITY, (80,), "credentials").target == POD_IDENTITY


@pytest.mark.parametrize("other", [TENANTS, TenantPods({"app": "x"})])
def test_no_flow_may_join_tenants(other: TenantPods) -> None:
    with pytest.raises(FlowError, match="joins tenants to each other; share a service between them instead"):
        Flow(TENANTS, other, (443,), "why")


def test_some_pods_of_one_tenant_are_no_end() -> None:
    with pytest.raises(FlowError, match="names some pods of one tenant; name all of that tenant's"):
        Flow(TenantPods({"app": "x"}, tenant="tenant-a"), AGENTS, (443,), "why")


def test_a_service_of_aws_cannot_open_a_connection() -> None:
    with pytest.raises(FlowError, match="starts at an end that only answers; swap the ends"):
        Flow(AwsApis("sts"), AGENTS, (443,), "why")


def test_some_pods_cannot_open_their_whole_namespace() -> None:
    with pytest.raises(
        FlowError, match=re.escape("opens a namespace to some of its pods; name those on both")
    ):
        Flow(Pods("ai-agents", {"app": "x"}), OWN_NAMESPACE, (443,), "why")


def test_ends_with_the_same_labels_are_the_same_end() -> None:
    one, other = Pods("a", {"x": "1", "y": "2"}), Pods("a", {"y": "2", "x": "1"})
    assert one == other
    assert hash(one) == hash(other)
    assert one != Pods("a", {"x": "1"})
