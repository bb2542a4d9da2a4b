"""A stack file read strictly: what is odd in it is refused here, by line, before anything is built on it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from stacks.errors import ConfigError
from stacks.yaml_nodes import MOST_NODES, TooManyNodesError, expanded, odd_values

PROJECT = "agentic-platform"
PLATFORM_KEY = f"{PROJECT}:platform"

# Keys the engine itself writes into a stack file beside `config`.
_ENGINE_KEYS = {"config", "environment", "encryptedkey", "encryptionsalt", "secretsprovider"}
_LARGEST_BYTES = 2 * 2**20


@dataclass(frozen=True)
class StackFile:
    """One environment's stack file; `platform` is the typed object's raw form."""

    path: Path
    stack: str
    config: Mapping[str, Any]

    @property
    def platform(self) -> object:
        """The object under the one key of this project."""
        return self.config[PLATFORM_KEY]

    def engine_config(self) -> dict[str, str]:
        """The config as the engine hands it to a program: text, structured values as JSON."""
        return {
            key: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
            for key, value in self.config.items()
        }


def stack_names(root: Path) -> list[str]:
    """The stacks that have a file under `root`."""
    return sorted(
        path.name.removeprefix("Pulumi.").removesuffix(".yaml")
        for path in root.glob("Pulumi.*.yaml")
        if path.is_file()
    )


def read(root: Path, stack: str) -> StackFile:
    """The stack file of `stack`; ConfigError names the file, the line, the rule and the remedy."""
    path = root / f"Pulumi.{stack}.yaml"
    if stack not in stack_names(root):
        known = ", ".join(stack_names(root)) or "none"
        raise ConfigError(path.name, [f"there is no stack {stack!r}; this project has: {known}"])
    return StackFile(path=path, stack=stack, config=_config(path, _document(path)))


def _config(path: Path, document: object) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise ConfigError(path.name, ["is not a mapping; a stack file begins with `config:`"])
    top = cast("dict[str, Any]", document)
    unknown = sorted(set(map(str, top)) - _ENGINE_KEYS)
    if unknown:
        raise ConfigError(
            path.name, [f"unknown key {key!r} beside `config`; indent it under config" for key in unknown]
        )
    raw = top.get("config")
    if not isinstance(raw, dict) or not raw:
        raise ConfigError(path.name, [f"has no config; write the platform under config: {PLATFORM_KEY}:"])
    config = cast("dict[str, Any]", raw)
    if PLATFORM_KEY not in config:
        others = sorted({key.split(":")[0] for key in config if ":" in key and not key.startswith("pulumi:")})
        hint = f"it holds config of {', '.join(others)}: is it another project's?" if others else "add it"
        raise ConfigError(path.name, [f"config has no key {PLATFORM_KEY!r}; {hint}"])
    faults = [
        f"config.{key}: this project reads only {PLATFORM_KEY}; remove it"
        for key in config
        if key.startswith(f"{PROJECT}:") and key != PLATFORM_KEY
    ]
    faults += [
        f"config.{where}: is encrypted; the platform object holds references to secrets, never secrets, so "
        "that a review can read it"
        for where in _encrypted(config[PLATFORM_KEY], PLATFORM_KEY)
    ]
    if faults:
        raise ConfigError(path.name, faults)
    return config


def _encrypted(value: object, where: str) -> Iterator[str]:
    """Where the engine would put a secret in place of `{secure: ciphertext}`."""
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value)
        if isinstance(entries.get("secure"), str) and len(entries) == 1:
            yield where
        for key, entry in entries.items():
            yield from _encrypted(entry, f"{where}.{key}")
    elif isinstance(value, list):
        for index, entry in enumerate(cast("list[object]", value)):
            yield from _encrypted(entry, f"{where}[{index}]")


def _document(path: Path) -> object:
    text = _text(path)
    yaml: Any = YAML(typ="safe", pure=True)  # its methods carry no types
    try:
        nodes = list(expanded(yaml.compose(text)))
        if not nodes:
            raise ConfigError(path.name, ["is empty; start from a copy of Pulumi.dev.yaml"])
        if odd := odd_values(nodes):
            raise ConfigError(path.name, odd)
        return yaml.load(text)
    except TooManyNodesError:
        raise ConfigError(
            path.name, [f"stands for more than {MOST_NODES:,} values once aliases are followed; write it out"]
        ) from None
    except MarkedYAMLError as error:
        raise ConfigError(path.name, [_marked(error)]) from None
    except YAMLError as error:
        said = str(error).splitlines()[0]
        raise ConfigError(path.name, [f"is not YAML: {said}; save it as plain UTF-8 text"]) from None
    except RecursionError:
        raise ConfigError(path.name, ["is nested too deeply; a stack file needs about ten levels"]) from None


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(path.name, [f"cannot be read: {error.strerror}"]) from None
    if len(data) > _LARGEST_BYTES:
        raise ConfigError(path.name, [f"is {len(data):,} bytes; at most {_LARGEST_BYTES:,} are read"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(
            path.name, [f"line {line}: byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"]
        ) from None
    tabbed = [
        number
        for number, line in enumerate(text.splitlines(), start=1)
        if "\t" in line[: len(line) - len(line.lstrip())]
    ]
    if tabbed:
        raise ConfigError(
            path.name, [f"line {line}: is indented with a tab; YAML indents with spaces" for line in tabbed]
        )
    return text


def _marked(error: MarkedYAMLError) -> str:
    said: Any = error  # the marks carry no types
    mark = said.problem_mark or said.context_mark
    line = f"line {mark.line + 1}: " if mark is not None else ""
    problem = str(said.problem or said).splitlines()[0]
    if "duplicate key" in problem:
        problem = problem.split(" with value")[0].replace("found duplicate key", "duplicate key")
        return f"{line}{problem}; the later would silently replace the earlier"
    if "another document" in problem:
        return f"{line}a second document begins; a stack file is one, so remove the line `---`"
    return f"{line}is not YAML: {problem}; look at indentation, brackets and quotes, here and just above"
