from __future__ import annotations

from pathlib import Path

from agentic.plan.capture import capture_stack
from components.kagent.spec import DATABASE_SECRET
from components.tenants.access import operator_rules
from components.vectors.spec import CollectionSpec, VectorsSpec
from stacks.given import given

ROOT = Path(__file__).parents[2]
SHARED_ONLY = VectorsSpec(collections={"docs": CollectionSpec(isolation="partition_key")})


def test_a_tenant_is_given_what_the_stack_has() -> None:
    everything = {"gateway", "valkey", "vectors"}
    assert given(["acme"], everything, VectorsSpec()) == {
        "acme": ("cache", "gateway-key-acme", "milvus", "milvus-reader")
    }
    assert given(["acme"], {"external_cache", "vectors"}, SHARED_ONLY) == {"acme": ()}
    assert given(["acme"], {"elasticache"}, VectorsSpec()) == {"acme": ("cache",)}


def test_the_list_names_every_secret_that_the_plan_puts_into_a_tenants_namespace_for_its_programs() -> None:
    plan = capture_stack("dev", ROOT)
    made = {
        one.inputs["metadata"]["name"]
        for one in plan.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        if one.inputs["metadata"]["namespace"] == "tenant-a"
    }
    (role,) = [
        one
        for one in plan.all("kubernetes:rbac.authorization.k8s.io/v1:Role")
        if (one.inputs["metadata"]["namespace"], one.inputs["metadata"]["name"])
        == ("tenant-a", "tenant-operator")
    ]
    # Of the tenant's controller, and of none of its programs.
    assert role.inputs["rules"] == operator_rules(made - {DATABASE_SECRET})
