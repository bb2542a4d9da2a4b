from __future__ import annotations

import json
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions
from syrupy.assertion import SnapshotAssertion

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.charts.literals import faults
from components.core.aws import Place
from components.core.quantities import parse
from components.external_dns.external_dns import ExternalDns, ExternalDnsArgs
from components.external_dns.pods import LABELS, RELEASE, SERVICE_ACCOUNT, pods
from components.external_dns.policy import zone_rights
from components.external_dns.spec import ExternalDnsSpec
from components.external_dns.values import values
from components.namespaces.catalogue import NAMESPACES

ZONES = {"example.com": "Z0123456789ABCDEFGHIJ", "agents.example.org": "Z0987654321ABCDEFGHIJ"}
SPEC = ExternalDnsSpec(enabled=True, zones=ZONES)
HELM = "kubernetes:helm.sh/v3:Release"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def said(place: Place, *, gateway_kinds: bool = True, protect: bool = False) -> dict[str, Any]:
    return values(place, SPEC, gateway_kinds=gateway_kinds, protect=protect, monitored=True)


def captured(capture: Capture, place: Place) -> Plan:
    def program() -> None:
        nodes = k8s.core.v1.ConfigMap("nodes", metadata={"name": "nodes"})
        component = ExternalDns(
            "external-dns",
            ExternalDnsArgs(
                place=place,
                spec=SPEC,
                cluster_name="ai-dev",
                namespace="external-dns",
                protect=True,
                after=(nodes,),
            ),
        )
        k8s.core.v1.Service(
            "gateway",
            metadata={"name": "gateway", "namespace": "ai-gateway"},
            opts=ResourceOptions(depends_on=list(component.ready)),
        )

    return capture(program)


class TestValues:
    def test_they_are_the_reviewed_ones(self, place: Place, snapshot: SnapshotAssertion) -> None:
        assert said(place) == snapshot

    @pytest.mark.parametrize("monitored", [True, False])
    def test_they_are_literals_without_secrets(self, place: Place, monitored: bool) -> None:
        given = values(place, SPEC, gateway_kinds=True, protect=True, monitored=monitored)
        assert faults(RELEASE, given) == []
        assert given["serviceMonitor"]["enabled"] is monitored

    def test_the_zones_are_the_named_ones_by_domain_and_by_id(self, place: Place) -> None:
        given = said(place)
        assert set(given["domainFilters"]) == set(ZONES)
        assert set(given["extraArgs"]["zone-id-filter"]) == set(ZONES.values())

    def test_records_are_marked_as_this_clusters_inside_the_zone(self, place: Place) -> None:
        """`a-example.com` is no name of example.com: the mark of a zone's own name was never written."""
        given = said(place)
        assert (given["registry"], given["txtOwnerId"]) == ("txt", "ai-dev")
        assert given["txtPrefix"].endswith(".")

    @pytest.mark.parametrize(("protect", "policy"), [(True, "upsert-only"), (False, "sync")])
    def test_a_protected_stack_deletes_no_record(self, place: Place, protect: bool, policy: str) -> None:
        assert said(place, protect=protect)["policy"] == policy

    def test_a_tenant_cannot_ask_for_a_name(self, place: Place) -> None:
        given = said(place)
        assert given["extraArgs"]["service-type-filter"] == ["LoadBalancer"]
        assert [name for name, row in NAMESPACES.items() if row.load_balancers] == [given["gatewayNamespace"]]

    def test_without_the_routes_kinds_it_watches_services_only(self, place: Place) -> None:
        given = said(place, gateway_kinds=False)
        assert given["sources"] == ["service"]
        assert "gatewayNamespace" not in given

    def test_the_pod_is_what_its_class_declares(self, place: Place) -> None:
        given, (pod,) = said(place), pods(SPEC)
        assert given["resources"] == pod.containers[0].resources.values()
        assert given["serviceAccount"]["name"] == pod.service_account
        assert given["image"]["tag"] == pod.containers[0].image.pinned_tag
        assert pod.labels == LABELS
        assert pod.replicas == 1


class TestRights:
    def test_only_the_named_zones_can_be_read_or_changed(self, place: Place) -> None:
        records = [one for one in zone_rights(place, ZONES.values())["Statement"] if one["Resource"] != "*"]
        assert [one["Action"] for one in records] == [
            ["route53:ListResourceRecordSets"],
            ["route53:ChangeResourceRecordSets"],
        ]
        for one in records:
            assert one["Resource"] == sorted(
                f"arn:aws:route53:::hostedzone/{zone}" for zone in ZONES.values()
            )

    def test_a_zone_cannot_be_given_away(self, place: Place) -> None:
        (change,) = [one for one in zone_rights(place, ZONES.values())["Statement"] if "Condition" in one]
        types = change["Condition"]["ForAllValues:StringEquals"][
            "route53:ChangeResourceRecordSetsRecordTypes"
        ]
        assert not {"NS", "SOA", "MX"} & set(types)

    def test_the_one_open_resource_is_a_list_of_names(self, place: Place) -> None:
        (found,) = [one for one in zone_rights(place, ZONES.values())["Statement"] if one["Resource"] == "*"]
        assert found["Action"] == ["route53:ListHostedZones"]


class TestComponent:
    def test_the_role_is_for_its_service_account_only(self, capture: Capture, place: Place) -> None:
        plan = captured(capture, place)
        association = plan.one(ASSOCIATION).inputs
        assert (association["namespace"], association["serviceAccount"]) == ("external-dns", SERVICE_ACCOUNT)
        (policy,) = plan.all("aws:iam/policy:Policy")
        assert policy.inputs["name"] == "ai-dev-external-dns-zones"
        assert json.loads(policy.inputs["policy"]) == zone_rights(place, ZONES.values())

    def test_the_pod_starts_after_nodes_and_rights_and_goes_before_them(
        self, capture: Capture, place: Place
    ) -> None:
        plan = captured(capture, place)
        earlier = [
            plan.one(ASSOCIATION).urn,
            plan.one("kubernetes:core/v1:ConfigMap").urn,
            *(one.urn for one in plan.all(ATTACHMENT)),
        ]
        assert plan.deleted_before(plan.one(HELM).urn, earlier)

    def test_a_load_balancer_goes_while_its_record_can_still_be_removed(
        self, capture: Capture, place: Place
    ) -> None:
        plan = captured(capture, place)
        assert plan.deleted_before(plan.one("kubernetes:core/v1:Service").urn, plan.one(HELM).urn)

    def test_values_hold_nothing_that_only_the_cloud_knows(self, capture: Capture, place: Place) -> None:
        assert captured(capture, place).one(HELM).unknowns == {}

    def test_the_quota_holds_its_pod_and_the_largest_that_may_be_asked_for(self) -> None:
        quota, (pod,) = NAMESPACES["external-dns"].quota, pods(SPEC)
        assert quota is not None
        assert pod.requests("cpu") <= parse(quota.cpu)
        assert pod.limits("memory") <= parse(quota.limits_memory)
