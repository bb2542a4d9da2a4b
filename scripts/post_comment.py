"""Posts a file as the one preview comment of a pull request, or updates it: found again by its first line.

The pull request is the open one whose head is HEAD_OWNER:HEAD_BRANCH at HEAD_SHA, as GitHub answers it; where
the branch has moved on there is none, and the newer run comments instead. Everything here is data: passed as
arguments, never as code. Standard library and `gh` only: the job that holds the token installs nothing.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

MARKER = re.compile(r"^<!-- agentic-platform:[a-z-]+ -->$")
BOT = "github-actions[bot]"
LARGEST_BODY = 65_536  # characters; GitHub refuses a longer comment


def gh(*arguments: str) -> Any:
    """Return GitHub's answer to one API call."""
    done = subprocess.run(["gh", "api", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"post-comment: gh api {arguments[0]} failed: {done.stderr.strip()}")
    return json.loads(done.stdout or "null")


def pull_request(repository: str, head: str, sha: str) -> int | None:
    """Return the number of the open pull request whose head is exactly this commit."""
    found = gh("--method", "GET", f"repos/{repository}/pulls", "-f", "state=open", "-f", f"head={head}")
    return next((pull["number"] for pull in found if pull["head"]["sha"] == sha), None)


def earlier_comment(repository: str, number: int, marker: str) -> int | None:
    """Return this bot's comment with the marker; anybody may write one that begins with it."""
    pages = gh("--paginate", "--slurp", f"repos/{repository}/issues/{number}/comments?per_page=100")
    for comment in (comment for page in pages for comment in page):
        if comment["user"]["login"] == BOT and comment["body"].splitlines()[:1] == [marker]:
            return comment["id"]
    return None


def main(path: Path, environment: dict[str, str]) -> None:
    """Post or update the comment; says which."""
    body = path.read_text(encoding="utf-8")
    marker = body.partition("\n")[0]
    if not MARKER.match(marker) or len(body) > LARGEST_BODY:
        raise SystemExit(f"post-comment: {path} has no marker in its first line, or is too long")
    repository = environment["GITHUB_REPOSITORY"]
    head = f"{environment['HEAD_OWNER']}:{environment['HEAD_BRANCH']}"
    number = pull_request(repository, head, environment["HEAD_SHA"])
    if number is None:
        print(f"post-comment: no open pull request at {environment['HEAD_SHA']}; nothing to say")
        return
    comment = earlier_comment(repository, number, marker)
    if comment is None:
        gh("--method", "POST", f"repos/{repository}/issues/{number}/comments", "-F", f"body=@{path}")
    else:
        gh("--method", "PATCH", f"repos/{repository}/issues/comments/{comment}", "-F", f"body=@{path}")
    print(f"post-comment: {'wrote' if comment is None else 'updated'} the comment on #{number}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), dict(os.environ))
