"""What Argo CD's chart is told."""

from __future__ import annotations

from typing import Any

import yaml

from components.argocd.pods import (
    COPY_RESOURCES,
    REDIS_RESOURCES,
    REPO_SERVER_LABELS,
    SECRET_INIT_RESOURCES,
    SERVER_LABELS,
    SERVER_RESOURCES,
)
from components.argocd.render import CLIENT_SECRET, OIDC_SECRET, watched
from components.argocd.spec import ArgoCdSpec, OidcSpec
from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.scheduling import MONITOR_LABELS, disruption_budget, spread

FORWARDED = "localhost:8080"
"""Where `kubectl port-forward svc/argo-cd-argocd-server 8080:443` shows it."""


def values(spec: ArgoCdSpec, *, monitored: bool) -> dict[str, Any]:
    """Nothing of a tenant's: projects, applications and rights are objects of their own."""
    return {
        # Without the annotation, which `keep` sets, an uninstall would delete every application.
        "crds": {"install": True, "keep": True},
        # By default three ClusterRoles, the controller's with every right on everything.
        "createClusterRoles": False,
        "global": {
            "domain": spec.host or FORWARDED,
            "image": {"repository": images.ARGOCD.repository, "tag": images.ARGOCD.pinned_tag},
            # The chart's policies admit every namespace; ours come from the table of flows.
            "networkPolicy": {"create": False},
        },
        "configs": {
            "cm": {
                "admin.enabled": "false",
                # Roles in tenants' namespaces end at these kinds: what may not be listed is not asked for.
                "resource.respectRBAC": "normal",
                # The default since 3.0; the rule about what it may change (`takeover`) goes by it.
                "application.resourceTrackingMethod": "annotation",
                "resource.inclusions": yaml.safe_dump(watched(), sort_keys=False),
                **({"oidc.config": _oidc(spec.oidc)} if spec.oidc else {}),
            },
            "rbac": {
                # Whoever signs in and is in no group sees nothing.
                "policy.default": "",
                "policy.csv": _admins(spec.oidc),
            },
        },
        "controller": {
            "replicas": 1,
            "resources": spec.controller_resources.values(),
            "metrics": _metrics(monitored),
        },
        "server": {
            **_served(spec.replicas, SERVER_RESOURCES, SERVER_LABELS),
            "metrics": _metrics(monitored),
        },
        "repoServer": {
            **_served(spec.replicas, spec.repo_server_resources, REPO_SERVER_LABELS),
            "copyutil": {"resources": COPY_RESOURCES.values()},
            # It runs what is in tenants' repositories, and asks the cluster nothing.
            "automountServiceAccountToken": False,
            "serviceAccount": {"create": True, "automountServiceAccountToken": False},
            "metrics": _metrics(monitored),
        },
        "redis": {
            "image": {
                "repository": images.ARGOCD_REDIS.repository,
                "tag": images.ARGOCD_REDIS.pinned_tag,
            },
            "resources": REDIS_RESOURCES.values(),
            "automountServiceAccountToken": False,
            "serviceAccount": {"create": True, "automountServiceAccountToken": False},
        },
        # Makes the cache's password in the cluster, once: it is in no values, plan or state.
        "redisSecretInit": {"enabled": True, "resources": SECRET_INIT_RESOURCES.values()},
        # It would make applications, and with them projects' limits, out of what tenants write.
        "applicationSet": {"replicas": 0},
        "notifications": {"enabled": False},
        # Identity is the provider's, asked directly.
        "dex": {"enabled": False},
    }


def _served(replicas: int, resources: ContainerResources, selector: dict[str, str]) -> dict[str, Any]:
    return {
        "replicas": replicas,
        "resources": resources.values(),
        "pdb": disruption_budget(replicas),
        "topologySpreadConstraints": spread(selector) if replicas > 1 else [],
    }


def _metrics(monitored: bool) -> dict[str, Any]:
    labels = {"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}
    return {"enabled": True, "serviceMonitor": {"enabled": monitored, **labels}}


def _oidc(spec: OidcSpec) -> str:
    client = (
        {"clientSecret": f"${OIDC_SECRET}:{CLIENT_SECRET}"}
        if spec.client_secret
        else {"enablePKCEAuthentication": True}
    )
    return yaml.safe_dump(
        {
            "name": "Single sign-on",
            "issuer": spec.issuer,
            "clientID": spec.client_id,
            **client,
            "requestedScopes": ["openid", "profile", "email", "groups"],
        },
        sort_keys=False,
    )


def _admins(spec: OidcSpec | None) -> str:
    return "".join(f"g, {group}, role:admin\n" for group in (spec.admin_groups if spec else ()))
