from __future__ import annotations

import json
from pathlib import Path

import pytest

from stacks import stack_file
from stacks.errors import ConfigError

ROOT = Path(__file__).parents[2]


def _read(tmp_path: Path, text: str | bytes, stack: str = "dev") -> stack_file.StackFile:
    path = tmp_path / f"Pulumi.{stack}.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return stack_file.read(tmp_path, stack)


def test_the_object_under_the_projects_key_is_the_platform(tmp_path: Path, sound: str) -> None:
    file = _read(tmp_path, sound)
    assert file.stack == "dev"
    assert file.path.name == "Pulumi.dev.yaml"
    assert isinstance(file.platform, dict)
    assert file.platform["cluster"]["name"] == "ai-dev"


@pytest.mark.parametrize("stack", ["dev", "staging", "prod"])
def test_every_stack_of_the_project_can_be_read(stack: str) -> None:
    assert stack_file.read(ROOT, stack).platform


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(
    tmp_path: Path, sound: str, encoding: str, newline: str
) -> None:
    expected = _read(tmp_path, sound).platform
    assert _read(tmp_path, sound.replace("\n", newline).encode(encoding)).platform == expected


def test_text_beyond_ascii_is_text(tmp_path: Path, sound: str) -> None:
    file = _read(tmp_path, sound.replace("platform-team", "équipe-플랫폼"))
    assert file.platform["ownership"]["owner"] == "équipe-플랫폼"  # type: ignore[index]


def test_aliases_and_merged_maps_are_followed(tmp_path: Path, sound: str) -> None:
    text = sound.replace(
        "    tenants:\n", "    tenants:\n      tenant-b: &b {owner: team-b, cost_center: '1'}\n"
    ).replace("tenant-a: {owner: team-a,", "tenant-a: {<<: *b,")
    tenants = _read(tmp_path, text).platform["tenants"]  # type: ignore[index]
    assert tenants["tenant-a"]["owner"] == "team-b"
    assert tenants["tenant-a"]["cost_center"] == "4711"


def test_what_the_engine_writes_beside_config_is_accepted(tmp_path: Path, sound: str) -> None:
    _read(tmp_path, "secretsprovider: awskms://alias/x\nencryptedkey: AQID\n" + sound)
    _read(tmp_path, "encryptionsalt: v1:abc\n" + sound)


def test_config_of_providers_and_of_the_engine_is_accepted(tmp_path: Path, sound: str) -> None:
    file = _read(tmp_path, sound.replace("config:\n", "config:\n  pulumi:tags: {a: b}\n  aws:profile: dev\n"))
    assert file.engine_config()["aws:profile"] == "dev"
    assert file.engine_config()["pulumi:tags"] == '{"a": "b"}'


def test_the_engine_gets_the_object_as_json_with_sorted_keys(tmp_path: Path, sound: str) -> None:
    file = _read(tmp_path, sound)
    text = file.engine_config()[stack_file.PLATFORM_KEY]
    assert json.loads(text) == file.platform
    assert text == json.dumps(json.loads(text), sort_keys=True)


def test_a_quoted_date_or_a_quoted_leading_zero_is_text(tmp_path: Path, sound: str) -> None:
    quoted = sound.replace("r-and-d", '"2026-01-01"').replace('"4711"', '"0815"')
    platform = _read(tmp_path, quoted).platform
    assert platform["ownership"]["cost_center"] == "2026-01-01"  # type: ignore[index]
    assert platform["tenants"]["tenant-a"]["cost_center"] == "0815"  # type: ignore[index]


@pytest.mark.parametrize("number", ["0", "8", "0.5", "-1", "1e3", "0x1F"])
def test_ordinary_numbers_are_read(tmp_path: Path, number: str) -> None:
    assert _read(tmp_path, f"config: {{{stack_file.PLATFORM_KEY}: {{n: {number}}}}}").platform


def test_a_map_whose_key_is_secure_is_not_taken_for_a_secret(tmp_path: Path) -> None:
    _read(tmp_path, f"config: {{{stack_file.PLATFORM_KEY}: {{tenants: {{secure: {{owner: me}}}}}}}}")


def test_every_secret_inside_the_object_is_named(tmp_path: Path) -> None:
    text = f"config: {{{stack_file.PLATFORM_KEY}: {{a: {{secure: x}}, b: [1, {{c: {{secure: y}}}}]}}}}"
    with pytest.raises(ConfigError) as refusal:
        _read(tmp_path, text)
    assert [fault.split(": ")[0] for fault in refusal.value.faults] == [
        "config.agentic-platform:platform.a",
        "config.agentic-platform:platform.b[1].c",
    ]


def test_every_line_with_a_tab_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refusal:
        _read(tmp_path, "config:\n\ta: 1\n  b: 2\n  \tc: 3\n")
    assert refusal.value.faults == (
        "line 2: is indented with a tab; YAML indents with spaces",
        "line 4: is indented with a tab; YAML indents with spaces",
    )


def test_a_tab_that_indents_nothing_is_read(tmp_path: Path, sound: str) -> None:
    _read(tmp_path, sound.replace("    environment: dev", "    environment: dev # of\teverybody"))


def test_a_file_of_megabytes_is_not_even_parsed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is 3,145,728 bytes; at most 2,097,152 are read"):
        _read(tmp_path, "#" * (3 * 2**20))


def test_the_largest_alias_tree_that_is_accepted_is_far_above_two_hundred_tenants(
    tmp_path: Path, sound: str
) -> None:
    tenant = next(line for line in sound.splitlines(keepends=True) if "tenant-a:" in line)
    many = "".join(tenant.replace("tenant-a", f"tenant-{number}") for number in range(200))
    file = _read(tmp_path, sound.replace(tenant, many))
    assert len(file.platform["tenants"]) == 200  # type: ignore[index]


def test_stacks_are_the_files_by_their_whole_name(tmp_path: Path, sound: str) -> None:
    for stack in ("dev", "dev.eu", "prod"):
        _read(tmp_path, sound, stack)
    (tmp_path / "Pulumi.yaml").touch()
    (tmp_path / "Pulumi.directory.yaml").mkdir()
    (tmp_path / "Pulumi.dev.yaml.orig").touch()
    assert stack_file.stack_names(tmp_path) == ["dev", "dev.eu", "prod"]
    assert stack_file.read(tmp_path, "dev.eu").stack == "dev.eu"


def test_a_directory_without_stacks_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no stack 'dev'; this project has: none"):
        stack_file.read(tmp_path, "dev")
