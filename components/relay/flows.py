"""The hosts that the relay may reach: those of the providers that a model names, and no other."""

from __future__ import annotations

from components.isolation.ends import Flow, Host
from components.isolation.flows.places import HTTPS
from components.isolation.flows.relay import RELAY
from components.relay.names import PART
from components.relay.spec import RelaySpec


def provider_flows(spec: RelaySpec) -> tuple[Flow, ...]:
    """One flow for each host; none while the relay is off."""
    if not spec.enabled:
        return ()
    return tuple(Flow(RELAY, Host(host), HTTPS, "models of providers", PART) for host in spec.hosts)
