from __future__ import annotations

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.gpu.gpu_readiness import GpuReadiness, GpuReadinessArgs
from components.gpu.spec import GpuReadinessSpec

RELEASE = "kubernetes:helm.sh/v3:Release"


def plan_of(capture: Capture) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("nvidia", metadata={"name": "nvidia"})
        ready = GpuReadiness(
            "gpu-readiness",
            GpuReadinessArgs(spec=GpuReadinessSpec(), namespace=namespace.metadata.name, after=(namespace,)),
        ).ready
        assert len(ready) == 1

    return capture(program)


def test_one_release_in_the_privileged_namespace(capture: Capture) -> None:
    release = plan_of(capture).one(RELEASE).inputs
    assert (release["name"], release["namespace"]) == ("nvidia-device-plugin", "nvidia")


def test_it_goes_before_its_namespace(capture: Capture) -> None:
    plan = plan_of(capture)
    assert plan.deleted_before(plan.one(RELEASE).urn, plan.one("kubernetes:core/v1:Namespace").urn)
