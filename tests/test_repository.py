"""The repository keeps its own promises: what is tested, what is pinned, what is never written down."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = {
    "requirements.in": "requirements.txt",
    "requirements-dev.in": "requirements-dev.txt",
    "tools/uv.in": "tools/uv.txt",
    "tools/relay.in": "tools/relay.txt",
}
LARGEST_FILE = 500_000

# Assembled, so that this file does not hold what it forbids.
INDEX_HOSTS = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "registry.npm" + "js.org",
    "proxy.go" + "lang.org",
    "sum.go" + "lang.org",
    "crates" + ".io",
    "maven" + ".org",
    "deb.debian" + ".org",
]
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def tracked() -> list[Path]:
    """Return the files git knows, or would know after `git add`; without git, every file."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    names = [name for name in listing.stdout.split("\0") if name]
    paths = [ROOT / name for name in names] or [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


FILES = tracked()


def texts(*suffixes: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for path in FILES:
        if not suffixes or path.suffix in suffixes:
            try:
                found.append((path.relative_to(ROOT).as_posix(), path.read_text("utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def defines_tests(source: str) -> bool:
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
        for node in ast.walk(ast.parse(source))
    )


def test_every_test_file_is_collected() -> None:
    there = {name for name, _ in texts(".py") if name.startswith("tests/") and "/test_" in name}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-m",
            "",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    collected = {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert there - collected == set(), done.stdout[-2000:]


def test_a_file_with_tests_has_a_name_that_is_collected() -> None:
    wrong = [
        name
        for name, text in texts(".py")
        if name.startswith("tests/") and "/test_" not in name and defines_tests(text)
    ]
    assert wrong == []


def test_names_say_what_is_inside() -> None:
    assert [path for path in FILES if path.stem in VAGUE_NAMES or path.parent.name in VAGUE_NAMES] == []


def test_no_package_index_is_named() -> None:
    named = [f"{name}: {host}" for name, text in texts() for host in INDEX_HOSTS if host in text]
    assert named == []


def test_no_place_on_somebodys_machine_is_named() -> None:
    place = re.compile(r"(?<![\w.$}/-])/(?:work|home/\w+|root|Users)/\w")
    assert [name for name, text in texts() if place.search(text) and name != "tests/test_repository.py"] == []


@pytest.mark.parametrize("lock", LOCKS.values())
def test_a_lock_pins_and_hashes_everything_and_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index-url" not in text
    blocks = [block for block in re.split(r"(?m)^(?=[a-z0-9])", text) if re.match(r"[a-z0-9]", block)]
    assert blocks
    assert [
        block.split()[0] for block in blocks if "==" not in block.split()[0] or "--hash=sha256:" not in block
    ] == []


@pytest.mark.parametrize(("source", "lock"), LOCKS.items())
def test_a_lock_has_what_its_source_asks_for(source: str, lock: str) -> None:
    lines = [line.partition("#")[0].strip() for line in (ROOT / source).read_text().splitlines()]
    wanted = [Requirement(line) for line in lines if line and not line.startswith("-")]
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"(?m)^([a-z0-9._-]+)(?:\[[a-z,]+\])?==(\S+)", (ROOT / lock).read_text()):
        locked.setdefault(re.sub(r"[._-]+", "-", name), set()).add(version)
    for requirement in wanted:
        versions = locked.get(re.sub(r"[._-]+", "-", requirement.name.lower()), set())
        assert any(requirement.specifier.contains(version, prereleases=True) for version in versions), (
            f"{lock} does not satisfy {requirement}; run `make lock`"
        )


def test_both_locks_agree() -> None:
    pins = [
        set(re.findall(r"(?m)^([a-z0-9._-]+==\S+)", (ROOT / lock).read_text())) for lock in LOCKS.values()
    ]
    assert pins[0] - pins[1] == set(), "requirements-dev.txt has to hold requirements.txt as it is"


def test_the_engine_has_one_version() -> None:
    version = (ROOT / ".pulumi.version").read_text().strip()
    assert f"\npulumi=={version} " in (ROOT / "requirements.txt").read_text()
    assert f"pulumi=={version}\n" in (ROOT / "requirements.in").read_text()
    assert set(re.findall(r"pulumi/(?:pkg|sdk)/v3 v(\S+)", (ROOT / "tools/go.mod").read_text())) == {version}


def test_the_changelog_begins_with_the_projects_version() -> None:
    versions = re.findall(r"(?m)^## \[(\d+\.\d+\.\d+)\]", (ROOT / "CHANGELOG.md").read_text())
    assert versions[0] == PROJECT["project"]["version"]


def test_the_update_bot_sees_every_chart_pin() -> None:
    manager = json.loads((ROOT / "renovate.json").read_text())["customManagers"][0]
    pattern = re.compile(manager["matchStrings"][0].replace("(?<", "(?P<"))
    pins = (ROOT / "components/charts/pins.py").read_text()
    assert len(pattern.findall(pins)) == len(re.findall(r"(?m)^[A-Z_0-9]+ = (?:Pin|Manifest)\($", pins)) > 0


def test_the_update_bot_sees_every_list_of_packages() -> None:
    patterns = json.loads((ROOT / "renovate.json").read_text())["pip_requirements"]["managerFilePatterns"]
    lists = [path.relative_to(ROOT).as_posix() for path in FILES if path.suffix == ".in"]
    assert set(LOCKS) <= set(lists)
    assert [name for name in lists if not any(re.search(one.strip("/"), name) for one in patterns)] == []


def test_the_layers_contract_knows_every_component() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    shared = {"charts", "core", "isolation", "prices"}
    nouns = {path.parent.name for path in (ROOT / "components").glob("*/__init__.py")} - shared
    independent = next(contract for contract in contracts if contract["type"] == "independence")
    assert {name.removeprefix("components.") for name in independent["modules"]} == nouns
    assert (ROOT / "policies").exists() == ("policies" in PROJECT["tool"]["importlinter"]["root_packages"])


def test_every_package_is_one() -> None:
    packages = {path.parent for path in FILES if path.suffix == ".py" and path.parent != ROOT}
    bare = [
        path.relative_to(ROOT).as_posix()
        for path in packages
        if path.relative_to(ROOT).parts[0] in ("agentic", "components", "stacks", "policies")
        and not (path / "__init__.py").is_file()
    ]
    assert bare == []


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) < 200


def test_nothing_large_is_kept() -> None:
    assert [path for path in FILES if path.stat().st_size > LARGEST_FILE] == []


def test_links_between_pages_lead_somewhere() -> None:
    broken: list[str] = []
    for name, text in texts(".md"):
        prose = re.sub(r"(?ms)^ *```.*?^ *```$|`[^`\n]*`", "", text)
        for target in re.findall(r"\]\(([^)\s]+)\)", prose):
            path, _, _ = target.partition("#")
            if path and "://" not in target and not (ROOT / name).parent.joinpath(path).exists():
                broken.append(f"{name}: {target}")
    assert broken == []


def test_every_make_target_of_the_manual_is_listed_and_phony() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?m)^([a-z-]+):", makefile))
    phony = set(re.search(r"(?m)^\.PHONY: (.*)$", makefile)[1].split())  # type: ignore[index]
    assert targets == phony
    done = subprocess.run(["make", "-C", ROOT, "help"], capture_output=True, text=True, check=True)
    for target in (
        "setup",
        "up",
        "down",
        "plan",
        "test",
        "check",
        "bench",
        "docs",
        "lock",
        "clean",
        "golden",
    ):
        assert re.search(rf"(?m)^  {target} +\S", done.stdout), target


def test_scripts_that_are_run_can_be_run() -> None:
    scripts = [path for path in FILES if path.parent == ROOT / "scripts" and path.suffix != ".py"]
    scripts.append(ROOT / ".ci" / "run")
    assert [path.name for path in scripts if not path.stat().st_mode & 0o111] == []
    assert [path.name for path in scripts if not path.read_text().startswith("#!")] == []
