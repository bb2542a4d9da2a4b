"""Backups out of the cluster, and what Argo CD needs to keep tenants' applications as they are in Git."""

from __future__ import annotations

from components.isolation.ends import API_SERVER, EVERY_PORT, OWN_NAMESPACE, POD_IDENTITY, AwsApis, Flow, Pods
from components.isolation.flows.places import HTTPS, PROMETHEUS

# The whole namespace: pods of the chart's job carry no label.
VELERO = Pods("velero")
ARGOCD = Pods("argocd")
ARGOCD_CONTROLLER = Pods("argocd", {"app.kubernetes.io/name": "argocd-application-controller"})
ARGOCD_SERVER = Pods("argocd", {"app.kubernetes.io/name": "argocd-server"})
ARGOCD_REPO_SERVER = Pods("argocd", {"app.kubernetes.io/name": "argocd-repo-server"})
ARGOCD_SECRET_INIT = Pods("argocd", {"app.kubernetes.io/name": "argocd-redis-secret-init"})

_VELERO = (
    Flow(VELERO, API_SERVER, HTTPS, "what is backed up, and what comes back", "velero"),
    Flow(VELERO, POD_IDENTITY, (80,), "Velero fetches its role's credentials", "velero"),
    Flow(VELERO, AwsApis("s3"), HTTPS, "backups", "velero"),
    Flow(PROMETHEUS, VELERO, (8085,), "whether the last backup was complete", "velero"),
)

# Out to Git: `components.argocd.spec.repository_flows`, because only the config knows the hosts.
_ARGOCD = (
    Flow(ARGOCD, OWN_NAMESPACE, EVERY_PORT, "its parts and their cache", "argocd"),
    Flow(ARGOCD_CONTROLLER, API_SERVER, HTTPS, "applications, and what they consist of", "argocd"),
    Flow(ARGOCD_SERVER, API_SERVER, HTTPS, "what its users see", "argocd"),
    Flow(ARGOCD_SECRET_INIT, API_SERVER, HTTPS, "the cache's password, made once", "argocd"),
    Flow(PROMETHEUS, ARGOCD, (8082, 8083, 8084), "whether applications are as they are in Git", "argocd"),
)

HANDOVER_FLOWS = (*_VELERO, *_ARGOCD)
