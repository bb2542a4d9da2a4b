from __future__ import annotations

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.backup.spec import BackupSpec
from components.backup.velero import Velero, VeleroArgs
from components.core.aws import Place

RELEASE = "kubernetes:helm.sh/v3:Release"
SCHEDULE = "kubernetes:velero.io/v1:Schedule"


def captured(capture: Capture, place: Place) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("velero", metadata={"name": "velero"})
        Velero(
            "velero",
            VeleroArgs(
                place=place,
                spec=BackupSpec(),
                cluster_name="ai-dev",
                namespace=namespace.metadata.name,
                bucket="ai-dev-backups",
                bucket_key_alias="alias/ai-dev/data",
                driver="ebs.csi.aws.com",
                snapshot_class="ebs-snapshots",
                after=(namespace,),
            ),
        )

    return capture(program)


def test_the_role_is_there_before_the_pod_that_takes_it(capture: Capture, place: Place) -> None:
    plan = captured(capture, place)
    association = plan.one("aws:eks/podIdentityAssociation:PodIdentityAssociation")
    assert association.inputs["serviceAccount"] == "velero"
    assert plan.deleted_before(plan.one(RELEASE).urn, association.urn)


def test_the_schedule_comes_after_its_kind_and_goes_before_its_reader(capture: Capture, place: Place) -> None:
    plan = captured(capture, place)
    schedule = plan.one(SCHEDULE)
    assert plan.deleted_before(schedule.urn, plan.one(RELEASE).urn)
    assert schedule.inputs["metadata"]["annotations"] == {
        "velero.io/csi-volumesnapshot-class_ebs.csi.aws.com": "ebs-snapshots"
    }


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture, place: Place) -> None:
    assert captured(capture, place).one(RELEASE).unknowns == {}
