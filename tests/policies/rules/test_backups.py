from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policies.rules.backups import STATEFUL_HAS_BACKUP_OWNER as RULE
from policies.rules.backups import UNCHECKED
from policies.rules.rule import Outcome, Store
from tests.policies.rules.facts import facts, only, outcomes, resource

BUCKET = resource("aws:s3/bucket:Bucket", "documents", {"bucket": "ai-dev-documents"})
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
DATABASE = "aws:rds/instance:Instance"
CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
CLAIM = Store(what="series", type="PersistentVolumeClaim", name="observability/prometheus")
VELERO = resource("kubernetes:helm.sh/v3:Release", "velero", {"chart": "velero"})
EVERYTHING = {"includedNamespaces": ["*"], "excludedResources": ["events"], "snapshotVolumes": True}
PLAN = resource("aws:backup/plan:Plan", "backup", {"rules": [{"ruleName": "daily"}]})
SELECTION = resource(
    "aws:backup/selection:Selection",
    "backup-cluster",
    {"resources": ["arn:aws:eks:eu-west-1:111122223333:cluster/ai-dev"]},
)


def versioning(status: str | None, bucket: str = "ai-dev-documents", **more: Any) -> Any:
    said = {"bucket": bucket, "versioningConfiguration": {"status": status} if status else {}}
    return resource(VERSIONING, "documents", said, **more)


def schedule(spec: dict[str, Any] | None = None, **template: Any) -> Any:
    said = {"schedule": "0 3 * * *", "template": {**EVERYTHING, **template}, **(spec or {})}
    return resource("kubernetes:velero.io/v1:Schedule", "everything", {"spec": said})


class TestBuckets:
    def test_a_versioned_bucket_passes(self) -> None:
        found = only(RULE, facts(BUCKET, versioning("Enabled")))
        assert found.outcome is Outcome.PASS
        assert found.where == "aws:s3/bucket:Bucket documents"

    def test_a_bucket_that_aws_names_is_known_by_its_reference(self) -> None:
        unnamed = resource("aws:s3/bucket:Bucket", "documents", {})
        reference = "@{aws:s3/bucket:Bucket::documents.bucket}"
        given = facts(unnamed, versioning("Enabled", reference, unknown=["bucket"]))
        assert only(RULE, given).outcome is Outcome.PASS

    @pytest.mark.parametrize("status", ["Suspended", None])
    def test_versioning_that_is_off_is_none(self, status: str | None) -> None:
        found = only(RULE, facts(BUCKET, versioning(status)))
        assert found.outcome is Outcome.VIOLATION
        assert found.detail == f"documents: versioning is {status or 'not set'}"

    def test_versioning_of_another_bucket_is_none(self) -> None:
        found = only(RULE, facts(BUCKET, versioning("Enabled", "ai-dev-documents-2")))
        assert found.detail == "no BucketVersioning in the plan is about this bucket"
        assert found.outcome is Outcome.VIOLATION

    def test_a_status_that_only_the_cloud_knows_is_unknown(self) -> None:
        given = facts(BUCKET, versioning("@{x}", unknown=["versioningConfiguration.status"]))
        assert only(RULE, given).outcome is Outcome.UNKNOWN


class TestDatabasesAndCaches:
    @pytest.mark.parametrize(
        ("token", "key"), [(DATABASE, "backupRetentionPeriod"), (CACHE, "snapshotRetentionLimit")]
    )
    @pytest.mark.parametrize(
        ("value", "outcome"), [(7, Outcome.PASS), (0, Outcome.VIOLATION), (None, Outcome.VIOLATION)]
    )
    def test_a_retention_above_none_is_a_backup(
        self, token: str, key: str, value: int | None, outcome: Outcome
    ) -> None:
        said = {} if value is None else {key: value}
        assert only(RULE, facts(resource(token, "x", said))).outcome is outcome

    def test_a_database_without_retention_is_told_what_is_missing(self) -> None:
        found = only(RULE, facts(resource(DATABASE, "postgres", {})))
        assert found.detail == "backupRetentionPeriod is not set: no RDS automated backups"

    def test_a_retention_that_only_the_cloud_knows_is_unknown(self) -> None:
        one = resource(DATABASE, "x", {"backupRetentionPeriod": "@{x}"}, unknown=["backupRetentionPeriod"])
        assert only(RULE, facts(one)).outcome is Outcome.UNKNOWN

    def test_a_cache_that_is_declared_as_rebuilt_needs_none(self) -> None:
        cache = resource(CACHE, "valkey", {})
        declared = Store(what="queues", type=CACHE, name="valkey", rebuilt=True)
        assert only(RULE, facts(cache, stores=[declared])).outcome is Outcome.PASS
        kept = replace(declared, rebuilt=False)
        assert only(RULE, facts(cache, stores=[kept])).outcome is Outcome.VIOLATION

    @pytest.mark.parametrize("token", UNCHECKED)
    def test_a_store_that_nobody_taught_the_rule_is_unknown(self, token: str) -> None:
        assert only(RULE, facts(resource(token, "x", {}))).outcome is Outcome.UNKNOWN


class TestVolumes:
    def test_a_claim_is_covered_by_a_schedule_that_somebody_runs(self) -> None:
        given = facts(VELERO, schedule(), stores=[CLAIM])
        found = only(RULE, given)
        assert (found.where, found.outcome) == (
            "PersistentVolumeClaim observability/prometheus",
            Outcome.PASS,
        )
        assert found.detail == "series: Velero schedule everything"

    def test_a_schedule_without_velero_is_paper(self) -> None:
        found = only(RULE, facts(schedule(), stores=[CLAIM]))
        assert found.outcome is Outcome.VIOLATION
        assert "no Velero in the plan runs it" in found.detail

    @pytest.mark.parametrize(
        ("template", "why"),
        [
            ({"snapshotVolumes": False}, "takes no snapshots"),
            ({"includedNamespaces": ["tenant-a"]}, "leaves namespace observability out"),
            ({"excludedNamespaces": ["observability"]}, "excludes namespace observability"),
            ({"excludedResources": ["persistentvolumeclaims"]}, "excludes volumes"),
            ({"includedResources": ["configmaps"]}, "includes no volumes"),
            (
                {"excludedResources": ["volumesnapshots.snapshot.storage.k8s.io"]},
                "excludes the objects of snapshots",
            ),
            ({"labelSelector": {"matchLabels": {"a": "b"}}}, "selects by label"),
        ],
    )
    def test_a_schedule_that_leaves_the_volume_out_is_none(self, template: dict[str, Any], why: str) -> None:
        found = only(RULE, facts(VELERO, schedule(**template), stores=[CLAIM]))
        assert found.outcome is Outcome.VIOLATION
        assert f"Velero schedule everything {why}" in found.detail

    @pytest.mark.parametrize(
        "template",
        [
            {"includedNamespaces": ["observability"]},
            {"includedNamespaces": None},
            {"includedResources": ["pvc", "pv"]},
            {"snapshotVolumes": None},
        ],
    )
    def test_a_schedule_that_says_less_covers_more(self, template: dict[str, Any]) -> None:
        assert only(RULE, facts(VELERO, schedule(**template), stores=[CLAIM])).outcome is Outcome.PASS

    def test_a_paused_schedule_is_none(self) -> None:
        found = only(RULE, facts(VELERO, schedule({"paused": True}), stores=[CLAIM]))
        assert (found.outcome, found.detail.rpartition(": ")[2]) == (
            Outcome.VIOLATION,
            "Velero schedule everything is paused",
        )

    def test_one_owner_among_several_is_enough(self) -> None:
        given = facts(VELERO, schedule({"paused": True}), PLAN, SELECTION, stores=[CLAIM])
        assert only(RULE, given).outcome is Outcome.PASS

    def test_aws_backup_covers_volumes_by_selecting_the_cluster(self) -> None:
        assert only(RULE, facts(PLAN, SELECTION, stores=[CLAIM])).outcome is Outcome.PASS

    def test_a_selection_of_databases_is_none(self) -> None:
        databases = replace(SELECTION, inputs={"resources": ["arn:aws:rds:eu-west-1:1:db:*"]})
        assert only(RULE, facts(PLAN, databases, stores=[CLAIM])).outcome is Outcome.VIOLATION

    def test_a_selection_without_a_plan_is_none(self) -> None:
        found = only(RULE, facts(SELECTION, stores=[CLAIM]))
        assert found.outcome is Outcome.VIOLATION
        assert "no plan with a rule is in the plan" in found.detail

    def test_what_is_selected_by_tag_nobody_knows_before(self) -> None:
        tagged = replace(SELECTION, inputs={"selectionTags": [{"key": "backup", "value": "yes"}]})
        assert only(RULE, facts(PLAN, tagged, stores=[CLAIM])).outcome is Outcome.UNKNOWN

    def test_a_schedule_that_is_not_known_yet_is_unknown(self) -> None:
        hazy = replace(schedule(), unknowns=frozenset({"spec.template"}))
        assert only(RULE, facts(VELERO, hazy, stores=[CLAIM])).outcome is Outcome.UNKNOWN

    def test_nobody_at_all_is_said_plainly(self) -> None:
        found = only(RULE, facts(stores=[CLAIM]))
        assert found.detail == (
            "series: nobody snapshots its volume: no Velero schedule and no AWS Backup plan"
        )

    def test_claims_and_stateful_sets_of_the_plan_itself_count_too(self) -> None:
        claim = resource(
            "kubernetes:core/v1:PersistentVolumeClaim", "data", {"metadata": {"namespace": "ai-data"}}
        )
        set_ = resource(
            "kubernetes:apps/v1:StatefulSet",
            "etcd",
            {"metadata": {"namespace": "ai-data"}, "spec": {"volumeClaimTemplates": [{"spec": {}}]}},
        )
        empty = resource("kubernetes:apps/v1:StatefulSet", "web", {"spec": {}})
        found = outcomes(RULE, facts(claim, set_, empty))
        assert found == {
            "kubernetes:core/v1:PersistentVolumeClaim data": Outcome.VIOLATION,
            "kubernetes:apps/v1:StatefulSet etcd": Outcome.VIOLATION,
        }

    def test_a_claim_whose_namespace_is_not_known_is_unknown(self) -> None:
        claim = resource("kubernetes:core/v1:PersistentVolumeClaim", "x", {}, unknown=["metadata.namespace"])
        assert only(RULE, facts(claim)).outcome is Outcome.UNKNOWN


class TestDeclarations:
    def test_a_volume_that_is_rebuilt_needs_no_owner(self) -> None:
        assert only(RULE, facts(stores=[replace(CLAIM, rebuilt=True)])).outcome is Outcome.PASS

    def test_a_declared_store_that_is_not_in_the_plan_is_found_out(self) -> None:
        gone = Store(what="accounts", type=DATABASE, name="postgres")
        found = only(RULE, facts(stores=[gone]))
        assert (found.outcome, found.detail) == (
            Outcome.VIOLATION,
            "accounts: declared, and not in the plan",
        )

    def test_without_declarations_volumes_are_unknown_and_not_fine(self) -> None:
        found = only(RULE, facts(stores=None))
        assert (found.where, found.outcome) == ("releases", Outcome.UNKNOWN)
