from __future__ import annotations

from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pydantic import TypeAdapter

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.node_pools.compute import AutoCompute, Compute, KarpenterCompute
from components.node_pools.node_pools import NodePools, NodePoolsArgs
from components.node_pools.spec import GpuPoolSpec

COMPUTE: TypeAdapter[KarpenterCompute | AutoCompute] = TypeAdapter(Compute)
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
NODE_CLASSES = {
    "karpenter": "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass",
    "auto": "kubernetes:eks.amazonaws.com/v1:NodeClass",
}
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
GPU_POOLS = {
    "l4": GpuPoolSpec(instance_types=["g6.xlarge"], limit_gpus=4, termination_grace_minutes=120),
    "a10g": GpuPoolSpec(instance_types=["g5.48xlarge"], limit_gpus=8),
}


def plan_of(capture: Capture, mode: str, **more: Any) -> Plan:
    compute = COMPUTE.validate_python({"mode": mode, "cpu_pool": {"limit_cpu": 64}, **more})

    def program() -> None:
        karpenter = k8s.helm.v3.Release("karpenter", chart="karpenter")
        pools = NodePools(
            "node-pools",
            NodePoolsArgs(
                place=PLACE,
                compute=compute,
                gpu_pools=GPU_POOLS,
                node_role_name="ai-dev-karpenter-node",
                after=(karpenter,),
            ),
        )
        assert len(pools.ready) == 3

    return capture(program)


@pytest.mark.parametrize("mode", ["karpenter", "auto"])
def test_there_is_a_pool_with_a_class_of_its_own_for_cpu_and_each_accelerator(
    capture: Capture, mode: str
) -> None:
    plan = plan_of(capture, mode)
    named = [resource.inputs["metadata"]["name"] for resource in plan.all(NODE_POOL)]
    assert named == ["gpu-a10g", "cpu", "gpu-l4"]
    assert [one.inputs["metadata"]["name"] for one in plan.all(NODE_CLASSES[mode])] == named


@pytest.mark.parametrize(("mode", "other"), [("karpenter", "auto"), ("auto", "karpenter")])
def test_the_other_modes_node_class_is_nowhere(capture: Capture, mode: str, other: str) -> None:
    assert plan_of(capture, mode).all(NODE_CLASSES[other]) == []


@pytest.mark.parametrize("mode", ["karpenter", "auto"])
def test_pools_go_before_classes_and_classes_before_what_finalizes_them(capture: Capture, mode: str) -> None:
    plan = plan_of(capture, mode)
    karpenter = plan.one("kubernetes:helm.sh/v3:Release").urn
    for pool in plan.all(NODE_POOL):
        node_class = plan.one(NODE_CLASSES[mode], pool.name)
        assert plan.deleted_before(pool.urn, node_class.urn)
        assert plan.deleted_before(node_class.urn, karpenter)


def test_a_delete_is_given_longer_than_the_longest_drain(capture: Capture) -> None:
    plan = plan_of(capture, "karpenter")
    waits = {pool.name: pool.options["custom_timeouts"]["delete"] for pool in plan.all(NODE_POOL)}
    assert waits == {"node-pools-a10g": "75m", "node-pools-cpu": "75m", "node-pools-l4": "135m"}


def test_a_pool_holds_nothing_that_only_the_cloud_knows(capture: Capture) -> None:
    assert plan_of(capture, "karpenter").unknown_inputs() == {}


def test_an_image_is_changed_for_all_pools_in_one_place(capture: Capture) -> None:
    plan = plan_of(capture, "karpenter", ami_alias="al2023@v20260901")
    images = {
        one.inputs["spec"]["amiSelectorTerms"][0]["alias"] for one in plan.all(NODE_CLASSES["karpenter"])
    }
    assert images == {"al2023@v20260901"}
