"""Argo CD's series, as its source registers them (v3.4.4: controller, server and reposerver metrics)."""

from __future__ import annotations

from components.argocd.pods import RELEASE
from components.charts.metrics import MetricSource, histogram

COMPONENT = "argocd"


def _source(part: str, *names: str) -> MetricSource:
    return MetricSource(
        component=COMPONENT, job=f"{RELEASE}-argocd-{part}-metrics", names=frozenset({"up", *names})
    )


METRICS: tuple[MetricSource, ...] = (
    _source(
        "application-controller",
        # By labels: sync_status and health_status.
        "argocd_app_info",
        "argocd_app_k8s_request_total",
        "argocd_app_sync_total",
        "argocd_cluster_api_resource_objects",
        "argocd_cluster_connection_status",
        "argocd_cluster_events_total",
        *histogram("argocd_app_reconcile"),
    ),
    _source("server", "argocd_login_request_total", "grpc_server_handled_total"),
    _source(
        "repo-server",
        "argocd_git_fetch_fail_total",
        "argocd_git_request_total",
        "argocd_repo_pending_request_total",
        *histogram("argocd_git_request_duration_seconds"),
    ),
)
