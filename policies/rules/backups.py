"""Every store has an owner of its backups, and that owner is really in the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from policies.rules.rule import Facts, Finding, Outcome, Resource, Rule, Severity, Store
from policies.rules.volumes import CLAIM, CLAIM_OBJECT, volume

Judge = Callable[[Resource, Facts], tuple[Outcome, str]]

STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"

UNCHECKED: tuple[str, ...] = (
    "aws:docdb/cluster:Cluster",
    "aws:dynamodb/table:Table",
    "aws:ebs/volume:Volume",
    "aws:efs/fileSystem:FileSystem",
    "aws:elasticache/cluster:Cluster",
    "aws:memorydb/cluster:Cluster",
    "aws:msk/cluster:Cluster",
    "aws:neptune/cluster:Cluster",
    "aws:opensearch/domain:Domain",
)
"""Types that hold data and that nobody has taught this rule yet."""


def bucket(resource: Resource, facts: Facts) -> tuple[Outcome, str]:
    """Versioned: an object that is deleted or overwritten can be brought back."""
    for one in facts.all(VERSIONING):
        if not _same_bucket(one, resource):
            continue
        if one.is_unknown("versioningConfiguration"):
            return Outcome.UNKNOWN, f"{one.name}: whether versioning is on is not known yet"
        status = one.get("versioningConfiguration", "status")
        if status == "Enabled":
            return Outcome.PASS, f"S3 versioning by {one.name}"
        return Outcome.VIOLATION, f"{one.name}: versioning is {status or 'not set'}"
    return Outcome.VIOLATION, "no BucketVersioning in the plan is about this bucket"


def _same_bucket(versioning: Resource, wanted: Resource) -> bool:
    said, name = versioning.get("bucket"), wanted.get("bucket")
    # Of a bucket that AWS names, the plan has only a reference to it.
    return (name is not None and said == name) or f"{wanted.type}::{wanted.name}." in str(said)


def kept(what: str, *path: str) -> Judge:
    """A number of days or copies that has to be more than none."""

    def judge(resource: Resource, _: Facts) -> tuple[Outcome, str]:
        where = ".".join(path)
        if resource.is_unknown(*path):
            return Outcome.UNKNOWN, f"{where} is not known yet"
        value = resource.get(*path)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            return Outcome.PASS, f"{what}: {where} is {value:g}"
        return Outcome.VIOLATION, f"{where} is {'not set' if value is None else value}: no {what}"

    return judge


CHECKED: Mapping[str, Judge] = MappingProxyType(
    {
        "aws:s3/bucket:Bucket": bucket,
        "aws:s3/bucketV2:BucketV2": bucket,
        "aws:rds/instance:Instance": kept("RDS automated backups", "backupRetentionPeriod"),
        "aws:rds/cluster:Cluster": kept("RDS automated backups", "backupRetentionPeriod"),
        "aws:elasticache/replicationGroup:ReplicationGroup": kept(
            "ElastiCache snapshots", "snapshotRetentionLimit"
        ),
    }
)


def judge(facts: Facts) -> Iterator[Finding]:
    """Each store once, whether the plan shows it, a component declares it, or both."""
    rebuilt = {(store.type, store.name) for store in facts.stores or () if store.rebuilt}
    for resource in facts.resources:
        yield from _resource(resource, facts, rebuilt)
    for store in facts.stores or ():
        yield from _declared(store, facts)
    if facts.stores is None:
        yield Finding("releases", Outcome.UNKNOWN, "nothing says which volumes the releases make")


def _resource(resource: Resource, facts: Facts, rebuilt: set[tuple[str, str]]) -> Iterator[Finding]:
    if (resource.type, resource.name) in rebuilt:
        yield Finding(resource.where, Outcome.PASS, "declared: rebuilt from what others hold")
    elif resource.type in CHECKED:
        yield Finding(resource.where, *CHECKED[resource.type](resource, facts))
    elif resource.type in UNCHECKED:
        yield Finding(resource.where, Outcome.UNKNOWN, "it holds data, and this rule has no check for it")
    elif resource.type == CLAIM_OBJECT or (resource.type == STATEFUL_SET and _templates(resource)):
        namespace = resource.get("metadata", "namespace")
        if resource.is_unknown("metadata", "namespace"):
            yield Finding(resource.where, Outcome.UNKNOWN, "its namespace is not known yet")
        else:
            yield Finding(resource.where, *volume(str(namespace or "default"), facts))


def _templates(resource: Resource) -> list[Any]:
    found = resource.get("spec", "volumeClaimTemplates")
    return cast("list[Any]", found) if isinstance(found, list) else []


def _declared(store: Store, facts: Facts) -> Iterator[Finding]:
    if store.type == CLAIM:
        where = f"{CLAIM} {store.name}"
        if store.rebuilt:
            yield Finding(where, Outcome.PASS, "declared: rebuilt from what others hold")
        else:
            outcome, detail = volume(store.name.partition("/")[0], facts)
            yield Finding(where, outcome, f"{store.what}: {detail}")
    elif not any((one.type, one.name) == (store.type, store.name) for one in facts.resources):
        yield Finding(
            f"{store.type} {store.name}", Outcome.VIOLATION, f"{store.what}: declared, and not in the plan"
        )


STATEFUL_HAS_BACKUP_OWNER = Rule(
    id="stateful_has_backup_owner",
    severity=Severity.CRITICAL,
    reason="what nobody backs up is lost with the first mistake",
    remedy=(
        "give the store its backup (versioning, a retention above 0), cover its volumes by services.backup, "
        "or declare that it is rebuilt from what others hold"
    ),
    judge=judge,
)
