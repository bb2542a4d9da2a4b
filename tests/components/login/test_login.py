from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.gateway.spec import UiSpec
from components.identity_provider.spec import Login as Provider
from components.login.login import Login, LoginArgs
from components.login.render import SESSION, arguments, client_secret, deployment
from components.login.spec import LoginSpec

PUBLIC = Provider(issuer="https://issuer.example.com", client_id="pages", groups_claim="groups")
CONFIDENTIAL = replace(PUBLIC, client_secret_arn="arn:aws:secretsmanager:us-east-1:111122223333:secret:login")
HOST, DOMAIN = "login.ui.example.com", "ui.example.com"


def flags(provider: Provider = PUBLIC, **spec: Any) -> list[str]:
    return [str(one) for one in arguments(LoginSpec(**spec), provider, host=HOST, domain=DOMAIN)]


def made(capture: Capture, provider: Provider = PUBLIC) -> Plan:
    def program() -> None:
        Login(
            "login",
            LoginArgs(
                spec=LoginSpec(),
                ui=UiSpec(domain=DOMAIN),
                provider=provider,
                namespace="ai-gateway",
                after=(),
                monitored=True,
            ),
        )

    return capture(program)


def test_a_public_client_proves_itself_by_pkce_alone() -> None:
    assert "--code-challenge-method=S256" in flags()
    assert "--client-secret-file=/dev/null" in flags()


def test_a_confidential_clients_secret_is_a_file() -> None:
    assert "--client-secret-file=/etc/login/client-secret" in flags(CONFIDENTIAL)
    pod = deployment(LoginSpec(), CONFIDENTIAL, host=HOST, domain=DOMAIN)["template"]["spec"]
    assert pod["volumes"] == [{"name": "client", "secret": {"secretName": "login-client"}}]
    assert client_secret("arn")["data"] == [
        {"secretKey": "client-secret", "remoteRef": {"key": "arn", "property": "client-secret"}}
    ]


def test_a_secret_is_made_only_where_there_is_one(capture: Capture) -> None:
    kind = "kubernetes:external-secrets.io/v1:ExternalSecret"
    assert made(capture).all(kind) == []
    (one,) = made(capture, CONFIDENTIAL).all(kind)
    plan = made(capture, CONFIDENTIAL)
    assert plan.deleted_before(plan.one("kubernetes:apps/v1:Deployment").urn, one.urn)


def test_one_login_is_for_every_page_of_the_domain_and_for_no_other() -> None:
    found = flags()
    assert "--cookie-domain=.ui.example.com" in found
    assert "--whitelist-domain=.ui.example.com" in found
    assert "--redirect-url=https://login.ui.example.com/oauth2/callback" in found


def test_a_cookie_goes_over_tls_only() -> None:
    assert {"--cookie-secure=true", "--cookie-samesite=lax", "--cookie-name=__Secure-login"} <= set(flags())


def test_groups_are_asked_for_where_they_are_written() -> None:
    assert [one for one in flags() if one.startswith("--allowed-group")] == ["--allowed-group=platform"]
    assert {"--allowed-group=ops", "--oidc-groups-claim=groups"} <= set(flags(allowed_groups=["ops"]))


def test_the_login_says_who_it_was_and_shows_nothing_itself() -> None:
    found = set(flags())
    assert {"--set-xauthrequest=true", "--set-authorization-header=true", "--upstream=static://202"} <= found


def test_a_session_is_sealed_with_a_value_nobody_typed() -> None:
    (key,) = SESSION.keys
    assert key.length == 32, "oauth2-proxy takes 16, 24 or 32 bytes"
    (container,) = deployment(LoginSpec(), PUBLIC, host=HOST, domain=DOMAIN)["template"]["spec"]["containers"]
    values = {one["name"]: one for one in container["env"]}
    assert values["OAUTH2_PROXY_COOKIE_SECRET"]["valueFrom"]["secretKeyRef"] == {
        "name": "login-session",
        "key": "cookie-secret",
    }


def test_pods_wait_for_their_account(capture: Capture) -> None:
    plan = made(capture)
    account = plan.one("kubernetes:core/v1:ServiceAccount").urn
    assert plan.deleted_before(plan.one("kubernetes:apps/v1:Deployment").urn, account)


def test_pages_are_never_for_every_user_there_is() -> None:
    """They show what all tenants do, and a tenant's users are in the same pool."""
    with pytest.raises(ValidationError, match="allowed_groups\n  List should have at least 1 item"):
        LoginSpec(allowed_groups=[])
