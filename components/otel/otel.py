"""The collectors: an agent on every node, and the gateway that everything leaves through."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pins import OPENTELEMETRY_COLLECTOR
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.otel.gateway import Sinks
from components.otel.names import AGENT_RELEASE, GATEWAY, GATEWAY_ENDPOINT, GATEWAY_RELEASE, log_group
from components.otel.policy import writer
from components.otel.spec import OtelSpec
from components.otel.values import agent_values, gateway_values


@dataclass(frozen=True, kw_only=True)
class OtelArgs:
    """What the collectors need to know."""

    place: Place
    spec: OtelSpec
    cluster_name: Input[str]
    namespace: Input[str]
    """Of the gateway."""
    agent_namespace: Input[str]
    """Privileged: agents read the node's files."""
    sinks: Sinks
    langfuse_secret: str | None = None
    """The Secret whose `LANGFUSE_BASIC` the gateway sends; needed where `sinks.langfuse` is set."""
    after: tuple[Resource, ...]
    """Nodes, quotas and policies, and the Secret."""
    monitored: bool = False
    """Whether the ServiceMonitor and PodMonitor kinds exist; without them the releases would fail."""
    retain: bool = False
    """Whether logs outlive the stack."""


class Otel(ComponentResource):
    """A cluster whose logs, spans and metrics leave it once, under the name of whoever wrote them."""

    endpoint: str
    """Where workloads send OTLP."""
    log_group: str
    """Where `agentic logs` reads."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: OtelArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:otel:Otel", name, None, opts)
        if (args.sinks.langfuse is None) != (args.langfuse_secret is None):
            raise ValueError(f"{name}: give Langfuse's address and the name of its Secret, or neither")
        child = ResourceOptions(parent=self)
        # Ours, and not the exporter's to make: a group that makes itself keeps everything for ever.
        group = aws.cloudwatch.LogGroup(
            name,
            name=log_group(args.place),
            retention_in_days=args.spec.log_retention_days,
            opts=ResourceOptions(parent=self, retain_on_delete=args.retain),
        )
        identity = PodIdentityRole(
            name,
            PodIdentityRoleArgs(
                place=args.place,
                purpose=GATEWAY_RELEASE,
                namespace=args.namespace,
                service_account=GATEWAY,
                policies={"write": writer(args.place)},
                cluster_name=args.cluster_name,
            ),
            opts=child,
        )
        gateway = release(
            GATEWAY_RELEASE,
            OPENTELEMETRY_COLLECTOR,
            namespace=args.namespace,
            values=gateway_values(
                args.place,
                args.spec,
                args.sinks,
                langfuse_secret=args.langfuse_secret,
                monitored=args.monitored,
            ),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *identity.ready, group]),
        )
        # Agents go first on the way down, and what they still hold is taken in.
        agents = release(
            AGENT_RELEASE,
            OPENTELEMETRY_COLLECTOR,
            namespace=args.agent_namespace,
            values=agent_values(args.spec, metrics=bool(args.sinks.prometheus), monitored=args.monitored),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, gateway]),
        )
        self.endpoint = GATEWAY_ENDPOINT
        self.log_group = log_group(args.place)
        self.ready = (gateway, agents)
        self.register_outputs({"endpoint": self.endpoint, "log_group": self.log_group})
