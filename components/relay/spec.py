"""What may be said about the relay: providers, models, tiers, budgets, cache, and who is asked when."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from components.charts.pods import ContainerResources
from components.core.faults import FaultsError
from components.core.spec import TIME_OF_DAY, DnsLabel, HostName, Spec
from components.prices.spec import ModelName
from components.relay.known_names import name_faults
from components.relay.names import PROBE as PROBE  # whom series of the probe are counted under

_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def _https(value: str) -> str:
    parts = urlsplit(value)
    if (
        parts.scheme != "https"
        or not _HOST.fullmatch(parts.hostname or "")
        or parts.port not in (None, 443)
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise ValueError(
            f"{value!r} is not https://host/path on port 443; egress is opened for that host only"
        )
    return value


BaseUrl = Annotated[str, StringConstraints(max_length=200), AfterValidator(_https)]
Kind = Literal["openai", "anthropic", "gemini", "deepseek"]

HOSTS: dict[Kind, HostName] = {
    "openai": "api.openai.com",
    "anthropic": "api.anthropic.com",
    "gemini": "generativelanguage.googleapis.com",
    "deepseek": "api.deepseek.com",
}
"""Where LiteLLM asks a provider that has no other address."""


class ConnectionSpec(Spec):
    """How the relay talks to one provider; waiting requests are served in the order in which they came."""

    timeout_seconds: int = Field(
        default=60, ge=1, le=600, description="The longest answer that is no stream, in seconds."
    )
    stream_timeout_seconds: int = Field(
        default=60, ge=1, le=600, description="The longest wait for the first piece of a stream, in seconds."
    )
    max_connections: int = Field(
        default=50,
        ge=1,
        le=1000,
        description="Requests at once to each model of it, from one pod of the relay.",
    )
    keep_alive_seconds: int = Field(
        default=30,
        ge=1,
        le=600,
        description="How long an idle connection is kept. Of all providers the shortest is in force: one pool.",
    )


class ProviderSpec(Spec):
    """Somebody who answers for models: what it speaks, where, and by which key."""

    kind: Kind = Field(default="openai", description="The API it speaks; `openai` for every compatible one.")
    base_url: BaseUrl | None = Field(
        default=None,
        description="Another address than the API's own, as https://host/path; egress opens for that host only.",
    )
    secret: DnsLabel = Field(
        description="The name, in `secrets`, of the secret with its key: JSON with the key `api_key`."
    )
    connection: ConnectionSpec = Field(
        default_factory=ConnectionSpec, description="How the relay talks to it."
    )

    @property
    def host(self) -> HostName:
        """The one host that its requests go to."""
        return urlsplit(self.base_url).hostname or "" if self.base_url else HOSTS[self.kind]


class ModelSpec(Spec):
    """A model by its public name: who answers for it, under which name of theirs, and how fast it should."""

    provider: DnsLabel = Field(description="One of `providers`.")
    upstream: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="What the provider calls it; None: what we do.",
    )
    makes: Literal["text", "vectors"] = Field(
        default="text",
        description="What it answers with. `vectors` is an embedding model, asked at `/v1/embeddings`.",
    )
    first_token_ms: int | None = Field(
        default=None,
        ge=1,
        le=60_000,
        description="Expected time to the first token in ms; the probe compares.",
    )
    answer_ms: int | None = Field(
        default=None,
        ge=1,
        le=600_000,
        description="Expected time of a whole answer to 1,000 tokens in ms; the probe compares.",
    )

    @model_validator(mode="after")
    def _only_text_is_probed(self) -> Self:
        said = [name for name in ("first_token_ms", "answer_ms") if getattr(self, name) is not None]
        if self.makes == "vectors" and said:
            raise ValueError(f"makes vectors, which the probe does not ask for; drop {' and '.join(said)}")
        return self


class BudgetsSpec(Spec):
    """What tenants may spend on providers' models, in USD by the catalogue's prices."""

    usd: Decimal = Field(
        default=Decimal(100),
        gt=0,
        le=1_000_000,
        max_digits=9,
        decimal_places=2,
        description="Of each tenant.",
    )
    tenants: dict[DnsLabel, Annotated[Decimal, Field(gt=0, le=1_000_000, max_digits=9, decimal_places=2)]] = (
        Field(default_factory=dict, description="Of one tenant, by name, instead.")
    )
    every: Literal["1d", "7d", "30d"] = Field(
        default="30d",
        description="How often it begins anew: on the first of a month, on Monday, or each midnight (UTC).",
    )
    notice_percent: int = Field(
        default=80, ge=1, le=99, description="From here on answers say how much is used."
    )
    degrade_percent: int = Field(
        default=90, ge=1, le=99, description="From here on `degrade_to` answers in place of dearer models."
    )
    degrade_to: DnsLabel = Field(default="cost-effective", description="One of `tiers`.")

    @model_validator(mode="after")
    def _notice_comes_first(self) -> Self:
        if self.notice_percent >= self.degrade_percent:
            raise ValueError(
                f"notice_percent {self.notice_percent} is not below degrade_percent {self.degrade_percent}; "
                "tenants hear of it before they feel it"
            )
        return self

    def of(self, tenant: str) -> Decimal:
        """What this tenant may spend."""
        return self.tenants.get(tenant, self.usd)


class CacheSpec(Spec):
    """Answers that are given again: only what a model would say alike, only to the tenant and token it was for."""

    enabled: bool = Field(default=True, description="Keep answers to requests with temperature 0.")
    ttl_seconds: int = Field(default=3600, ge=1, le=86_400, description="How long an answer is kept.")


class PreRuleSpec(Spec):
    """A request to `auto` that is small enough goes to a cheap model without a model being asked about it."""

    model: str = Field(min_length=1, description="A model or a tier of the relay.")
    longest_characters: int = Field(
        ge=1,
        le=100_000,
        description="Characters of the whole conversation at most; with tools it never applies.",
    )
    words: list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9 -]*$", max_length=40)]] = Field(
        default_factory=list[str],
        max_length=50,
        description="One of these is in the last message, in any case; none: whatever it says.",
    )


class ProbeSpec(Spec):
    """A small question to each model, so that latency is known before a tenant asks."""

    enabled: bool = Field(default=True, description="Ask; each round costs a few hundred tokens a model.")
    every_minutes: Literal[5, 10, 15, 30, 60] = Field(default=15, description="How often.")
    usd: Decimal = Field(
        default=Decimal(5), gt=0, le=1000, max_digits=6, decimal_places=2, description="Its own budget."
    )
    tolerance: Decimal = Field(
        default=Decimal(3),
        gt=1,
        le=20,
        max_digits=4,
        decimal_places=2,
        description="How many times the expected time a round may take before it counts as failed.",
    )


class BatchSpec(Spec):
    """Requests that can wait: kept in the cache, worked off at night on Spot capacity."""

    enabled: bool = Field(default=False, description="Take requests at `/v1/batches`. Needs KEDA and Spot.")
    start: Annotated[str, StringConstraints(pattern=TIME_OF_DAY)] = Field(
        default="01:00", description="When workers start, HH:MM."
    )
    end: Annotated[str, StringConstraints(pattern=TIME_OF_DAY)] = Field(
        default="05:00", description="When they end, HH:MM; what is left waits for the next night."
    )
    timezone: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_]+(/[A-Za-z_+-]+)*$", max_length=64)] = (
        Field(default="UTC", description="Of both, as the IANA names it.")
    )
    workers: int = Field(default=2, ge=1, le=20, description="Pods within the window.")
    longest_queue: int = Field(
        default=10_000,
        ge=1,
        le=1_000_000,
        description="Requests that wait at most, of each tenant; more are refused.",
    )

    @model_validator(mode="after")
    def _the_window_has_a_length(self) -> Self:
        if self.start == self.end:
            raise ValueError(f"start and end are both {self.start}; a window of no length works nothing off")
        return self


def _default_models() -> dict[str, ModelSpec]:
    # Time to the first token and of an answer to 1,000 tokens, as the relay provider claimed for January 2025.
    hints = {
        "gpt-4.1": (180, 420),
        "claude-sonnet-4-5": (150, 380),
        "gemini-2.5-flash": (120, 280),
        "deepseek-v3.2": (90, 200),
    }
    return {
        name: ModelSpec(provider="relay-provider", first_token_ms=first, answer_ms=whole)
        for name, (first, whole) in hints.items()
    }


class RelaySpec(Spec):
    """The relay: off unless switched on, since it needs somebody's key."""

    enabled: bool = Field(default=False, description="Install it; needs the gateway, a cache and a database.")
    replicas: int = Field(default=2, ge=1, le=20, description="Pods; they share what they know in the cache.")
    resources: ContainerResources = Field(
        default=ContainerResources(cpu="500m", memory="1Gi", cpu_limit="2", memory_limit="2Gi"),
        description="Of each pod; the process holds about 600 MiB before the first request.",
    )
    providers: dict[DnsLabel, ProviderSpec] = Field(
        default_factory=dict, max_length=20, description="Who answers for models, by a name of yours."
    )
    models: dict[ModelName, ModelSpec] = Field(
        default_factory=_default_models,
        min_length=1,
        max_length=100,
        description="Models by public name; each has a price in the catalogue or in `prices`.",
    )
    aliases: dict[ModelName, ModelName] = Field(
        default_factory=lambda: {"gpt-4": "gpt-4.1", "claude-3": "claude-sonnet-4-5"},
        max_length=50,
        description="Other names by which clients ask for models.",
    )
    tiers: dict[DnsLabel, list[ModelName]] = Field(
        default_factory=lambda: {
            "high-quality": ["gpt-4.1", "claude-sonnet-4-5"],
            "balanced": ["gemini-2.5-flash", "claude-sonnet-4-5"],
            "cost-effective": ["deepseek-v3.2", "gemini-2.5-flash"],
            "ultra-cheap": ["deepseek-v3.2"],
        },
        max_length=20,
        description="Models in the order in which they are tried, under a name that clients ask for.",
    )
    budgets: BudgetsSpec = Field(default_factory=BudgetsSpec, description="What tenants may spend.")
    cache: CacheSpec = Field(default_factory=CacheSpec, description="Answers that are given again.")
    pre_rules: list[PreRuleSpec] = Field(
        default_factory=list[PreRuleSpec],
        max_length=20,
        description="Small requests to `auto`, before the selection rules; the first that applies.",
    )
    probe: ProbeSpec = Field(default_factory=ProbeSpec, description="Latency, before a tenant asks.")
    batch: BatchSpec = Field(default_factory=BatchSpec, description="Requests that can wait.")
    keys_generation: int = Field(
        default=1,
        ge=1,
        description="Raise it after a tenant's key was changed in Secrets Manager: LiteLLM is then told again.",
    )

    @model_validator(mode="after")
    def _names_are_known(self) -> Self:
        faults = name_faults(self)
        if faults:
            raise FaultsError(faults)
        return self

    @property
    def used_providers(self) -> dict[str, ProviderSpec]:
        """The providers that a model names: nobody else's key is read, nobody else's host opened."""
        used = {model.provider for model in self.models.values()}
        return {name: one for name, one in sorted(self.providers.items()) if name in used}

    @property
    def names_of_vectors(self) -> tuple[str, ...]:
        """The names, aliases included, that are asked for vectors and have no text to give."""
        models = {name for name, model in self.models.items() if model.makes == "vectors"}
        return tuple(sorted(models | {alias for alias, model in self.aliases.items() if model in models}))

    @property
    def hosts(self) -> tuple[HostName, ...]:
        """Where requests go, each once."""
        return tuple(sorted({provider.host for provider in self.used_providers.values()}))

    @property
    def supplied_secrets(self) -> tuple[str, ...]:
        """The names out of `secrets` that the relay reads."""
        return tuple(sorted({provider.secret for provider in self.used_providers.values()}))
