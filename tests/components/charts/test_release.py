from __future__ import annotations

from typing import Any

import pulumi
import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from components.charts import pins
from components.charts.release import release

RELEASE = "kubernetes:helm.sh/v3:Release"


def install(**changes: Any) -> Any:
    given: dict[str, Any] = {
        "name": "metrics-server",
        "pin": pins.METRICS_SERVER,
        "namespace": "kube-system",
        "values": {"replicas": 2},
        "opts": pulumi.ResourceOptions(),
        **changes,
    }
    return release(given.pop("name"), given.pop("pin"), **given)


def test_a_release_is_installed_exactly_as_pinned(capture: Capture) -> None:
    resource = capture(install).one(RELEASE)
    assert resource.name == "metrics-server"
    assert resource.inputs["name"] == "metrics-server", "an automatic suffix would rename its Services"
    assert resource.inputs["chart"] == "metrics-server"
    assert resource.inputs["version"] == pins.METRICS_SERVER.version
    assert resource.inputs["repositoryOpts"] == {"repo": pins.METRICS_SERVER.repo}
    assert resource.inputs["timeout"] == pins.METRICS_SERVER.timeout_seconds
    assert resource.inputs["values"] == {"replicas": 2}
    assert resource.inputs["waitForJobs"] is True


def test_helm_never_creates_the_namespace(capture: Capture) -> None:
    inputs = capture(install).one(RELEASE).inputs
    assert inputs["createNamespace"] is False
    assert inputs["namespace"] == "kube-system"


def test_an_oci_chart_has_no_repository(capture: Capture) -> None:
    inputs = capture(lambda: install(pin=pins.CERT_MANAGER)).one(RELEASE).inputs
    assert inputs["chart"] == "oci://quay.io/jetstack/charts/cert-manager"
    assert "repositoryOpts" not in inputs


def test_a_stateless_release_rolls_back_and_cleans_up(capture: Capture) -> None:
    inputs = capture(install).one(RELEASE).inputs
    assert inputs["atomic"] is True
    assert inputs["cleanupOnFail"] is True


def test_a_release_that_may_not_roll_back_may_not_clean_up_either(capture: Capture) -> None:
    inputs = capture(lambda: install(pin=pins.KARPENTER_CRD)).one(RELEASE).inputs
    assert inputs["atomic"] is False
    assert inputs["cleanupOnFail"] is False


def test_crds_are_skipped_only_on_request(capture: Capture) -> None:
    assert capture(install).one(RELEASE).inputs["skipCrds"] is False
    assert capture(lambda: install(skip_crds=True)).one(RELEASE).inputs["skipCrds"] is True


def test_options_pass_through(capture: Capture) -> None:
    def program() -> None:
        first = k8s.core.v1.Namespace("first", metadata={"name": "first"})
        install(opts=pulumi.ResourceOptions(depends_on=[first], retain_on_delete=True))

    plan = capture(program)
    resource = plan.one(RELEASE)
    assert plan.one("kubernetes:core/v1:Namespace").urn in resource.dependencies
    assert resource.options["retain_on_delete"] is True


def test_unfit_values_are_refused_together_before_anything_is_registered(capture: Capture) -> None:
    seen: list[str] = []

    def program() -> None:
        namespace = k8s.core.v1.Namespace("first", metadata={"name": "first"})
        with pytest.raises(ValueError, match="unfit") as refusal:
            install(values={"where": namespace.metadata.name, "password": "x", "limit": None})
        seen.append(str(refusal.value))

    plan = capture(program)
    assert plan.all(RELEASE) == []
    assert seen == [
        "release metrics-server: 3 unfit value(s)\n"
        "  where: an output; use a name known at plan time, or a Secret the pods read\n"
        "  password: looks like a credential; name a Secret instead\n"
        "  limit: null deletes the chart's default without saying so; leave the key out or set it"
    ]


def test_a_name_that_helm_would_not_take_is_refused() -> None:
    with pytest.raises(ValueError, match="54 characters; Helm allows 53"):
        install(name="a" * 54)
