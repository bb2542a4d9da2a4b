from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.gateway.backends import UNHEALTHY
from components.gateway.checks import (
    LONGEST_TENANT,
    access_faults,
    gateway_faults,
    route_faults,
)
from components.gateway.routes import (
    Target,
    backend_objects,
    grants,
    grpc_routes,
    listing_route,
    model_routes,
    redirect_route,
    route_name,
    routes_in_force,
)
from components.gateway.spec import Access, Catalogue, GatewaySpec, Route
from tests.components.gateway.scene import (
    ACCESS,
    CANARY,
    CATALOGUE,
    HOST,
    POOL,
    PRIMARY,
    RELAY,
    SPARE,
    SPEC,
)
from tests.components.gateway.test_expressions import answer


def rule(name: str, spec: GatewaySpec = SPEC, catalogue: Catalogue = CATALOGUE) -> dict[str, Any]:
    (found,) = [one.spec["rules"][0] for one in model_routes(spec, catalogue) if one.name == name]
    return found


def written(**routes: Any) -> GatewaySpec:
    return GatewaySpec.model_validate({"host": HOST, "inference_pools": True, "routes": routes})


def test_a_canary_is_two_backends_with_shares() -> None:
    references = rule("model-mixtral-8x7b")["backendRefs"]
    assert [(one["name"], one["weight"]) for one in references] == [("mixtral", 80), ("mixtral-canary", 20)]
    assert {(one["kind"], one["namespace"]) for one in references} == {
        ("AgentgatewayBackend", "ai-inference")
    }


def test_moving_a_canary_changes_two_numbers_and_nothing_else() -> None:
    before = rule("model-mixtral-8x7b")
    moved = written(**{"mixtral-8x7b": {"backends": {"mixtral": 50, "mixtral-canary": 50}}})
    after = rule("model-mixtral-8x7b", moved)
    assert [one["weight"] for one in after["backendRefs"]] == [50, 50]
    for one in (*before["backendRefs"], *after["backendRefs"]):
        del one["weight"]
    assert before == after


def test_a_route_matches_the_header_that_the_gateway_fills_from_the_body() -> None:
    assert rule("model-gpt-4")["matches"] == [
        {
            "path": {"type": "PathPrefix", "value": "/v1"},
            "headers": [{"type": "Exact", "name": "x-model-id", "value": "gpt-4"}],
        }
    ]


def test_the_three_public_names_lead_somewhere() -> None:
    served = {route.model for route in routes_in_force(SPEC, CATALOGUE)}
    assert {"gpt-4", "claude-3", "mixtral-8x7b"} <= served


def test_every_other_name_is_the_relays() -> None:
    assert rule("models-default")["backendRefs"] == [
        {
            "group": "agentgateway.dev",
            "kind": "AgentgatewayBackend",
            "name": "relay",
            "namespace": "ai-gateway",
        }
    ]


def test_an_answer_may_take_as_long_as_the_longest_stream() -> None:
    for one in model_routes(SPEC, CATALOGUE):
        assert one.spec["rules"][0]["timeouts"] == {"request": "600s", "backendRequest": "600s"}


def test_fallbacks_are_one_object_of_groups_in_their_order() -> None:
    objects = backend_objects(CATALOGUE, routes_in_force(SPEC, CATALOGUE))
    chain = objects["ai-gateway", "chain-claude-3-relay"]
    assert [group["providers"][0]["name"] for group in chain["ai"]["groups"]] == ["relay", "spare"]
    first = chain["ai"]["groups"][0]["providers"][0]
    assert (first["host"], first["port"]) == ("litellm.ai-gateway.svc.cluster.local", 4000)
    assert "backendRef" not in first["custom"], "a Service is referred to from its own namespace only"


def test_every_link_of_a_chain_can_lose_its_turn() -> None:
    """Without a health policy nothing is evicted, and groups alone are no failover."""
    objects = backend_objects(CATALOGUE, routes_in_force(SPEC, CATALOGUE))
    for group in objects["ai-gateway", "chain-claude-3-relay"]["ai"]["groups"]:
        health = group["providers"][0]["policies"]["health"]
        assert health["eviction"]["consecutiveFailures"] == 2
        assert health["unhealthyCondition"] == UNHEALTHY


def response(code: int, refused: str = "") -> dict[str, Any]:
    return {"response": {"code": code, "headers": {"x-relay-refused": refused}}}


@pytest.mark.parametrize(
    ("answered", "failed"),
    [
        ({}, True),  # a connection that failed
        (response(200), False),
        (response(400), False),
        (response(429), True),
        (response(429, "true"), False),
        (response(503), True),
        (response(503, "true"), True),
    ],
)
def test_what_counts_as_a_failure(answered: dict[str, Any], failed: bool) -> None:
    """Not that the relay refuses one tenant, and yes that nobody answers: an expression that fails says no."""
    assert answer(UNHEALTHY, **answered) is failed


def test_a_request_that_meets_a_failing_link_is_tried_on_the_next() -> None:
    """Twice on each link but the last, which is asked once: the first failure takes nobody's turn."""
    attempts = {one.name: one.attempts for one in model_routes(SPEC, CATALOGUE)}
    assert attempts["model-claude-3"] == 2
    assert attempts["model-gpt-4"] == 0


def test_backends_stand_where_their_service_is() -> None:
    objects = backend_objects(CATALOGUE, routes_in_force(SPEC, CATALOGUE))
    assert objects["ai-inference", "mixtral"]["ai"]["provider"]["custom"]["backendRef"] == {
        "name": "vllm-mixtral",
        "port": 8000,
    }
    assert objects["ai-inference", "llama-pool"]["ai"]["provider"]["custom"]["backendRef"] == {
        "group": "inference.networking.k8s.io",
        "kind": "InferencePool",
        "name": "llama",
    }


@pytest.mark.parametrize("name", ["mixtral", "mixtral-canary"])
def test_each_side_of_a_canary_is_asked_by_its_own_name(name: str) -> None:
    """Two servers cannot answer to one public name, and vLLM answers 404 to a name that it does not serve."""
    objects = backend_objects(CATALOGUE, routes_in_force(SPEC, CATALOGUE))
    (only,) = objects["ai-inference", name]["policies"]["ai"]["transformations"]
    assert only["field"] == "model"
    assert only["expression"].endswith(f'in ["{name}"] ? request.headers["x-model-id"] : "{name}"')


def test_embeddings_are_not_read_as_chat() -> None:
    """Without this a proxy takes every path for chat and refuses a body that has no messages."""
    objects = backend_objects(CATALOGUE, routes_in_force(SPEC, CATALOGUE))
    chain = objects["ai-gateway", "chain-claude-3-relay"]["ai"]["groups"]
    made = [
        *(one["policies"] for one in objects.values() if "policies" in one),
        *(group["providers"][0]["policies"] for group in chain),
    ]
    assert len(made) == 6
    for policies in made:
        assert policies["ai"]["routes"] == {
            "/v1/chat/completions": "Completions",
            "/v1/embeddings": "Embeddings",
        }


def test_a_providers_key_is_named_and_not_said() -> None:
    objects = backend_objects(CATALOGUE, routes_in_force(SPEC, CATALOGUE))
    assert objects["ai-gateway", "relay"]["policies"]["auth"] == {
        "secretRef": {"name": "relay-master", "key": "masterkey"}
    }


def test_grants_name_what_routes_refer_to_elsewhere_and_nothing_more() -> None:
    routed = [*model_routes(SPEC, CATALOGUE), *grpc_routes(SPEC)]
    uses = [("gateway.networking.k8s.io", "HTTPRoute", target) for one in routed for target in one.targets]
    made = grants(uses)
    assert set(made) == {"ai-inference"}, "nothing is granted in the gateway's own namespace"
    assert made["ai-inference"]["from"] == [
        {"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "ai-gateway"}
    ]
    assert made["ai-inference"]["to"] == [
        {"group": "", "kind": "Service", "name": "embedder"},
        {"group": "agentgateway.dev", "kind": "AgentgatewayBackend", "name": "llama-pool"},
        {"group": "agentgateway.dev", "kind": "AgentgatewayBackend", "name": "mixtral"},
        {"group": "agentgateway.dev", "kind": "AgentgatewayBackend", "name": "mixtral-canary"},
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["ai-gateway", "ai-inference", "ai-agents"]), st.sampled_from("abc")),
        max_size=12,
    )
)
def test_every_reference_out_of_the_namespace_is_granted_and_no_other(pairs: list[tuple[str, str]]) -> None:
    uses = [("g", "HTTPRoute", Target(namespace, "", "Service", name, 80)) for namespace, name in pairs]
    granted = {(namespace, to["name"]) for namespace, spec in grants(uses).items() for to in spec["to"]}
    assert granted == {(namespace, name) for namespace, name in pairs if namespace != "ai-gateway"}


def test_port_80_redirects_and_does_nothing_else() -> None:
    redirect = redirect_route()
    assert redirect.spec["parentRefs"][0]["sectionName"] == "redirect"
    (only,) = redirect.spec["rules"]
    assert set(only) == {"filters"}
    assert only["filters"][0]["requestRedirect"] == {"scheme": "https", "statusCode": 301}


def test_no_model_is_served_on_port_80() -> None:
    for one in (*model_routes(SPEC, CATALOGUE), *grpc_routes(SPEC), listing_route()):
        assert "redirect" not in {parent["sectionName"] for parent in one.spec["parentRefs"]}


def test_the_list_of_models_has_no_backend() -> None:
    assert listing_route().spec["rules"] == [
        {"matches": [{"path": {"type": "Exact", "value": "/v1/models"}, "method": "GET"}]}
    ]


def test_a_grpc_service_is_matched_by_its_full_name() -> None:
    (one,) = grpc_routes(SPEC)
    assert one.spec["rules"][0]["matches"] == [
        {"method": {"type": "Exact", "service": "embeddings.v1.Embeddings"}}
    ]


@given(
    st.lists(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._:/-]{0,126}[A-Za-z0-9])?", fullmatch=True), unique=True)
)
def test_names_of_models_become_different_labels(models: list[str]) -> None:
    names = [route_name(model) for model in models]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 63 and name == name.lower() and not name.endswith("-") for name in names)


class TestFaults:
    def test_a_whole_catalogue_has_none(self) -> None:
        assert route_faults(SPEC, CATALOGUE) == []
        assert access_faults(SPEC, ACCESS, CATALOGUE) == []
        assert gateway_faults(SPEC) == []

    @pytest.mark.parametrize(
        ("route", "where"),
        [
            ({"backends": {"nobody": 100}}, "backends"),
            ({"backends": {"relay": 100}, "fallbacks": ["nobody"]}, "fallbacks"),
        ],
    )
    def test_shares_and_fallbacks_name_backends(self, route: dict[str, Any], where: str) -> None:
        (fault,) = route_faults(written(**{"gpt-4": route}), CATALOGUE)
        assert str(fault) == (
            f"gateway.routes.gpt-4.{where}: names no backend: 'nobody'; the stack has: llama-pool, "
            "mixtral, mixtral-canary, relay, spare; add the model, or name another"
        )

    def test_the_relay_knows_the_names_that_lead_to_it(self) -> None:
        relay = replace(RELAY, serves=("gpt-4", "claude-3"))
        catalogue = replace(CATALOGUE, backends=(PRIMARY, CANARY, relay, SPARE, POOL))
        assert route_faults(SPEC, catalogue) == []
        spec = written(**{"mixtral-8x7b": {"backends": {"mixtral": 100}, "fallbacks": ["relay"]}})
        assert [str(fault) for fault in route_faults(spec, catalogue)] == [
            "gateway.routes.mixtral-8x7b: leads to relay, which does not know that name and would answer 400; "
            "give the relay a model or an alias of it, or name another backend"
        ]

    def test_two_backends_have_two_names(self) -> None:
        (fault,) = route_faults(SPEC, replace(CATALOGUE, backends=(*CATALOGUE.backends, CANARY)))
        assert "two backends are called 'mixtral-canary'" in str(fault)

    def test_a_catalogues_own_shares_are_a_whole_too(self) -> None:
        odd = Catalogue(backends=(PRIMARY, CANARY), routes=(Route(model="m", weights={"mixtral": 90}),))
        (fault,) = route_faults(SPEC, odd)
        assert str(fault) == (
            "gateway.routes.m.backends: shares are {'mixtral': 90}, which is not a whole of 100; correct them"
        )

    def test_fallbacks_of_two_routes_are_two_objects(self) -> None:
        first, second = replace(PRIMARY, name="canary-b"), replace(PRIMARY, name="b")
        catalogue = replace(CATALOGUE, backends=(*CATALOGUE.backends, first, second))
        spec = written(
            **{
                "m": {"backends": {"canary-b": 100}, "fallbacks": ["relay"]},
                "m-canary": {"backends": {"b": 100}, "fallbacks": ["relay"]},
            }
        )
        (fault,) = route_faults(spec, catalogue)
        assert str(fault) == (
            "gateway.routes.m-canary.fallbacks: would be the same object as those of m, chain-m-canary-b; "
            "rename a model"
        )

    def test_a_pool_cannot_be_in_a_chain(self) -> None:
        spec = written(llama={"backends": {"llama-pool": 100}, "fallbacks": ["relay"]})
        (fault,) = route_faults(spec, CATALOGUE)
        assert "has the inference pool 'llama-pool' in a chain" in str(fault)
        assert "let the relay fall back, or leave the pool out" in str(fault)

    def test_a_pool_needs_its_kinds(self) -> None:
        (fault,) = route_faults(GatewaySpec(host=HOST), Catalogue(backends=(POOL,)))
        assert str(fault) == (
            "gateway.inference_pools: is false, but llama-pool is a pool; "
            "switch it on, or serve the model by a Service"
        )

    def test_a_gateway_without_a_name_is_none(self) -> None:
        assert GatewaySpec().installed is False
        assert GatewaySpec(host=HOST).installed is True
        assert GatewaySpec(host=HOST, enabled=False).installed is False
        open_to_all = {"load_balancer": {"scheme": "internet-facing"}}
        assert gateway_faults(GatewaySpec.model_validate(open_to_all)) == []

    def test_the_internet_is_let_in_by_name_only(self) -> None:
        spec = GatewaySpec.model_validate({"host": HOST, "load_balancer": {"scheme": "internet-facing"}})
        (fault,) = gateway_faults(spec)
        assert str(fault).startswith(
            "gateway.load_balancer.source_ranges: is empty, but the load balancer is internet-facing"
        )
        assert gateway_faults(spec, edge=True) == []

    def test_the_api_is_no_page(self) -> None:
        spec = GatewaySpec.model_validate({"host": "grafana.example.com", "ui": {"domain": "example.com"}})
        (fault,) = gateway_faults(spec)
        assert "makes grafana.example.com a page as well as the API" in str(fault)

    def test_a_tenants_tier_has_limits(self) -> None:
        (fault,) = access_faults(SPEC, {"a": Access(tier="gold")}, CATALOGUE)
        assert str(fault) == (
            "tenants.a.tier: is 'gold', which has no limits at the gateway: standard; add it"
        )

    def test_a_tenants_models_are_served(self) -> None:
        bare = replace(CATALOGUE, default=None)
        (fault,) = access_faults(SPEC, {"a": Access(tier="standard", models=("gpt-5",))}, bare)
        assert str(fault).startswith("tenants.a.models: has 'gpt-5', which nothing serves: claude-3, gpt-4")

    def test_no_tenant_is_the_platform(self) -> None:
        (fault,) = access_faults(SPEC, {"platform": Access(tier="standard")}, CATALOGUE)
        assert "is what the platform's own agents call as" in str(fault)

    def test_a_tenants_key_has_a_name_that_fits(self) -> None:
        name = "t" * (LONGEST_TENANT + 1)
        (fault,) = access_faults(SPEC, {name: Access(tier="standard")}, CATALOGUE)
        assert f"has {len(name)} characters; its key at the gateway leaves room for {LONGEST_TENANT}" in str(
            fault
        )

    def test_two_hundred_tenants_fit_and_too_many_are_counted(self) -> None:
        def tenants(count: int) -> dict[str, Access]:
            return {f"tenant-{index}": Access(tier="standard") for index in range(count)}

        assert access_faults(SPEC, tenants(180), CATALOGUE) == []
        (fault, *_) = access_faults(SPEC, tenants(400), CATALOGUE)
        assert "400 of them make the gateway's expression for who is who" in str(fault)
        assert "of 16384 that are allowed" in str(fault)
