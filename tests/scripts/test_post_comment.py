"""One comment a pull request, found again by its marker; everything else is data."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
Post = Callable[..., "tuple[subprocess.CompletedProcess[str], list[list[str]]]"]
MARKER = "<!-- agentic-platform:preview -->"
SHA = "a" * 40
ENVIRONMENT = {
    "GITHUB_REPOSITORY": "acme/platform",
    "HEAD_OWNER": "stranger",
    "HEAD_BRANCH": "fix; rm -rf $HOME `id` \"'",
    "HEAD_SHA": SHA,
}

# Answers from a file by method and path, and writes down what it was asked.
GH = """#!/usr/bin/env python3
import json, pathlib, sys
here = pathlib.Path(__file__).parent
arguments = sys.argv[1:]
with (here / "asked.jsonl").open("a") as asked:
    asked.write(json.dumps(arguments) + chr(10))
path = next(part for part in arguments if part.startswith("repos/"))
method = arguments[arguments.index("--method") + 1] if "--method" in arguments else "GET"
answers = json.loads((here / "answers.json").read_text())
print(json.dumps(answers.get(f"{method} {path}", {})))
"""


def comment(number: int, login: str, body: str) -> dict[str, Any]:
    return {"id": number, "user": {"login": login}, "body": body}


@pytest.fixture
def post(tmp_path: Path, stand_in: Callable[[str, str], Path], run_script: Any) -> Post:
    """Return a function that posts a body against canned answers: what was said, what was asked."""

    def run(
        pulls: list[dict[str, Any]], comments: list[dict[str, Any]], body: str = f"{MARKER}\n\nhello\n"
    ) -> tuple[subprocess.CompletedProcess[str], list[list[str]]]:
        gh = stand_in("gh", GH.replace("#!/usr/bin/env python3", f"#!{sys.executable}"))
        answers = {
            "GET repos/acme/platform/pulls": pulls,
            "GET repos/acme/platform/issues/7/comments?per_page=100": [comments],
        }
        (gh.parent / "answers.json").write_text(json.dumps(answers))
        path = tmp_path / "comment.md"
        path.write_text(body)
        done = run_script(sys.executable, ROOT / "scripts" / "post_comment.py", path, env=ENVIRONMENT)
        asked = gh.parent / "asked.jsonl"
        lines = asked.read_text().splitlines() if asked.exists() else []
        return done, [json.loads(line) for line in lines]

    return run


def test_the_first_run_writes_a_comment(post: Post) -> None:
    done, asked = post([{"number": 7, "head": {"sha": SHA}}], [])
    assert done.stdout == "post-comment: wrote the comment on #7\n"
    assert asked[-1][1:4] == ["--method", "POST", "repos/acme/platform/issues/7/comments"]
    assert asked[-1][5].startswith("body=@")


def test_the_next_run_updates_it(post: Post) -> None:
    done, asked = post(
        [{"number": 7, "head": {"sha": SHA}}],
        [comment(1, "someone", "nice"), comment(2, "github-actions[bot]", f"{MARKER}\nold")],
    )
    assert done.stdout == "post-comment: updated the comment on #7\n"
    assert asked[-1][1:4] == ["--method", "PATCH", "repos/acme/platform/issues/comments/2"]


def test_a_strangers_comment_with_the_marker_is_not_ours(post: Post) -> None:
    _, asked = post([{"number": 7, "head": {"sha": SHA}}], [comment(1, "stranger", f"{MARKER}\nfake")])
    assert asked[-1][2] == "POST"


def test_a_branch_that_moved_on_gets_no_comment_from_the_older_run(post: Post) -> None:
    done, asked = post([{"number": 7, "head": {"sha": "b" * 40}}], [])
    assert done.returncode == 0
    assert "nothing to say" in done.stdout
    assert len(asked) == 1


def test_a_branch_name_is_an_argument_and_nothing_more(post: Post) -> None:
    _, asked = post([{"number": 7, "head": {"sha": SHA}}], [])
    assert asked[0][-1] == f"head=stranger:{ENVIRONMENT['HEAD_BRANCH']}"


@pytest.mark.parametrize("body", ["hello", "<!-- other -->\nx", f"{MARKER}\n{'x' * 70_000}"])
def test_a_body_without_marker_or_too_long_is_refused_before_anything_is_asked(post: Post, body: str) -> None:
    done, asked = post([{"number": 7, "head": {"sha": SHA}}], [], body)
    assert done.returncode == 1
    assert "has no marker in its first line, or is too long" in done.stderr
    assert asked == []
