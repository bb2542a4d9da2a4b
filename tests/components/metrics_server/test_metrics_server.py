from __future__ import annotations

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from components.metrics_server.metrics_server import MetricsServer, MetricsServerArgs
from components.metrics_server.spec import MetricsServerSpec

RELEASE = "kubernetes:helm.sh/v3:Release"


def install() -> None:
    nodes = k8s.core.v1.ConfigMap("nodes", metadata={"name": "nodes"})
    MetricsServer("metrics-server", MetricsServerArgs(spec=MetricsServerSpec(), after=(nodes,)))


def test_one_release_in_kube_system(capture: Capture) -> None:
    resource = capture(install).one(RELEASE)
    assert resource.inputs["name"] == "metrics-server"
    assert resource.inputs["namespace"] == "kube-system"
    assert resource.parent.endswith("agentic:metrics_server:MetricsServer::metrics-server")
    assert resource.unknowns == {}


def test_it_waits_for_what_it_was_told_to(capture: Capture) -> None:
    plan = capture(install)
    nodes = plan.one("kubernetes:core/v1:ConfigMap").urn
    assert plan.deleted_before(plan.one(RELEASE).urn, nodes)


def test_it_has_no_aws_permissions(capture: Capture) -> None:
    assert [resource.type for resource in capture(install) if resource.type.startswith("aws:")] == []
