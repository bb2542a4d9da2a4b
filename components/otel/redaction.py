"""What may hold a prompt or an answer, by the conventions that agents and gateways write spans with."""

from __future__ import annotations

from typing import Any

REDACTION = "transform/redaction"
REPLACED = "[redacted]"

CONTENT = (
    # OpenTelemetry, semantic conventions for generative AI; and OpenLLMetry before them.
    "gen_ai[.](prompt|completion)",
    "gen_ai[.](input|output)[.]messages",
    "gen_ai[.]system_instructions",
    "gen_ai[.]tool[.](call[.](arguments|result)|definitions|description)",
    "traceloop[.]entity[.](input|output)",
    "llm[.](prompts|completions)",
    # OpenInference.
    "(input|output)[.]value",
    "llm[.](input|output)_messages",
    "llm[.](prompt_template|invocation_parameters|tools)",
    "(retrieval|reranker)[.](documents|input_documents|output_documents|query)",
    "embedding[.](embeddings|text)",
    "tool[.](parameters|description)",
    # Langfuse's own SDKs.
    "langfuse[.](observation|trace)[.](input|output|metadata)",
)
"""Beginnings of attribute names, as regular expressions; without a dollar sign, which the collector expands."""

PATTERN = f"^({'|'.join(CONTENT)})"
EVENT_PATTERN = "^(content|body|message|gen_ai[.]event[.]content|gen_ai[.](prompt|completion))"
"""Attributes of a span's events; what an exception said about itself stays."""


def redaction() -> dict[str, Any]:
    """Deletes prompts and answers; names, models, token counts and timings stay."""
    return {
        # A statement that fails must not let the content through: the batch is refused instead.
        "error_mode": "propagate",
        "trace_statements": [
            {"context": "span", "statements": [f'delete_matching_keys(span.attributes, "{PATTERN}")']},
            {
                "context": "spanevent",
                "statements": [
                    f'delete_matching_keys(spanevent.attributes, "{EVENT_PATTERN}")',
                    f'delete_matching_keys(spanevent.attributes, "{PATTERN}")',
                ],
            },
        ],
        "log_statements": [
            {
                "context": "log",
                "statements": [
                    f'set(log.body, "{REPLACED}") where IsMatch(log.event_name, "^gen_ai[.]")',
                    f'set(log.body, "{REPLACED}") where log.attributes["event.name"] != nil'
                    ' and IsMatch(log.attributes["event.name"], "^gen_ai[.]")',
                    f'delete_matching_keys(log.attributes, "{PATTERN}")',
                ],
            }
        ],
    }
