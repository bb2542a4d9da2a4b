from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.agents.render import address, agent, context, mcp_tools, model_config, system_message
from components.agents.sessions import agent_id, cron_job, script
from components.agents.spec import CONTRACT, ByoAgentSpec, DeclarativeAgentSpec, MemorySpec, StoresSpec
from components.cache.spec import TENANT_READS, tenant_user
from components.vectors.names import READS, SEARCHES
from components.vectors.render import told as vectors_told
from components.vectors.spec import VectorsSpec
from components.vectors.users import users
from tests.components.agents.scene import AGENTS, PLACE, TOOLS, wiring

SUPPORT = cast("DeclarativeAgentSpec", AGENTS["customer-support-agent"])
RESEARCH = cast("ByoAgentSpec", AGENTS["research-agent"])


def declarative(spec: DeclarativeAgentSpec) -> Any:
    return agent("customer-support-agent", spec, wiring())["declarative"]


def test_models_are_asked_at_the_gateway_with_numbers_as_text() -> None:
    assert model_config(SUPPORT.model, wiring(), "ai-agents") == {
        "provider": "OpenAI",
        "model": "gpt-4-turbo",
        "apiKeySecret": "gateway-key-platform",
        "apiKeySecretKey": "api-key",
        "openAI": {
            "baseUrl": "http://ai-gateway-internal.ai-gateway.svc:8080/v1",
            "temperature": "0.7",
            "maxTokens": 4096,
            "timeout": 120,
        },
    }


def test_a_tenants_agent_calls_with_its_tenants_key() -> None:
    assert model_config(SUPPORT.model, wiring(), "tenant-a")["apiKeySecret"] == "gateway-key-tenant-a"


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=200).filter(str.strip))
def test_a_prompt_arrives_letter_by_letter(prompt: str) -> None:
    spec = SUPPORT.model_copy(update={"system_prompt": prompt, "tools": []})
    wire = json.dumps(declarative(spec), ensure_ascii=False).encode("utf-8")
    assert json.loads(wire.decode("utf-8"))["systemMessage"] == prompt


def test_the_korean_prompt_of_the_example_is_whole() -> None:
    message = system_message(SUPPORT, TOOLS)
    assert message.startswith("당신은 친절하고 전문적인 고객 지원 담당자입니다.\n고객의 질문에")
    assert message.encode("utf-8").decode("utf-8") == message


def test_a_question_to_a_person_follows_the_prompt() -> None:
    """`ask_user` is built into every agent of kagent; nothing else says when to use it."""
    message = system_message(SUPPORT, TOOLS)
    assert message.endswith(
        "Ask the user with the tool ask_user, and wait for the answer:\n"
        "- Before anything about an order is said or changed, ask for the order number and the e-mail address."
    )


def test_an_agent_sees_the_functions_it_names_and_a_person_allows_the_sensitive_one() -> None:
    servers = {one["mcpServer"]["name"]: one["mcpServer"] for one in declarative(SUPPORT)["tools"]}
    assert set(servers) == {"search-knowledge-base", "create-ticket", "refund"}
    assert servers["refund"]["toolNames"] == ["refund"]
    assert servers["refund"]["requireApproval"] == ["refund"]
    assert "requireApproval" not in servers["create-ticket"]


def test_a_person_may_be_put_before_another_tool() -> None:
    catalogue = {**TOOLS, "yes": TOOLS["confirm-identity"].model_copy(update={"approves": ["create-ticket"]})}
    made = {
        one["mcpServer"]["name"]: one["mcpServer"] for one in mcp_tools(["create-ticket", "yes"], catalogue)
    }
    assert made["create-ticket"]["requireApproval"] == ["create-ticket"]
    assert "requireApproval" not in mcp_tools(["create-ticket"], catalogue)[0]["mcpServer"]


def test_history_is_kept_as_long_as_it_was_said() -> None:
    assert context(MemorySpec(max_history=50)) == {
        "compaction": {
            "compactionInterval": 25,
            "overlapSize": 2,
            "tokenThreshold": 16000,
            "eventRetentionSize": 50,
        }
    }


def test_pods_pass_restricted_stand_apart_and_are_not_counted_here() -> None:
    deployment = declarative(SUPPORT)["deployment"]
    assert deployment["podSecurityContext"]["runAsNonRoot"] is True
    assert deployment["podSecurityContext"]["runAsUser"] == 1001
    assert deployment["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    keys = [
        term["podAffinityTerm"]["topologyKey"]
        for term in deployment["affinity"]["podAntiAffinity"][
            "preferredDuringSchedulingIgnoredDuringExecution"
        ]
    ]
    assert keys == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
    assert "replicas" not in deployment
    assert deployment["labels"] == {
        "app.kubernetes.io/name": "customer-support-agent",
        "app.kubernetes.io/part-of": "agents",
        "agentic.dev/agent": "customer-support-agent",
    }


def test_what_an_agent_remembers_for_days_has_a_model_of_its_own() -> None:
    memory = MemorySpec.model_validate(
        {"long_term": {"embedding_model": "text-embedding-3-small", "ttl_days": 30}}
    )
    spec = SUPPORT.model_copy(update={"memory": memory})
    assert declarative(spec)["memory"] == {"modelConfig": "customer-support-agent-memory", "ttlDays": 30}


def test_an_image_is_told_what_the_contract_says_and_no_secret() -> None:
    deployment = agent("research-agent", RESEARCH, wiring())["byo"]["deployment"]
    env = {one["name"]: one.get("value") or one["valueFrom"] for one in deployment["env"]}
    assert env["OPENAI_BASE_URL"] == "http://ai-gateway-internal.ai-gateway.svc:8080/v1"
    assert env["OPENAI_MODEL"] == "claude-3"
    assert env["SESSION_TTL_SECONDS"] == "86400"
    assert env["SESSION_MAX_HISTORY"] == "100"
    assert env["OTEL_SERVICE_NAME"] == "research-agent"
    assert env["OPENAI_API_KEY"] == {"secretKeyRef": {"name": "gateway-key-platform", "key": "api-key"}}
    assert env["REDIS_URL"] == {"secretKeyRef": {"name": "agents-cache", "key": "url"}}
    assert env["REDIS_PREFIX"] == "agents:research-agent:", "the cache refuses other keys"
    assert env["REDIS_CA_FILE"] == "/var/secrets/cache/ca.crt"
    assert deployment["labels"]["agentic.dev/framework"] == "langgraph"


def told(spec: ByoAgentSpec, name: str = "research-agent", **said: Any) -> dict[str, Any]:
    deployment = agent(name, spec, wiring(**said))["byo"]["deployment"]
    return {one["name"]: one.get("value") or one["valueFrom"]["secretKeyRef"] for one in deployment["env"]}


OF_TENANT = RESEARCH.model_copy(update={"tenant": "tenant-a"})


def test_a_tenants_image_has_its_tenants_cache_and_keys_that_its_user_may_touch() -> None:
    env = told(OF_TENANT, tenant_caches=True)
    assert env["REDIS_URL"] == {"name": TENANT_READS, "key": "url"}
    assert env["REDIS_PREFIX"] == "tenants:tenant-a:agents:research-agent:"
    assert env["REDIS_PREFIX"].startswith(tenant_user("tenant-a").prefix)
    deployment = agent("research-agent", OF_TENANT, wiring(tenant_caches=True))["byo"]["deployment"]
    assert deployment["volumes"][0]["secret"]["secretName"] == TENANT_READS


def test_where_tenants_have_no_cache_their_images_have_none_and_never_the_platforms() -> None:
    deployment = agent("research-agent", OF_TENANT, wiring())["byo"]["deployment"]
    assert not [one for one in deployment["env"] if one["name"].startswith("REDIS")]
    assert "volumes" not in deployment


@pytest.mark.parametrize("tenant", [None, "tenant-a"])
@pytest.mark.parametrize(("right", "secret"), [("search", SEARCHES), ("write", READS)])
def test_an_image_that_asks_for_vectors_is_told_of_its_namespaces_user_with_that_right(
    tenant: str | None, right: str, secret: str
) -> None:
    spec = RESEARCH.model_copy(
        update={"tenant": tenant, "stores": StoresSpec.model_validate({"vectors": right})}
    )
    env = told(spec)
    assert {name: env[name] for name in env if name.startswith("MILVUS")} == {
        "MILVUS_URI": {"name": secret, "key": "uri"},
        "MILVUS_DATABASE": {"name": secret, "key": "database"},
        "MILVUS_TOKEN": {"name": secret, "key": "token"},
    }


def test_the_user_of_vectors_is_told_in_keys_that_its_secret_has() -> None:
    (user, _) = users(VectorsSpec(), ["tenant-a"])
    keys = vectors_told(PLACE, user)["target"]["template"]["data"]
    assert {"uri", "database", "token"} <= set(keys)


def test_who_does_not_ask_for_vectors_is_told_of_none() -> None:
    assert not [name for name in told(RESEARCH) if name.startswith("MILVUS")]


def test_an_image_is_told_nothing_that_the_contract_does_not_name() -> None:
    spec = RESEARCH.model_copy(update={"stores": StoresSpec(vectors="search"), "env": {}})
    assert set(told(spec)) <= CONTRACT


def test_a_command_is_a_program_and_its_arguments() -> None:
    deployment = agent("r", RESEARCH.model_copy(update={"command": ["python", "-m", "x"]}), wiring())["byo"]
    assert (deployment["deployment"]["cmd"], deployment["deployment"]["args"]) == ("python", ["-m", "x"])


def test_conversations_go_after_the_silence_each_agent_names() -> None:
    sql = script(AGENTS)
    assert "('ai_agents__NS__customer_support_agent', 3600)" in sql
    assert "('ai_agents__NS__research_agent', 86400)" in sql
    assert sql.index("DELETE FROM event") < sql.index("DELETE FROM session")
    assert sql.startswith("BEGIN;")
    assert sql.endswith("COMMIT;\n")


def test_an_agent_is_called_in_the_database_as_kagent_calls_it() -> None:
    assert agent_id("tenant-a", "my-agent") == "tenant_a__NS__my_agent"


def test_two_runs_never_meet() -> None:
    assert cron_job("kagent-db")["concurrencyPolicy"] == "Forbid"


def test_an_agent_is_asked_at_the_controller_that_keeps_its_sessions() -> None:
    own, tenants = AGENTS["data-analysis-agent"], "http://tenant-a-kagent-controller.tenant-a.svc:8083"
    assert address("numbers", own) == "http://kagent-controller.ai-agents.svc:8083/api/a2a/ai-agents/numbers/"
    moved = own.model_copy(update={"tenant": "tenant-a"})
    assert address("numbers", moved) == f"{tenants}/api/a2a/tenant-a/numbers/"
