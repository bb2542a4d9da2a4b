"""kagent's controller, asked as this pod: it keeps tasks and conversations, for whoever is asking the agent."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import httpx
from kagent.core.a2a import get_request_user_id


class AsPod(httpx.Auth):
    """The token that kagent mounts into every agent, and for whom it asks: without them the answer is 401.

    `KAgentApp` and the clients of `kagent-langgraph` 0.9.12 bring neither.
    """

    def __init__(self, agent: str, token: Path) -> None:
        self._agent, self._token = agent, token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Read for each request: the kubelet writes a new token before the old one ends."""
        request.headers["Authorization"] = f"Bearer {self._token.read_text(encoding='utf-8').strip()}"
        request.headers["X-Agent-Name"] = self._agent
        # In place of `admin@kagent.dev`, under which the checkpointer would keep everybody's conversations.
        if user := get_request_user_id():
            request.headers["X-User-Id"] = user
        yield request
