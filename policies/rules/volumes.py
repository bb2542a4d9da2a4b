"""Who backs up volumes, as far as a plan tells: Velero by schedule, AWS Backup by selection of the cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from policies.rules.rule import Facts, Outcome, Resource

CLAIM = "PersistentVolumeClaim"
CLAIM_OBJECT = "kubernetes:core/v1:PersistentVolumeClaim"
RELEASE = "kubernetes:helm.sh/v3:Release"
SCHEDULE = "kubernetes:velero.io/v1:Schedule"
SELECTION = "aws:backup/selection:Selection"
PLAN = "aws:backup/plan:Plan"

_EVERY_CLAIM = frozenset({"*", "persistentvolumeclaims", "pvc", "persistentvolumes", "pv"})


def volume(namespace: str, facts: Facts) -> tuple[Outcome, str]:
    """Whether a volume of this namespace is backed up by anybody in the plan."""
    answers = [*_by_velero(namespace, facts), *_by_aws_backup(facts)]
    for outcome in (Outcome.PASS, Outcome.UNKNOWN):
        for answer in answers:
            if answer[0] is outcome:
                return answer
    why = "; ".join(detail for _, detail in answers) or "no Velero schedule and no AWS Backup plan"
    return Outcome.VIOLATION, f"nobody snapshots its volume: {why}"


def _by_velero(namespace: str, facts: Facts) -> Iterator[tuple[Outcome, str]]:
    schedules = facts.all(SCHEDULE)
    runs = any(str(one.get("chart")).rpartition("/")[2] == "velero" for one in facts.all(RELEASE))
    for one in schedules:
        if not runs:
            yield Outcome.VIOLATION, f"Velero schedule {one.name}: no Velero in the plan runs it"
        elif one.is_unknown("spec"):
            yield Outcome.UNKNOWN, f"Velero schedule {one.name}: parts of it are not known yet"
        else:
            gap = _gap(one, namespace)
            yield (
                (Outcome.VIOLATION, f"Velero schedule {one.name} {gap}")
                if gap
                else (Outcome.PASS, f"Velero schedule {one.name}")
            )


def _gap(schedule: Resource, namespace: str) -> str:
    """What of the schedule leaves this namespace's volumes out; empty where nothing does."""
    if schedule.get("spec", "paused"):
        return "is paused"
    template: Any = schedule.get("spec", "template") or {}
    if template.get("snapshotVolumes") is False:
        return "takes no snapshots"
    if template.get("labelSelector") or template.get("orLabelSelectors"):
        return "selects by label"
    included = _texts(template.get("includedNamespaces"))
    if included and not {"*", namespace} & included:
        return f"leaves namespace {namespace} out"
    if namespace in _texts(template.get("excludedNamespaces")):
        return f"excludes namespace {namespace}"
    if _EVERY_CLAIM & _texts(template.get("excludedResources")):
        return "excludes volumes"
    if any("volumesnapshot" in kind for kind in _texts(template.get("excludedResources"))):
        # Velero restores a claim from the snapshot objects it wrote beside it (CSI support, "How it Works").
        return "excludes the objects of snapshots"
    kinds = _texts(template.get("includedResources"))
    if kinds and not _EVERY_CLAIM & kinds:
        return "includes no volumes"
    return ""


def _by_aws_backup(facts: Facts) -> Iterator[tuple[Outcome, str]]:
    plans = any(one.get("rules") for one in facts.all(PLAN))
    for one in facts.all(SELECTION):
        clusters = [arn for arn in _texts(one.get("resources")) if ":eks:" in arn and ":cluster/" in arn]
        if not plans:
            yield Outcome.VIOLATION, f"AWS Backup selection {one.name}: no plan with a rule is in the plan"
        elif clusters:
            yield Outcome.PASS, f"AWS Backup selection {one.name}"
        elif one.is_unknown("resources") or one.get("selectionTags"):
            yield Outcome.UNKNOWN, f"AWS Backup selection {one.name}: what it selects is not known yet"


def _texts(value: Any) -> set[str]:
    return {str(one) for one in cast("list[Any]", value)} if isinstance(value, list) else set()
