from __future__ import annotations

from pathlib import Path

import pytest

from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.backup.policy import bucket_access
from components.backup.render import (
    API_VERSION,
    cluster_selection,
    database_selection,
    plan_rule,
    schedule,
    schedule_annotations,
)
from components.backup.spec import BackupSpec
from components.core.aws import Place

SPEC = BackupSpec(every_hours=6, retention_days=14)


def test_the_schedule_is_what_its_kind_accepts(reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    manifest = {
        "apiVersion": API_VERSION,
        "kind": "Schedule",
        "metadata": {"name": "x", "annotations": schedule_annotations("ebs.csi.aws.com", "ebs-snapshots")},
        "spec": schedule(SPEC),
    }
    assert schemas.known(API_VERSION, "Schedule")
    assert schemas.faults(manifest) == []
    assert schemas.faults({**manifest, "spec": {**schedule(SPEC), "unheard": 1}})


def test_both_owners_keep_the_same_hours_and_days() -> None:
    velero, aws = schedule(SPEC), plan_rule(SPEC, "ai-dev")
    assert (velero["schedule"], velero["template"]["ttl"]) == ("0 3,9,15,21 * * *", "336h0m0s")
    assert aws["schedule"] == "cron(0 3,9,15,21 * * ? *)"
    assert aws["lifecycle"] == {"delete_after": 14}


def test_every_namespace_and_every_volume_is_backed_up() -> None:
    template = schedule(SPEC)["template"]
    assert template["includedNamespaces"] == ["*"]
    assert template["snapshotVolumes"] is True
    assert not {"persistentvolumeclaims", "persistentvolumes"} & set(template["excludedResources"])
    assert not [kind for kind in template["excludedResources"] if "snapshot" in kind], (
        "a claim is restored from the snapshot objects that were backed up with it"
    )


@pytest.mark.parametrize("wanted", [True, False])
def test_secrets_go_into_the_bucket_only_when_somebody_says_so(wanted: bool) -> None:
    excluded = schedule(BackupSpec(secrets=wanted))["template"]["excludedResources"]
    assert ("secrets" in excluded) is not wanted


def test_the_snapshot_class_is_said_and_not_guessed() -> None:
    assert schedule_annotations("ebs.csi.aws.com", "ebs-snapshots") == {
        "velero.io/csi-volumesnapshot-class_ebs.csi.aws.com": "ebs-snapshots"
    }


def test_aws_backup_selects_this_cluster_and_databases_that_carry_its_tag(place: Place) -> None:
    assert cluster_selection(place) == ["arn:aws:eks:eu-west-1:111122223333:cluster/ai-dev"]
    resources, conditions = database_selection(place)
    assert resources == ["arn:aws:rds:eu-west-1:111122223333:db:*"]
    assert conditions == [
        {"string_equals": [{"key": "aws:ResourceTag/agentic.dev/cluster", "value": "ai-dev"}]}
    ]


def test_velero_reaches_its_prefix_of_one_bucket_and_no_old_version(place: Place) -> None:
    objects, listing, key = bucket_access(place, "ai-dev-backups", "alias/ai-dev/data")["Statement"]
    assert objects["Resource"] == ["arn:aws:s3:::ai-dev-backups/velero/*"]
    assert listing["Resource"] == ["arn:aws:s3:::ai-dev-backups"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["velero/*"]}}
    assert "s3:DeleteObjectVersion" not in objects["Action"]
    assert key["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/ai-dev/data"}
    assert {statement["Effect"] for statement in (objects, listing, key)} == {"Allow"}
