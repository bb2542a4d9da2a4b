from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s
import pytest
from syrupy.assertion import SnapshotAssertion

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.charts.literals import faults
from components.core.aws import Place
from components.node_pools.spec import CpuPoolSpec, GpuPoolSpec
from components.opencost.metrics import METRICS
from components.opencost.opencost import OpenCost, OpenCostArgs
from components.opencost.pods import NAMESPACE, RELEASE, pods
from components.opencost.policy import spot_prices
from components.opencost.secrets import ADMIN, credentials
from components.opencost.spec import OpenCostSpec, buys_spot
from components.opencost.values import DUPLICATES, values
from components.prometheus.metrics import STATE_METRICS
from components.prometheus.pods import NAMESPACE as PROMETHEUS_NAMESPACE

URL = "http://kube-prometheus-stack-prometheus.observability.svc:9090"
HELM = "kubernetes:helm.sh/v3:Release"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"


def said(place: Place, *, monitored: bool = True) -> dict[str, Any]:
    return values(place, OpenCostSpec(), prometheus_url=URL, monitored=monitored)


def captured(capture: Capture, place: Place, *, spot: bool) -> Plan:
    def program() -> None:
        prometheus = k8s.core.v1.ConfigMap("prometheus", metadata={"name": "prometheus"})
        component = OpenCost(
            "opencost",
            OpenCostArgs(
                place=place,
                spec=OpenCostSpec(),
                cluster_name="ai-dev",
                namespace=NAMESPACE,
                prometheus_url=URL,
                spot=spot,
                after=(prometheus,),
            ),
        )
        assert component.url == "http://opencost.observability.svc:9003"

    return capture(program)


class TestValues:
    def test_they_are_the_reviewed_ones(self, place: Place, snapshot: SnapshotAssertion) -> None:
        assert said(place) == snapshot

    @pytest.mark.parametrize("monitored", [True, False])
    def test_they_are_literals_without_secrets(self, place: Place, monitored: bool) -> None:
        assert faults(RELEASE, said(place, monitored=monitored)) == []

    def test_nothing_is_open_that_changes_anything(self, place: Place) -> None:
        """With no token, `POST /serviceKey` takes AWS keys from whoever sends them (CVE-2026-44300)."""
        opencost = said(place)["opencost"]
        assert opencost["ui"] == opencost["mcp"] == {"enabled": False}
        assert opencost["exporter"]["adminToken"] == {"enabled": True, "existingSecret": ADMIN.name}

    def test_the_token_is_generated_where_the_pod_reads_it(self) -> None:
        (credential,) = credentials()
        (consumer,) = credential.consumers
        assert credential.home == consumer.namespace == NAMESPACE
        assert credential.keys_for(consumer) == {"ADMIN_TOKEN": "ADMIN_TOKEN"}

    def test_prometheus_is_asked_by_one_address(self, place: Place) -> None:
        assert said(place)["opencost"]["prometheus"] == {
            "internal": {"enabled": False},
            "external": {"enabled": True, "url": URL},
        }
        assert PROMETHEUS_NAMESPACE == NAMESPACE, "the namespace's own flow joins them"

    def test_two_never_export_one_cost(self, place: Place) -> None:
        assert said(place)["updateStrategy"]["rollingUpdate"]["maxSurge"] == 0
        assert [pod.replicas for pod in pods(OpenCostSpec())] == [1]

    def test_no_series_has_two_sources(self, place: Place) -> None:
        """A join on `kube_namespace_labels` with a second partner fails, and the panel is empty."""
        (source,) = METRICS
        shared = (source.names & STATE_METRICS.names) - {"up"}
        assert not {name for name in shared if name.startswith("kube_")}
        monitor = said(place)["opencost"]["metrics"]["serviceMonitor"]
        assert monitor["metricRelabelings"][0]["regex"].split("|") == list(DUPLICATES)
        assert not source.names & set(DUPLICATES)

    def test_the_cluster_has_its_name(self, place: Place) -> None:
        assert said(place)["opencost"]["exporter"]["defaultClusterId"] == "ai-dev"

    def test_the_pod_is_what_its_class_declares(self, place: Place) -> None:
        exporter, (pod,) = said(place)["opencost"]["exporter"], pods(OpenCostSpec())
        image = exporter["image"]
        assert exporter["resources"] == pod.containers[0].resources.values()
        assert (
            f"{image['registry']}/{image['repository']}:{image['tag']}" == pod.containers[0].image.reference
        )
        assert said(place)["serviceAccount"]["name"] == pod.service_account

    def test_a_monitor_is_asked_for_only_where_its_kind_exists(self, place: Place) -> None:
        off, on = (
            said(place, monitored=monitored)["opencost"]["metrics"]["serviceMonitor"]
            for monitored in (False, True)
        )
        assert off["enabled"] is False
        assert on["enabled"] is True


class TestRights:
    def test_it_may_ask_one_question(self) -> None:
        (statement,) = spot_prices()["Statement"]
        assert statement["Action"] == ["ec2:DescribeSpotPriceHistory"]

    @pytest.mark.parametrize(("spot", "roles"), [(True, 1), (False, 0)])
    def test_it_has_a_role_only_where_there_is_spot(
        self, capture: Capture, place: Place, spot: bool, roles: int
    ) -> None:
        plan = captured(capture, place, spot=spot)
        assert len(plan.all("aws:iam/role:Role")) == roles
        release = plan.one(HELM).urn
        assert plan.deleted_before(release, plan.one("kubernetes:core/v1:ConfigMap").urn)
        for association in plan.all(ASSOCIATION):
            assert association.inputs["serviceAccount"] == "opencost"
            assert plan.deleted_before(release, association.urn)

    def test_spot_is_what_a_pool_may_buy(self) -> None:
        steady = GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=4)
        passing = GpuPoolSpec(
            instance_types=["g6.xlarge"],
            limit_gpus=4,
            capacity_types=["spot", "on-demand"],
            spot_allowed=True,
        )
        assert not buys_spot([CpuPoolSpec(limit_cpu=32), steady])
        assert buys_spot([steady, passing])


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture, place: Place) -> None:
    assert captured(capture, place, spot=True).one(HELM).unknowns == {}
