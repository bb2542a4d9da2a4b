"""The programs are found where they are, or built, or their absence is explained."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from agentic.cache import CACHE_VARIABLE
from agentic.go_tool import ToolMissing
from agentic.rehearsal import tools
from components.cluster.versions import DEFAULT
from tests.agentic.rehearsal.conftest import ROOT

PINNED = tools.pinned_kubernetes(ROOT)
ETCD = re.findall(r"etcd/server/v3 v(\S+)", (ROOT / tools.DIRECTORY / "go.mod").read_text())[0]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with none of the programs and no Go."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def _program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def _all(directory: Path, kubernetes: str, etcd: str = ETCD) -> None:
    _program(directory / "etcd", f"etcd Version: {etcd}\nGit SHA: abc")
    for name in ("kube-apiserver", "kube-controller-manager"):
        _program(directory / name, f"Kubernetes v{kubernetes}")


def _fake_go(machine: Path, version: str = PINNED) -> None:
    body = (
        '[ "$1" = env ] && exit 0\n'
        'while [ "$1" != -o ]; do shift; done\n'
        f'case "$2" in *etcd*) said="etcd Version: {ETCD}";; *) said="Kubernetes v{version}";; esac\n'
        'printf \'#!/bin/sh\\necho %s\\n\' "\'$said\'" > "$2"; /bin/chmod +x "$2"'
    )
    path = machine / "bin" / "go"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_programs_on_the_path_are_used_as_they_are(machine: Path) -> None:
    _all(machine / "bin", PINNED)
    found = tools.locate(ROOT)
    assert found is not None
    assert found.api_server == tools.Program(machine / "bin" / "kube-apiserver", PINNED)
    assert found.etcd == tools.Program(machine / "bin" / "etcd", ETCD)


def test_a_patch_release_on_the_path_is_good_enough(machine: Path) -> None:
    _all(machine / "bin", f"{tools.minor(PINNED)}.99")
    found = tools.locate(ROOT)
    assert found is not None
    assert found.api_server.version == f"{tools.minor(PINNED)}.99"


def test_another_minor_on_the_path_is_passed_over_for_what_can_be_built(machine: Path) -> None:
    _all(machine / "bin", "1.29.3")
    _fake_go(machine)
    said: list[str] = []
    found = tools.provide(ROOT, said.append)
    assert found.api_server.version == PINNED
    assert f"is 1.29.3, wanted is Kubernetes {tools.minor(PINNED)}" in "\n".join(said)


def test_another_minor_can_be_asked_for_where_it_is_on_the_path(machine: Path) -> None:
    _all(machine / "bin", "1.29.3")
    found = tools.locate(ROOT, "1.29")
    assert found is not None
    assert found.controller_manager.version == "1.29.3"


def test_another_minor_cannot_be_built_and_that_is_said(machine: Path) -> None:
    _all(machine / "bin", PINNED)
    with pytest.raises(ToolMissing) as missing:
        tools.provide(ROOT, lambda _: None, "1.29")
    assert "kube-apiserver of Kubernetes 1.29 is not on PATH, and what can be built here is" in str(
        missing.value
    )
    assert f"or ask for {tools.minor(PINNED)}" in str(missing.value)


def test_a_build_says_how_long_it_takes_first_and_is_kept(machine: Path) -> None:
    _fake_go(machine)
    said: list[str] = []
    made = tools.provide(ROOT, said.append)
    assert [line for line in said if line.startswith("building")] == [
        f"building etcd {ETCD} from its Go module: 1 to 2 minutes once on two cores, "
        f"then kept in {made.etcd.path.parent}",
        f"building kube-apiserver {PINNED} from its Go module: 4 to 8 minutes once on two cores, "
        f"then kept in {made.api_server.path.parent}",
        f"building kube-controller-manager {PINNED} from its Go module: another 1 to 2 minutes, "
        f"then kept in {made.api_server.path.parent}",
    ]
    (machine / "bin" / "go").unlink()
    assert tools.provide(ROOT, said.append) == made
    assert tools.locate(ROOT) == made


def test_without_programs_and_without_go_the_remedy_is_go(machine: Path) -> None:
    assert tools.locate(ROOT) is None
    with pytest.raises(ToolMissing) as missing:
        tools.provide(ROOT, lambda _: None)
    assert "etcd cannot be built: there is no `go` on PATH" in str(missing.value)
    assert "remedy: install Go 1.26 or later" in str(missing.value)


def test_a_program_that_does_not_run_is_none(machine: Path) -> None:
    _all(machine / "bin", PINNED)
    _program(machine / "bin" / "etcd", "no version at all")
    assert tools.locate(ROOT) is None


def test_what_was_built_and_does_not_run_is_an_error(machine: Path) -> None:
    _fake_go(machine, version="broken")
    with pytest.raises(ToolMissing, match="kube-apiserver was built but does not run"):
        tools.provide(ROOT, lambda _: None)


def test_pins_that_are_gone_are_named(machine: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match=r"tools/apiserver/go\.mod is not there"):
        tools.provide(tmp_path, lambda _: None)
    broken = tmp_path / tools.DIRECTORY
    broken.mkdir(parents=True)
    (broken / "go.mod").write_text("module x\n")
    with pytest.raises(ToolMissing, match=r"tools/apiserver/go\.mod pins no go\.etcd\.io/etcd/server/v3"):
        tools.provide(tmp_path, lambda _: None)


def test_every_part_of_kubernetes_is_pinned_to_the_same_release() -> None:
    pins = (ROOT / tools.DIRECTORY / "go.mod").read_text()
    parts = dict(re.findall(r"^\t(k8s\.io/\S+) => \S+ v0\.(\S+)$", pins, re.MULTILINE))
    assert len(parts) > 25
    assert set(parts.values()) == {PINNED.removeprefix("1.")}


def test_the_pinned_kubernetes_is_the_one_stacks_get_by_default() -> None:
    assert tools.minor(PINNED) == DEFAULT


def test_the_checksums_lie_beside_the_pins() -> None:
    assert (ROOT / tools.DIRECTORY / "go.sum").is_file()
