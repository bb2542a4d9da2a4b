from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.ops.status.cluster import Releases
from agentic.ops.status.finding import State
from agentic.ops.status.helm_secret import newest, release
from agentic.ops.status.releases import releases

Make = Callable[..., Any]


def test_a_release_at_its_pin_is_fine(expect: Make, written: Make, fact: Make) -> None:
    section = releases(expect(), written(facts=Releases(facts=(fact(),))))
    assert (section.line, section.findings) == ("1 of 1 as planned", ())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": "2.19.0"}, "is at 2.19.0, v2.20.1 is planned"),
        (
            {"status": "failed", "revision": 3, "description": "timed out"},
            "is failed (revision 3): timed out",
        ),
        ({"status": "pending-upgrade", "revision": 2}, "is pending-upgrade (revision 2)"),
    ],
)
def test_a_release_that_is_not_as_planned_says_how(
    changes: dict[str, Any], said: str, expect: Make, written: Make, fact: Make
) -> None:
    (finding,) = releases(expect(), written(facts=Releases(facts=(fact(**changes),)))).findings
    assert (finding.what, finding.said, finding.state) == ("keda/keda", said, State.DEGRADED)
    assert finding.component == "keda"
    assert finding.next


def test_a_release_that_is_missing_is_no_release_of_another_namespace(
    expect: Make, written: Make, fact: Make
) -> None:
    section = releases(expect(), written(facts=Releases(facts=(fact(namespace="other"),))))
    assert section.line == "0 of 1 as planned"
    assert section.findings[0].said == "is planned and not installed"


def test_secrets_that_may_not_be_read_leave_it_open(expect: Make, written: Make) -> None:
    section = releases(expect(), written(facts=Releases(missing=State.UNKNOWN, why="secrets is forbidden")))
    assert (section.state, section.line) == (State.UNKNOWN, "1 planned, unknown")
    assert section.findings[0].said == "secrets is forbidden"


def test_a_secret_of_helm_is_read_without_its_values(helm_secret: Make) -> None:
    found = release(helm_secret("keda", "keda", "2.20.1", revision=4))
    assert (found.namespace, found.name, found.version, found.status, found.revision) == (
        "keda",
        "keda",
        "2.20.1",
        "deployed",
        4,
    )
    assert "no report may show" not in repr(found)


def test_the_newest_revision_counts(helm_secret: Make) -> None:
    revisions = [
        helm_secret("keda", "keda", "2.19.0", revision=9),
        helm_secret("keda", "keda", "2.20.1", revision=10, status="failed"),
        helm_secret("other", "keda", "1.0.0", revision=30),
    ]
    assert [(one.namespace, one.revision, one.status) for one in newest(revisions)] == [
        ("keda", 10, "failed"),
        ("other", 30, "deployed"),
    ]


@pytest.mark.parametrize("text", ["", "!", "aGVsbG8=", "YUdWc2JHOD0=", None])
def test_a_secret_that_cannot_be_read_leaves_the_version_open(
    text: str | None, helm_secret: Make, expect: Make, written: Make
) -> None:
    secret = {**helm_secret("keda", "keda", "2.20.1"), "data": {"release": text}}
    found = release(secret)
    assert (found.version, found.status, found.revision) == ("", "deployed", 1)
    (finding,) = releases(expect(), written(facts=Releases(facts=(found,)))).findings
    assert finding.state is State.UNKNOWN
