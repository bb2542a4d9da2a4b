from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.backup.pods import RELEASE, pods
from components.backup.spec import BackupSpec
from components.backup.values import values
from components.charts.literals import faults
from components.charts.pods import ContainerResources
from components.core.aws import Place
from components.core.quantities import parse
from components.isolation.ends import Pods
from components.isolation.flows import in_force
from components.namespaces.catalogue import NAMESPACES


def said(place: Place, *, monitored: bool = True) -> dict[str, Any]:
    return values(place, BackupSpec(), bucket="ai-dev-backups", monitored=monitored)


def test_values_are_the_reviewed_ones(place: Place, snapshot: SnapshotAssertion) -> None:
    assert said(place) == snapshot


@pytest.mark.parametrize("monitored", [True, False])
def test_values_are_literals_without_secrets(place: Place, monitored: bool) -> None:
    assert faults(RELEASE, said(place, monitored=monitored)) == []


def test_nobody_needs_an_access_key_or_ec2(place: Place) -> None:
    given = said(place)
    assert given["credentials"] == {"useSecret": False}
    assert given["snapshotsEnabled"] is False
    assert "volumeSnapshotLocation" not in given["configuration"]
    assert given["configuration"]["features"] == "EnableCSI"


def test_a_missing_monitor_kind_is_an_error_and_not_a_gap(place: Place) -> None:
    assert said(place)["metrics"]["serviceMonitor"]["autodetect"] is False
    assert said(place, monitored=False)["metrics"]["serviceMonitor"]["enabled"] is False


def test_pods_are_sized_as_declared(place: Place) -> None:
    server, definitions = pods(BackupSpec())
    given = said(place)
    assert given["initContainers"][0]["resources"] == server.containers[0].resources.values()
    assert given["resources"] == server.containers[1].resources.values()
    assert given["upgradeJobResources"] == definitions.containers[0].resources.values()


def test_the_quota_holds_server_and_job_at_once() -> None:
    quota = NAMESPACES["velero"].quota
    assert quota is not None
    for resource, asked in (("cpu", quota.cpu), ("memory", quota.memory)):
        assert sum(pod.requests(resource) for pod in pods(BackupSpec())) <= parse(asked)
    for resource, allowed in (("cpu", quota.limits_cpu), ("memory", quota.limits_memory)):
        assert sum(pod.limits(resource) for pod in pods(BackupSpec())) <= parse(allowed)


def test_its_flows_select_the_job_too_whose_pods_have_no_label() -> None:
    flows = in_force({"velero"}, {"velero"})
    sources = {flow.source for flow in flows if flow.needs == "velero"}
    assert sources == {Pods("velero")}
    assert {pod.namespace for pod in pods(BackupSpec())} == {"velero"}


def test_a_larger_server_is_declared_larger() -> None:
    big = ContainerResources(cpu="1", memory="4Gi", cpu_limit="2", memory_limit="8Gi")
    server, _ = pods(BackupSpec(resources=big))
    assert server.containers[1] == replace(server.containers[1], resources=big)
