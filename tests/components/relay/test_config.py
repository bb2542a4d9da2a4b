from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.charts import images
from components.prices.catalogue import CATALOGUE
from components.prices.spec import PricesSpec
from components.relay.config import CacheAddress, cheap, config, environment, files, settings
from components.relay.hook.rules import Settings
from components.relay.spec import RelaySpec

CACHE = CacheAddress(authority=True)
MODELS = sorted(RelaySpec().models)


def by_name(spec: RelaySpec) -> dict[str, dict[str, Any]]:
    listed = config(spec, PricesSpec(), CACHE)["model_list"]
    assert len({entry["model_name"] for entry in listed}) == len(listed), "one deployment for each name"
    return {entry["model_name"]: entry["litellm_params"] for entry in listed}


@given(
    st.dictionaries(
        st.sampled_from(["one", "two"]), st.lists(st.sampled_from(MODELS), min_size=1, unique=True)
    )
)
def test_a_tier_is_its_first_member_and_falls_back_to_the_others_in_order(
    tiers: dict[str, list[str]],
) -> None:
    spec = RelaySpec.model_validate(
        {
            "enabled": True,
            "providers": {"relay-provider": {"secret": "s"}},
            "tiers": {**tiers, "cost-effective": ["deepseek-v3.2"]},
        }
    )
    listed = by_name(spec)
    fallbacks = {
        name: rest
        for one in config(spec, PricesSpec(), CACHE)["router_settings"]["fallbacks"]
        for name, rest in one.items()
    }
    for tier, members in spec.tiers.items():
        assert listed[tier] == listed[members[0]]
        assert fallbacks.get(tier, []) == members[1:]
        assert set(members) <= CATALOGUE.keys()


def test_tokens_cost_what_the_catalogue_says(spec: RelaySpec) -> None:
    for name, model in by_name(spec).items():
        target = {**spec.aliases, **{tier: members[0] for tier, members in spec.tiers.items()}}.get(
            name, name
        )
        price = CATALOGUE[target]
        said = (model["input_cost_per_token"], model["output_cost_per_token"])
        assert said == (
            float(price.input_usd_per_mtok / 1_000_000),
            float(price.output_usd_per_mtok / 1_000_000),
        )


def test_a_stacks_own_price_is_in_force(spec: RelaySpec) -> None:
    dear = CATALOGUE["gpt-4.1"].model_copy(update={"input_usd_per_mtok": Decimal(10)})
    listed = config(spec, PricesSpec(models={"gpt-4.1": dear}), CACHE)["model_list"]
    assert {
        entry["litellm_params"]["input_cost_per_token"] for entry in listed if "gpt-4" in entry["model_name"]
    } == {1e-5}


def test_the_configuration_survives_being_written(spec: RelaySpec) -> None:
    written = files(spec, PricesSpec(), CACHE)
    assert yaml.safe_load(written["config.yaml"]) == config(spec, PricesSpec(), CACHE)
    assert Settings.read(written["settings.json"]).cheap == cheap(spec, PricesSpec())
    assert json.loads(written["settings.json"]) == settings(spec, PricesSpec())


def test_no_key_is_in_it(spec: RelaySpec) -> None:
    for entry in by_name(spec).values():
        assert entry["api_key"] == "os.environ/PROVIDER_KEY_RELAY_PROVIDER"
    general = config(spec, PricesSpec(), CACHE)["general_settings"]
    assert general["master_key"] == "os.environ/LITELLM_MASTER_KEY"
    assert general["database_url"] == "os.environ/DATABASE_URL"


def test_the_cache_is_found_by_parts_over_tls_or_by_url(spec: RelaySpec) -> None:
    def where(cache: CacheAddress) -> dict[str, Any]:
        said = config(spec, PricesSpec(), cache)["litellm_settings"]["cache_params"]
        return {
            name: value
            for name, value in said.items()
            if name in ("url", "host", "ssl", "ssl_ca_certs", "username")
        }

    parts = {"host": "os.environ/REDIS_HOST", "username": "os.environ/REDIS_USERNAME", "ssl": True}
    assert where(CacheAddress(authority=True)) == {**parts, "ssl_ca_certs": "/cache/ca.crt"}
    assert where(CacheAddress()) == parts
    assert where(CacheAddress(by_url=True)) == {"url": "os.environ/REDIS_URL"}


def test_connections_are_as_said(spec: RelaySpec) -> None:
    gpt = by_name(spec)["gpt-4.1"]
    assert (gpt["timeout"], gpt["max_parallel_requests"]) == (60, 50)
    said = environment(spec)
    assert (said["AIOHTTP_KEEPALIVE_TIMEOUT"], said["AIOHTTP_CONNECTOR_LIMIT_PER_HOST"]) == ("30", "50")


def test_prices_are_said_and_never_fetched(spec: RelaySpec) -> None:
    assert environment(spec)["LITELLM_LOCAL_MODEL_COST_MAP"] == "True"


def test_what_is_cheap_is_no_dearer_than_the_tier(spec: RelaySpec) -> None:
    assert cheap(spec, PricesSpec()) == (
        "cost-effective",
        "deepseek-v3.2",
        "gemini-2.5-flash",
        "text-embedding-3-small",
        "ultra-cheap",
    ), "balanced begins as cheap and may end at a dear model"


def test_what_a_request_has_it_fetch_is_public(spec: RelaySpec) -> None:
    assert config(spec, PricesSpec(), CACHE)["litellm_settings"]["user_url_validation"] is True


def test_a_model_of_vectors_is_never_replaced_by_one_of_text_however_dear(spec: RelaySpec) -> None:
    dear = CATALOGUE["text-embedding-3-small"].model_copy(update={"input_usd_per_mtok": Decimal(900)})
    assert "text-embedding-3-small" in cheap(spec, PricesSpec(models={"text-embedding-3-small": dear}))


def test_the_tests_package_is_of_the_images_version() -> None:
    from tests.components.relay.conftest import ROOT

    pinned = [
        line for line in (ROOT / "tools/relay.txt").read_text().splitlines() if line.startswith("litellm==")
    ]
    assert pinned[0].split("==")[1].rstrip(" \\") == images.LITELLM.tag.removeprefix("v")
    assert "://" not in (ROOT / "tools/relay.txt").read_text()
