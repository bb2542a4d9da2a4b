"""CEL that says who calls and what it may use: every answer comes from what was verified, none from a header.

Expressions are text; ids that only the cloud knows make them outputs. A proxy refuses a request whose `Require`
cannot be evaluated, so a token without the claim is refused like a wrong one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pulumi import Input, Output

from components.gateway.callers import PLATFORM, Access, Callers
from components.gateway.catalogue import Selection
from components.gateway.names import MODEL_HEADER, TENANT_HEADER, TIER_HEADER

LONGEST = 16_384
"""Characters of one expression (AgentgatewayPolicy, maxLength)."""


def text(*parts: Input[str]) -> Input[str]:
    """The parts as one text, which is an output where one of them is."""
    plain = [part for part in parts if isinstance(part, str)]
    return "".join(plain) if len(plain) == len(parts) else Output.concat(*parts)


def quoted(value: str) -> str:
    """A CEL string: JSON's escapes are among CEL's, but for the surrogates it writes other alphabets with."""
    return json.dumps(value, ensure_ascii=False)


def header(name: str) -> str:
    """The value of a request's header."""
    return f"request.headers[{quoted(name)}]"


def mapping(pairs: Iterable[tuple[Input[str], str]]) -> Input[str]:
    """A map literal from what a claim says to a tenant; keys are ids, which hold nothing to escape."""
    parts: list[Input[str]] = []
    for value, tenant in pairs:
        parts += [", " if parts else "", '"', value, f'": {quoted(tenant)}']
    return text("{", *parts, "}")


def tenant_of(callers: Callers) -> Input[str]:
    """The tenant that a verified token stands for."""
    return text(mapping(callers.tenants), f"[jwt.{callers.claim}]")


def is_known(callers: Callers) -> Input[str]:
    """Whether a verified token stands for any tenant."""
    return text(f"jwt.{callers.claim} in ", mapping(callers.tenants))


def tier_of(access: Mapping[str, Access]) -> str:
    """The tier of the tenant that the header names, once the gateway has written it."""
    return f"{_literal({name: one.tier for name, one in access.items()})}[{header(TENANT_HEADER)}]"


def may_use_model(access: Mapping[str, Access]) -> str | None:
    """Whether the tenant may ask for the model; None where every tenant may ask for every model."""
    lists = {name: list(one.models) for name, one in access.items() if one.models is not None}
    if not lists:
        return None
    tenant, model = header(TENANT_HEADER), header(MODEL_HEADER)
    allowed = _literal(lists)
    return f'default({model}, "") == "" || !({tenant} in {allowed}) || {model} in {allowed}[{tenant}]'


def model_asked_for(selection: Selection | None = None) -> str:
    """The model's name: the header where a client sends one, else what OpenAI's clients put into the body.

    Where that leaves the choice to the platform, the name that the rules of `selection` choose.
    """
    asked = f"coalesce({header(MODEL_HEADER)}, json(request.body).model)"
    if selection is None:
        return asked
    return f"({asked} == {quoted(selection.asked_as)} ? {selection.chosen} : {asked})"


def model_list(models: Iterable[tuple[str, str]], access: Mapping[str, Access]) -> str:
    """The answer to `GET /v1/models`: what the caller may ask for, in OpenAI's shape."""
    data = [{"id": name, "object": "model", "created": 0, "owned_by": owner} for name, owner in models]
    lists = {name: list(one.models) for name, one in access.items() if one.models is not None}
    listed = _literal(data)
    if lists:
        tenant, allowed = header(TENANT_HEADER), _literal(lists)
        listed = f"{listed}.filter(m, !({tenant} in {allowed}) || m.id in {allowed}[{tenant}])"
    return f'toJson({{"object": "list", "data": {listed}}})'


def has_tier(tier: str) -> str:
    """Whether the caller is of this tier."""
    return f"{header(TIER_HEADER)} == {quoted(tier)}"


def calls_its_own_agents(prefix: str, platform_namespace: str) -> str:
    """Whether the path names the caller's own namespace, which is its tenant's; the platform's has its own."""
    tenant = header(TENANT_HEADER)
    home = f"({tenant} == {quoted(PLATFORM)} ? {quoted(platform_namespace)} : {tenant})"
    return f'request.path.startsWith({quoted(prefix)} + {home} + "/")'


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
