"""What a person reads is short, exact, and says what was not proved."""

from __future__ import annotations

from pathlib import Path

from agentic.sandbox import report
from agentic.sandbox.layout import Layout
from agentic.sandbox.outcome import Outcome
from agentic.sandbox.providers.database import Database
from agentic.sandbox.tally import Step


def _outcome(**changes: int) -> Outcome:
    return Outcome("up", "dev", 12.34, (), changes.pop("same", 0), changes)


def test_a_first_up_is_one_line() -> None:
    assert report.summary(_outcome(create=3)) == ["up dev: 3 created, 0 unchanged, in 12.3 s"]


def test_a_preview_speaks_of_what_would_be() -> None:
    outcome = Outcome("preview", "dev", 1.0, (), 0, {"create": 3})
    assert report.summary(outcome) == ["preview dev: 3 create, 0 unchanged, in 1.0 s"]


def test_nothing_to_do_is_said_so() -> None:
    outcome = Outcome("preview", "dev", 1.0, (), 7, {"same": 7})
    assert outcome.is_empty
    assert report.summary(outcome) == ["preview dev: nothing to do, 7 resources as they should be"]


def test_a_small_change_is_listed_with_its_paths() -> None:
    step = Step("update", "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::network", "aws:ec2/vpc:Vpc", ("tags.owner",))
    outcome = Outcome("up", "dev", 2.0, (step,), 6, {"update": 1, "same": 6})
    assert report.summary(outcome)[1:] == ["  update   aws:ec2/vpc:Vpc network: tags.owner"]


def test_long_outputs_are_cut_and_aligned() -> None:
    lines = list(report.outputs({"name": "ai-dev", "kubeconfig": "x" * 500, "zones": ["a", "b"]}))
    assert lines[1] == "  name        ai-dev"
    assert lines[2] == '  zones       ["a", "b"]'
    assert lines[0].endswith("...")
    assert len(lines[0]) < 120


def test_what_the_sandbox_answered_itself_is_labelled_so(tmp_path: Path) -> None:
    layout = Layout(tmp_path, "dev")
    layout.create()
    database = Database(layout.home)
    database.connection.execute("INSERT INTO record VALUES ('EKS add-on', 'vpc-cni', '{}')")
    database.connection.execute("INSERT INTO unvalidated VALUES ('karpenter.sh/v1 NodePool', 6)")
    database.close()
    assert report.limits(layout) == [
        "kept by the sandbox itself, moto has no such API: EKS add-on 1",
        "1 kinds checked without a schema (give one with --crds DIR): karpenter.sh/v1 NodePool 6",
    ]


def test_json_is_the_same_for_the_same_run() -> None:
    steps = tuple(Step("create", f"urn::{name}", "t") for name in "ba")
    text = Outcome("up", "dev", 1.239, steps, 0, {"create": 2}, {"b": 1, "a": 2}).as_json()
    assert [step["urn"] for step in text["steps"]] == ["urn::a", "urn::b"]
    assert list(text["outputs"]) == ["a", "b"]
    assert text["seconds"] == 1.24
