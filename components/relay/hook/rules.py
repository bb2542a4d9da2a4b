"""What the relay decides about a request, as pure functions of it: nothing here knows LiteLLM."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from .selection import AUTO, HEADERS, select

CACHE_OPT_OUT = "x-no-cache"
SUBJECT_HEADER = "x-subject"
REFUSED_HEADER = "x-relay-refused"
"""On a 429 that is this caller's affair: without it the gateway would take the relay for overloaded, for everybody."""
BUDGET_EXCEEDED = "budget_exceeded"
"""LiteLLM's word for it, and ours."""
TOOLS = ("tools", "functions")

# What a client may say, and all of it. A list of what it may not would have to grow with LiteLLM: `no-log` hides a
# request from the counters, `max_retries` pays several times, `fallbacks` and `cache` reach other models and tenants.
# Left out on purpose: `service_tier` and `web_search_options`, for which there is no price; `store` and `metadata`,
# by which a provider keeps what was said.
SAYABLE = frozenset(
    {
        "model",
        "messages",
        "prompt",
        "suffix",
        "input",
        "temperature",
        "top_p",
        "top_k",
        "n",
        "best_of",
        "echo",
        "seed",
        "stop",
        "max_tokens",
        "max_completion_tokens",
        "presence_penalty",
        "frequency_penalty",
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "stream",
        "stream_options",
        "response_format",
        "modalities",
        "audio",
        "prediction",
        "tools",
        "tool_choice",
        "parallel_tool_calls",
        "functions",
        "function_call",
        "reasoning_effort",
        "thinking",
        "verbosity",
        "user",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "dimensions",
        "encoding_format",
    }
)

_CHARACTERS_PER_TOKEN = 4
_KEY = re.compile(rb"\b(?:sk|pk|rk)-[A-Za-z0-9_*-]{6,}")
_BEARER = re.compile(rb"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]{8,}")
REDACTED = b"[redacted]"


@dataclass(frozen=True)
class PreRule:
    """A request that is so and so small goes to a cheaper model without anybody asking a model about it."""

    model: str
    longest_characters: int
    words: tuple[str, ...] = ()
    """One of them is in the last message; none: whatever it says."""


@dataclass(frozen=True)
class Settings:
    """What the program tells the relay, read from a file beside this module."""

    cache_enabled: bool = True
    cache_ttl_seconds: int = 3600
    cache_prefix: str = "ai"
    notice_percent: int = 80
    degrade_percent: int = 90
    degrade_to: str = "cost-effective"
    cheap: tuple[str, ...] = ()
    """Models that cost no more than the dearest of `degrade_to`: they are answered as asked for."""
    names: tuple[str, ...] = ()
    """What a client may ask for: models, aliases, tiers."""
    pre_rules: tuple[PreRule, ...] = ()

    @staticmethod
    def read(text: str) -> Settings:
        """The settings in `text`, which is the JSON that the program rendered."""
        said = cast("dict[str, Any]", json.loads(text))
        rules = cast("list[dict[str, Any]]", said.pop("pre_rules", []))
        plain: dict[str, Any] = {
            name: tuple(cast("list[str]", value)) if isinstance(value, list) else value
            for name, value in said.items()
        }
        pre_rules = tuple(
            PreRule(
                model=str(rule["model"]),
                longest_characters=int(rule["longest_characters"]),
                words=tuple(rule.get("words", ())),
            )
            for rule in rules
        )
        return Settings(**plain, pre_rules=pre_rules)


def without_private(data: Mapping[str, Any]) -> dict[str, Any]:
    """The request as a client may have written it: what it has no business with is left out."""
    return {name: value for name, value in data.items() if name in SAYABLE}


def chosen_model(asked: str, headers: Mapping[str, str], data: Mapping[str, Any], settings: Settings) -> str:
    """The model that answers: the one asked for, or where that is `auto` the one that rules choose.

    What a caller says it needs goes before what a request looks like.
    """
    if asked != AUTO:
        return asked
    if not any(headers.get(name) for name in HEADERS):
        for rule in settings.pre_rules:
            if _applies(rule, data):
                return rule.model
    return select(headers)


def _applies(rule: PreRule, data: Mapping[str, Any]) -> bool:
    if any(data.get(name) for name in TOOLS):
        return False
    texts = list(_texts(data.get("messages")))
    if not texts or sum(map(len, texts)) > rule.longest_characters:
        return False
    last = texts[-1].lower()
    return not rule.words or any(re.search(rf"\b{re.escape(word)}\b", last) for word in rule.words)


def cache_control(
    data: Mapping[str, Any], headers: Mapping[str, str], tenant: str | None, settings: Settings
) -> dict[str, Any] | None:
    """How LiteLLM may cache this request; None: not at all.

    Only what a model would answer alike each time, and only within a tenant and the subject of its token: the name
    space is a part of the key, and the rest of the key is every parameter, tools and length included.
    """
    if not settings.cache_enabled or not tenant or headers.get(CACHE_OPT_OUT):
        return None
    temperature = data.get("temperature")
    deterministic = isinstance(temperature, int | float) and not isinstance(temperature, bool)
    if not deterministic or temperature != 0 or data.get("stream") or data.get("n") not in (None, 1):
        return None
    # Hashed together: no name that a client chooses can look like another tenant's.
    whose = json.dumps([tenant, headers.get(SUBJECT_HEADER, "")])
    scope = hashlib.sha256(whose.encode()).hexdigest()[:32]
    return {
        "use-cache": True,
        "namespace": f"{settings.cache_prefix}:{scope}",
        "ttl": settings.cache_ttl_seconds,
    }


@dataclass(frozen=True)
class Standing:
    """How much of a budget is used."""

    percent: int | None
    """Whole per cent, rounded down; None without a budget."""
    noticed: bool = False
    degraded: bool = False
    refused: bool = False


def standing(spend: float, budget: float | None, settings: Settings) -> Standing:
    """Where a tenant stands; spend that cannot be read counts as all of it."""
    if budget is None:
        return Standing(percent=None)
    if not math.isfinite(spend) or not math.isfinite(budget) or budget <= 0:
        return Standing(percent=100, noticed=True, degraded=True, refused=True)
    # An ulp below a threshold is the threshold: 0.8 * 100 is not always 80.
    percent = max(0, math.floor(spend / budget * 100 + 1e-9))
    return Standing(
        percent=percent,
        noticed=percent >= settings.notice_percent,
        degraded=percent >= settings.degrade_percent,
        refused=percent >= 100,
    )


def affordable(model: str, stands: Standing, settings: Settings) -> str:
    """The model that answers a tenant that stands so: near the end of a budget, the cheap tier."""
    if not stands.degraded or model in settings.cheap or model == settings.degrade_to:
        return model
    return settings.degrade_to


def estimated_tokens(text: str) -> int:
    """Tokens of a text by its length, for answers that do not say: four characters each, rounded up."""
    return -(-len(text) // _CHARACTERS_PER_TOKEN)


def estimated_prompt(messages: object) -> int:
    """The same of a conversation: of what is said in it, not of the JSON around that."""
    return sum(estimated_tokens(text) for text in _texts(messages))


def _texts(messages: object) -> Iterable[str]:
    if not isinstance(messages, Sequence) or isinstance(messages, str | bytes):
        return
    for message in cast("Sequence[object]", messages):
        if not isinstance(message, Mapping):
            continue
        content = cast("Mapping[str, object]", message).get("content")
        if isinstance(content, str):
            yield content
        elif isinstance(content, Sequence):
            for part in cast("Sequence[object]", content):
                text = cast("Mapping[str, object]", part).get("text") if isinstance(part, Mapping) else None
                if isinstance(text, str):
                    yield text


def without_secrets(body: bytes, secrets: Iterable[bytes]) -> bytes:
    """The body without these."""
    for secret in secrets:
        if len(secret) >= 8:
            body = body.replace(secret, REDACTED)
    return body


def is_callers_affair(status: int, body: bytes) -> bool:
    """Whether an error is that the caller's budget is used up, and not that a provider has had enough."""
    if status != 429:
        return False
    try:
        said: Any = json.loads(body)
        return bool(said["error"]["type"] == BUDGET_EXCEEDED)
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def redacted(body: bytes, secrets: Iterable[bytes] = ()) -> bytes:
    """The body without what is, or looks like, a key."""
    return _BEARER.sub(REDACTED, _KEY.sub(REDACTED, without_secrets(body, secrets)))
