from __future__ import annotations

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from components.cert_manager.cert_manager import CertManager, CertManagerArgs
from components.cert_manager.spec import CertManagerSpec

RELEASE = "kubernetes:helm.sh/v3:Release"


def install() -> None:
    namespace = k8s.core.v1.Namespace("cert-manager", metadata={"name": "cert-manager"})
    quota = k8s.core.v1.ResourceQuota("quota", metadata={"name": "quota", "namespace": "cert-manager"})
    component = CertManager(
        "cert-manager",
        CertManagerArgs(spec=CertManagerSpec(), namespace=namespace.metadata.name, after=(quota,)),
    )
    assert len(component.ready) == 1


def test_one_release_in_the_namespace_it_was_given(capture: Capture) -> None:
    resource = capture(install).one(RELEASE)
    assert resource.inputs["name"] == "cert-manager"
    assert resource.inputs["namespace"] == "cert-manager"
    assert resource.parent.endswith("agentic:cert_manager:CertManager::cert-manager")
    assert resource.unknowns == {}


def test_pods_wait_for_the_namespaces_quota(capture: Capture) -> None:
    plan = capture(install)
    release = plan.one(RELEASE)
    assert plan.one("kubernetes:core/v1:ResourceQuota").urn in release.dependencies
    assert plan.deleted_before(release.urn, plan.one("kubernetes:core/v1:Namespace").urn)


def test_it_has_no_aws_permissions(capture: Capture) -> None:
    assert [resource.type for resource in capture(install) if resource.type.startswith("aws:")] == []
