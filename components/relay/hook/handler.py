# pyright: basic
# LiteLLM is in the image and in the tests' own environment, not in the project's: its types cannot be read here.
"""LiteLLM's callbacks: they ask `rules` and do what it answers."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from fastapi import HTTPException  # pyright: ignore[reportMissingImports]
from litellm.integrations.custom_logger import CustomLogger  # pyright: ignore[reportMissingImports]

from . import rules

NOTES = "relay_notes"
"""Where a request carries what its answer's headers say."""

_ANSWERED = {"acompletion", "completion", "atext_completion", "text_completion", "aembedding", "embedding"}


class Handler(CustomLogger):
    """Chooses, caches, and keeps to budgets."""

    def __init__(self, settings: rules.Settings) -> None:
        super().__init__()
        self._settings = settings

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: Any, call_type: Any) -> Any:
        """The request as it goes on; an HTTPException where the budget is used up."""
        if call_type not in _ANSWERED:
            return data
        said = (data.get("proxy_server_request") or {}).get("headers") or {}
        headers = {str(name).lower(): str(value) for name, value in said.items()}
        tenant = tenant_of(user_api_key_dict)
        asked = str(data.get("model", ""))
        stands = rules.standing(await spent(user_api_key_dict), user_api_key_dict.max_budget, self._settings)
        if stands.refused:
            raise _used_up(tenant)
        model = rules.affordable(
            rules.chosen_model(asked, headers, data, self._settings), stands, self._settings
        )
        notes = {"x-model-used": model}
        if stands.percent is not None and stands.noticed:
            notes["x-budget-used-percent"] = str(stands.percent)
        if stands.degraded and model != asked:
            notes["x-budget-degraded"] = "true"
        data["model"] = model
        data.pop("cache", None)
        control = rules.cache_control(data, headers, tenant, self._settings)
        if control:
            data["cache"] = control
        data.setdefault("metadata", {})[NOTES] = notes
        return data

    async def async_post_call_response_headers_hook(
        self,
        data: Any,
        user_api_key_dict: Any,
        response: Any,
        request_headers: Any = None,
        litellm_call_info: Any = None,
    ) -> Any:
        """What the caller is told beside the answer."""
        notes = dict((data.get("metadata") or {}).get(NOTES) or {})
        if response is not None:
            hidden = getattr(response, "_hidden_params", None) or {}
            notes["x-cached"] = "true" if hidden.get("cache_hit") else "false"
        return notes

    async def async_post_call_success_deployment_hook(
        self, request_data: Any, response: Any, call_type: Any
    ) -> Any:
        """An answer that says what it used: by its own count, else by the length of its text."""
        usage = getattr(response, "usage", None)
        if usage is None or getattr(usage, "total_tokens", 0) or not getattr(response, "choices", None):
            return response
        text = "".join(getattr(one.message, "content", None) or "" for one in response.choices)
        usage.prompt_tokens = rules.estimated_prompt(request_data.get("messages"))
        usage.completion_tokens = rules.estimated_tokens(text)
        usage.total_tokens = usage.prompt_tokens + usage.completion_tokens
        response._hidden_params["usage_estimated"] = True
        return response

    async def async_log_success_event(
        self, kwargs: Any, response_obj: Any, start_time: Any, end_time: Any
    ) -> None:
        """One line for each answer: who, what, how much, how long."""
        said: dict[str, Any] = kwargs.get("standard_logging_object") or {}
        whose = said.get("metadata") or {}
        hidden = getattr(response_obj, "_hidden_params", None) or {}
        line = {
            "call": kwargs.get("litellm_call_id"),
            "tenant": whose.get("user_api_key_alias"),
            "model": said.get("model_group") or said.get("model"),
            "input_tokens": said.get("prompt_tokens"),
            "output_tokens": said.get("completion_tokens"),
            "usd": said.get("response_cost"),
            "ms": round((end_time - start_time).total_seconds() * 1000),
            "cached": bool(said.get("cache_hit")),
            "estimated": bool(hidden.get("usage_estimated")),
        }
        print(f"[COST] {json.dumps(line)}", file=sys.stdout, flush=True)


def _used_up(tenant: str | None) -> HTTPException:
    said = HTTPException(
        status_code=429,
        detail={
            "error": f"the budget of {tenant} is used up until it is renewed",
            "code": rules.BUDGET_EXCEEDED,
        },
    )
    # LiteLLM takes an error's type from here; its own word for the same.
    said.type = rules.BUDGET_EXCEEDED  # pyright: ignore[reportAttributeAccessIssue]
    return said


def tenant_of(user_api_key_dict: Any) -> str | None:
    """Whose key it is: the alias that the set-up job gave it."""
    return user_api_key_dict.key_alias


async def spent(user_api_key_dict: Any) -> float:
    """What the key has spent, over all pods."""
    from litellm.proxy.proxy_server import get_current_spend  # pyright: ignore[reportMissingImports]

    recorded = user_api_key_dict.spend or 0.0
    if user_api_key_dict.max_budget is None:
        return recorded
    return await get_current_spend(
        counter_key=f"spend:key:{user_api_key_dict.token}",
        fallback_spend=recorded,
        max_budget=user_api_key_dict.max_budget,
    )


handler = Handler(rules.Settings.read(Path(os.environ["RELAY_SETTINGS"]).read_text()))
