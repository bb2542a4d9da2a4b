"""The agent as kagent runs it: A2A on port 8080, its card, health and metrics beside it."""

from __future__ import annotations

import os
from typing import Any

import httpx
from a2a.types import AgentCapabilities, AgentCard, AgentSkill
from fastapi import FastAPI, Response
from kagent.core import KAgentConfig
from kagent.langgraph import KAgentApp, KAgentCheckpointer
from openai import OpenAI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from rag.graph import build
from rag.settings import Settings
from rag.store import Store

VERSION = "1.0.0"


def card(name: str, url: str) -> AgentCard:
    """What others are told of the agent."""
    return AgentCard(
        name=name,
        description="Answers questions from the documents of one tenant, with their sources.",
        url=url,
        version=VERSION,
        default_input_modes=["text/plain"],
        default_output_modes=["text/plain"],
        capabilities=AgentCapabilities(streaming=True),
        skills=[
            AgentSkill(
                id="answer-from-documents",
                name="Answer from documents",
                description="Finds passages that are like the question and answers from those alone.",
                tags=["retrieval", "documents"],
            )
        ],
    )


def app(settings: Settings) -> FastAPI:
    """Everything the image serves."""
    config = KAgentConfig()
    models = OpenAI(
        base_url=settings.base_url,
        api_key=settings.api_key,
        timeout=settings.timeout_seconds,
        # The gateway retries already.
        max_retries=0,
    )
    # Conversations are the controller's, in Postgres: any replica goes on with any of them.
    sessions = KAgentCheckpointer(
        client=httpx.AsyncClient(base_url=config.url, timeout=settings.timeout_seconds),
        app_name=config.app_name,
    )
    graph = build(settings, Store(settings, models), models, sessions)
    made: Any = KAgentApp(
        graph=graph,
        agent_card=card(os.environ["KAGENT_NAME"], f"http://{os.environ['KAGENT_NAME']}:8080"),
        config=config,
        tracing=os.environ.get("OTEL_TRACING_ENABLED", "false").lower() == "true",
    ).build()

    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    made.add_api_route("/metrics", metrics, include_in_schema=False)
    return made  # type: ignore[no-any-return]
