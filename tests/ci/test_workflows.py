"""What keeps a pull request from a stranger away from secrets, tokens and production."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
PINNED = re.compile(r"^[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+@[0-9a-f]{40}$")
PINNED_LINE = re.compile(r"^\s*(?:- )?uses: [^\s@]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
EXPRESSION = re.compile(r"\$\{\{")

# Each line widens what a job may do; whoever adds one says here what for.
WRITES = {
    ("preview-comment.yml", "post"): {"pull-requests"},
    ("pins.yml", "propose"): {"contents", "pull-requests"},
}
IDENTITIES = {"preview-cloud.yml", "up.yml", "up-environment.yml", "drift.yml"}


def load(path: Path) -> dict[str, Any]:
    # YAML 1.1 reads the key `on` as true.
    document = yaml.safe_load(path.read_text())
    return {("on" if key is True else key): value for key, value in document.items()}


def jobs() -> Iterator[Any]:
    for path in WORKFLOWS:
        for name, job in load(path)["jobs"].items():
            yield pytest.param(path, name, job, id=f"{path.stem}-{name}")


def steps() -> Iterator[Any]:
    for path in WORKFLOWS:
        for name, job in load(path)["jobs"].items():
            for number, step in enumerate(job.get("steps", [])):
                yield pytest.param(step, id=f"{path.stem}-{name}-{number}")
    for path in ACTIONS:
        for number, step in enumerate(load(path)["runs"]["steps"]):
            yield pytest.param(step, id=f"{path.parent.name}-{number}")


def triggers(path: Path) -> set[str]:
    on = load(path)["on"]
    return {on} if isinstance(on, str) else set(on)


def test_there_are_workflows_to_check() -> None:
    assert {path.name for path in WORKFLOWS} >= {
        "checks.yml",
        "preview-capture.yml",
        "preview-comment.yml",
        "preview-cloud.yml",
        "up.yml",
        "drift.yml",
        "pins.yml",
    }


@pytest.mark.parametrize("step", [*steps()])
def test_an_action_is_pinned_by_commit_or_is_our_own(step: dict[str, Any]) -> None:
    uses = step.get("uses", "./")
    assert uses.startswith("./") or PINNED.match(uses), uses


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.stem)
def test_a_pin_says_which_version_it_is(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines() if "uses: " in line and "uses: ./" not in line]
    assert [line for line in lines if not PINNED_LINE.match(line)] == []


def test_one_action_has_one_pin() -> None:
    lines = [line for path in [*WORKFLOWS, *ACTIONS] for line in path.read_text().splitlines()]
    pins = {line.partition("uses: ")[2] for line in lines if PINNED_LINE.match(line)}
    names = [pin.partition("@")[0] for pin in pins]
    assert len(names) == len(set(names)), sorted(pins)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_grants_nothing_by_default(path: Path) -> None:
    assert load(path)["permissions"] == {}


@pytest.mark.parametrize(("path", "name", "job"), [*jobs()])
def test_a_job_may_write_only_what_is_listed_here(path: Path, name: str, job: dict[str, Any]) -> None:
    granted = job["permissions"]
    assert isinstance(granted, dict), "a job lists its permissions one by one"
    writes = {scope for scope, level in granted.items() if level == "write"} - {"id-token"}
    assert writes == WRITES.get((path.name, name), set())


@pytest.mark.parametrize(("path", "name", "job"), [*jobs()])
def test_only_the_cloud_workflows_get_an_identity(path: Path, name: str, job: dict[str, Any]) -> None:
    has_identity = job["permissions"].get("id-token") == "write"
    assert has_identity == (path.name in IDENTITIES), name


@pytest.mark.parametrize(("path", "name", "job"), [*jobs()])
def test_a_job_with_an_identity_names_its_environment(path: Path, name: str, job: dict[str, Any]) -> None:
    if job["permissions"].get("id-token") == "write" and "uses" not in job:
        assert job["environment"], f"{path.name} {name}: the role's trust policy has nothing to name"


@pytest.mark.parametrize(("path", "name", "job"), [*jobs()])
def test_a_job_ends_by_itself(path: Path, name: str, job: dict[str, Any]) -> None:
    if "uses" not in job:
        assert 0 < job["timeout-minutes"] <= 120, f"{path.name} {name}"


@pytest.mark.parametrize("step", [*steps()])
def test_a_script_never_has_an_expression_pasted_into_it(step: dict[str, Any]) -> None:
    assert not EXPRESSION.search(step.get("run", "")), "pass it through env and quote it"


@pytest.mark.parametrize("step", [*steps()])
def test_a_checkout_leaves_no_token_behind(step: dict[str, Any]) -> None:
    if step.get("uses", "").startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_workflow_mixes_a_strangers_code_with_our_token(path: Path) -> None:
    assert "pull_request_target" not in triggers(path)
    if "workflow_run" not in triggers(path):
        return
    text = path.read_text()
    checkouts = [
        step["with"].get("ref")
        for job in load(path)["jobs"].values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts
    assert set(checkouts) == {"${{ github.event.repository.default_branch }}"}
    assert "allow-unsafe-pr-checkout" not in text
    assert "git fetch" not in text
    assert "gh pr checkout" not in text


def test_what_runs_a_pull_requests_code_holds_no_secret_and_no_identity() -> None:
    on_pull_requests = [path for path in WORKFLOWS if "pull_request" in triggers(path)]
    assert {path.name for path in on_pull_requests} == {
        "checks.yml",
        "preview-capture.yml",
        "preview-cloud.yml",
    }
    for path in on_pull_requests:
        assert "secrets." not in path.read_text(), path.name
        for job in load(path)["jobs"].values():
            if path.name == "preview-cloud.yml":
                assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
            else:
                assert job["permissions"] == {"contents": "read"}, path.name


def test_the_job_that_reads_untrusted_plans_may_not_write() -> None:
    job = load(ROOT / ".github/workflows/preview-comment.yml")["jobs"]["comment"]
    assert set(job["permissions"].values()) == {"read"}
    assert not any("GH_TOKEN" in step.get("env", {}) for step in job["steps"])


def test_the_job_that_may_write_installs_and_runs_nothing_of_the_pull_requests() -> None:
    job = load(ROOT / ".github/workflows/preview-comment.yml")["jobs"]["post"]
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    assert scripts == ['python3 scripts/post_comment.py "$RUNNER_TEMP/comment/comment.md"']


def test_environments_are_updated_in_order_and_one_at_a_time() -> None:
    chain = load(ROOT / ".github/workflows/up.yml")["jobs"]
    assert [(name, job.get("needs"), job["with"]["stack"]) for name, job in chain.items()] == [
        ("dev", None, "dev"),
        ("staging", "dev", "staging"),
        ("prod", "staging", "prod"),
    ]
    called = load(ROOT / ".github/workflows/up-environment.yml")
    assert called["concurrency"] == {"group": "up-${{ inputs.stack }}", "cancel-in-progress": False}
    assert called["jobs"]["up"]["environment"] == "${{ inputs.stack }}"


def test_drift_and_updates_never_read_and_write_one_state_together() -> None:
    drift = load(ROOT / ".github/workflows/drift.yml")["jobs"]["drift"]
    assert drift["concurrency"] == {"group": "up-${{ matrix.stack }}", "cancel-in-progress": False}


def test_every_stack_has_its_place_in_the_cloud_workflows() -> None:
    stacks = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
    for name, job in (("preview-cloud.yml", "preview"), ("drift.yml", "drift")):
        matrix = load(ROOT / ".github/workflows" / name)["jobs"][job]["strategy"]["matrix"]
        assert sorted(matrix["stack"]) == stacks, name
    assert sorted(load(ROOT / ".github/workflows/up.yml")["jobs"]) == stacks


def test_a_pull_request_is_tested_and_rehearsed() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/checks.yml").read_text())["jobs"]
    runs = {step["run"] for job in jobs.values() for step in job["steps"] if "run" in step}
    assert runs >= {"make test", "make rehearse"}


def test_what_is_built_once_is_kept_under_what_it_is_built_from() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/checks.yml").read_text())["jobs"]
    kept = [s["with"] for job in jobs.values() for s in job["steps"] if "actions/cache@" in s.get("uses", "")]
    files = [re.findall(r"'([^']+)'", one["key"]) for one in kept]
    assert len(kept) == 2
    assert [name for names in files for name in names if not (ROOT / name).is_file()] == []


def test_workflows_run_what_developers_run() -> None:
    text = "\n".join(path.read_text() for path in [*WORKFLOWS, *ACTIONS])
    targets = set(re.findall(r"\brun: make ([a-z-]+)", text))
    makefile = (ROOT / "Makefile").read_text()
    assert targets
    assert [
        target for target in sorted(targets) if not re.search(rf"^{target}:", makefile, re.MULTILINE)
    ] == []
    for script in re.findall(r"\bscripts/[a-z_.-]+", text):
        assert (ROOT / script.rstrip(".")).is_file(), script
