"""The proxy as objects: Envoy with a listener for each door, and names on each listener."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.egress_proxy.doors import HTTPS, NAMESPACE, SERVICE, AnyDoor, Door, ReverseDoor
from components.egress_proxy.envoy import CACHE, FILTERS, TYPE, access_log, address, listener, router
from components.egress_proxy.reverse import entry, server
from components.egress_proxy.spec import EgressProxySpec

LABELS = {"app.kubernetes.io/name": SERVICE}
CHECKSUM = "agentic.dev/doors"
ADMIN_PORT = 9901
"""On loopback: it could end the proxy."""
HEALTH_PORT = 9902
UID = 101
"""`envoy` in its image."""
FILE, MOUNT = "envoy.json", "/etc/proxy"

Spec = dict[str, Any]


def configuration(doors: Sequence[AnyDoor]) -> str:
    """Envoy's bootstrap: on each port CONNECT to that client's hosts and 403 to any other, or one server outside."""
    reverse = [door for door in doors if isinstance(door, ReverseDoor)]
    return json.dumps(
        {
            "admin": {"address": address("127.0.0.1", ADMIN_PORT)},
            "static_resources": {
                "listeners": [
                    *(_door(door) for door in doors if isinstance(door, Door)),
                    *(entry(door) for door in reverse),
                    _health(),
                ],
                "clusters": [_outside(), *(server(door) for door in reverse)],
            },
        },
        indent=1,
        sort_keys=True,
    )


def _door(door: Door) -> Spec:
    return listener(
        door.client,
        door.port,
        {
            "upgrade_configs": [{"upgrade_type": "CONNECT"}],
            "access_log": access_log(),
            "http_filters": [
                {
                    "name": "envoy.filters.http.dynamic_forward_proxy",
                    "typed_config": {
                        "@type": f"{FILTERS}.dynamic_forward_proxy.v3.FilterConfig",
                        "dns_cache_config": CACHE,
                    },
                },
                router(),
            ],
            "route_config": {
                "name": door.client,
                "virtual_hosts": [
                    {
                        "name": "declared",
                        # Compared with what is asked for, its port included: no wildcard, no address.
                        "domains": [f"{host}:{HTTPS}" for host in door.hosts],
                        "routes": [
                            {
                                "match": {"connect_matcher": {}},
                                "route": {
                                    "cluster": "outside",
                                    "timeout": "0s",
                                    "upgrade_configs": [{"upgrade_type": "CONNECT", "connect_config": {}}],
                                },
                            }
                        ],
                    },
                    {
                        "name": "everything-else",
                        "domains": ["*"],
                        "routes": [
                            {"match": {"connect_matcher": {}}, "direct_response": {"status": 403}},
                            {"match": {"prefix": "/"}, "direct_response": {"status": 403}},
                        ],
                    },
                ],
            },
        },
    )


def _health() -> Spec:
    return listener(
        "health",
        HEALTH_PORT,
        {
            "http_filters": [router()],
            "route_config": {
                "virtual_hosts": [
                    {
                        "name": "health",
                        "domains": ["*"],
                        "routes": [{"match": {"path": "/healthz"}, "direct_response": {"status": 200}}],
                    }
                ]
            },
        },
    )


def _outside() -> Spec:
    return {
        "name": "outside",
        "lb_policy": "CLUSTER_PROVIDED",
        "connect_timeout": "5s",
        "cluster_type": {
            "name": "envoy.clusters.dynamic_forward_proxy",
            "typed_config": {
                "@type": f"{TYPE}.extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig",
                "dns_cache_config": CACHE,
            },
        },
    }


def pods(spec: EgressProxySpec, doors: Sequence[AnyDoor]) -> tuple[PodClass, ...]:
    """The proxy's pods."""
    return (
        PodClass(
            release=SERVICE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name=SERVICE,
            labels=LABELS,
            ports=(Port("health", HEALTH_PORT), *(Port(f"door-{door.port}", door.port) for door in doors)),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE,
            containers=(Container(name="envoy", image=images.ENVOY, resources=spec.resources),),
            replicas=spec.replicas,
        ),
    )


def deployment(spec: EgressProxySpec, doors: Sequence[AnyDoor]) -> Spec:
    """The spec of the Deployment; a host that comes or goes restarts it, one pod after the other."""
    (declared,) = pods(spec, doors)
    probe = {"httpGet": {"path": "/healthz", "port": "health"}, "timeoutSeconds": 3}
    digest = hashlib.sha256(configuration(doors).encode()).hexdigest()[:16]
    return {
        "replicas": spec.replicas,
        "selector": {"matchLabels": dict(LABELS)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {"labels": dict(LABELS), "annotations": {CHECKSUM: digest}},
            "spec": {
                "serviceAccountName": SERVICE,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(LABELS),
                "containers": [
                    {
                        "name": "envoy",
                        "image": images.ENVOY.reference,
                        # Not the image's own entry, which wants to change users.
                        "command": ["envoy"],
                        "args": [
                            "--config-path",
                            f"{MOUNT}/{FILE}",
                            "--concurrency",
                            "1",
                            "--disable-hot-restart",
                        ],
                        "ports": [{"name": one.name, "containerPort": one.number} for one in declared.ports],
                        "readinessProbe": {**probe, "periodSeconds": 5},
                        "livenessProbe": {**probe, "periodSeconds": 20},
                        "resources": spec.resources.values(),
                        "securityContext": container_context(),
                        "volumeMounts": [{"name": "doors", "mountPath": MOUNT, "readOnly": True}],
                    }
                ],
                "volumes": [{"name": "doors", "configMap": {"name": SERVICE}}],
            },
        },
    }
