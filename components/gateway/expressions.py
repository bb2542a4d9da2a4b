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
from components.gateway.names import MODEL_HEADER, SUBJECT_HEADER, TENANT_HEADER, TIER_HEADER

LONGEST = 16_384
"""Characters of one expression (AgentgatewayPolicy, maxLength)."""

_IN_BODY = "json(request.body).model"
"""What OpenAI's clients write into the body; an error where there is none, or it cannot be read."""

_EMPTY_OBJECT = "e30"
"""`{}` in base64: the part of a JWT that says how it is signed."""


def text(*parts: Input[str]) -> Input[str]:
    """The parts as one text, which is an output where one of them is."""
    plain = [part for part in parts if isinstance(part, str)]
    return "".join(plain) if len(plain) == len(parts) else Output.concat(*parts)


def quoted(value: str) -> str:
    """A CEL string: JSON's escapes are among CEL's, but for the surrogates it writes other alphabets with."""
    return json.dumps(value, ensure_ascii=False)


def header(name: str, of: str = "request") -> str:
    """The value of a header of the request, or the response."""
    return f"{of}.headers[{quoted(name)}]"


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


def belongs(callers: Callers) -> Input[str] | None:
    """Whether whoever logged in is in the group of the tenant that the client stands for; None: nobody is asked.

    A client's id is no secret, and every user of a pool can log in by every client of it. Who holds the secret of a
    client without users is the tenant.
    """
    if callers.groups_claim is None:
        return None
    clients = [
        (value, tenant)
        for value, tenant in callers.tenants
        if not (isinstance(value, str) and value in callers.machines)
    ]
    alone = f"jwt.{callers.claim} in {_literal(sorted(callers.machines))} || " if callers.machines else ""
    return text(alone, mapping(clients), f"[jwt.{callers.claim}] in jwt[{quoted(callers.groups_claim)}]")


def tier_of(access: Mapping[str, Access]) -> str:
    """The tier of the tenant that the header names, once the gateway has written it."""
    return f"{_literal({name: one.tier for name, one in access.items()})}[{header(TENANT_HEADER)}]"


def may_use_model(access: Mapping[str, Access], selection: Selection | None = None) -> str | None:
    """Whether the tenant may ask for the model; None where every tenant may ask for every model.

    For a tenant with a list both names count: what the route is chosen by, and what stands in the body.
    A body that cannot be read (compressed, too large, no JSON) is refused: whoever is behind may well read it.
    """
    lists = {name: list(one.models) for name, one in access.items() if one.models is not None}
    if not lists:
        return None
    tenant, model, allowed = header(TENANT_HEADER), header(MODEL_HEADER), _literal(lists)
    said = _IN_BODY
    if selection is not None:
        # What is chosen in its place has been written into the header by then.
        said = f"({said} == {quoted(selection.asked_as)} ? {model} : {said})"
    return (
        f'!({tenant} in {allowed}) || request.method == "GET" || !request.path.startsWith("/v1") || '
        f"[{model}, {said}].all(asked, asked in {allowed}[{tenant}])"
    )


def model_to_send(serves: Iterable[str], asked_as: str | None = None) -> str:
    """The model that a backend is asked for: what the route was chosen by, where it answers to that."""
    model, names = header(MODEL_HEADER), list(serves)
    if asked_as is not None:
        return f'coalesce(llmRequest.model, "") == {quoted(asked_as)} ? {quoted(asked_as)} : {model}'
    return f"{model} in {_literal(names)} ? {model} : {quoted(names[0])}" if names else model


def model_asked_for(selection: Selection | None = None) -> str:
    """The model's name: the header where a client sends one, else what OpenAI's clients put into the body.

    Where either leaves the choice to the platform, the name that the rules of `selection` choose.
    """
    asked = f"coalesce({header(MODEL_HEADER)}, {_IN_BODY})"
    if selection is None:
        return asked
    # The body by itself too: the relay reads it, and would choose whatever the header says.
    either = f'[{asked}, coalesce({_IN_BODY}, "")]'
    return f"({quoted(selection.asked_as)} in {either} ? {selection.chosen} : {asked})"


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


def told_to_agents(user_claim: str = "sub") -> str:
    """The header by which kagent knows who asks: never empty, and of no use to whoever else reads it.

    kagent takes a JWT whose signature it does not check (v0.9.12, httpserver/auth/proxy_authn.go), and hands it to the
    agent. A caller's own would be worth something to the agent; it is gone besides, as soon as the gateway has read
    it (agentgateway v1.4.1, http/jwt.rs), and a key is none. `user_claim` is the claim of a token that says who.
    """
    claim = "" if user_claim == "sub" else f'coalesce(string(jwt[{quoted(user_claim)}]), ""), '
    who = f'[{claim}{header(SUBJECT_HEADER)}, {header(TENANT_HEADER)}].filter(one, one != "")[0]'
    payload = f'base64Encode(toJson({{"sub": {who}}}))'
    for standard, url in (("+", "-"), ("/", "_"), ("=", "")):
        payload += f".replace({quoted(standard)}, {quoted(url)})"
    return f'"Bearer {_EMPTY_OBJECT}." + {payload} + "."'


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
