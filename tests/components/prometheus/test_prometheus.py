from __future__ import annotations

import pulumi_kubernetes as k8s
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.prometheus.crds import PrometheusCrds, PrometheusCrdsArgs
from components.prometheus.prometheus import Prometheus, PrometheusArgs
from components.prometheus.spec import PrometheusSpec

RELEASE = "kubernetes:helm.sh/v3:Release"


def captured(capture: Capture) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("observability", metadata={"name": "observability"})
        crds = PrometheusCrds(
            "prometheus-crds", PrometheusCrdsArgs(namespace=namespace.metadata.name, after=(namespace,))
        )
        component = Prometheus(
            "prometheus",
            PrometheusArgs(
                spec=PrometheusSpec(), namespace=namespace.metadata.name, after=(*crds.ready, namespace)
            ),
        )
        assert component.url == "http://kube-prometheus-stack-prometheus.observability.svc:9090"
        k8s.core.v1.ConfigMap(
            "rule",
            metadata={"name": "rule", "namespace": "observability"},
            opts=ResourceOptions(depends_on=list(component.ready)),
        )

    return capture(program)


def test_definitions_stand_before_the_stack_and_fall_after_it(capture: Capture) -> None:
    plan = captured(capture)
    stack, crds = plan.one(RELEASE, "kube-prometheus-stack"), plan.one(RELEASE, "prometheus-operator-crds")
    assert plan.deleted_before(stack.urn, crds.urn)


def test_the_stack_brings_no_definitions_of_its_own(capture: Capture) -> None:
    stack = captured(capture).one(RELEASE, "kube-prometheus-stack").inputs
    assert stack["skipCrds"] is True
    assert stack["values"]["crds"] == {"enabled": False}


def test_an_uninstall_of_the_definitions_deletes_nobodys_monitors(capture: Capture) -> None:
    crds = captured(capture).one(RELEASE, "prometheus-operator-crds").inputs
    assert crds["values"] == {"crds": {"annotations": {"helm.sh/resource-policy": "keep"}}}


def test_what_holds_volumes_is_not_rolled_back(capture: Capture) -> None:
    stack = captured(capture).one(RELEASE, "kube-prometheus-stack").inputs
    assert stack.get("atomic", False) is False


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture) -> None:
    assert captured(capture).one(RELEASE, "kube-prometheus-stack").unknowns == {}
