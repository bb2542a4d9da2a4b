"""Whether a collector would start: every name in a pipeline is defined, and everything defined is used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Config = Mapping[str, Any]
_JOINS = {"signal_to_metrics": ({"traces"}, {"metrics"})}
"""What a kind of connector takes and gives, where that differs."""
_ROLES = ("receivers", "processors", "exporters")


def faults(config: Config) -> list[str]:
    """What is wrong with the wiring of a collector's configuration; empty when it stands."""
    service = config["service"]
    pipelines: Mapping[str, Mapping[str, list[str]]] = service["pipelines"]
    return [
        *_undefined(config, pipelines),
        *_unused(config, pipelines),
        *_connectors(config, pipelines),
        *_order(pipelines),
        *(
            f"service.extensions: {name} is not defined"
            for name in service.get("extensions", ())
            if name not in config.get("extensions", {})
        ),
    ]


def _defined(config: Config, role: str) -> set[str]:
    connectors: Config = {} if role == "processors" else config.get("connectors", {})
    return {*config.get(role, {}), *connectors}


def _undefined(config: Config, pipelines: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    return [
        f"{pipeline}: {role[:-1]} {name} is not defined"
        for pipeline, parts in pipelines.items()
        for role in _ROLES
        for name in parts.get(role, [])
        if name not in _defined(config, role)
    ]


def _unused(config: Config, pipelines: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    return [
        f"{role}: {name} is in no pipeline"
        for role in _ROLES
        for name in config.get(role, {})
        if not any(name in parts.get(role, []) for parts in pipelines.values())
    ]


def _connectors(config: Config, pipelines: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    found: list[str] = []
    for name in config.get("connectors", {}):
        ends = {
            role: {pipeline.partition("/")[0] for pipeline, parts in pipelines.items() if name in parts[role]}
            for role in ("receivers", "exporters")
        }
        kind = name.partition("/")[0]
        takes, gives = _JOINS.get(kind, (ends["exporters"], ends["exporters"]))
        if not ends["receivers"] or (ends["exporters"], ends["receivers"]) != (takes, gives):
            wanted = "one signal" if kind not in _JOINS else f"{', '.join(takes)} to {', '.join(gives)}"
            found.append(f"connectors: {name} does not join pipelines of {wanted}")
    return found


def _order(pipelines: Mapping[str, Mapping[str, list[str]]]) -> list[str]:
    found: list[str] = []
    for pipeline, parts in pipelines.items():
        processors = parts.get("processors", [])
        if "memory_limiter" in processors[1:]:
            found.append(f"{pipeline}: memory_limiter comes after work is done; put it first")
        if "batch" in processors[:-1]:
            found.append(f"{pipeline}: batch loses the connection that later processors ask for; put it last")
        if not parts.get("receivers") or not parts.get("exporters"):
            found.append(f"{pipeline}: leads from nowhere or to nowhere")
    return found
