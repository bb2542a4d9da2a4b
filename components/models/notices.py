"""What whoever reads a plan should know of a server that is right as it is."""

from __future__ import annotations

from components.models.servers import Server, saving
from components.models.shape import GpuServerSpec
from components.models.sizing import cold_start_seconds
from components.models.spec import ByoModel, TgiModel, VllmModel
from components.models.tgi import DEPRECATED

LEGACY_LANGSERVE = (
    "LangServe is legacy: LangGraph server (kind: langgraph) is its successor and serves the same chains"
)


def notices(server: Server) -> tuple[str, ...]:
    """Warnings, and what a choice costs; empty for most."""
    spec = server.spec
    said: list[str] = []
    if isinstance(spec, TgiModel):
        said.append(DEPRECATED)
    if isinstance(spec, ByoModel) and spec.kind == "langserve":
        said.append(LEGACY_LANGSERVE)
    if isinstance(spec, VllmModel) and spec.scaling is not None and spec.scaling.min == 0:
        said.append(
            f"scales to zero: saves {_gpus(spec.gpus)} while nobody asks; who asks first gets 503, or the "
            f"route's fallback, for about {_minutes(cold_start_seconds(spec))} minutes"
        )
    if isinstance(spec, VllmModel) and spec.calls_tools_by is None:
        said.append("was not taught to call tools: agents cannot use it")
    if isinstance(spec, GpuServerSpec) and not spec.spare_gpus_for_updates and server.most == 1:
        said.append(
            f"one server and no GPUs to spare: an update takes it away for about "
            f"{_minutes(cold_start_seconds(spec))} minutes"
        )
    saved = saving(server.key, spec)
    if saved is not None:
        said.append(f"runtime {spec.runtime}: {saved}")
    return tuple(said)


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _gpus(number: int) -> str:
    return f"{number} GPU{'' if number == 1 else 's'}"
