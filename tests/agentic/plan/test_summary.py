from __future__ import annotations

import json
from collections.abc import Callable

from agentic.plan import summary_text
from agentic.plan.model import Plan, Resource
from agentic.plan.summary import Chart, Layer, Pool, Unknown, layer_of, summary

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]

NETWORK = "agentic:network:Network"


def small(resource: Make, plan_of: PlanOf) -> Plan:
    pool = {"limits": {"nvidia.com/gpu": "8", "cpu": "96"}}
    return plan_of(
        resource(NETWORK, "platform", _custom=False),
        resource("aws:ec2/vpc:Vpc", "v", inside=NETWORK),
        resource(
            "aws:ec2/subnet:Subnet", "a", inside=NETWORK, _unknowns={"vpcId": ["aws:ec2/vpc:Vpc::v.id"]}
        ),
        resource(
            "aws:ec2/subnet:Subnet", "b", inside=NETWORK, _unknowns={"vpcId": ["aws:ec2/vpc:Vpc::v.id"]}
        ),
        resource("kubernetes:core/v1:Namespace", "n", inside="agentic:zoo:Zoo", metadata={"name": "ai"}),
        resource("pulumi:providers:aws", "aws", _secrets=["token"]),
        resource("kubernetes:karpenter.sh/v1:NodePool", "gpu", metadata={"name": "l4"}, spec=pool),
        resource("kubernetes:karpenter.sh/v1:NodePool", "cpu", metadata={"name": "cpu"}, spec={}),
        resource(
            "kubernetes:helm.sh/v3:Release",
            "k",
            name="karpenter",
            chart="karpenter",
            version="1.14.1",
            namespace="karpenter",
            repositoryOpts={"repo": "https://charts.example.org"},
        ),
        resource("kubernetes:yaml/v2:ConfigFile", "crds", _custom=False, _remote=True),
    )


def test_a_plan_is_summed_up(resource: Make, plan_of: PlanOf) -> None:
    found = summary(small(resource, plan_of))
    assert (found.resources, found.components, found.secrets) == (8, 2, 1)
    assert found.layers == (
        Layer(name="network", resources=3, cloud=3, kubernetes=0),
        Layer(name="providers", resources=1, cloud=0, kubernetes=0),
        Layer(name="stack", resources=3, cloud=0, kubernetes=3),
        Layer(name="zoo", resources=1, cloud=0, kubernetes=1),
    )
    assert found.charts == (
        Chart(
            release="karpenter",
            chart="karpenter",
            version="1.14.1",
            repository="https://charts.example.org",
            namespace="karpenter",
        ),
    )
    assert found.namespaces == ("ai",)
    assert found.pools == (
        Pool(name="cpu", gpus=None, limits={}),
        Pool(name="l4", gpus="8", limits={"nvidia.com/gpu": "8", "cpu": "96"}),
    )
    assert found.unknowns == (Unknown(reference="aws:ec2/vpc:Vpc::v.id", properties=2),)
    assert found.opaque == ("kubernetes:yaml/v2:ConfigFile crds",)


def test_a_resource_belongs_to_its_outermost_component(resource: Make) -> None:
    inner = resource(
        "aws:iam/role:Role", "r", inside="agentic:karpenter:Karpenter$agentic:core:PodIdentityRole"
    )
    assert layer_of(inner) == "karpenter"


def test_the_text_has_every_section(resource: Make, plan_of: PlanOf) -> None:
    text = summary_text.as_text(summary(small(resource, plan_of)))
    assert text.splitlines()[:6] == [
        "agentic-platform/dev: 8 resources in 2 components",
        "",
        "layers",
        "  layer      resources  AWS  Kubernetes",
        "  network    3          3    0",
        "  providers  1          0    0",
    ]
    assert "  karpenter  1.14.1   karpenter  karpenter\n" in text
    assert "namespaces (1)\n  ai\n" in text
    assert "  l4    8             cpu 96\n" in text
    assert "  cpu   none          \n".rstrip() in text
    assert "unknown until the cloud answers: 1 values, in 2 places; secrets hidden: 1\n" in text
    assert "     2  aws:ec2/vpc:Vpc::v.id\n" in text
    assert "opaque: children not in the plan (1)\n  kubernetes:yaml/v2:ConfigFile crds\n" in text
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_a_long_list_of_unknowns_says_how_many_more(resource: Make, plan_of: PlanOf) -> None:
    waits = {f"p{number:02d}": [f"a:b:C::x.{number:02d}"] for number in range(14)}
    text = summary_text.as_text(summary(plan_of(resource("a:b:C", "x", _unknowns=waits))))
    assert "        and 4 more\n" in text


def test_a_long_list_of_namespaces_says_how_many_more(resource: Make, plan_of: PlanOf) -> None:
    token = "kubernetes:core/v1:Namespace"
    many = [resource(token, f"n{n:03d}", metadata={"name": f"n{n:03d}"}) for n in range(200)]
    text = summary_text.as_text(summary(plan_of(*many)))
    assert "namespaces (200)\n  n000\n" in text
    assert "  n019\n  and 180 more\n" in text


def test_an_empty_plan_has_a_summary_too(plan_of: PlanOf) -> None:
    text = summary_text.as_text(summary(plan_of()))
    assert text.startswith("agentic-platform/dev: 0 resources in 0 components\n")
    assert "unknown until the cloud answers: nothing\n" in text


def test_json_holds_the_whole_summary(stack_plan: Callable[[str], Plan]) -> None:
    found = summary(stack_plan("dev"))
    document = json.loads(summary_text.as_json(found))
    assert document["resources"] == found.resources
    assert {pool["name"] for pool in document["pools"]} == {pool.name for pool in found.pools}


def test_the_dev_stack_names_its_gpu_limits_and_charts(stack_plan: Callable[[str], Plan]) -> None:
    found = summary(stack_plan("dev"))
    assert {pool.name: pool.gpus for pool in found.pools if pool.gpus} == {
        f"gpu-{name}": "8" for name in ("a10g", "a100", "h100", "l4", "l40s")
    }
    assert {"karpenter", "cert-manager", "external-secrets"} <= {chart.release for chart in found.charts}
    assert {"tenant-a", "tenant-b", "ai-inference"} <= set(found.namespaces)
    assert all(chart.version != "unknown" for chart in found.charts)
