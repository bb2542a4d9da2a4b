"""The workers of agents' queues in the cluster: one program, and for each queue pods that run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.agents.catalogue import Agent
from components.agents.names import PART_OF, QUEUE_WORKERS, queue_worker
from components.agents.queues import (
    LABELS,
    PORT,
    deployment,
    labels,
    program,
    queues,
    scaled_object,
    selector,
)
from components.agents.scaling import KEDA_API, Sources
from components.agents.spec import NAMESPACE, QueueTriggerSpec
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels

_LABELS = managed_labels(PART_OF)


@dataclass(frozen=True, kw_only=True)
class QueueWorkersArgs:
    """Whose queues there are, and what workers are connected to."""

    agents: Mapping[str, Agent]
    """At least one has a queue."""
    made: Mapping[str, Resource]
    """The Agent by name: there is somebody to ask before somebody asks."""
    namespaces: Mapping[str, Input[str]]
    sources: Sources
    authority: bool
    """Whether the cache's certificate is of an authority that only its Secret knows."""
    after: tuple[Resource, ...]
    """Namespaces and policies, nodes, and the cache's Secret."""
    scalers: tuple[Resource, ...]
    """KEDA with its login to the cache."""
    monitored: bool


class QueueWorkers(ComponentResource):
    """What is put into a queue is asked of its agent, and has one result."""

    def __init__(self, name: str, args: QueueWorkersArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:agents:QueueWorkers", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self, depends_on=list(args.after))
        metadata: Any = {
            "name": QUEUE_WORKERS,
            "namespace": args.namespaces[NAMESPACE],
            "labels": {**_LABELS, **LABELS},
        }
        told = k8s.core.v1.ConfigMap(name, metadata=metadata, data=program(), opts=self._child)
        account = k8s.core.v1.ServiceAccount(
            name, metadata=metadata, automount_service_account_token=False, opts=self._child
        )
        found = queues(args.agents)
        for agent, queue in found.items():
            self._workers(agent, queue, (told, account, args.made[agent]))
        if args.monitored:
            self._monitored(metadata)
        self.register_outputs({"queues": {agent: queue.name for agent, queue in found.items()}})

    def _workers(self, agent: str, queue: QueueTriggerSpec, after: tuple[Resource, ...]) -> None:
        name, args, scaling = f"{self._name}-{agent}", self._args, self._args.agents[agent].scaling
        metadata: Any = {
            "name": queue_worker(agent),
            "namespace": args.namespaces[NAMESPACE],
            "labels": {**_LABELS, **labels(agent)},
        }
        workers = k8s.apps.v1.Deployment(
            name,
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast(
                "k8s.apps.v1.DeploymentSpecArgsDict", deployment(agent, queue, authority=args.authority)
            ),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *after]),
        )
        if scaling.min_replicas > 1:
            k8s.policy.v1.PodDisruptionBudget(
                name,
                metadata=metadata,
                spec={"max_unavailable": 1, "selector": {"match_labels": selector(agent)}},
                opts=ResourceOptions(parent=self),
            )
        CustomResource(
            name,
            api_version=KEDA_API,
            kind="ScaledObject",
            metadata=metadata,
            spec=scaled_object(agent, scaling, args.sources),
            opts=ResourceOptions(parent=self, depends_on=[workers, *args.scalers]),
        )

    def _monitored(self, metadata: Any) -> None:
        k8s.core.v1.Service(
            self._name,
            metadata=metadata,
            spec={
                # To be scraped, pod by pod: nobody calls it.
                "cluster_ip": "None",
                "selector": dict(LABELS),
                "ports": [{"name": "http", "port": PORT, "target_port": "http"}],
            },
            opts=self._child,
        )
        CustomResource(
            f"{self._name}-monitor",
            api_version="monitoring.coreos.com/v1",
            kind="ServiceMonitor",
            metadata={**metadata, "labels": {**metadata["labels"], **MONITOR_LABELS}},
            spec={
                "selector": {"matchLabels": dict(LABELS)},
                "endpoints": [{"port": "http", "interval": "30s"}],
            },
            opts=self._child,
        )
