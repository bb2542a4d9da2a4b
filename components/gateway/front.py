"""The Gateway with its proxies' settings, its certificate, and who watches and scales it."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi import Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import Service

from components.charts.scheduling import MONITOR_LABELS
from components.core.labels import managed_labels
from components.gateway import listeners
from components.gateway.args import GatewayArgs, Maker
from components.gateway.names import (
    AGENTGATEWAY,
    CONTROLLER_NAME,
    GATEWAY,
    GATEWAY_API,
    GATEWAY_CLASS,
    INTERNAL_PORT,
    INTERNAL_SERVICE,
    NAMESPACE,
    POD_LABELS,
)

CERT_MANAGER = "cert-manager.io/v1"
CLASSES: Mapping[bool, str] = {True: "eks.amazonaws.com/nlb", False: "service.k8s.aws/nlb"}
"""Who makes the load balancer, by whether AWS runs the nodes."""


def front(make: Maker, args: GatewayArgs, host: str) -> Resource:
    """The Gateway; whoever waits for it waits for its class, settings and certificate too."""
    hosts = [host, *(page.host for page in args.pages)]
    shown = _certificate(make, args, hosts)
    kind = make.make(
        GATEWAY_API,
        "GatewayClass",
        GATEWAY_CLASS,
        {"controllerName": CONTROLLER_NAME},
        args.after,
        namespace=None,
    )
    parameters = make.make(
        AGENTGATEWAY,
        "AgentgatewayParameters",
        listeners.PARAMETERS,
        listeners.parameters(
            args.spec,
            load_balancer_class=CLASSES[args.auto_mode],
            hosts=hosts,
            prefix_lists=args.prefix_lists,
            protect=args.protect,
            scaled_elsewhere=args.keda_prometheus is not None,
        ),
        args.after,
    )
    gateway = make.make(
        GATEWAY_API,
        "Gateway",
        GATEWAY,
        listeners.gateway(host, {page.name: page.host for page in args.pages}),
        [*args.after, kind, parameters, shown],
    )
    Service(
        f"{make.name}-internal",
        metadata={
            "name": INTERNAL_SERVICE,
            "namespace": args.namespaces[NAMESPACE],
            "labels": managed_labels(GATEWAY),
        },
        spec={
            "selector": POD_LABELS,
            "ports": [{"name": "http", "port": INTERNAL_PORT, "target_port": INTERNAL_PORT}],
        },
        opts=ResourceOptions(parent=make.parent, depends_on=[gateway]),
    )
    _watched(make, args, gateway)
    return gateway


def _certificate(make: Maker, args: GatewayArgs, hosts: list[str]) -> Resource:
    before: list[Resource] = list(args.after)
    if args.spec.issuer is None:
        for (kind, name), spec in listeners.authority().items():
            before.append(make.make(CERT_MANAGER, kind, name, spec, before))
    return make.make(
        CERT_MANAGER, "Certificate", GATEWAY, listeners.certificate(hosts, args.spec.issuer), before
    )


def _watched(make: Maker, args: GatewayArgs, gateway: Resource) -> None:
    if args.keda_prometheus is not None:
        make.make(
            "keda.sh/v1alpha1",
            "ScaledObject",
            GATEWAY,
            listeners.scaled_object(args.spec, prometheus=args.keda_prometheus),
            [gateway],
        )
    if args.monitored:
        make.make(
            "monitoring.coreos.com/v1",
            "PodMonitor",
            GATEWAY,
            {
                "selector": {"matchLabels": POD_LABELS},
                "podMetricsEndpoints": [{"port": "metrics", "interval": "30s"}],
            },
            [gateway],
            labels=MONITOR_LABELS,
        )
