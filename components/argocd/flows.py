"""Ways out of Argo CD's namespace: to the hosts its config names, and to no other."""

from __future__ import annotations

from components.argocd.spec import ArgoCdSpec, host_of
from components.isolation.ends import Flow, Host
from components.isolation.flows.handover import ARGOCD_REPO_SERVER, ARGOCD_SERVER
from components.isolation.flows.places import HTTPS

COMPONENT = "argocd"


def repository_flows(spec: ArgoCdSpec) -> tuple[Flow, ...]:
    """One flow for each host of a repository, and one for the identity provider; none while it is off."""
    if not spec.enabled:
        return ()
    hosts = sorted({host_of(one.url) for handover in spec.tenants.values() for one in handover.repositories})
    repositories = tuple(
        Flow(ARGOCD_REPO_SERVER, Host(host), HTTPS, "repositories of tenants", COMPONENT) for host in hosts
    )
    if spec.oidc is None:
        return repositories
    issuer = Flow(ARGOCD_SERVER, Host(host_of(spec.oidc.issuer)), HTTPS, "who signs in", COMPONENT)
    return (*repositories, issuer)
