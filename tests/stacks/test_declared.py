"""What components declare beside their charts - metrics, credentials, data - holds for whole stacks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from agentic.plan.model import Plan
from components.core.names import secret_prefix
from components.gateway.routes import routes_in_force
from stacks import config, stack_file
from stacks.catalogue import declared_catalogue
from stacks.config import PlatformConfig
from stacks.credentials import declared_credentials, tenants_credentials
from stacks.metrics import declared_metrics
from stacks.parts import PARTS, parts
from stacks.pods import declared_pods, pods_by_part
from stacks.stateful import declared_stateful
from tests.conftest import ROOT

STACKS = ("dev", "staging", "prod")
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"
PUSH_SECRET = "kubernetes:external-secrets.io/v1alpha1:PushSecret"
SECRET = "kubernetes:core/v1:Secret"
RELEASE = "kubernetes:helm.sh/v3:Release"
CLAIM = "PersistentVolumeClaim"


def _config(stack: str) -> PlatformConfig:
    file = stack_file.read(ROOT, stack)
    return config.parse(file.platform, file.path.name)


@pytest.mark.parametrize("stack", STACKS)
def test_the_names_that_clients_have_always_used_lead_somewhere(stack: str) -> None:
    """By a route each: the relay refuses names that it was not told of, so the route for all others would not do."""
    found = _config(stack)
    served = {route.model for route in routes_in_force(found.gateway, declared_catalogue(found))}
    assert {"gpt-4", "claude-3"} <= served
    # An open model is served by whoever has GPUs for it; no provider of the relay stands in for it.
    assert ("mixtral-8x7b" in served) == ("mixtral-8x7b" in found.models)


SERVES_NO_METRICS = {
    "agents": "what they do is counted by the collector from their spans",
    "tools": "what they do is in the spans of the agents that call them",
    "vectors": "its pod is a job that ends",
    "elasticache": "runs elsewhere; its pod is a job that ends",
    "postgres": "runs elsewhere; its pod is a job that ends",
    "gpu": "the device plugin has no metrics endpoint; what GPUs do comes from dcgm_exporter",
}
"""Parts that run pods and export nothing, each with its reason."""


@pytest.mark.parametrize("stack", STACKS)
def test_every_part_that_runs_pods_says_what_it_exports_or_why_it_does_not(stack: str) -> None:
    parsed = _config(stack)
    measured = {source.component for source in declared_metrics(parsed)}
    silent = set(pods_by_part(parsed)) - measured
    assert silent == SERVES_NO_METRICS.keys() & parts(parsed)
    assert measured <= PARTS.keys()


@pytest.mark.parametrize("stack", STACKS)
def test_every_secret_that_a_declared_credential_promises_is_made(
    stack: str, stack_plan: Callable[[str], Plan]
) -> None:
    written = {
        (one.inputs["metadata"]["namespace"], one.inputs["spec"]["target"]["name"])
        for one in stack_plan(stack).all(EXTERNAL_SECRET)
    }
    promised = {
        (consumer.namespace, credential.secret_in(consumer))
        for credential in declared_credentials(_config(stack))
        for consumer in credential.consumers
    }
    assert promised
    assert promised <= written


@pytest.mark.parametrize("stack", STACKS)
def test_what_is_pushed_is_under_the_platforms_prefix_and_never_overwrites(
    stack: str, stack_plan: Callable[[str], Plan]
) -> None:
    prefix = secret_prefix(_config(stack).place)
    pushed = stack_plan(stack).all(PUSH_SECRET)
    made = (*declared_credentials(_config(stack)), *tenants_credentials(_config(stack)))
    assert len(pushed) == len(made)
    for one in pushed:
        assert one.inputs["spec"]["updatePolicy"] == "IfNotExists"
        assert all(
            entry["match"]["remoteRef"]["remoteKey"].startswith(prefix)
            for entry in one.inputs["spec"]["data"]
        )


@pytest.mark.parametrize("stack", STACKS)
def test_no_value_of_a_secret_is_in_the_plan(stack: str, stack_plan: Callable[[str], Plan]) -> None:
    """Secrets are made in the cluster or by AWS: the plan has names of them and no Secret object at all."""
    plan = stack_plan(stack)
    assert [resource.urn for resource in plan.all(SECRET)] == []
    assert [resource.urn for resource in plan if resource.secrets] == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_volume_claim_of_a_declared_pod_has_an_owner_for_its_backup(stack: str) -> None:
    declared = declared_stateful(_config(stack))
    assert declared
    namespaces = {pod.namespace for pod in declared_pods(_config(stack))}
    for one in declared:
        assert one.what
        if one.type == CLAIM:
            assert one.name.partition("/")[0] in namespaces
