"""What a plan builds, on one screen: layers, charts, namespaces, GPU limits, open doors, what is unknown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from agentic.plan.endpoints import Endpoint, public_endpoints
from agentic.plan.images import Images, images
from agentic.plan.model import Plan, Resource
from agentic.plan.notices import Notice, notices
from agentic.plan.quota_faults import quota_faults
from agentic.plan.quota_sums import QuotaSums, quota_sums
from agentic.plan.shapes import RELEASE
from agentic.plan.urns import qualified_type
from agentic.plan.ways_out import WayOut, ways_out
from components.core.faults import Fault

NODE_POOLS = "kubernetes:karpenter.sh/v1:NodePool"
GPU = "nvidia.com/gpu"

LAYERS = (
    "network",
    "cluster",
    "bootstrap_nodes",
    "namespaces",
    "karpenter",
    "node_pools",
    "gpu",
    "cert_manager",
    "external_secrets",
    "metrics_server",
    "load_balancer_controller",
    "tenants",
)
"""Packages in the order they are created; one that is not named here comes after, by name."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """Resources below the components of one package."""

    name: str
    resources: int
    cloud: int
    kubernetes: int


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One Helm release."""

    release: str
    chart: str
    version: str
    repository: str
    namespace: str


@dataclass(frozen=True, kw_only=True)
class Pool:
    """One node pool and the GPUs it may ever hold; None where the plan does not say."""

    name: str
    gpus: str | None
    limits: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """An attribute that only the cloud will know, and how many properties wait for it."""

    reference: str
    properties: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One plan, summed up."""

    project: str
    stack: str
    resources: int
    components: int
    layers: tuple[Layer, ...]
    charts: tuple[Chart, ...]
    namespaces: tuple[str, ...]
    pools: tuple[Pool, ...]
    endpoints: tuple[Endpoint, ...]
    ways_out: tuple[WayOut, ...]
    unknowns: tuple[Unknown, ...]
    secrets: int
    opaque: tuple[str, ...]
    """Components whose children no plan can list."""
    quotas: QuotaSums
    quota_faults: tuple[Fault, ...]
    images: Images
    notices: tuple[Notice, ...]
    """What is no fault and should be known: what is deprecated, what a choice costs."""


def summary(plan: Plan) -> Summary:
    """Sum up one plan; the same plan gives the same summary."""
    quotas = quota_sums(plan)
    return Summary(
        project=plan.project,
        stack=plan.stack,
        resources=sum(resource.custom for resource in plan),
        components=sum(not resource.custom for resource in plan),
        layers=_layers(plan),
        charts=tuple(sorted((_chart(r) for r in plan.all(RELEASE)), key=lambda chart: chart.release)),
        namespaces=tuple(sorted(_name(r) for r in plan.all("kubernetes:core/v1:Namespace"))),
        pools=tuple(sorted((_pool(r) for r in plan.all(NODE_POOLS)), key=lambda pool: pool.name)),
        endpoints=public_endpoints(plan),
        ways_out=ways_out(plan),
        unknowns=_unknowns(plan),
        secrets=sum(len(resource.secrets) for resource in plan),
        opaque=tuple(
            f"{r.type} {r.name}"
            for r in plan
            if r.remote and not any(child.expanded for child in plan.children(r.urn))
        ),
        quotas=quotas,
        quota_faults=quota_faults(quotas),
        images=images(plan),
        notices=notices(plan),
    )


def layer_of(resource: Resource) -> str:
    """The package of the outermost component a resource belongs to, or its kind when it stands alone."""
    chain = qualified_type(resource.urn).split("$")
    owner = next((token for token in chain if token.startswith("agentic:")), "")
    if owner:
        return owner.split(":")[1]
    return "providers" if resource.type.startswith("pulumi:providers:") else "stack"


def _layers(plan: Plan) -> tuple[Layer, ...]:
    members: dict[str, list[Resource]] = {}
    for resource in plan:
        if resource.custom:
            members.setdefault(layer_of(resource), []).append(resource)
    order = {name: index for index, name in enumerate(LAYERS)}
    return tuple(
        Layer(
            name=name,
            resources=len(members[name]),
            cloud=sum(resource.type.startswith("aws:") for resource in members[name]),
            kubernetes=sum(resource.type.startswith("kubernetes:") for resource in members[name]),
        )
        for name in sorted(members, key=lambda name: (order.get(name, len(order)), name))
    )


def _chart(release: Resource) -> Chart:
    inputs = release.inputs
    return Chart(
        release=str(inputs.get("name", release.name)),
        chart=str(inputs.get("chart", "unknown")),
        version=str(inputs.get("version", "unknown")),
        repository=str(release.section("repositoryOpts").get("repo", "")),
        namespace=str(inputs.get("namespace", "default")),
    )


def _name(resource: Resource) -> str:
    return str(resource.section("metadata").get("name", "unknown"))


def _pool(resource: Resource) -> Pool:
    limits = resource.section("spec", "limits")
    gpus = limits.get(GPU)
    return Pool(name=_name(resource), gpus=None if gpus is None else str(gpus), limits=limits)


def _unknowns(plan: Plan) -> tuple[Unknown, ...]:
    counted = Counter(
        reference
        for resource in plan
        for references in resource.unknowns.values()
        for reference in references
    )
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Unknown(reference=reference, properties=count) for reference, count in ranked)
