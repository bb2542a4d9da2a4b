"""A place, a network, and a program of tenants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.core.names import role_arn
from components.isolation.flows import in_force
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import namespaces_for
from components.tenants.secrets import TenantSecrets, TenantSecretsArgs
from components.tenants.spec import TenantSpec
from components.tenants.tenants import Tenants, TenantsArgs

PARTS = frozenset({"external_secrets"})
AROUND = Surroundings(
    vpc_cidr="10.0.0.0/16",
    tiers={
        "private": ("10.0.0.0/18",),
        "control-plane": ("10.0.240.0/28",),
        "endpoints": ("10.0.241.0/24",),
    },
    service_cidr="172.20.0.0/16",
    endpoint_services=frozenset({"secretsmanager", "sts"}),
)
SECRET_ARNS = {
    name: f"arn:aws:secretsmanager:us-east-1:111122223333:secret:{name}-AbCdEf"
    for name in ("openai", "anthropic", "search")
}


@pytest.fixture(scope="session")
def place() -> Place:
    return Place(
        account_id="111122223333",
        partition="aws",
        region="us-east-1",
        zones=("us-east-1a", "us-east-1b"),
        environment="dev",
        cluster_name="ai-dev",
    )


@pytest.fixture(scope="session")
def tenants_plan(capture: Capture, place: Place) -> Callable[..., Plan]:
    """A plan of these tenants, with a stand-in for the External Secrets release between them and secrets."""

    def plan(
        specs: Mapping[str, TenantSpec], given: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    ) -> Plan:
        def program() -> None:
            tenants = Tenants(
                "tenants",
                TenantsArgs(
                    specs=specs,
                    cluster_version="1.35",
                    flows=in_force(PARTS, namespaces_for(PARTS)),
                    around=AROUND,
                    given=given,
                ),
            )
            release = k8s.core.v1.ConfigMap("release", metadata={"name": "release"})
            TenantSecrets(
                "tenant-secrets",
                TenantSecretsArgs(
                    place=place,
                    specs=specs,
                    namespaces=tenants.namespaces,
                    secret_arns=SECRET_ARNS,
                    external_secrets_role_arn=role_arn(place, "external-secrets"),
                    after=(release,),
                ),
            )

        return capture(program)

    return plan
