from __future__ import annotations

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.cluster.storage import Storage, StorageArgs, provisioner

STORAGE = "kubernetes:storage.k8s.io/v1:StorageClass"
SNAPSHOTS = "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass"


def _planned(capture: Capture, *, auto_mode: bool) -> Plan:
    def program() -> None:
        controller = k8s.core.v1.ConfigMap("snapshot-controller", metadata={"name": "x"})
        Storage("storage", StorageArgs(auto_mode=auto_mode, after=(controller,)))

    return capture(program)


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return _planned(capture, auto_mode=False)


def test_volumes_are_encrypted_gp3_unless_a_pod_asks_for_another_class(plan: Plan) -> None:
    made = plan.one(STORAGE).inputs
    assert made["metadata"]["name"] == "gp3"
    assert made["metadata"]["annotations"] == {"storageclass.kubernetes.io/is-default-class": "true"}
    assert made["parameters"] == {"type": "gp3", "encrypted": "true"}
    assert made["allowVolumeExpansion"] is True


def test_a_volume_is_made_where_its_pod_is(plan: Plan) -> None:
    assert plan.one(STORAGE).inputs["volumeBindingMode"] == "WaitForFirstConsumer"


def test_a_snapshot_outlives_the_object_that_asked_for_it(plan: Plan) -> None:
    assert plan.one(SNAPSHOTS).inputs["deletionPolicy"] == "Retain"
    assert plan.one(SNAPSHOTS).inputs["metadata"]["name"] == "ebs-snapshots"


def test_classes_come_after_the_controller_that_brings_their_kind(plan: Plan) -> None:
    controller = plan.one("kubernetes:core/v1:ConfigMap").urn
    assert plan.deleted_before(plan.one(SNAPSHOTS).urn, controller)


@pytest.mark.parametrize(
    ("auto_mode", "driver"), [(False, "ebs.csi.aws.com"), (True, "ebs.csi.eks.amazonaws.com")]
)
def test_each_mode_has_its_driver_for_volumes_and_for_snapshots(
    capture: Capture, auto_mode: bool, driver: str
) -> None:
    plan = _planned(capture, auto_mode=auto_mode)
    assert provisioner(auto_mode=auto_mode) == driver
    assert plan.one(STORAGE).inputs["provisioner"] == driver
    assert plan.one(SNAPSHOTS).inputs["driver"] == driver
