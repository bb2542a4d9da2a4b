"""Agents in the cluster: each with its model, its account, its budget and the one thing that scales it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, CustomTimeouts, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.agents import render, sessions
from components.agents.catalogue import Agent, calls, in_order, tools
from components.agents.names import PART_OF, SESSIONS, account, embedding_config, pod_labels, selector
from components.agents.queue_workers import QueueWorkers, QueueWorkersArgs
from components.agents.queues import queues
from components.agents.render import Wiring
from components.agents.scaling import (
    KEDA_API,
    Sources,
    horizontal_pod_autoscaler,
    recording_rules,
    scaled_object,
)
from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.kagent.spec import API_VERSION, NAMESPACE

WAIT = {"pulumi.com/waitFor": "condition=Accepted"}
"""Until kagent has made the Deployment: KEDA refuses a ScaledObject on CPU or memory whose target it cannot find
(v2.20, scaledobject_webhook.go), and an agent that kagent refuses fails here with kagent's words."""

PATIENCE = CustomTimeouts(create="5m", update="5m")
_LABELS = managed_labels(PART_OF)


@dataclass(frozen=True, kw_only=True)
class AgentsArgs:
    """Who there is, and what they are connected to."""

    agents: Mapping[str, Agent]
    """From `everyone`, those of one namespace: workflows are among them."""
    namespaces: Mapping[str, Input[str]]
    """With `home` among them, by name."""
    home: str = NAMESPACE
    """Where all of them are, and the job that ends their conversations."""
    wiring: Wiring
    sources: Sources
    database: str
    """The controller's Secret: conversations are deleted through it."""
    tools: Mapping[str, Resource] = field(default_factory=dict[str, Resource])
    """From `Tools.servers`: kagent accepts no agent whose tool it does not know."""
    after: tuple[Resource, ...]
    """kagent and its kinds, the keys of the gateway, the nodes."""
    scalers: tuple[Resource, ...] = ()
    """KEDA with its login to the cache."""
    monitored: bool = False
    """Whether this one makes the series of sessions: once for the stack, for every agent in it."""


class Agents(ComponentResource):
    """Agents that survive a drain, that grow with what is asked of them, and forget what they are told to."""

    addresses: Mapping[str, str]
    """Agent -> where it is asked over A2A."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: AgentsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:agents:Agents", name, None, opts)
        self._name, self._args = name, args
        self._child = ResourceOptions(parent=self, depends_on=list(args.after))
        made: dict[str, Resource] = {}
        for agent in in_order(args.agents):
            made[agent] = self._agent(agent, args.agents[agent], made)
        self.ready = tuple(made.values())
        if args.agents:
            self._sessions()
        if queues(args.agents):
            QueueWorkers(
                f"{name}-queues",
                QueueWorkersArgs(
                    agents=args.agents,
                    made=made,
                    namespaces=args.namespaces,
                    sources=args.sources,
                    authority=args.wiring.cache_authority,
                    after=args.after,
                    scalers=args.scalers,
                    monitored=args.monitored,
                ),
                opts=ResourceOptions(parent=self),
            )
        if args.monitored:
            self._recorded()
        self.addresses = {agent: render.address(agent, spec) for agent, spec in args.agents.items()}
        self.register_outputs({"agents": sorted(args.agents)})

    def _agent(self, agent: str, spec: Agent, made: Mapping[str, Resource]) -> Resource:
        args, namespace = self._args, self._args.namespaces[spec.namespace]
        who = k8s.core.v1.ServiceAccount(
            f"{self._name}-{agent}",
            metadata={"name": account(agent), "namespace": namespace, "labels": self._labels(agent)},
            # kagent mounts a token for its own audience; nothing here asks the Kubernetes API.
            automount_service_account_token=False,
            opts=self._child,
        )
        models = [
            self._model(agent, spec, agent, render.model_config(spec.model, args.wiring, spec.namespace))
        ]
        remembered = spec.memory.long_term
        if remembered:
            embedding = render.embedding_model_config(remembered.embedding_model, args.wiring, spec.namespace)
            models.append(self._model(agent, spec, embedding_config(agent), embedding))
        made_agent = CustomResource(
            f"{self._name}-{agent}",
            api_version=API_VERSION,
            kind="Agent",
            metadata={
                "name": agent,
                "namespace": namespace,
                "labels": self._labels(agent),
                "annotations": WAIT,
            },
            spec=render.agent(agent, spec, args.wiring),
            opts=ResourceOptions(
                parent=self,
                depends_on=[
                    *args.after,
                    who,
                    *models,
                    *(args.tools[tool] for tool in tools(spec) if tool in args.tools),
                    *(made[called] for called in calls(spec)),
                ],
                custom_timeouts=PATIENCE,
            ),
        )
        self._budget(agent, spec)
        self._scaled(agent, spec, made_agent)
        return made_agent

    def _labels(self, agent: str) -> dict[str, str]:
        return {**_LABELS, **pod_labels(agent)}

    def _model(self, agent: str, spec: Agent, name: str, model: Mapping[str, Any]) -> Resource:
        return CustomResource(
            f"{self._name}-{name}",
            api_version=API_VERSION,
            kind="ModelConfig",
            metadata={
                "name": name,
                "namespace": self._args.namespaces[spec.namespace],
                "labels": self._labels(agent),
            },
            spec=dict(model),
            opts=self._child,
        )

    def _budget(self, agent: str, spec: Agent) -> None:
        # A single pod with a budget could never be moved.
        if spec.scaling.min_replicas > 1:
            k8s.policy.v1.PodDisruptionBudget(
                f"{self._name}-{agent}",
                metadata={
                    "name": agent,
                    "namespace": self._args.namespaces[spec.namespace],
                    "labels": self._labels(agent),
                },
                spec={
                    "max_unavailable": 1,
                    "selector": {"match_labels": selector(agent)},
                    "unhealthy_pod_eviction_policy": "AlwaysAllow",
                },
                opts=ResourceOptions(parent=self),
            )

    def _scaled(self, agent: str, spec: Agent, made: Resource) -> None:
        args, scaling = self._args, spec.scaling
        metadata: Any = {
            "name": agent,
            "namespace": args.namespaces[spec.namespace],
            "labels": self._labels(agent),
        }
        if scaling.autoscaler == "ScaledObject":
            CustomResource(
                f"{self._name}-{agent}-scaling",
                api_version=KEDA_API,
                kind="ScaledObject",
                metadata=metadata,
                spec=scaled_object(agent, spec.namespace, scaling, args.sources),
                opts=ResourceOptions(parent=self, depends_on=[made, *args.scalers]),
            )
            return
        k8s.autoscaling.v2.HorizontalPodAutoscaler(
            f"{self._name}-{agent}-scaling",
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast(
                "k8s.autoscaling.v2.HorizontalPodAutoscalerSpecArgsDict",
                horizontal_pod_autoscaler(agent, scaling),
            ),
            opts=ResourceOptions(parent=self, depends_on=[made]),
        )

    def _sessions(self) -> None:
        namespace = self._args.namespaces[self._args.home]
        metadata: Any = {"name": SESSIONS, "namespace": namespace, "labels": {**_LABELS, **sessions.LABELS}}
        script = k8s.core.v1.ConfigMap(
            f"{self._name}-sessions",
            metadata=metadata,
            data={sessions.FILE: sessions.script(self._args.agents)},
            opts=self._child,
        )
        who = k8s.core.v1.ServiceAccount(
            f"{self._name}-sessions",
            metadata=metadata,
            automount_service_account_token=False,
            opts=self._child,
        )
        k8s.batch.v1.CronJob(
            f"{self._name}-sessions",
            metadata=metadata,
            # A manifest, with the API's own keys; the SDK passes those through.
            spec=cast("k8s.batch.v1.CronJobSpecArgsDict", sessions.cron_job(self._args.database)),
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, script, who]),
        )

    def _recorded(self) -> None:
        CustomResource(
            f"{self._name}-recorded",
            api_version="monitoring.coreos.com/v1",
            kind="PrometheusRule",
            metadata={
                "name": "agentic-agent-sessions",
                "namespace": self._args.namespaces[self._args.home],
                "labels": {**_LABELS, **MONITOR_LABELS},
            },
            spec=recording_rules(),
            opts=self._child,
        )
