"""What a stack may not say about the relay, with the words it hears."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from components.prices.spec import PricesSpec
from components.relay.checks import relay_faults
from components.relay.names import PROBE
from components.relay.spec import RelaySpec

PROVIDERS: dict[str, Any] = {"relay-provider": {"secret": "relay-provider"}}
MODELS: dict[str, Any] = {
    name: {"provider": "relay-provider"}
    for name in ("gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-flash", "deepseek-v3.2")
}
VECTORS: dict[str, Any] = {"provider": "relay-provider", "makes": "vectors"}
PARTS = {"gateway", "postgres", "external_secrets", "valkey", "keda"}


def refused(**said: Any) -> str:
    with pytest.raises(ValidationError) as error:
        RelaySpec.model_validate({"enabled": True, "providers": PROVIDERS, **said})
    return str(error.value)


def faults(
    spec: RelaySpec | None = None,
    *,
    parts: set[str] = PARTS,
    secrets: tuple[str, ...] = ("relay-provider",),
    tenants: tuple[str, ...] = ("tenant-a",),
    spot: bool = True,
    **said: Any,
) -> list[str]:
    relay = spec or RelaySpec.model_validate({"enabled": True, "providers": PROVIDERS, **said})
    found = relay_faults(relay, PricesSpec(), parts=parts, secrets=secrets, tenants=tenants, spot=spot)
    return [str(fault) for fault in found]


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v1",
        "https://api.example.com:8443/v1",
        "https://user:word@api.example.com/v1",
        "https://10.0.0.1:443@evil/v1",
        "https://localhost/v1",
        "https://api.example.com/v1?key=1",
        "api.example.com",
        "https://*.example.com",
    ],
)
def test_a_base_url_is_one_https_host(url: str) -> None:
    said = refused(providers={"relay-provider": {"secret": "s", "base_url": url}})
    assert "is not https://host/path on port 443; egress is opened for that host only" in said


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (
            {"providers": {}},
            "models.gpt-4.1.provider: is 'relay-provider'; providers are none; name one of those, or add it to",
        ),
        (
            {"aliases": {"gpt-4": "gpt-9"}},
            "aliases.gpt-4: is 'gpt-9'; models are claude-sonnet-4-5, deepseek-v3.2",
        ),
        (
            {"tiers": {"cost-effective": ["gpt-9"]}},
            "tiers.cost-effective: has 'gpt-9'; models are claude-sonnet-4-5, deepseek-v3.2, gemini-2.5-flash, gpt-4.1",
        ),
        ({"tiers": {"cost-effective": []}}, "tiers.cost-effective: is empty; name a model"),
        (
            {"tiers": {"cost-effective": ["gpt-4.1", "gpt-4.1"]}},
            "tiers.cost-effective: names a model twice, of which the second would never be tried; name each once",
        ),
        (
            {"tiers": {"top": ["gpt-4.1"]}},
            "budgets.degrade_to: is 'cost-effective'; tiers are top; name one of those, or add it to relay.tiers",
        ),
        (
            {"aliases": {"balanced": "gpt-4.1"}},
            "aliases.balanced: is the name of a tier as well; rename it: each name leads to one",
        ),
        (
            {"pre_rules": [{"model": "gpt-4", "longest_characters": 5}]},
            "pre_rules[0].model: is 'gpt-4'; models that make text and tiers are balanced, claude-sonnet-4-5",
        ),
        (
            {"budgets": {"notice_percent": 90}},
            "notice_percent 90 is not below degrade_percent 90; tenants hear of it before they feel it",
        ),
        ({"budgets": {"usd": 0}}, "greater than 0"),
        ({"budgets": {"every": "1y"}}, "Input should be '1d', '7d' or '30d'"),
        ({"batch": {"start": "01:00", "end": "01:00"}}, "start and end are both 01:00"),
        ({"batch": {"start": "25:00"}}, "should match pattern"),
        ({"probe": {"every_minutes": 7}}, "Input should be 5, 10, 15, 30 or 60"),
        ({"models": {}}, "at least 1 item"),
        (
            {
                "models": {**MODELS, "gpt-mini": {"provider": "relay-provider"}},
                "tiers": {"gpt-mini": ["gpt-4.1"]},
            },
            "tiers.gpt-mini: is the name of a model as well; rename it: each name leads to one",
        ),
        (
            {"models": {**MODELS, "small": VECTORS}, "tiers": {"cost-effective": ["small"]}},
            "tiers.cost-effective: has 'small', which makes vectors and no text; name a model that makes text",
        ),
        (
            {
                "models": {**MODELS, "small": VECTORS},
                "pre_rules": [{"model": "small", "longest_characters": 5}],
            },
            "pre_rules[0].model: is 'small'; models that make text and tiers are ",
        ),
        (
            {"models": {**MODELS, "small": {**VECTORS, "answer_ms": 5}}},
            "makes vectors, which the probe does not ask for; drop answer_ms",
        ),
        (
            {"providers": {"relay-provider": {"secret": "s", "api_key": "sk-1"}}},
            "Extra inputs are not permitted",
        ),
        (
            {"providers": {"relay-provider": {"secret": "s", "connection": {"max_connections": 0}}}},
            "greater than or",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_what_a_stack_may_not_say(said: dict[str, Any], says: str) -> None:
    assert says in refused(**said)


def test_all_faults_are_told_at_once() -> None:
    said = refused(aliases={"gpt-4": "x"}, tiers={"cost-effective": ["y"]})
    assert "aliases.gpt-4" in said
    assert "tiers.cost-effective" in said


def test_the_defaults_are_the_catalogues_models_tiers_and_connections() -> None:
    spec = RelaySpec.model_validate({"enabled": True, "providers": PROVIDERS})
    assert spec.tiers == {
        "high-quality": ["gpt-4.1", "claude-sonnet-4-5"],
        "balanced": ["gemini-2.5-flash", "claude-sonnet-4-5"],
        "cost-effective": ["deepseek-v3.2", "gemini-2.5-flash"],
        "ultra-cheap": ["deepseek-v3.2"],
    }
    connection = spec.providers["relay-provider"].connection
    assert (connection.keep_alive_seconds, connection.max_connections, connection.timeout_seconds) == (
        30,
        50,
        60,
    )
    assert [(one.first_token_ms, one.answer_ms) for one in spec.models.values()] == [
        (180, 420),
        (150, 380),
        (120, 280),
        (90, 200),
    ]
    assert faults(spec) == []


def test_only_hosts_and_secrets_of_providers_in_use_count() -> None:
    spec = RelaySpec.model_validate(
        {
            "enabled": True,
            "providers": {
                "relay-provider": {"secret": "one", "base_url": "https://api.holysheep.ai/v1"},
                "unused": {"kind": "anthropic", "secret": "two"},
            },
        }
    )
    assert spec.hosts == ("api.holysheep.ai",)
    assert spec.supplied_secrets == ("one",)


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        ("openai", "api.openai.com"),
        ("anthropic", "api.anthropic.com"),
        ("gemini", "generativelanguage.googleapis.com"),
        ("deepseek", "api.deepseek.com"),
    ],
)
def test_a_provider_without_an_address_has_its_apis_own(kind: str, host: str) -> None:
    spec = RelaySpec.model_validate(
        {"enabled": True, "providers": {"relay-provider": {"kind": kind, "secret": "s"}}}
    )
    assert spec.hosts == (host,)


def test_a_tenant_has_the_common_budget_unless_it_has_its_own() -> None:
    spec = RelaySpec.model_validate({"budgets": {"usd": "50", "tenants": {"tenant-a": "7.50"}}})
    assert spec.budgets.of("tenant-a") == Decimal("7.50")
    assert spec.budgets.of("tenant-b") == Decimal(50)


class TestBesideTheRestOfAConfig:
    @pytest.mark.parametrize(
        ("missing", "says"),
        [
            (
                "gateway",
                "relay.enabled: is true, but gateway is off: requests reach it through the gateway only; ",
            ),
            ("postgres", "is true, but postgres is off: keys, budgets and spend are kept in a database; "),
            (
                "external_secrets",
                "is true, but external_secrets is off: its keys come through External Secrets; ",
            ),
            ("valkey", "is true, but there is no cache: answers and counts are shared through one; "),
        ],
    )
    def test_what_it_needs(self, missing: str, says: str) -> None:
        (fault,) = faults(parts=PARTS - {missing})
        assert says in fault

    def test_a_model_without_a_price(self) -> None:
        models = {**RelaySpec().model_dump()["models"], "new-model": {"provider": "relay-provider"}}
        (fault,) = faults(models=models)
        assert fault == (
            "relay.models.new-model: has no price, so that no budget would count it; priced are "
            "claude-sonnet-4-5, deepseek-v3.2, gemini-2.5-flash, gpt-4.1, text-embedding-3-small; "
            "add prices.models.new-model with its source"
        )

    def test_a_secret_that_nobody_declared(self) -> None:
        (fault,) = faults(secrets=("other",))
        assert fault == (
            "relay.providers.relay-provider.secret: relay-provider is not declared in secrets; declared: other; "
            "add secrets.relay-provider.arn, the ARN of the secret whose JSON has the key api_key"
        )

    def test_a_budget_for_nobody(self) -> None:
        (fault,) = faults(budgets={"tenants": {"gone": 5}})
        assert faults(budgets={"tenants": {"platform": 5}}) == []
        assert "relay.budgets.tenants.gone: is a budget for a tenant that the stack does not have" in fault

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("t" * 40, "has 40 characters; its key at the relay leaves room for 30"),
            (PROBE, "is what the relay's probe"),
        ],
    )
    def test_tenants_it_could_not_name(self, name: str, says: str) -> None:
        (fault,) = faults(tenants=(name,))
        assert says in fault

    def test_rules_that_choose_a_model_nobody_has(self) -> None:
        spec = RelaySpec.model_validate(
            {
                "enabled": True,
                "providers": PROVIDERS,
                "models": {"gpt-4.1": {"provider": "relay-provider"}, "auto": {"provider": "relay-provider"}},
                "aliases": {"claude-sonnet-4-5": "gpt-4.1", "gemini-2.5-flash": "gpt-4.1"},
                "tiers": {"cost-effective": ["gpt-4.1"]},
            }
        )
        found = faults(spec)
        assert any("'auto' is how callers leave the choice to the platform" in fault for fault in found)
        assert any("lacks deepseek-v3.2, which the selection rules choose" in fault for fault in found)

    def test_rules_that_choose_a_model_without_text(self) -> None:
        (fault,) = faults(
            models={
                **MODELS,
                "deepseek-v3.2": {"provider": "relay-provider", "makes": "vectors"},
            },
            tiers={"cost-effective": ["gpt-4.1"]},
        )
        assert fault.startswith(
            "relay.models: lacks deepseek-v3.2, which the selection rules choose for some"
        )

    def test_batches_without_keda(self) -> None:
        (fault,) = faults(parts=PARTS - {"keda"}, batch={"enabled": True})
        assert "relay.batch.enabled: is true, but KEDA is off, which starts and ends its workers" in fault

    def test_batches_without_spot(self) -> None:
        (fault,) = faults(spot=False, batch={"enabled": True})
        assert (
            "the CPU pool has no Spot capacity, so that its workers would wait for ever; add spot to" in fault
        )
        assert faults(spot=False) == []

    def test_a_relay_that_is_off_has_no_faults(self) -> None:
        assert faults(RelaySpec(), parts=set()) == []
