"""The agent as kagent runs it: A2A on port 8080, its card, health and metrics beside it."""

from __future__ import annotations

import os

import httpx
from a2a.server.apps import A2AStarletteApplication
from a2a.server.request_handlers import DefaultRequestHandler
from a2a.types import AgentCapabilities, AgentCard, AgentSkill
from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse
from kagent.core import KAgentConfig, configure_tracing
from kagent.core.a2a import KAgentRequestContextBuilder, KAgentTaskStore, get_a2a_max_content_length
from kagent.langgraph import KAgentCheckpointer, LangGraphAgentExecutor
from openai import OpenAI
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from rag.controller import AsPod
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
    controller = httpx.AsyncClient(
        base_url=config.url,
        timeout=settings.timeout_seconds,
        auth=AsPod(config.app_name, settings.kagent_token),
    )
    # Conversations are the controller's, in Postgres: any replica goes on with any of them.
    sessions = KAgentCheckpointer(client=controller, app_name=config.app_name)
    tasks = KAgentTaskStore(controller)
    graph = build(settings, Store(settings, models), models, sessions)
    made = FastAPI(title=os.environ["KAGENT_NAME"], version=VERSION)
    if os.environ.get("OTEL_TRACING_ENABLED", "false").lower() == "true":
        configure_tracing(config.name, config.namespace, made)
    # Put together here: `KAgentApp` takes no client, and the one that it makes is answered 401.
    A2AStarletteApplication(
        agent_card=card(os.environ["KAGENT_NAME"], f"http://{os.environ['KAGENT_NAME']}:8080"),
        http_handler=DefaultRequestHandler(
            agent_executor=LangGraphAgentExecutor(graph=graph, app_name=config.app_name),
            task_store=tasks,
            request_context_builder=KAgentRequestContextBuilder(task_store=tasks),
        ),
        max_content_length=get_a2a_max_content_length(),
    ).add_routes_to_app(made)

    async def health() -> Response:
        return PlainTextResponse("OK")

    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    made.add_api_route("/health", health, include_in_schema=False)
    made.add_api_route("/metrics", metrics, include_in_schema=False)
    return made
