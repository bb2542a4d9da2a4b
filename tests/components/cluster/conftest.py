"""A place, and the plan of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place

DEPLOYER = "arn:aws:iam::111122223333:role/deployer"


@pytest.fixture(scope="session")
def place() -> Place:
    return Place(
        account_id="111122223333",
        partition="aws",
        region="us-east-1",
        zones=("us-east-1a", "us-east-1b"),
        environment="dev",
        cluster_name="ai-dev",
        tags={"Environment": "dev"},
    )


@pytest.fixture(scope="session")
def planned(capture: Capture, place: Place) -> Callable[..., Plan]:
    """`planned(auto_mode=False, protect=False, place=..., **settings)`: the plan of a cluster."""
    # Not above: the SDK warns on import, and pytest's filters do not hold yet while it reads a conftest.
    import pulumi_kubernetes as k8s
    from pulumi import ResourceOptions

    from components.cluster.cluster import Cluster, ClusterArgs
    from components.cluster.spec import ClusterSpec

    def plan(
        *, auto_mode: bool = False, protect: bool = False, place: Place = place, **settings: Any
    ) -> Plan:
        said = {"name": "ai-dev", "access": {"deployer_arn": DEPLOYER}, **settings}
        args = ClusterArgs(
            place=place,
            spec=ClusterSpec.model_validate(said),
            vpc_id="vpc-1",
            subnet_ids=["subnet-1", "subnet-2"],
            auto_mode=auto_mode,
            protect=protect,
            after=(),
        )

        def program() -> None:
            cluster = Cluster("platform", args)
            inside = ResourceOptions(provider=cluster.provider)
            first = k8s.core.v1.ConfigMap("inside", metadata={"name": "inside"}, opts=inside)
            later = cluster.provider_after("later", (first,), ResourceOptions(parent=cluster))
            k8s.core.v1.Secret("later", metadata={"name": "later"}, opts=ResourceOptions(provider=later))

        return capture(program)

    return plan
