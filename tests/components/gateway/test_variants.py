"""Other shares for some callers: by a header they send, by the tenant that their token stands for, by both."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from components.gateway.checks import access_faults, route_faults
from components.gateway.policies import internal_identity
from components.gateway.routes import backend_objects, model_routes, routes_in_force
from components.gateway.spec import GatewaySpec, RouteSpec
from tests.components.gateway.scene import ACCESS, CATALOGUE, HOST

BOTH = {"backends": {"mixtral-canary": 100}, "tenants": ["tenant-a", "tenant-b"]}
VARIANTS: dict[str, Any] = {
    "asked": {"backends": {"mixtral": 50, "mixtral-canary": 50}},
    "both": BOTH,
    "tenants": {**BOTH, "tenants": ["tenant-b"], "on_request": False},
}


def written(**variants: Any) -> GatewaySpec:
    route = {"backends": {"mixtral": 100}, "fallbacks": ["relay"], "variants": variants}
    return GatewaySpec.model_validate(
        {"host": HOST, "inference_pools": True, "routes": {"mixtral-8x7b": route}}
    )


def rules(spec: GatewaySpec) -> list[dict[str, Any]]:
    (route,) = [one for one in model_routes(spec, CATALOGUE) if one.name == "model-mixtral-8x7b"]
    return route.spec["rules"]


def headers(rule: dict[str, Any]) -> list[dict[str, str]]:
    return [{one["name"]: one["value"] for one in match["headers"]} for match in rule["matches"]]


def test_a_variant_is_for_who_asks_for_it_for_some_tenants_or_for_both() -> None:
    plain, asked, both, tenants = rules(written(**VARIANTS))
    named = {"x-model-id": "mixtral-8x7b"}
    assert headers(plain) == [named]
    assert headers(asked) == [{**named, "x-variant": "asked"}]
    assert headers(both) == [
        {**named, "x-variant": "both", "x-tenant": "tenant-a"},
        {**named, "x-variant": "both", "x-tenant": "tenant-b"},
    ]
    assert headers(tenants) == [{**named, "x-tenant": "tenant-b"}]
    assert [(one["name"], one["weight"]) for one in asked["backendRefs"]] == [
        ("mixtral", 50),
        ("mixtral-canary", 50),
    ]


def test_whose_variant_it_is_says_the_token() -> None:
    """Routes are chosen after `x-tenant` has been written anew."""
    policy = internal_identity(ACCESS)["traffic"]
    assert policy["phase"] == "PreRouting"
    assert policy["transformation"]["request"]["set"][0]["name"] == "x-tenant"


def test_what_a_variant_shares_among_is_made_and_granted() -> None:
    spec = written(**VARIANTS)
    made = backend_objects(CATALOGUE, routes_in_force(spec, CATALOGUE))
    assert ("ai-inference", "mixtral-canary") in made
    (route,) = [one for one in model_routes(spec, CATALOGUE) if one.name == "model-mixtral-8x7b"]
    assert "mixtral-canary" in {target.name for target in route.targets}


def test_a_variant_wakes_its_servers() -> None:
    (route,) = [one for one in routes_in_force(written(**VARIANTS), CATALOGUE) if one.model == "mixtral-8x7b"]
    assert route.backends == ("mixtral", "mixtral-canary", "relay")


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ({"backends": {"a": 90}}, "shares sum to 90 (a 90), not 100; correct one of them"),
        ({"backends": {"a": -10, "b": 110}}, "the share of a is negative; write 0 to keep a backend idle"),
        (
            {"backends": {"a": 100}, "on_request": False},
            "on_request is false and tenants names none, so that nobody would be left for the route itself; name "
            "tenants, or change the route's own backends",
        ),
    ],
)
def test_a_variant_that_cannot_be_is_refused(variant: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as error:
        RouteSpec.model_validate({"backends": {"a": 100}, "variants": {"b": variant}})
    assert words in str(error.value)


def test_a_variant_names_backends_and_tenants_that_there_are() -> None:
    spec = written(odd={"backends": {"nobody": 100}, "tenants": ["tenant-z"]})
    assert [str(fault).partition(";")[0] for fault in route_faults(spec, CATALOGUE)] == [
        "gateway.routes.mixtral-8x7b.variants.odd.backends: names no backend: 'nobody'"
    ]
    assert [str(fault) for fault in access_faults(spec, ACCESS, CATALOGUE)] == [
        "gateway.routes.mixtral-8x7b.variants.odd.tenants: has 'tenant-z', which is no tenant: tenant-a, tenant-b; "
        "add the tenant, or drop it"
    ]
