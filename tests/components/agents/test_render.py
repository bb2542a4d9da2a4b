from __future__ import annotations

import json
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from components.agents.render import address, agent, context, mcp_tools, model_config, system_message
from components.agents.sessions import agent_id, cron_job, script
from components.agents.spec import ByoAgentSpec, DeclarativeAgentSpec, MemorySpec
from tests.components.agents.scene import AGENTS, TOOLS, wiring

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


def test_a_tenants_image_has_no_cache_of_the_platforms() -> None:
    spec = RESEARCH.model_copy(update={"tenant": "tenant-a"})
    deployment = agent("research-agent", spec, wiring())["byo"]["deployment"]
    assert not [one for one in deployment["env"] if one["name"].startswith("REDIS")]
    assert "volumes" not in deployment


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
