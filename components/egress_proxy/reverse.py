"""A reverse door in Envoy: one path of one host, by TLS, with the certificate that this host has to show."""

from __future__ import annotations

import re

from components.egress_proxy.doors import HTTPS, ReverseDoor
from components.egress_proxy.envoy import RESOLVER, TYPE, Spec, access_log, address, listener, router

AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
"""Where the image has the public authorities: it is Ubuntu with `ca-certificates` (distribution/docker,
Dockerfile-envoy). The distroless variant has another path."""

SILENCE = "3600s"
"""How long a stream may say nothing: an MCP server may have nothing to say for long, and nobody stays for ever."""

_PLAIN = "[A-Za-z0-9._~:@-]"
"""What a part of a path may hold below that of the server."""


def entry(door: ReverseDoor) -> Spec:
    """The listener: what is under the path goes on, under the server's own name; nothing else does."""
    return listener(
        door.client,
        door.port,
        {
            "access_log": access_log(),
            "http_filters": [router(suppress_envoy_headers=True)],
            # So that what is compared with the path is what the server will read.
            "normalize_path": True,
            "merge_slashes": True,
            "path_with_escaped_slashes_action": "REJECT_REQUEST",
            "stream_idle_timeout": SILENCE,
            "generate_request_id": False,
            "route_config": {
                "name": door.client,
                # Addresses of the cluster are nobody's business outside.
                "request_headers_to_remove": ["x-forwarded-for", "x-forwarded-proto"],
                "virtual_hosts": [
                    {
                        "name": "declared",
                        "domains": ["*"],
                        "routes": [
                            {
                                "match": _below(door.path),
                                "route": {
                                    "cluster": door.client,
                                    "host_rewrite_literal": door.host,
                                    # A stream lasts; the client has a limit of its own for each call.
                                    "timeout": "0s",
                                    "idle_timeout": SILENCE,
                                },
                            },
                            {"match": {"prefix": "/"}, "direct_response": {"status": 403}},
                        ],
                    }
                ],
            },
        },
    )


def _below(path: str) -> Spec:
    """The path and what is below it, in plain letters: `/mcp` is not `/mcp-admin`.

    Compared as a whole, since what servers make of the other characters differs: to some `/mcp/..;/admin` is `/admin`,
    and a percent sign may be decoded twice.
    """
    below = f"{_PLAIN}*(/{_PLAIN}*)*" if path.endswith("/") else f"(/{_PLAIN}*)*"
    return {"safe_regex": {"regex": re.escape(path) + below}}


def server(door: ReverseDoor) -> Spec:
    """The cluster: the host's public addresses on 443, and nobody who cannot prove to be that host."""
    return {
        "name": door.client,
        "type": "STRICT_DNS",
        "dns_lookup_family": "V4_ONLY",
        "respect_dns_ttl": True,
        "typed_dns_resolver_config": RESOLVER,
        "connect_timeout": "5s",
        "load_assignment": {
            "cluster_name": door.client,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(door.host, HTTPS)}}]}],
        },
        "transport_socket": {
            "name": "envoy.transport_sockets.tls",
            "typed_config": {
                "@type": f"{TYPE}.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": door.host,
                "common_tls_context": {
                    "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
                    "validation_context": {
                        "trusted_ca": {"filename": AUTHORITIES},
                        "match_typed_subject_alt_names": [
                            {"san_type": "DNS", "matcher": {"exact": door.host}}
                        ],
                    },
                },
            },
        },
    }
