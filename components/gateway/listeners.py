"""The Gateway itself: its listeners, the certificate they show, and the proxies and load balancer behind it."""

from __future__ import annotations

from typing import Any

from components.charts.images import AGENTGATEWAY_PROXY
from components.charts.scheduling import spread
from components.gateway.names import (
    AGENTGATEWAY_GROUP,
    API,
    CERTIFICATE,
    GATEWAY,
    GATEWAY_CLASS,
    HTTP_PORT,
    HTTPS_PORT,
    INTERNAL,
    INTERNAL_PORT,
    NAMESPACE,
    POD_LABELS,
    READINESS_PORT,
    REDIRECT,
)
from components.gateway.spec import GatewaySpec, LoadBalancerSpec, StreamSpec

PARAMETERS = GATEWAY
SELF_SIGNED = "ai-gateway-self-signed"
AUTHORITY = "ai-gateway-authority"
CPU_TARGET_PERCENT = 70
SHORTEST_IDLE_SECONDS, LONGEST_IDLE_SECONDS = 350, 6000
"""A TCP listener's idle timeout: its default, and the most it can be (ELB user guide, listeners)."""

_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-"

Spec = dict[str, Any]


def gateway(host: str, pages: dict[str, str]) -> Spec:
    """The spec of the Gateway; `pages` are further listeners by name, each for one host."""
    return {
        "gatewayClassName": GATEWAY_CLASS,
        "infrastructure": {
            "parametersRef": {
                "group": AGENTGATEWAY_GROUP,
                "kind": "AgentgatewayParameters",
                "name": PARAMETERS,
            }
        },
        "listeners": [
            _listener(REDIRECT, HTTP_PORT, "HTTP"),
            {**_listener(API, HTTPS_PORT, "HTTPS"), "hostname": host, "tls": _tls()},
            _listener(INTERNAL, INTERNAL_PORT, "HTTP"),
            *(
                {**_listener(name, HTTPS_PORT, "HTTPS"), "hostname": page, "tls": _tls()}
                for name, page in pages.items()
            ),
        ],
    }


def parameters(
    spec: GatewaySpec,
    *,
    load_balancer_class: str,
    hosts: list[str],
    prefix_lists: tuple[str, ...] = (),
    protect: bool = False,
    scaled_elsewhere: bool = False,
) -> Spec:
    """The spec of AgentgatewayParameters: proxies that pass `restricted`, and the load balancer before them."""
    template: Spec = {
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "topologySpreadConstraints": spread(POD_LABELS),
    }
    made: Spec = {
        "image": _image(),
        "resources": spec.proxy.resources.values(),
        "logging": {"format": "json"},
        "shutdown": {
            "min": spec.streams.deregistration_seconds,
            "max": spec.streams.termination_seconds,
        },
        "deployment": {
            "spec": {
                # One more before one less: a proxy on its way out may take ten minutes.
                "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
                "template": {"spec": template},
            }
        },
        "podDisruptionBudget": {"spec": {"maxUnavailable": 1}},
        "service": {
            "metadata": {
                "annotations": service_annotations(
                    spec.load_balancer, spec.streams, hosts=hosts, prefix_lists=prefix_lists, protect=protect
                )
            },
            "spec": {
                "type": "LoadBalancer",
                "loadBalancerClass": load_balancer_class,
                "allocateLoadBalancerNodePorts": False,
                # The controller makes a port for each listener; this one is not for the load balancer.
                "ports": [{"port": INTERNAL_PORT, "$patch": "delete"}],
                **_source_ranges(spec.load_balancer),
            },
        },
    }
    if not scaled_elsewhere:
        made["horizontalPodAutoscaler"] = {"spec": autoscaler(spec)}
    return made


def service_annotations(
    spec: LoadBalancerSpec,
    streams: StreamSpec,
    *,
    hosts: list[str],
    prefix_lists: tuple[str, ...],
    protect: bool,
) -> dict[str, str]:
    """What the load balancer controller reads (kubernetes-sigs/aws-load-balancer-controller, Service annotations)."""
    idle = min(max(streams.longest_seconds, SHORTEST_IDLE_SECONDS), LONGEST_IDLE_SECONDS)
    own = {
        "scheme": spec.scheme,
        "nlb-target-type": "ip",
        "attributes": _pairs(
            {
                "deletion_protection.enabled": protect,
                "load_balancing.cross_zone.enabled": True,
            }
        ),
        "target-group-attributes": _pairs(
            {
                # Not preserved, so that policies can name the load balancer's subnets; told by header instead.
                "preserve_client_ip.enabled": False,
                "proxy_protocol_v2.enabled": True,
                "deregistration_delay.timeout_seconds": streams.longest_seconds,
            }
        ),
        "healthcheck-protocol": "http",
        "healthcheck-port": str(READINESS_PORT),
        "healthcheck-path": "/healthz/ready",
        "healthcheck-interval": "10",
        "healthcheck-timeout": "2",
        "healthcheck-healthy-threshold": "2",
        "healthcheck-unhealthy-threshold": "2",
    }
    if spec.certificate_arn:
        own |= {
            "ssl-cert": spec.certificate_arn,
            "ssl-ports": str(HTTPS_PORT),
            "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            # Encrypted anew: nothing passes in the clear, and gRPC needs HTTP/2 to be offered.
            "backend-protocol": "ssl",
            "alpn-policy": "HTTP2Preferred",
        }
    else:
        own[f"listener-attributes.TCP-{HTTPS_PORT}"] = f"tcp.idle_timeout.seconds={idle}"
    if prefix_lists:
        own["security-group-prefix-lists"] = ",".join(prefix_lists)
    return {
        **{f"{_ANNOTATION}{name}": value for name, value in own.items()},
        "external-dns.alpha.kubernetes.io/hostname": ",".join(hosts),
    }


def autoscaler(spec: GatewaySpec) -> Spec:
    """Between the numbers of proxies, by CPU; slow to go down, because each that goes ends streams."""
    return {
        "minReplicas": spec.proxy.replicas,
        "maxReplicas": spec.proxy.max_replicas,
        "metrics": [
            {
                "type": "Resource",
                "resource": {
                    "name": "cpu",
                    "target": {"type": "Utilization", "averageUtilization": CPU_TARGET_PERCENT},
                },
            }
        ],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": spec.streams.longest_seconds}},
    }


def scaled_object(spec: GatewaySpec, *, prometheus: str) -> Spec:
    """The same numbers by requests in flight: seconds spent on requests in a second are how many there were."""
    query = f'sum(rate(agentgateway_request_duration_seconds_sum{{namespace="{NAMESPACE}"}}[1m]))'
    return {
        "scaleTargetRef": {"name": GATEWAY},
        "minReplicaCount": spec.proxy.replicas,
        "maxReplicaCount": spec.proxy.max_replicas,
        "pollingInterval": 15,
        "cooldownPeriod": spec.streams.longest_seconds,
        "advanced": {
            "horizontalPodAutoscalerConfig": {
                "behavior": {"scaleDown": {"stabilizationWindowSeconds": spec.streams.longest_seconds}}
            }
        },
        "triggers": [
            {
                "type": "prometheus",
                "metadata": {
                    "serverAddress": prometheus,
                    "query": query,
                    "threshold": str(spec.target_in_flight),
                },
            },
            {"type": "cpu", "metricType": "Utilization", "metadata": {"value": str(CPU_TARGET_PERCENT)}},
        ],
    }


def certificate(hosts: list[str], issuer: str | None) -> Spec:
    """The spec of the certificate that every listener shows."""
    return {
        "secretName": CERTIFICATE,
        "dnsNames": hosts,
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "issuerRef": {
            "group": "cert-manager.io",
            "kind": "ClusterIssuer" if issuer else "Issuer",
            "name": issuer or AUTHORITY,
        },
    }


def authority() -> dict[tuple[str, str], Spec]:
    """(kind, name) -> spec of an authority of the namespace's own, in the order in which they come to be."""
    return {
        ("Issuer", SELF_SIGNED): {"selfSigned": {}},
        ("Certificate", AUTHORITY): {
            "secretName": AUTHORITY,
            "isCA": True,
            "commonName": AUTHORITY,
            "duration": "43800h",
            "privateKey": {"algorithm": "ECDSA", "size": 256},
            "issuerRef": {"group": "cert-manager.io", "kind": "Issuer", "name": SELF_SIGNED},
        },
        ("Issuer", AUTHORITY): {"ca": {"secretName": AUTHORITY}},
    }


def _listener(name: str, port: int, protocol: str) -> Spec:
    return {
        "name": name,
        "port": port,
        "protocol": protocol,
        # Routes of this namespace only: what a listener demands cannot be passed by with a route from elsewhere.
        "allowedRoutes": {"namespaces": {"from": "Same"}},
    }


def _tls() -> Spec:
    return {"mode": "Terminate", "certificateRefs": [{"kind": "Secret", "name": CERTIFICATE}]}


def _image() -> Spec:
    registry, _, repository = AGENTGATEWAY_PROXY.repository.partition("/")
    return {"registry": registry, "repository": repository, **AGENTGATEWAY_PROXY.values()}


def _source_ranges(spec: LoadBalancerSpec) -> Spec:
    return {"loadBalancerSourceRanges": list(spec.source_ranges)} if spec.source_ranges else {}


def _pairs(values: dict[str, bool | int]) -> str:
    return ",".join(
        f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in values.items()
    )
