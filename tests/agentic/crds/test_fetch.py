"""Definitions come from pinned modules, whole or not at all, and only once."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agentic.crds import charts, directory, fetch, sources
from agentic.crds.errors import CrdError
from agentic.crds.placing import STAMP
from agentic.crds.sources import SOURCES, Source
from components.charts import pins
from components.charts.pins import PINS, Crds, Pin

ROOT = Path(__file__).parents[3]
DEFINITION = """kind: CustomResourceDefinition
metadata: {name: %ss.example.com}
spec: {group: example.com, names: {kind: %s}, versions: [{name: v1, served: true}]}
"""
ONE = Source(
    name="one",
    module="example.com/one",
    version="v1.0.0",
    checksum="h1:one=",
    directory="crds",
    groups=("one.example.com",),
)
TWO = Source(
    name="two",
    module="example.com/two",
    version="v2.0.0",
    checksum="h1:two=",
    directory="crds",
    groups=("two.example.com",),
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a Go that has two modules, and no Helm."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    for name in ("one", "two"):
        (tmp_path / "modules" / name / "crds").mkdir(parents=True)
        (tmp_path / "modules" / name / "crds" / f"{name}.yaml").write_text(DEFINITION % (name, name.title()))
        (tmp_path / "modules" / name / "crds" / "kustomization.yaml").write_text("kind: Kustomization\n")
    _answer(tmp_path)
    return tmp_path


def _answer(machine: Path, **changes: dict[str, str]) -> None:
    """Let `go mod download -json` answer for both modules, with these changes."""
    documents = [
        {
            "Path": one.module,
            "Version": one.version,
            "Dir": str(machine / "modules" / one.name),
            "Sum": one.checksum,
            **changes.get(one.name, {}),
        }
        for one in (ONE, TWO)
    ]
    (machine / "answer.json").write_text("\n".join(json.dumps(one, indent=2) for one in documents))
    _program(machine, "go", f'echo "$@" >> {machine}/calls\n/bin/cat {machine}/answer.json')


def _program(machine: Path, name: str, body: str) -> None:
    path = machine / "bin" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def _fetch(machine: Path, *, force: bool = False) -> list[str]:
    said: list[str] = []
    fetch.fetch(machine / "out", said.append, sources=(ONE, TWO), force=force)
    return said


def test_each_module_gives_its_definitions_and_nothing_else(machine: Path) -> None:
    assert _fetch(machine)[-2:] == ["one v1.0.0: 1 definitions", "two v2.0.0: 1 definitions"]
    files = {
        str(path.relative_to(machine / "out")) for path in (machine / "out").rglob("*.*") if path.is_file()
    } - {".lock"}
    assert files == {"one/one.yaml", f"one/{STAMP}", "two/two.yaml", f"two/{STAMP}"}
    assert (machine / "calls").read_text() == (
        "mod download -json example.com/one@v1.0.0 example.com/two@v2.0.0\n"
    )
    (found,) = directory.find([machine / "out"], {("example.com/v1", "One")})
    assert found.name == "ones.example.com"


def test_what_is_there_is_not_fetched_again_unless_that_is_asked_for(machine: Path) -> None:
    _fetch(machine)
    assert _fetch(machine) == []
    assert len((machine / "calls").read_text().splitlines()) == 1
    _fetch(machine, force=True)
    assert len((machine / "calls").read_text().splitlines()) == 2


def test_after_a_bump_only_that_source_is_fetched_and_its_old_files_go(machine: Path) -> None:
    _fetch(machine)
    (machine / "out" / "one" / "stale.yaml").write_text("x")
    (machine / "out" / "one" / STAMP).write_text("example.com/one v0.9.0")
    _fetch(machine)
    assert (machine / "calls").read_text().splitlines()[1] == "mod download -json example.com/one@v1.0.0"
    assert not (machine / "out" / "one" / "stale.yaml").exists()


def test_two_that_fetch_at_once_fetch_once(machine: Path) -> None:
    _program(machine, "go", f'echo "$@" >> {machine}/calls\n/bin/sleep 0.3\n/bin/cat {machine}/answer.json')
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(_fetch, machine) for _ in range(2)]:
            done.result()
    assert len((machine / "calls").read_text().splitlines()) == 1


def test_another_checksum_than_the_pinned_one_is_refused_and_shown(machine: Path) -> None:
    _answer(machine, one={"Sum": "h1:other="})
    with pytest.raises(CrdError) as refused:
        _fetch(machine)
    assert "1 of 2 sources could not be fetched" in str(refused.value)
    assert "example.com/one@v1.0.0: its checksum is h1:other=, pinned is h1:one=" in str(refused.value)
    assert not (machine / "out" / "one").exists()
    assert (machine / "out" / "two" / "two.yaml").is_file()


def test_a_module_that_cannot_be_had_leaves_what_was_there(machine: Path) -> None:
    _fetch(machine)
    (machine / "out" / "one" / STAMP).write_text("example.com/one v0.9.0")
    _answer(machine, one={"Error": "403 Forbidden"})
    with pytest.raises(CrdError, match=r"example\.com/one@v1\.0\.0: 403 Forbidden"):
        _fetch(machine)
    assert (machine / "out" / "one" / "one.yaml").is_file()


def test_a_module_without_definitions_where_they_should_be_is_an_error(machine: Path) -> None:
    (machine / "modules" / "one" / "crds" / "one.yaml").unlink()
    with pytest.raises(CrdError, match=r"example\.com/one@v1\.0\.0: no definitions in crds"):
        _fetch(machine)


def test_a_go_that_reaches_nothing_is_quoted(machine: Path) -> None:
    _program(machine, "go", "echo 'go: lookup proxy.example: no such host' >&2; exit 1")
    with pytest.raises(CrdError) as failed:
        _fetch(machine)
    assert "Go could not download modules: go: lookup proxy.example: no such host" in str(failed.value)
    assert "set GOPROXY to a module proxy you can reach" in str(failed.value)


def test_without_go_the_remedy_is_go_or_a_directory(machine: Path) -> None:
    (machine / "bin" / "go").unlink()
    with pytest.raises(CrdError) as missing:
        _fetch(machine)
    assert "definitions cannot be fetched: there is no `go` on PATH" in str(missing.value)
    assert "install Go 1.26 or later, or name a directory of definitions with --crds" in str(missing.value)


def test_a_chart_that_no_module_covers_is_asked_of_helm_and_read_first(machine: Path) -> None:
    _program(
        machine,
        "helm",
        f'echo "$@" > {machine}/helm-calls\n/bin/cat <<X\n---\nkind: Service\n---\n{DEFINITION % ("one", "One")}X',
    )
    said: list[str] = []
    charts.fetch(machine / "out", [pins.EXTERNAL_SECRETS], said.append)
    assert said == [
        f"chart external-secrets {pins.EXTERNAL_SECRETS.version}: definitions as Helm installs them"
    ]
    assert (machine / "helm-calls").read_text().split() == [
        *("template", "external-secrets", "external-secrets"),
        *("--version", pins.EXTERNAL_SECRETS.version, "--include-crds"),
        *("--repo", "https://charts.external-secrets.io"),
    ]
    _fetch(machine)
    (found,) = directory.find([machine / "out"], {("example.com/v1", "One")})
    assert found.file.is_relative_to(machine / "out" / charts.DIRECTORY)
    charts.fetch(machine / "out", [pins.EXTERNAL_SECRETS], said.append)
    assert len(said) == 1


def test_a_chart_that_cannot_be_reached_is_left_out_and_that_is_said(machine: Path) -> None:
    said: list[str] = []
    charts.fetch(machine / "out", [pins.EXTERNAL_SECRETS], said.append)
    _program(machine, "helm", "echo 'Error: no such host' >&2; exit 1")
    charts.fetch(machine / "out", [pins.EXTERNAL_SECRETS], said.append)
    _program(machine, "helm", "echo 'kind: Service'")
    charts.fetch(machine / "out", [pins.EXTERNAL_SECRETS], said.append)
    version = pins.EXTERNAL_SECRETS.version
    assert said == [
        f"chart external-secrets {version}: left out, there is no `helm` on PATH",
        f"chart external-secrets {version}: left out, helm says: Error: no such host",
        f"chart external-secrets {version}: left out, it renders no definitions",
    ]


def test_a_source_has_the_version_of_its_chart_or_says_why_not() -> None:
    for source in SOURCES:
        if source.pin is not None:
            meant = (source.chart_version or source.version).removeprefix("v")
            same = meant == source.pin.version.removeprefix("v")
            assert same or (source.differs and not source.chart_version), (
                f"{source.name} is what {source.pin.version} of its chart does not install: bump both"
            )


def test_every_chart_that_brings_definitions_is_covered_or_asked_of_helm() -> None:
    with_definitions = {pin.name for pin in PINS if pin.crds is not Crds.NONE}
    exact = {source.pin.name for source in SOURCES if isinstance(source.pin, Pin) and not source.differs}
    assert with_definitions - exact == {pin.name for pin in charts.uncovered(SOURCES)}


def test_every_pin_is_marked_for_the_update_bot_and_the_bot_reads_the_file() -> None:
    text = Path(sources.__file__).read_text()
    marked = re.findall(r"# renovate: datasource=go depName=(\S+)\n\s*version=\"(\S+)\"", text)
    assert marked == [(source.module, source.version) for source in SOURCES]
    managers = json.loads((ROOT / "renovate.json").read_text())["customManagers"]
    patterns = [pattern for manager in managers for pattern in manager["managerFilePatterns"]]
    assert any(re.search(pattern.strip("/"), "agentic/crds/sources.py") for pattern in patterns)
