"""Bad stack files: refused while they are read, by line, before the program starts."""

from __future__ import annotations

import pytest

from stacks.errors import ConfigError
from tests.stacks.project import Project, Refused

# A sentence, what is replaced in the sound file, by what, and every fault that must be reported.
LINES = [
    (
        "a key written twice",
        "    environment: dev\n",
        "    environment: dev\n    environment: prod\n",
        ('line 4: duplicate key "environment"; the later would silently replace the earlier',),
    ),
    (
        "a tab",
        "    environment",
        "\tenvironment",
        ("line 3: is indented with a tab; YAML indents with spaces",),
    ),
    (
        "a date where text was meant",
        "cost_center: r-and-d",
        "cost_center: 2026-01-01",
        ("line 6: a value is read as a date; put it in quotes",),
    ),
    (
        "a number that is octal to some",
        '"111122223333"',
        "011122223333",
        ("line 5: a number begins with 0, which is octal to some readers; put it in quotes or drop the 0",),
    ),
    (
        "a number too long to survive",
        "limit_gpus: 8",
        f"limit_gpus: {'8' * 5000}",
        ("line 15: a number has more than 15 digits and would be rounded; put it in quotes",),
    ),
    (
        "no number at all",
        "limit_gpus: 8",
        "limit_gpus: .inf",
        ("line 15: a value is no finite number; write one",),
    ),
    ("a key that is a number", "tenant-a:", "1:", ("line 19: a key is not text; put it in quotes",)),
    (
        "half of a character",
        "owner: platform-team",
        'owner: "\\ud83d"',
        ("line 6: a text holds half of a character; type it again",),
    ),
    (
        "a tag that would run code",
        "environment: dev",
        "environment: !!python/object/apply:os.system [id]",
        ("line 3: the tag !!python/object/apply:os.system is not read; write text, numbers, lists and maps",),
    ),
    (
        "a bracket left open",
        "{cidr: 10.0.0.0/16}",
        "{cidr: 10.0.0.0/16",
        (
            "line 8: is not YAML: expected ',' or '}', but got ':'; look at indentation, brackets and "
            "quotes, here and just above",
        ),
    ),
    (
        "an alias of nothing",
        "environment: dev",
        "environment: *name",
        (
            "line 3: is not YAML: found undefined alias 'name'; look at indentation, brackets and "
            "quotes, here and just above",
        ),
    ),
    (
        "a second document",
        "config:\n",
        "config: {}\n---\nconfig:\n",
        ("line 2: a second document begins; a stack file is one, so remove the line `---`",),
    ),
    (
        "a key beside config",
        "config:\n",
        "configs: {}\nconfig:\n",
        ("unknown key 'configs' beside `config`; indent it under config",),
    ),
    (
        "the platform object outside config",
        "config:\n",
        "",
        ("unknown key 'agentic-platform:platform' beside `config`; indent it under config",),
    ),
    (
        "a stack file of another project",
        "agentic-platform:platform:",
        "billing:platform:",
        (
            "config has no key 'agentic-platform:platform'; it holds config of billing: is it another "
            "project's?",
        ),
    ),
    (
        "a second key of this project",
        "  agentic-platform:platform:",
        "  agentic-platform:extra: 1\n  agentic-platform:platform:",
        ("config.agentic-platform:extra: this project reads only agentic-platform:platform; remove it",),
    ),
    (
        "a secret inside the platform object",
        "owner: platform-team",
        "owner: {secure: AAABAMwxyz}",
        (
            "config.agentic-platform:platform.ownership.owner: is encrypted; the platform object holds "
            "references to secrets, never secrets, so that a review can read it",
        ),
    ),
]

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)

# Whole files.
FILES = [
    ("an empty file", "", "is empty; start from a copy of Pulumi.dev.yaml"),
    ("only comments", "# to do\n\n# tomorrow\n", "is empty; start from a copy of Pulumi.dev.yaml"),
    ("an empty document", "---\n", "is not a mapping; a stack file begins with `config:`"),
    ("a list", "[config]", "is not a mapping; a stack file begins with `config:`"),
    ("prose", "to be written", "is not a mapping; a stack file begins with `config:`"),
    ("no config", "config:\n", "has no config; write the platform under config: agentic-platform:platform:"),
    (
        "empty config",
        "config: {}\n",
        "has no config; write the platform under config: agentic-platform:platform:",
    ),
    (
        "an empty platform object",
        "config:\n  agentic-platform:platform:\n",
        "has no `agentic-platform:platform`; copy it from Pulumi.dev.yaml",
    ),
    (
        "text for a platform object",
        "config:\n  agentic-platform:platform: sk-live-0123456789\n",
        "the platform object is text; indent its keys below it",
    ),
    (
        "a list for a platform object",
        "config:\n  agentic-platform:platform: [dev]\n",
        "the platform object is not a mapping; see docs/reference/config.md",
    ),
    (
        "an encrypted platform object",
        "config:\n  agentic-platform:platform: {secure: AAABAMwxyz}\n",
        "config.agentic-platform:platform: is encrypted; the platform object holds references to secrets, "
        "never secrets, so that a review can read it",
    ),
    (
        "an alias bomb",
        BOMB,
        "stands for more than 200,000 values once aliases are followed; write it out",
    ),
    (
        "an alias of itself",
        "config: &a [*a]\n",
        "stands for more than 200,000 values once aliases are followed; write it out",
    ),
    (
        "deep nesting",
        f"config: {'[' * 1000}{']' * 1000}\n",
        "is nested too deeply; a stack file needs about ten levels",
    ),
    (
        "UTF-16",
        "config:\n".encode("utf-16"),
        "line 1: byte 0xff is not UTF-8; save the file as UTF-8",
    ),
    (
        "Latin-1 in a comment",
        b"config:\n# caf\xe9\n",
        "line 2: byte 0xe9 is not UTF-8; save the file as UTF-8",
    ),
    (
        "a NUL",
        "config: \0\n",
        "is not YAML: unacceptable character #x0000: special characters are not allowed; "
        "save it as plain UTF-8 text",
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), [pytest.param(*case[1:], id=case[0]) for case in LINES])
def test_it_is_refused_and_nothing_is_registered(
    refused: Refused, sound: str, old: str, new: str, faults: tuple[str, ...]
) -> None:
    assert old in sound
    refused(sound.replace(old, new, 1), *faults)


@pytest.mark.parametrize(("content", "fault"), [pytest.param(*case[1:], id=case[0]) for case in FILES])
def test_a_file_that_is_no_stack_file_is_refused(refused: Refused, content: str | bytes, fault: str) -> None:
    refused(content, fault)


def test_an_unknown_stack_is_told_which_stacks_there_are(project: Project, sound: str) -> None:
    project.write(sound, "dev")
    project.write(sound, "prod")
    with pytest.raises(ConfigError) as refusal:
        project.capture("stagin")
    assert str(refusal.value) == (
        "Pulumi.stagin.yaml: 1 fault\n  there is no stack 'stagin'; this project has: dev, prod"
    )
    assert project.registered == []


@pytest.mark.parametrize("stack", ["../dev", "", ".", "dev\n", "DEV"])
def test_a_stack_is_a_name_and_not_a_path(project: Project, sound: str, stack: str) -> None:
    project.write(sound)
    with pytest.raises(ConfigError, match="there is no stack"):
        project.capture(stack)
    assert project.registered == []
