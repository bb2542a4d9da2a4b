"""What is in a namespace for its agents: made here, and by kagent and KEDA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from components.agents.names import account, embedding_config, queue_worker
from components.agents.spec import MemorySpec, ScalingSpec
from components.core.objects import ObjectName, objects


class Named(Protocol):
    """As much of an agent or a workflow as decides what there is of it."""

    @property
    def namespace(self) -> str:
        """Where it runs."""
        ...

    @property
    def memory(self) -> MemorySpec:
        """What it remembers."""
        ...

    @property
    def scaling(self) -> ScalingSpec:
        """How many pods it has."""
        ...


def agent_objects(section: str, agents: Mapping[str, Named]) -> list[ObjectName]:
    """Everything of each agent, or workflow, of one section of the config."""
    return [one for name, spec in agents.items() for one in _of(f"{section}.{name}", name, spec)]


def _of(path: str, name: str, spec: Named) -> list[ObjectName]:
    home, scaling = spec.namespace, spec.scaling
    budget = ["PodDisruptionBudget"] if scaling.min_replicas > 1 else []
    scaler = ["ScaledObject"] if scaling.autoscaler == "ScaledObject" else []
    made = [
        *objects(home, name, path, "Agent", "ModelConfig", "HorizontalPodAutoscaler", *budget, *scaler),
        # kagent's own doing (v0.9.12, translator/agent/manifest_builder.go).
        *objects(home, name, path, "Deployment", "Service", "Secret"),
        *objects(home, account(name), path, "ServiceAccount"),
    ]
    if spec.memory.long_term:
        made += objects(home, embedding_config(name), path, "ModelConfig")
    if scaling.queue:
        workers = ("Deployment", "ScaledObject", "HorizontalPodAutoscaler", *budget)
        made += objects(home, queue_worker(name), path, *workers)
    return made
