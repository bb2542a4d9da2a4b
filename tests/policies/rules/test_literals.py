from __future__ import annotations

import pytest

from policies.rules.literals import NO_SECRET_IN_PLAN as RULE
from policies.rules.rule import Outcome
from tests.policies.rules.facts import facts, only, resource

# Assembled, so that no scanner takes this file for a leak.
LEAKS = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "an AWS access key": "AKIA" + "ABCDEFGHIJKLMNOP",
    "a token of a model provider": "sk-" + "proj-abcdefghijklmnopqrstu",
    "a token of a Git host": "ghp_" + "a" * 36,
    "a Slack token": "xoxb-" + "1234567890-abc",
    "a signed token": ".".join(["eyJ" + "hbGciOiJIUzI1", "eyJ" + "zdWIiOiIxMjM0", "SflKxwRJSMeK"]),
    "a URL with a password": "postgres://app:" + "hunter2@db.example.com/app",
}


@pytest.mark.parametrize(("what", "text"), LEAKS.items())
def test_a_credential_anywhere_in_a_plan_is_found_and_not_repeated(what: str, text: str) -> None:
    one = resource("kubernetes:core/v1:ConfigMap", "c", {"data": {"list": ["ok", {"url": f"x {text}"}]}})
    found = only(RULE, facts(one))
    assert found.outcome is Outcome.VIOLATION
    assert found.detail == f"data.list[1].url holds {what}"
    assert text not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "[secret]",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:openai-AbCdEf",
        "postgres://{{ .user }}:{{ .password }}@db/app",
        "postgres://$(USER):$(PASSWORD)@db/app",
        "https://kubernetes.default.svc",
        "quay.io/a/b@sha256:" + "0" * 64,
        "risk-based-routing-of-agents-and-models",
    ],
)
def test_references_and_templates_are_no_credentials(text: str) -> None:
    found = only(RULE, facts(resource("t", "n", {"a": text})))
    assert (found.outcome, found.detail) == (Outcome.PASS, "1 resources, no credential in plain text")
