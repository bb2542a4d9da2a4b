"""What may be said about tools, and what the refusal of everything else says."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from components.tools.endpoints import EndpointError, endpoint
from components.tools.schema import wrong_with
from components.tools.spec import ApiToolSpec, RetrievalToolSpec, ToolSpec, asks
from tests.components.agents.scene import TOOLS

TOOL: TypeAdapter[Any] = TypeAdapter(ToolSpec)
API: dict[str, Any] = {
    "type": "api",
    "description": "Searches something.",
    "endpoint": "http://search-service/api/search",
}


def fault(raw: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as error:
        TOOL.validate_python(raw)
    return error.value.errors()[0]["msg"]


def test_the_two_tools_of_the_first_agent_are_what_was_asked_for() -> None:
    search, ticket, web = (TOOLS[name] for name in ("search-knowledge-base", "create-ticket", "web-search"))
    assert isinstance(search, RetrievalToolSpec)
    assert (search.collection, search.top_k) == ("support_docs", 5)
    assert isinstance(ticket, ApiToolSpec)
    assert ticket.target is not None
    assert (ticket.method, ticket.target.url) == (
        "POST",
        "http://ticketing-service.ai-agents.svc/api/tickets",
    )
    assert isinstance(web, ApiToolSpec)
    assert web.auth is not None
    assert (web.timeout_seconds, web.auth.secret, web.auth.key) == (30, "search-api-token", "token")
    assert web.parameters["required"] == ["query"]
    assert web.parameters["properties"]["max_results"]["default"] == 10


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            {**API, "sensitive": True},
            "is sensitive, so that a person has to allow each call; set requires_approval: true",
        ),
        ({**API, "mcp_url": "http://x.ai-agents.svc/mcp"}, "has endpoint and mcp_url; write exactly one of"),
        ({"type": "api", "description": "Does nothing yet."}, "has none of them; write exactly one of"),
        ({**API, "endpoint": "ftp://search-service"}, "is not an http or https address"),
        ({**API, "endpoint": "http://user:pw@search-service"}, "an address with a password in it"),
        (
            {**API, "endpoint": "http://api.example.com/search"},
            "leaves the cluster, so it has to be https on port 443",
        ),
        (
            {**API, "endpoint": "https://api.example.com:8443/"},
            "leaves the cluster, so it has to be https on port 443",
        ),
        ({**API, "endpoint": "https://203.0.113.7/search"}, "an address in digits cannot be told"),
        ({**API, "endpoint": "http://search-service/?q=1"}, "has a query; say its fields under parameters"),
        ({**API, "headers": {"Authorization": "Bearer x"}}, "would hold a secret; name it under auth"),
        *(
            ({**API, "headers": {name: "x"}}, f"headers: {name} would hold a secret; name it under auth")
            for name in ("X-Api-Key", "apikey", "Private-Token", "X-Auth-Token", "X-Client-Secret", "Cookie")
        ),
        ({**API, "headers": {"a b": "c"}}, "is not a header's name"),
        (
            {**API, "headers": {"X-Team": "a\r\nAuthorization: Bearer x"}},
            "headers: X-Team has a line break, or letters no header takes",
        ),
        ({**API, "offers": ["search"]}, "offers goes with mcp_url or server"),
        ({**API, "method": "HEAD"}, "Input should be 'GET'"),
        ({**API, "timeout_seconds": 0}, "greater than or equal to 1"),
        (
            {**API, "parameters": {"type": "array"}},
            "type: is not object: a tool is called with named values; write type: object",
        ),
        (
            {**API, "parameters": {"type": "objct"}},
            "type: is 'objct', which is no type of JSON Schema; choose of array,",
        ),
        (
            {
                "type": "api",
                "description": "Elsewhere's MCP.",
                "mcp_url": "https://mcp.example.com/mcp/../admin",
                "offers": ["a"],
            },
            "mcp_url has the path /mcp/../admin, which the way out cannot compare",
        ),
        *(
            (
                {"type": "api", "description": "Elsewhere's MCP.", "mcp_url": url, "offers": ["a"]},
                words,
            )
            for url, words in (
                ("https://mcp.example.com/a%2Fb", "mcp_url has the path /a%2Fb, which the way out cannot"),
                ("https://mcp.example.com//mcp", "mcp_url has the path //mcp, which the way out cannot"),
                ("http://mcp.example.com/mcp", "leaves the cluster, so it has to be https on port 443"),
                ("https://mcp.example.com:8443/mcp", "leaves the cluster, so it has to be https on port 443"),
                ("https://203.0.113.7/mcp", "an address in digits cannot be told"),
            )
        ),
        (
            {"type": "api", "description": "An MCP server.", "mcp_url": "http://x.ai-agents.svc/mcp"},
            "offers is empty: name the functions that agents may call",
        ),
        (
            {
                "type": "api",
                "description": "An MCP server.",
                "server": {"image": "a.example.com/b:latest"},
                "offers": ["a"],
            },
            "is a moving tag",
        ),
        (
            {
                "type": "api",
                "description": "An MCP server.",
                "server": {"image": "a.example.com/b:1.0.0", "env": {"GITHUB_TOKEN": "x", "LEVEL": "info"}},
                "offers": ["a"],
            },
            "env: GITHUB_TOKEN would hold a secret, which everybody reads in a plan; a server of your own",
        ),
        (
            {"type": "retrieval", "description": "Searches something.", "collection": "docs", "top_k": 0},
            "greater than or equal to 1",
        ),
        (
            {
                "type": "retrieval",
                "description": "Searches something.",
                "collection": "docs",
                "tenant": "tenant-a",
                "database": "tenant_b",
            },
            "database tenant_b is not tenant tenant-a's own, tenant_a",
        ),
        (
            {"type": "code", "description": "Runs something.", "tenant": "tenant-a"},
            "a code tool has no tenant",
        ),
        (
            {"type": "code", "description": "Runs something.", "language": "bash"},
            "Input should be 'python' or 'sql'",
        ),
        ({"type": "shell", "description": "Runs something."}, "does not match any of the expected tags"),
        (
            {**API, "auth": {"secret": "crm", "key": "authorization"}},
            "key 'authorization' is where the platform puts the whole header together; "
            "call the key in the secret otherwise, for example token",
        ),
    ],
)
def test_a_tool_is_refused_with_the_reason(raw: dict[str, Any], words: str) -> None:
    assert words in fault(raw)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        (
            {"type": "object", "properties": {}, "required": ["query"]},
            "required: names query, which no property is; add it, or drop it",
        ),
        (
            {"type": "object", "properties": {"n": {"type": "integer", "default": "ten"}}},
            "properties.n.default: does not fit its own schema; correct one of the two",
        ),
        (
            {"type": "object", "properties": {"a": True}},
            "properties.a: is not an object; a model has to be told",
        ),
        (
            {"type": "object", "properties": {"a": {"$dynamicRef": "#x"}}},
            "has a $dynamicRef: models are shown the schema as it stands",
        ),
        (
            {"type": "object", "properties": {"a": {"$ref": "#/x"}}},
            "has a $ref: models are shown the schema as it stands",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "text"}}},
            "properties.a.type: is 'text', which is no type",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "text"}, "b": {"type": "string", "pattern": "("}},
            },
            "properties.b.pattern: is not JSON Schema: '(' is not a 'regex'; correct it",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "string", "minLenght": 3}}},
            "properties.a.minLenght: is no keyword of JSON Schema and would do nothing; did you mean 'minLength'?",
        ),
        (
            {
                "type": "object",
                "properties": {"a": {"type": "array", "items": {"type": "integer", "minimun": 1}}},
            },
            "properties.a.items.minimun: is no keyword of JSON Schema and would do nothing; did you mean 'minimum'?",
        ),
        (
            {"type": "object", "additonalProperties": False},
            "additonalProperties: is no keyword of JSON Schema and would do nothing; did you mean",
        ),
        (
            {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 1}}},
            "properties.a.minimum: is 3, above maximum 1: nothing would fit; correct one of them",
        ),
        (
            {"type": "object", "properties": {f"p{n}": {} for n in range(31)}},
            "properties: has 31 entries; models lose their way",
        ),
        ({"type": "object", "description": "x" * 30_000}, "has more than 20000 characters; describe less"),
    ],
)
def test_parameters_are_looked_at_before_anything_runs(schema: dict[str, Any], words: str) -> None:
    assert any(words in str(one) for one in wrong_with(schema)), wrong_with(schema)


def test_keys_that_resemble_no_keyword_are_the_authors_own() -> None:
    own = {"type": "string", "x-minLenght": 3, "unit": "EUR", "enumNames": ["a"]}
    assert wrong_with({"type": "object", "properties": {"minimun": own}}) == []


def test_a_service_is_the_same_from_every_namespace() -> None:
    assert endpoint("http://ticketing-service/api").url == "http://ticketing-service.ai-agents.svc/api"
    assert endpoint("http://a.b.svc.cluster.local:8000/x").url == "http://a.b.svc:8000/x"
    outside = endpoint("https://api.example.com/v1")
    assert outside.outside
    assert outside.url == "https://api.example.com/v1"


@pytest.mark.parametrize("reference", ["$ref", "$dynamicRef"])
def test_nothing_is_fetched_to_judge_a_schema(monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    def fetch(*_said: object, **_more: object) -> None:
        raise AssertionError("asked for something")

    monkeypatch.setattr("urllib.request.urlopen", fetch)
    monkeypatch.setattr("socket.getaddrinfo", fetch)
    wrong = wrong_with(
        {"type": "object", "properties": {"a": {reference: "http://example.com/schema", "default": 1}}}
    )
    (fault,) = wrong
    assert str(fault) == f": has a {reference}: models are shown the schema as it stands; write it out"


def test_a_name_in_neither_form_is_refused() -> None:
    with pytest.raises(EndpointError, match="neither a Service"):
        endpoint("http://under_score/x")


def test_a_tenants_retrieval_searches_the_tenants_own_database() -> None:
    tool = TOOL.validate_python(
        {"type": "retrieval", "description": "Searches something.", "collection": "d", "tenant": "tenant-a"}
    )
    assert (tool.database_name, tool.namespace) == ("tenant_a", "tenant-a")


def test_a_sensitive_tool_waits_for_a_yes_in_every_agent() -> None:
    assert asks(["refund"], TOOLS) == ("refund",)
    assert asks(["create-ticket", "web-search"], TOOLS) == ()


def test_a_header_that_counts_tokens_is_no_secret() -> None:
    TOOL.validate_python({**API, "headers": {"X-Max-Tokens": "5", "Accept": "application/json"}})
