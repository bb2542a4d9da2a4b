"""How connections are taken, and what is told about each request."""

from __future__ import annotations

from typing import Any

from components.gateway.expressions import header
from components.gateway.names import GATEWAY, GATEWAY_GROUP, TENANT_HEADER
from components.gateway.spec import GatewaySpec

KEEPALIVE_SECONDS = 60
"""Below the 350 s after which a network load balancer forgets a silent connection."""

Spec = dict[str, Any]


def frontend(spec: GatewaySpec, *, collector: Spec | None) -> Spec:
    """How connections are taken: TLS from 1.2, the client's own address, and the tenant on every series."""
    tenant = f'default({header(TENANT_HEADER)}, "")'
    return {
        "targetRefs": [{"group": GATEWAY_GROUP, "kind": "Gateway", "name": GATEWAY}],
        "frontend": {
            "http": {"maxBufferSize": f"{spec.proxy.max_body_mib}Mi", "http1MaxHeaders": 100},
            "tcp": {"keepalive": {"time": f"{KEEPALIVE_SECONDS}s", "interval": f"{KEEPALIVE_SECONDS}s"}},
            "tls": {"minProtocolVersion": "1.2"},
            # Optional: pods of the cluster come without the load balancer and its header.
            "proxyProtocol": {"mode": "Optional", "version": "V2"},
            "metrics": {"attributes": {"add": [{"name": "tenant", "expression": tenant}]}},
            "accessLog": {"attributes": {"add": [{"name": "tenant", "expression": tenant}]}},
            **({"tracing": _tracing(collector, tenant)} if collector else {}),
        },
    }


def _tracing(collector: Spec, tenant: str) -> Spec:
    return {
        "backendRef": collector,
        "protocol": "GRPC",
        "randomSampling": "true",
        "attributes": {"add": [{"name": "tenant", "expression": tenant}]},
    }
