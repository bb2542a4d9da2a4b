from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.ops.status.cluster import Listing
from agentic.ops.status.conditions import ROWS, objects

Make = Callable[..., Any]
READY = {"conditions": [{"type": "Ready", "status": "True"}]}


def failed(message: str) -> dict[str, Any]:
    return {
        "conditions": [
            {"type": "Ready", "status": "False", "reason": "SecretSyncedError", "message": message}
        ]
    }


def test_planned_objects_that_are_ready_are_fine(expect: Make, written: Make, thing: Make) -> None:
    section, findings = objects(expect(), written(externalsecrets=[thing("keda/token", status=READY)]))
    assert (section.line, findings) == ("1 of 1 ready", ())


def test_an_object_says_why_it_is_not_ready(expect: Make, written: Make, thing: Make) -> None:
    cluster = written(
        externalsecrets=[
            thing("keda/token", status=failed("could not get secret: AccessDenied")),
            thing("tenant-a/own", status={}),
        ]
    )
    section, findings = objects(expect(), cluster)
    assert [(one.what, one.said, one.component) for one in findings] == [
        ("ExternalSecret keda/token", "SecretSyncedError: could not get secret: AccessDenied", "keda"),
        ("ExternalSecret tenant-a/own", "nobody has looked at it yet", ""),
    ]
    assert section.line == "0 of 2 ready"
    assert findings[0].next == "kubectl describe externalsecret token -n keda"


def test_a_planned_object_that_is_missing_is_a_problem(expect: Make, written: Make) -> None:
    _, findings = objects(expect(), written())
    assert [(one.what, one.said) for one in findings] == [("ExternalSecret keda/token", "is not there")]


def test_a_kind_that_the_cluster_does_not_know_is_said_once(expect: Make, written: Make) -> None:
    _, findings = objects(expect(), written(externalsecrets=Listing(served=False)))
    assert [(one.what, one.said) for one in findings] == [
        ("ExternalSecret", "the cluster does not know this kind; 1 planned")
    ]


def test_a_claim_without_a_volume_is_a_problem(expect: Make, written: Make, thing: Make) -> None:
    spec = {"storageClassName": "gp3", "resources": {"requests": {"storage": "20Gi"}}}
    claims = [
        thing("keda/data-0", spec=spec, status={"phase": "Pending"}),
        thing("keda/data-1", spec=spec, status={"phase": "Bound"}),
    ]
    cluster = written(externalsecrets=[thing("keda/token", status=READY)], persistentvolumeclaims=claims)
    _, findings = objects(expect(), cluster)
    assert [(one.what, one.said) for one in findings] == [
        ("volume claim keda/data-0", "is Pending, 20Gi of class gp3")
    ]


def test_where_nobody_acts_only_being_there_counts(expect: Make, written: Make, thing: Make) -> None:
    cluster = written(has_controllers=False, externalsecrets=[thing("keda/token")])
    section, findings = objects(expect(), cluster)
    assert findings == ()
    assert section.line == "1 of 1 there (nobody acts on them here)"


def test_a_kind_that_nobody_plans_is_not_asked_for(expect: Make, written: Make) -> None:
    cluster = written()
    objects(expect(objects=()), cluster)
    asked = {plural for plural, _, _ in cluster.asked}
    assert asked == {row.api.plural for row in ROWS if row.always} | {"persistentvolumeclaims"}


def test_a_kind_with_phases_works_in_one_of_them(expect: Make, written: Make, thing: Make) -> None:
    places = [
        thing("velero/default", status={"phase": "Available"}),
        thing("velero/new", status={}),
        thing("velero/lost", status={"phase": "Unavailable", "message": "AccessDenied"}),
    ]
    cluster = written(backupstoragelocations=places)
    _, findings = objects(expect(objects=()), cluster)
    assert [(one.what, one.said) for one in findings] == [
        ("BackupStorageLocation velero/lost", "is Unavailable: AccessDenied")
    ]
