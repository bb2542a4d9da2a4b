"""Fills a directory with definitions from pinned Go modules."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from agentic.crds.directory import read
from agentic.crds.errors import CrdError
from agentic.crds.placing import holds, place, turn
from agentic.crds.sources import SOURCES, Source

Say = Callable[[str], None]


def fetch(
    directory: Path, say: Say, *, sources: Iterable[Source] = SOURCES, force: bool = False
) -> list[Source]:
    """Every source is there, as pinned, when this returns; CrdError lists those that are not, and why.

    Each source's files are replaced as a whole or left as they were. Returns what was fetched.
    """
    every = tuple(sources)
    with turn(directory):
        return _fetch(directory, say, every, force=force)


def _fetch(directory: Path, say: Say, every: tuple[Source, ...], *, force: bool) -> list[Source]:
    wanted = [source for source in every if force or not holds(directory / source.name, _stamp(source))]
    if not wanted:
        return []
    say(f"fetching definitions from Go modules: {', '.join(source.name for source in wanted)}")
    modules = _download(wanted)
    faults: list[str] = []
    for source in wanted:
        try:
            count = _place(directory, source, modules)
        except CrdError as fault:
            faults.append(str(fault.problem))
        else:
            say(_line(source, count))
    if faults:
        raise CrdError(
            f"{len(faults)} of {len(every)} sources could not be fetched:\n"
            + "\n".join(f"  - {fault}" for fault in faults),
            remedy="check the network and GOPROXY, then run it again: it continues where it stopped",
        )
    return wanted


def _download(sources: list[Source]) -> dict[str, Any]:
    """What Go says of each module, by module path; it downloads several at once."""
    go = shutil.which("go")
    if go is None:
        raise CrdError(
            "definitions cannot be fetched: there is no `go` on PATH",
            remedy="install Go 1.26 or later, or name a directory of definitions with --crds",
        )
    # Away from any go.mod: its `replace` lines are for building programs, not for reading files.
    with tempfile.TemporaryDirectory() as nowhere:
        answer = subprocess.run(
            [go, "mod", "download", "-json", *(f"{one.module}@{one.version}" for one in sources)],
            cwd=nowhere,
            capture_output=True,
            text=True,
            check=False,
        )
    found = {str(module["Path"]): module for module in _documents(answer.stdout)}
    if not found:
        raise CrdError(
            f"Go could not download modules: {_last_line(answer.stderr)}",
            remedy="check the network, or set GOPROXY to a module proxy you can reach",
        )
    return found


def _place(directory: Path, source: Source, modules: dict[str, Any]) -> int:
    module = modules.get(source.module, {"Error": "Go said nothing about it"})
    at = f"{source.module}@{source.version}"
    if module.get("Error"):
        raise CrdError(f"{at}: {module['Error']}", remedy="")
    if module["Sum"] != source.checksum:
        raise CrdError(
            f"{at}: its checksum is {module['Sum']}, pinned is {source.checksum}; after a bump put the new "
            "one into agentic/crds/sources.py, otherwise do not use that proxy",
            remedy="",
        )
    files = sorted((Path(module["Dir"]) / source.directory).glob("*.yaml"))
    contents = [(file.name, file.read_bytes()) for file in files]
    definitions = [(name, content) for name, content in contents if list(read(Path(name), content))]
    if not definitions:
        raise CrdError(f"{at}: no definitions in {source.directory}", remedy="")
    place(directory / source.name, definitions, _stamp(source))
    return len(definitions)


def _stamp(source: Source) -> str:
    return f"{source.module} {source.version} {source.checksum} {source.directory}\n"


def _line(source: Source, count: int) -> str:
    note = f" (the chart is {source.pin.version}: {source.differs})" if source.pin and source.differs else ""
    return f"{source.name} {source.version}: {count} definitions{note}"


def _documents(text: str) -> list[Any]:
    """Go prints one JSON document after the other."""
    decoder, at = json.JSONDecoder(), 0
    found: list[Any] = []
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        document, at = decoder.raw_decode(text, at)
        found.append(document)
    return found


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no message")
