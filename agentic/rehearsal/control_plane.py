"""What a plan says of the cluster its objects are for, as far as the API server's answers depend on it."""

from __future__ import annotations

from agentic.plan.model import Plan
from agentic.rehearsal.tools import minor

CLUSTER = "aws:eks/cluster:Cluster"
DEFAULT_SERVICE_CIDR = "172.20.0.0/16"
"""What EKS takes unless told otherwise, where the VPC is not in 172.20/14 itself."""


def service_cidr(plan: Plan) -> str:
    """The range that Services get addresses from: a fixed clusterIP outside it is refused."""
    for cluster in plan.all(CLUSTER):
        stated = cluster.section("kubernetesNetworkConfig").get("serviceIpv4Cidr")
        if stated:
            return str(stated)
    return DEFAULT_SERVICE_CIDR


def version_notes(plan: Plan, rehearsed: str) -> tuple[str, ...]:
    """A line for each cluster that will run another minor than the one that judged."""
    stated = {str(cluster.inputs["version"]) for cluster in plan.all(CLUSTER) if "version" in cluster.inputs}
    return tuple(
        f"the plan's cluster runs Kubernetes {version}, judged was by {minor(rehearsed)}"
        for version in sorted(stated)
        if minor(version) != minor(rehearsed)
    )
