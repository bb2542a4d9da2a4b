from __future__ import annotations

import stat
from pathlib import Path

import pytest

from agentic import promtool
from agentic.cache import CACHE_VARIABLE
from agentic.go_tool import ToolMissing
from agentic.promtool import RulesRefused
from components.charts import images

ROOT = Path(__file__).parents[2]
PINNED = promtool.pinned_version(ROOT)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without the program and without Go."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def official(version: str) -> str:
    return f'echo "promtool, version {version} (branch: HEAD, revision: abc)"'


def test_rules_are_judged_by_the_prometheus_that_will_evaluate_them() -> None:
    assert images.PROMETHEUS.tag.split("-")[0] == f"v{PINNED}"


def test_the_modules_version_is_read_as_the_release_it_is(tmp_path: Path) -> None:
    (tmp_path / "tools" / "promtool").mkdir(parents=True)
    pins = tmp_path / "tools" / "promtool" / "go.mod"
    for module, release in (("0.314.0", "3.14.0"), ("0.305.2", "3.5.2")):
        pins.write_text(f"require github.com/prometheus/prometheus v{module}\n")
        assert promtool.pinned_version(tmp_path) == release
    pins.write_text("require github.com/prometheus/prometheus v1.99.0\n")
    with pytest.raises(ToolMissing, match=r"prometheus v1\.99\.0, which is no release"):
        promtool.pinned_version(tmp_path)


def test_one_on_the_path_is_used_as_it_is(machine: Path) -> None:
    path = program(machine / "bin" / "promtool", official("3.99.1"))
    assert promtool.locate(ROOT) == promtool.Promtool(path, "3.99.1")


def test_one_of_another_major_release_is_passed_over(machine: Path) -> None:
    program(machine / "bin" / "promtool", official("2.55.0"))
    assert promtool.locate(ROOT) is None


def test_one_that_does_not_run_is_passed_over(machine: Path) -> None:
    program(machine / "bin" / "promtool", "exit 3")
    assert promtool.locate(ROOT) is None


def test_one_that_was_built_is_found_by_the_directory_of_its_version(machine: Path) -> None:
    # A build from the module does not know its version.
    path = program(
        machine / "cache" / "promtool" / PINNED / "bin" / "promtool", 'echo "promtool, version  (branch: )"'
    )
    assert promtool.locate(ROOT) == promtool.Promtool(path, PINNED)


def test_without_go_it_is_said_what_is_lacking(machine: Path) -> None:
    with pytest.raises(ToolMissing, match="promtool cannot be built: there is no `go` on PATH"):
        promtool.provide(ROOT, lambda line: None)


def test_it_is_built_without_discovery_and_then_kept(machine: Path) -> None:
    body = (
        '[ "$1" = env ] && exit 0\n'
        'echo "$@" > "$0.said"\n'
        'while [ "$1" != -o ]; do shift; done\n'
        'printf \'#!/bin/sh\\necho "promtool, version  (branch: )"\\n\' > "$2"; /bin/chmod +x "$2"'
    )
    go = program(machine / "bin" / "go", body)
    said: list[str] = []
    built = promtool.provide(ROOT, said.append)
    assert built.version == PINNED
    assert "building promtool" in said[0]
    assert "1 to 4 minutes once on two cores" in said[0]
    assert "-tags=remove_all_sd,netgo,builtinassets" in go.with_name("go.said").read_text()
    go.unlink()
    assert promtool.provide(ROOT, said.append) == built
    assert len(said) == 1


def test_what_it_refuses_is_told_in_its_words_with_what_to_do(machine: Path) -> None:
    path = program(machine / "bin" / "promtool", 'echo "rules.yaml: bad expression" >&2; exit 1')
    with pytest.raises(RulesRefused, match=r"rules\.yaml: bad expression") as refused:
        promtool.Promtool(path, PINNED).check_rules(machine / "rules.yaml")
    assert "remedy: correct the rule" in str(refused.value)
