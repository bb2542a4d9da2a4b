"""Projects, applications and rights: what Argo CD may own, which nothing else does."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from components.argocd.spec import ApplicationSpec, HandoverSpec
from components.secrets.spec import Remote, read_back

API_VERSION = "argoproj.io/v1alpha1"
IN_CLUSTER = "https://kubernetes.default.svc"
SECRET_TYPE = "argocd.argoproj.io/secret-type"  # noqa: S105 - a label's key
MEMBER = "member"
OIDC_SECRET = "argocd-oidc"  # noqa: S105 - a Secret's name
CLIENT_SECRET = "client-secret"  # noqa: S105 - the key inside it


@dataclass(frozen=True)
class Kind:
    """A kind by its group, its name, and its name in rights."""

    group: str
    kind: str
    resource: str


OWNED: tuple[Kind, ...] = (
    Kind("", "ConfigMap", "configmaps"),
    Kind("", "PersistentVolumeClaim", "persistentvolumeclaims"),
    Kind("", "Service", "services"),
    Kind("apps", "Deployment", "deployments"),
    Kind("apps", "StatefulSet", "statefulsets"),
    Kind("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
    Kind("batch", "CronJob", "cronjobs"),
    Kind("batch", "Job", "jobs"),
    Kind("policy", "PodDisruptionBudget", "poddisruptionbudgets"),
)
"""What a tenant's application may consist of. Quotas, policies, roles, accounts, stores and secrets, agents are not
among them. Of these kinds the platform makes some as well (tools, a kagent); `takeover` keeps those apart by object."""

SEEN: tuple[Kind, ...] = (
    Kind("", "Event", "events"),
    Kind("", "Pod", "pods"),
    Kind("apps", "ControllerRevision", "controllerrevisions"),
    Kind("apps", "ReplicaSet", "replicasets"),
)
"""Made by what is owned: its health is read from them."""

READ = ("get", "list", "watch")
WRITE = ("create", "delete", "patch", "update")


def application_name(tenant: str, name: str) -> str:
    """The Application's name: all of them are in one namespace."""
    return f"{tenant}-{name}"


def project(tenant: str, handover: HandoverSpec) -> dict[str, Any]:
    """An AppProject that ends at the tenant's namespace and at the kinds applications are made of."""
    members = {
        "roles": [
            {
                "name": MEMBER,
                "description": f"people of {tenant}",
                "groups": list(handover.groups),
                "policies": [
                    f"p, proj:{tenant}:{MEMBER}, applications, {action}, {tenant}/*, allow"
                    for action in ("get", "sync")
                ],
            }
        ]
    }
    return {
        "description": f"Applications of {tenant}",
        "sourceRepos": [repository.url for repository in handover.repositories],
        "destinations": [{"server": IN_CLUSTER, "namespace": tenant}],
        "clusterResourceWhitelist": [],
        "clusterResourceBlacklist": [{"group": "*", "kind": "*"}],
        "namespaceResourceWhitelist": [{"group": one.group, "kind": one.kind} for one in OWNED],
        **(members if handover.groups else {}),
    }


def application(tenant: str, spec: ApplicationSpec) -> dict[str, Any]:
    """An Application that follows Git and gives way to nobody who changes its objects by hand."""
    return {
        "project": tenant,
        "source": {"repoURL": spec.repository, "path": spec.path, "targetRevision": spec.revision},
        "destination": {"server": IN_CLUSTER, "namespace": tenant},
        "syncPolicy": {
            "automated": {"prune": spec.prune, "selfHeal": True},
            # Namespaces are the platform's. An object that another Application has is left to it.
            "syncOptions": ["CreateNamespace=false", "FailOnSharedResource=true", "PruneLast=true"],
        },
    }


def controller_rules() -> list[dict[str, Any]]:
    """What the application controller may do in a tenant's namespace; nothing anywhere else."""
    return [*_rules(OWNED, (*READ, *WRITE)), *_rules(SEEN, READ)]


def server_rules() -> list[dict[str, Any]]:
    """What people see in the browser: objects and logs. Changes go through Git."""
    return [
        *_rules((*OWNED, *SEEN), READ),
        {"apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"]},
    ]


def _rules(kinds: Sequence[Kind], verbs: Collection[str]) -> list[dict[str, Any]]:
    return [
        {
            "apiGroups": [group],
            "resources": [one.resource for one in kinds if one.group == group],
            "verbs": list(verbs),
        }
        for group in sorted({one.group for one in kinds})
    ]


def watched() -> list[dict[str, list[str]]]:
    """The kinds Argo CD lists at all: each costs a watch in every namespace."""
    kinds = (*OWNED, *SEEN)
    return [
        {
            "apiGroups": [group],
            "kinds": [one.kind for one in kinds if one.group == group],
            "clusters": ["*"],
        }
        for group in sorted({one.group for one in kinds})
    ]


def cluster_entry(tenants: Collection[str]) -> dict[str, str]:
    """How Argo CD knows this cluster: these namespaces and nothing cluster-wide. It holds no credential.

    Without namespaces it would watch the whole cluster (Argo CD, "Declarative Setup", clusters).
    """
    if not tenants:
        raise ValueError("a hand-over without tenants would be one of the whole cluster")
    return {
        "name": "in-cluster",
        "server": IN_CLUSTER,
        "namespaces": ",".join(sorted(tenants)),
        "clusterResources": "false",
        "config": json.dumps({"tlsClientConfig": {"insecure": False}}),
    }


def repository_access(url: str, arn: str, secret: str) -> dict[str, Any]:
    """The spec of an ExternalSecret by which Argo CD reads one repository."""
    data = {key: Remote(key=arn, property=key) for key in ("username", "password")}
    spec = read_back(secret, data, {"type": "git", "url": url})
    spec["target"]["template"]["metadata"] = {"labels": {SECRET_TYPE: "repository"}}
    return spec


def oidc_access(arn: str) -> dict[str, Any]:
    """The spec of an ExternalSecret that holds the client's secret."""
    spec = read_back(OIDC_SECRET, {CLIENT_SECRET: Remote(key=arn, property=CLIENT_SECRET)})
    # Without this label Argo CD does not look into a Secret that its settings name.
    spec["target"]["template"] = {
        "engineVersion": "v2",
        "mergePolicy": "Merge",
        "metadata": {"labels": {"app.kubernetes.io/part-of": "argocd"}},
    }
    return spec
