from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from agentic.check.facts import facts_of, gather
from agentic.plan.model import Plan, Resource
from components.charts import images
from components.core.stateful import BackupOwner, Stateful
from policies.rules.rule import Store

TODAY = date(2026, 11, 23)


def plan(*resources: Resource, **more: Any) -> Plan:
    return Plan(project="agentic-platform", stack="dev", resources=resources, **more)


def one(type_token: str, name: str, **more: Any) -> Resource:
    return Resource(urn=f"urn:{type_token}::{name}", type=type_token, name=name, **more)


def test_components_are_left_out_and_what_they_made_is_kept() -> None:
    given = plan(
        one("agentic:buckets:Buckets", "buckets", custom=False),
        one("aws:s3/bucket:Bucket", "a", inputs={"bucket": "x"}, unknowns={"tags.a": ["@{x}"]}),
    )
    (resource,) = facts_of(given, (), TODAY).resources
    assert (resource.type, resource.name, resource.inputs) == (
        "aws:s3/bucket:Bucket",
        "a",
        {"bucket": "x"},
    )
    assert resource.is_unknown("tags")


def test_what_is_rebuilt_is_told_from_what_is_backed_up() -> None:
    declared = tuple(
        Stateful(what="w", type="t", name=owner.name, owner=owner)
        for owner in (BackupOwner.REBUILT, BackupOwner.RDS)
    )
    assert facts_of(plan(), declared, TODAY).stores == (
        Store(what="w", type="t", name="REBUILT", rebuilt=True),
        Store(what="w", type="t", name="RDS", rebuilt=False),
    )


def test_images_come_with_their_reasons() -> None:
    reference = images.CERT_MANAGER_WEBHOOK.reference
    pod = {"containers": [{"name": "a", "image": reference}]}
    given = plan(
        one("kubernetes:apps/v1:Deployment", "d", inputs={"spec": {"template": {"spec": pod}}}), pods=()
    )
    (image,) = facts_of(given, (), TODAY).images
    why = images.CERT_MANAGER_WEBHOOK.tag_only
    assert why is not None
    assert (image.reference, image.reason, image.unknown) == (reference, why.reason, False)
    assert facts_of(given, (), TODAY).releases_declared is True
    assert facts_of(plan(), (), TODAY).releases_declared is False


def test_a_plan_of_a_stack_without_a_file_has_unknown_volumes_and_says_so(tmp_path: Path) -> None:
    found = gather(plan(), tmp_path, TODAY)
    assert found.facts.stores is None
    (note,) = found.notes
    assert note.startswith("volumes inside releases are unknown: Pulumi.dev.yaml:")
