"""A directory of CustomResourceDefinitions: only those of the kinds asked for are parsed.

Third-party definitions add up to 25 MB of YAML, of which a plan needs a handful; a look at the text decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from agentic.crds.errors import CrdError
from agentic.crds.yaml_reading import documents

FETCHED = Path(".sandbox") / "crds"
"""Where `agentic crds fetch` puts them, below the project's root."""

_SUFFIXES = {".yaml", ".yml", ".json"}
_MARK = b"CustomResourceDefinition"


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition, as its file has it."""

    file: Path
    name: str
    group: str
    kind: str
    served: tuple[str, ...]
    """Versions in which the kind can be read and written."""
    manifest: Mapping[str, Any]


def named(directory: Path) -> Path:
    """The directory an operator named, if it holds definitions; CrdError says what is wrong with it."""
    if not directory.is_dir():
        problem = "is not a directory" if directory.exists() else "does not exist"
        raise CrdError(f"{directory} {problem}", remedy="name a directory of CustomResourceDefinitions")
    if not any(_MARK in file.read_bytes() for file in _files(directory)):
        raise CrdError(
            f"{directory} holds no CustomResourceDefinition",
            remedy="name another directory with --crds, or none: what is missing is fetched",
        )
    return directory


def find(directories: Iterable[Path], kinds: Collection[tuple[str, str]]) -> list[Definition]:
    """The definition of each (apiVersion, kind) that the directories have.

    Where several files define one kind, the first that serves the wanted version counts.
    """
    groups = {(version.rpartition("/")[0], kind): version.rpartition("/")[2] for version, kind in kinds}
    best: dict[tuple[str, str], Definition] = {}
    for file in (file for directory in directories for file in _files(directory)):
        content = file.read_bytes()
        if _MARK not in content:
            continue
        if not any(group.encode() in content and kind.encode() in content for group, kind in groups):
            continue
        for definition in read(file, content):
            key = (definition.group, definition.kind)
            if key not in groups:
                continue
            if key not in best or (groups[key] in definition.served and groups[key] not in best[key].served):
                best[key] = definition
    return [best[key] for key in sorted(best)]


def read(file: Path, content: bytes) -> Iterator[Definition]:
    """Every definition of one file; CrdError names the file when it cannot be read."""
    try:
        for document in documents(content):
            if isinstance(document, Mapping):
                manifest = cast("Mapping[str, Any]", document)
                if manifest.get("kind") == _MARK.decode():
                    yield _definition(file, manifest)
    except yaml.YAMLError as error:
        raise CrdError(
            f"{file} is not YAML: {_first_line(error)}", remedy="mend or remove that file"
        ) from None


def _definition(file: Path, manifest: Mapping[str, Any]) -> Definition:
    try:
        spec = manifest["spec"]
        return Definition(
            file=file,
            name=str(manifest["metadata"]["name"]),
            group=str(spec["group"]),
            kind=str(spec["names"]["kind"]),
            served=tuple(str(v["name"]) for v in spec["versions"] if v.get("served")),
            manifest=manifest,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CrdError(
            f"{file}: a CustomResourceDefinition without {error}", remedy="mend or remove that file"
        ) from None


def _files(directory: Path) -> Iterator[Path]:
    return (path for path in sorted(directory.rglob("*")) if path.suffix in _SUFFIXES and path.is_file())


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}: {problem}" if mark else str(problem)
