"""Pieces of Envoy's configuration that every kind of door is made of."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]
TYPE = "type.googleapis.com/envoy"
FILTERS = f"{TYPE}.extensions.filters.http"

RESOLVER: Spec = {
    "name": "envoy.network.dns_resolver.cares",
    "typed_config": {
        "@type": f"{TYPE}.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
        # A name in the pod's own search domains is not the one that was declared.
        "dns_resolver_options": {"no_default_search_domain": True},
    },
}
CACHE: Spec = {
    "name": "outside",
    "dns_lookup_family": "V4_ONLY",
    "typed_dns_resolver_config": RESOLVER,
}


def address(host: str, port: int) -> Spec:
    """A socket's address."""
    return {"socket_address": {"address": host, "port_value": port}}


def listener(name: str, port: int, manager: Spec) -> Spec:
    """A port of the pod that speaks HTTP, with what its connection manager is told."""
    typed = f"{TYPE}.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    return {
        "name": name,
        "address": address("0.0.0.0", port),  # noqa: S104 - in a pod, which policies close
        "filter_chains": [
            {
                "filters": [
                    {
                        "name": "envoy.filters.network.http_connection_manager",
                        "typed_config": {"@type": typed, "stat_prefix": name, **manager},
                    }
                ]
            }
        ],
    }


def access_log() -> list[Spec]:
    """A line for each request, in the pod's log."""
    typed = f"{TYPE}.extensions.access_loggers.stream.v3.StdoutAccessLog"
    return [{"name": "envoy.access_loggers.stdout", "typed_config": {"@type": typed}}]


def router(**said: Any) -> Spec:
    """The filter that ends the chain."""
    return {
        "name": "envoy.filters.http.router",
        "typed_config": {"@type": f"{FILTERS}.router.v3.Router", **said},
    }
