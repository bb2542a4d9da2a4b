"""Bad input of any kind: every fault at once in exact words, and not one resource registered."""

from __future__ import annotations

import pytest

from components.namespaces.catalogue import NAMESPACES
from stacks.config import PlatformConfig
from stacks.errors import ConfigError
from tests.stacks.project import Project, Refused

KNOWN_SECTIONS = f"known: {', '.join(sorted(PlatformConfig.model_fields))}"

# A sentence, what is replaced in the sound file, by what, and every fault that must be reported.
CASES = [
    (
        "an unknown section, and a section that it was meant to be",
        "profile: startup",
        "profil: startup",
        (
            f"profil: no such key; did you mean 'profile'? {KNOWN_SECTIONS}",
            "profile: is missing; The table of values this stack starts from; what is written wins.",
        ),
    ),
    (
        "an unknown profile, and nothing that it would have brought",
        "profile: startup",
        "profile: large",
        ("profile: is none of 'mvp', 'startup', 'scale' or 'enterprise'; choose one",),
    ),
    (
        "a section left empty",
        "{mode: karpenter}",
        "",
        ("compute: is not a mapping; write its keys on lines of their own, indented",),
    ),
    (
        "faults in several sections, all of them at once",
        "    environment: dev\n",
        "    environment: Dev\n    extra: 1\n    namespaces: {ai-agent: {}}\n"
        "    protection: {protect: maybe, retain: true}\n",
        (
            "environment: is not a DNS label; use lower-case letters, digits and hyphens, with a letter "
            "first and no hyphen last",
            f"extra: no such key; {KNOWN_SECTIONS}",
            f"namespaces.ai-agent: is not a namespace of the platform; use one of {', '.join(NAMESPACES)}",
            "protection.protect: is neither true nor false; "
            "`pulumi destroy` refuses network and cluster until this is off.",
            "protection.retain: no such key; did you mean 'retain_data'? known: protect, retain_data",
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_it_is_refused_and_nothing_is_registered(
    refused: Refused, sound: str, old: str, new: str, faults: tuple[str, ...]
) -> None:
    assert old in sound
    refused(sound.replace(old, new, 1), *faults)


def test_a_sound_file_is_captured_so_that_the_cases_here_prove_something(
    project: Project, sound: str
) -> None:
    project.write(sound)
    assert len(project.capture()) == len(project.registered) > 100


def test_no_value_is_repeated_where_a_secret_was_written_by_mistake(project: Project, sound: str) -> None:
    canary = "sk-live-0123456789abcdef"
    for old, new in (
        ("{arn:", "{value: " + canary + ", arn:"),
        ('{arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:openai-AbCdEf"}', canary),
        ("arn:aws:secretsmanager:us-east-1:111122223333:secret:openai-AbCdEf", canary),
        ("    environment: dev\n", f"    environment: dev\n    api_key: {canary}\n"),
        ("    environment: dev\n", f"    api_key: {canary}\n    api_key: {canary}\n"),
        ("owner: platform-team", f"owner: {{secure: {canary}}}"),
        ("config:\n", f"token: {canary}\nconfig:\n"),
        ("config:\n", f"config:\n  agentic-platform:token: {canary}\n"),
    ):
        assert old in sound
        project.write(sound.replace(old, new, 1))
        with pytest.raises(ConfigError) as refusal:
            project.capture()
        assert canary not in str(refusal.value)
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert project.registered == []
