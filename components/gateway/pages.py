"""Pages for people: nobody sees one without a login, and nobody can say who they are in a header."""

from __future__ import annotations

from typing import Any

from components.gateway.policies import AGENT_HEADERS, on_listeners
from components.gateway.spec import Page

USER_HEADERS = (
    "x-auth-request-user",
    "x-auth-request-email",
    "x-auth-request-groups",
    "x-auth-request-preferred-username",
)

Spec = dict[str, Any]


def stripped(pages: list[Page]) -> Spec:
    """Before anybody is asked who it is: what a client says of itself is taken away."""
    return {
        "targetRefs": on_listeners(*(page.name for page in pages)),
        "traffic": {
            "phase": "PreRouting",
            "transformation": {"request": {"remove": ["authorization", *USER_HEADERS, *AGENT_HEADERS]}},
        },
    }


def behind_login(pages: list[Page], login: Page) -> Spec:
    """Every request is shown to the login, which knows the session by its cookie; closed while it is away."""
    back = f'"https://{login.host}/oauth2/start?rd=" + url.encode("https://" + request.host + request.pathAndQuery)'
    return {
        "targetRefs": on_listeners(*(page.name for page in pages)),
        "traffic": {
            "extAuth": {
                "backendRef": {"name": login.service, "port": login.port},
                "failureMode": "FailClosed",
                "http": {
                    "path": '"/oauth2/auth"',
                    "redirect": back,
                    "allowedRequestHeaders": ["cookie"],
                    "addRequestHeaders": {
                        "x-forwarded-host": "request.host",
                        "x-forwarded-proto": '"https"',
                    },
                    # The token for kagent, the names for Grafana.
                    "allowedResponseHeaders": ["authorization", *USER_HEADERS],
                },
            }
        },
    }
