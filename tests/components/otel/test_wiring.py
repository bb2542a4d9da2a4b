from __future__ import annotations

from copy import deepcopy
from typing import Any

from components.otel.wiring import faults

SOUND: dict[str, Any] = {
    "extensions": {"health_check": {}},
    "receivers": {"otlp": {}},
    "processors": {"memory_limiter": {}, "batch": {}},
    "connectors": {"forward": {}},
    "exporters": {"debug": {}},
    "service": {
        "extensions": ["health_check"],
        "pipelines": {
            "traces/in": {
                "receivers": ["otlp"],
                "processors": ["memory_limiter"],
                "exporters": ["forward"],
            },
            "traces/out": {"receivers": ["forward"], "processors": ["batch"], "exporters": ["debug"]},
        },
    },
}


def changed(*path: str, to: object) -> dict[str, Any]:
    config = deepcopy(SOUND)
    node: Any = config
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = to
    return config


def test_a_sound_configuration_has_no_fault() -> None:
    assert faults(SOUND) == []


def test_a_name_that_nobody_defines_is_found() -> None:
    made = changed("service", "pipelines", "traces/out", "exporters", to=["debug", "debugg"])
    assert faults(made) == ["traces/out: exporter debugg is not defined"]


def test_a_processor_cannot_be_a_connector() -> None:
    made = changed("service", "pipelines", "traces/out", "processors", to=["forward", "batch"])
    assert "traces/out: processor forward is not defined" in faults(made)


def test_what_is_defined_and_never_used_is_found() -> None:
    made = changed("exporters", to={"debug": {}, "nop": {}})
    assert faults(made) == ["exporters: nop is in no pipeline"]


def test_a_connector_with_one_end_is_found() -> None:
    made = changed("service", "pipelines", "traces/out", "receivers", to=["otlp"])
    assert faults(made) == ["connectors: forward does not join pipelines of one signal"]


def test_the_limiter_comes_first_and_the_batch_last() -> None:
    made = changed("service", "pipelines", "traces/in", "processors", to=["batch", "memory_limiter"])
    assert faults(made) == [
        "traces/in: memory_limiter comes after work is done; put it first",
        "traces/in: batch loses the connection that later processors ask for; put it last",
    ]


def test_a_pipeline_to_nowhere_is_found() -> None:
    made = changed("service", "pipelines", "logs", to={"receivers": ["otlp"], "exporters": []})
    assert "logs: leads from nowhere or to nowhere" in faults(made)


def test_an_extension_that_nobody_defines_is_found() -> None:
    made = changed("service", "extensions", to=["health_check", "pprof"])
    assert faults(made) == ["service.extensions: pprof is not defined"]
