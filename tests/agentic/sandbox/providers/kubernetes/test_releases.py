"""Proves (our store): a release is recorded with chart, version, values and revision, under Helm's refusals."""

from __future__ import annotations

import pytest

from agentic.sandbox.providers.kinds import ResourceError
from tests.agentic.sandbox.providers.kubernetes.conftest import Kubernetes

TOKEN = "kubernetes:helm.sh/v3:Release"
STATED = {
    "name": "metrics",
    "namespace": "kube-system",
    "chart": "oci://registry.example/charts/metrics-server",
    "version": "3.13.0",
    "values": {"replicas": 2},
}


def test_a_release_is_recorded_as_stated_and_says_that_it_is_deployed(kubernetes: Kubernetes) -> None:
    identity = kubernetes.apply(TOKEN, **STATED)
    found = kubernetes.see(TOKEN, identity)
    assert found is not None
    assert identity == "kube-system/metrics"
    assert found.inputs == STATED
    assert found.outputs["status"] == {
        "chart": "metrics-server",
        "name": "metrics",
        "namespace": "kube-system",
        "revision": 1,
        "status": "deployed",
        "version": "3.13.0",
    }


def test_an_upgrade_is_another_revision_and_no_drift(kubernetes: Kubernetes) -> None:
    identity = kubernetes.apply(TOKEN, **STATED)
    after = {**STATED, "version": "3.14.0"}
    kubernetes.provider.kind(TOKEN).update(kubernetes.named(TOKEN), identity, STATED, after)
    found = kubernetes.see(TOKEN, identity)
    assert found is not None
    assert found.inputs == after
    assert (found.outputs["status"]["revision"], found.outputs["status"]["version"]) == (2, "3.14.0")


def test_a_name_in_use_is_refused(kubernetes: Kubernetes) -> None:
    kubernetes.apply(TOKEN, **STATED)
    message = r"^AlreadyExists: cannot re-use a name that is still in use: release metrics$"
    with pytest.raises(ResourceError, match=message):
        kubernetes.apply(TOKEN, **STATED)


def test_a_release_without_a_chart_is_refused(kubernetes: Kubernetes) -> None:
    assert kubernetes.check(TOKEN, name="x")[1] == [("chart", "a release needs a chart")]


def test_a_release_in_an_absent_namespace_is_refused_unless_it_makes_it(kubernetes: Kubernetes) -> None:
    stated = {**STATED, "namespace": "monitoring"}
    with pytest.raises(
        ResourceError, match=r'^NotFound: namespaces "monitoring" not found, for release metrics$'
    ):
        kubernetes.apply(TOKEN, **stated)
    kubernetes.apply(TOKEN, **stated, createNamespace=True)
    assert kubernetes.see("kubernetes:core/v1:Namespace", "monitoring") is not None


def test_an_upgrade_of_a_release_that_is_gone_is_refused(kubernetes: Kubernetes) -> None:
    kind = kubernetes.provider.kind(TOKEN)
    with pytest.raises(ResourceError, match=r"^NotFound: release: not found: kube-system/metrics$"):
        kind.update(kubernetes.named(TOKEN), "kube-system/metrics", STATED, STATED)


def test_an_uninstalled_release_is_gone_and_uninstalling_again_is_success(kubernetes: Kubernetes) -> None:
    identity, kind = kubernetes.apply(TOKEN, **STATED), kubernetes.provider.kind(TOKEN)
    kind.delete(identity, {})
    kind.delete(identity, {})
    assert kubernetes.see(TOKEN, identity) is None
