from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.gateway.expressions import belongs, is_known
from components.identity_provider.cognito import Cognito, CognitoArgs
from components.identity_provider.render import (
    client,
    cognito_callers,
    domain_prefix,
    external_callers,
    external_login,
    identity_faults,
    token_endpoint,
)
from components.identity_provider.spec import CognitoSpec, ExternalSpec, IdentitySpec
from tests.components.gateway.test_expressions import answer

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a", "us-east-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
GROUP = "aws:cognito/userGroup:UserGroup"
POOL = "aws:cognito/userPool:UserPool"
EXTERNAL = ExternalSpec(
    mode="external",
    issuer="https://login.example.com/oauth2/default",
    audiences=["ai-gateway"],
    login_client_id="pages",
    login_client_secret="login",
    tenants={"Team A": "tenant-a"},
)


def captured(capture: Capture, *, pages: bool = True, protect: bool = False) -> Plan:
    def program() -> None:
        Cognito(
            "identity",
            CognitoArgs(
                place=PLACE,
                spec=CognitoSpec(),
                tenants={"tenant-a": (), "tenant-b": ("made-by-hand",)},
                login_host="login.ui.example.com" if pages else None,
                page_groups=("platform", "tenant-b"),
                protect=protect,
            ),
        )

    return capture(program)


def words(**fields: Any) -> str:
    with pytest.raises(ValidationError) as error:
        TypeAdapter[CognitoSpec | ExternalSpec](IdentitySpec).validate_python(fields)
    return str(error.value)


def test_each_tenant_has_a_client_of_its_own_and_pages_another(capture: Capture) -> None:
    assert {one.inputs["name"] for one in captured(capture).all(CLIENT)} == {"tenant-a", "tenant-b", "pages"}
    assert {one.inputs["name"] for one in captured(capture, pages=False).all(CLIENT)} == {
        "tenant-a",
        "tenant-b",
    }


def test_no_client_has_a_secret_so_none_is_in_the_state(capture: Capture) -> None:
    """Cognito answers with a client's secret, and what a resource answers stands in the state."""
    plan = captured(capture)
    assert [one.inputs["generateSecret"] for one in plan.all(CLIENT)] == [False, False, False]
    assert "clientSecret" not in str([one.inputs for one in plan.resources])


def test_a_client_gets_tokens_by_a_code_that_is_useless_to_who_intercepts_it() -> None:
    made = client(CognitoSpec(), callbacks=["https://a"], scopes=["openid"])
    assert made["allowed_oauth_flows"] == ["code"]
    assert made["explicit_auth_flows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]


def test_a_tenants_token_is_for_the_gateway_and_a_pages_is_not(capture: Capture) -> None:
    scopes = {one.inputs["name"]: one.inputs["allowedOauthScopes"] for one in captured(capture).all(CLIENT)}
    assert scopes["tenant-a"] == ["openid", "gateway/invoke"]
    assert "gateway/invoke" not in scopes["pages"]


def test_each_tenant_has_a_group_that_says_who_belongs_to_it(capture: Capture) -> None:
    groups = captured(capture, pages=False).all(GROUP)
    assert {one.inputs["name"] for one in groups} == {"tenant-a", "tenant-b"}


def test_who_may_see_pages_is_a_group_that_is_there(capture: Capture) -> None:
    names = [one.inputs["name"] for one in captured(capture).all(GROUP)]
    assert sorted(names) == ["platform", "tenant-a", "tenant-b"], "a tenant's group is made once"


class TestMembership:
    """Client ids are no secrets, and every user of the pool can log in by every one of them."""

    CALLERS = cognito_callers(
        PLACE,
        "https://issuer",
        "keys",
        clients=[("1abc", "tenant-a"), ("2def", "tenant-b")],
        machines=[("made-by-hand", "tenant-b")],
    )

    def passes(self, client: str, groups: list[str] | None) -> bool:
        claims: dict[str, Any] = {"client_id": client}
        if groups is not None:
            claims["cognito:groups"] = groups
        member = belongs(self.CALLERS)
        try:
            return answer(is_known(self.CALLERS), jwt=claims) is answer(member, jwt=claims) is True
        except (KeyError, RuntimeError):
            return False

    @pytest.mark.parametrize(
        ("client", "groups", "passes"),
        [
            ("1abc", ["tenant-a"], True),
            ("2def", ["other", "tenant-b"], True),
            ("2def", ["tenant-a"], False),
            ("2def", [], False),
            ("2def", None, False),
            ("made-by-hand", None, True),
            ("nobodys", ["tenant-a"], False),
        ],
    )
    def test_a_user_is_a_tenant_only_where_its_group_says_so(
        self, client: str, groups: list[str] | None, passes: bool
    ) -> None:
        assert self.passes(client, groups) is passes


def test_nobody_makes_themselves_an_account(capture: Capture) -> None:
    pool = captured(capture).one(POOL).inputs
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}
    assert (pool["mfaConfiguration"], pool["softwareTokenMfaConfiguration"]) == ("ON", {"enabled": True})


def test_users_are_data(capture: Capture) -> None:
    for protect, said in ((True, "ACTIVE"), (False, "INACTIVE")):
        pool = captured(capture, protect=protect).one(POOL)
        assert pool.inputs["deletionProtection"] == said
        assert bool(pool.options.get("protect")) is protect


def test_scopes_exist_before_a_client_asks_for_them(capture: Capture) -> None:
    plan = captured(capture)
    server = plan.one("aws:cognito/resourceServer:ResourceServer").urn
    assert plan.deleted_before(plan.one(CLIENT, "identity-tenant-a").urn, server)


def test_names_that_clients_use_are_known_at_plan_time() -> None:
    assert domain_prefix(PLACE, CognitoSpec()) == "ai-dev-111122223333"
    assert token_endpoint(PLACE, CognitoSpec()) == (
        "https://ai-dev-111122223333.auth.us-east-1.amazoncognito.com/oauth2/token"
    )


class TestExternal:
    def test_a_claims_value_is_a_tenants_name_or_one_that_is_written(self) -> None:
        callers = external_callers(EXTERNAL, ["tenant-a", "tenant-b"])
        assert callers.tenants == (("Team A", "tenant-a"), ("tenant-a", "tenant-a"), ("tenant-b", "tenant-b"))
        assert (callers.jwks_host, callers.jwks_path) == (
            "login.example.com",
            "oauth2/default/.well-known/jwks.json",
        )
        assert callers.audiences == ("ai-gateway",)

    def test_keys_may_be_elsewhere(self) -> None:
        spec = EXTERNAL.model_copy(update={"jwks_uri": "https://keys.example.com/v1/keys"})
        assert spec.keys == ("keys.example.com", "v1/keys")

    def test_pages_use_the_client_that_is_named(self) -> None:
        login = external_login(EXTERNAL, {"login": "arn:aws:secretsmanager:us-east-1:1:secret:x"})
        assert login is not None
        assert login.client_secret_arn == "arn:aws:secretsmanager:us-east-1:1:secret:x"
        assert external_login(EXTERNAL.model_copy(update={"login_client_id": None}), {}) is None

    def test_an_audience_is_demanded(self) -> None:
        assert "at least 1 item" in words(mode="external", issuer="https://x.example", audiences=[])

    @pytest.mark.parametrize("issuer", ["http://x.example", "x.example", "https://x.example?a=b"])
    def test_an_issuer_is_an_address(self, issuer: str) -> None:
        message = words(mode="external", issuer=issuer, audiences=["a"])
        assert f"{issuer!r} is not an issuer; write https://host/path" in message

    def test_keys_are_where_policies_let_out(self) -> None:
        assert "the issuer's keys are not on port 443" in words(
            mode="external", issuer="https://x.example:8443", audiences=["a"]
        )

    def test_a_claim_is_one_that_an_expression_can_name(self) -> None:
        message = words(mode="external", issuer="https://x.example", audiences=["a"], tenant_claim='a"b')
        assert "should match pattern" in message


@pytest.mark.parametrize("url", ["http://evil.example/cb", "https://*.example.com/cb", "app://cb"])
def test_a_login_returns_to_a_page_or_to_this_machine(url: str) -> None:
    assert f"{url!r} cannot be called back; write https://..., or http://localhost:<port>/..." in words(
        mode="cognito", callback_urls=[url]
    )


class TestFaults:
    def test_cognito_refuses_some_words(self) -> None:
        place = replace(PLACE, cluster_name="aws-dev")
        (fault,) = identity_faults(place, CognitoSpec(), {}, pages=False)
        assert str(fault) == (
            "identity.domain_prefix: aws-dev-111122223333 has 'aws' in it, which Cognito refuses; "
            "write another domain_prefix"
        )
        assert identity_faults(place, CognitoSpec(domain_prefix="ai-x"), {}, pages=False) == []

    def test_a_client_stands_for_one_tenant(self) -> None:
        (fault,) = identity_faults(PLACE, CognitoSpec(), {"a": ["1"], "b": ["1"]}, pages=False)
        assert str(fault) == (
            "tenants.b.client_ids: 1 stands for tenant a already; a client is one tenant's: make another"
        )

    def test_pages_are_for_no_tenants_group(self) -> None:
        groups = ["platform", "acme"]
        tenants: dict[str, list[str]] = {"acme": []}
        (fault,) = identity_faults(PLACE, CognitoSpec(), tenants, pages=True, page_groups=groups)
        assert str(fault) == (
            "login.allowed_groups[1]: is 'acme', the group of that tenant's users, and pages show what every tenant "
            "does; name a group of the platform's own people"
        )
        assert identity_faults(PLACE, CognitoSpec(), tenants, pages=False, page_groups=groups) == []

    def test_a_claims_value_names_a_tenant(self) -> None:
        (fault,) = identity_faults(PLACE, EXTERNAL, {"tenant-b": []}, pages=True, secrets=["login"])
        assert str(fault) == (
            "identity.tenants.Team A: names no tenant: tenant-a; add the tenant, or drop it"
        )

    def test_pages_need_a_client(self) -> None:
        bare = EXTERNAL.model_copy(update={"login_client_id": None, "tenants": {}})
        (fault,) = identity_faults(PLACE, bare, {}, pages=True, secrets=["login"])
        assert "identity.login_client_id: is missing, but gateway.ui shows pages" in str(fault)

    def test_a_clients_secret_is_declared(self) -> None:
        bare = EXTERNAL.model_copy(update={"tenants": {}})
        (fault,) = identity_faults(PLACE, bare, {}, pages=True, secrets=["openai"])
        assert str(fault) == (
            "identity.login_client_secret: nothing provides the secret 'login'; "
            "declare it under secrets with its arn; declared: openai"
        )
