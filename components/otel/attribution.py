"""Whose telemetry it is: taken from the sender's namespace, whatever the sender says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.core.labels import TENANT_LABEL
from components.otel.names import PLATFORM_TENANT, TENANT_ATTRIBUTE, UNKNOWN_TENANT

DROP_CLAIMS = "resource/claims"
BY_CONNECTION = "k8s_attributes/connection"
BY_FILE = "k8s_attributes/file"
TENANT = "transform/tenant"

NAMESPACE_ATTRIBUTE = "k8s.namespace.name"
AGENT_ATTRIBUTE = "agent"
AGENT_LABEL = "kagent"
"""What kagent labels the pods of an agent with; the value is the agent's name (v0.9.12, manifest_builder.go)."""

_METADATA = (
    NAMESPACE_ATTRIBUTE,
    "k8s.pod.name",
    "k8s.pod.uid",
    "k8s.node.name",
    "k8s.deployment.name",
    "k8s.statefulset.name",
    "k8s.daemonset.name",
    "k8s.job.name",
)


def drop_claims() -> dict[str, Any]:
    """Deletes what a sender says about who it is; the processor after it writes only what is not there yet."""
    return {
        "attributes": [
            {"key": TENANT_ATTRIBUTE, "action": "delete"},
            {"key": AGENT_ATTRIBUTE, "action": "delete"},
            {"pattern": "^k8s[.]", "action": "delete"},
        ]
    }


def by_connection(*, own_node: bool) -> dict[str, Any]:
    """Finds the pod by the address that it calls from, which it cannot choose."""
    return _attributes({"from": "connection"}, own_node=own_node)


def by_file() -> dict[str, Any]:
    """Finds the pod by the id in the path of its log, which the kubelet wrote."""
    return _attributes({"from": "resource_attribute", "name": "k8s.pod.uid"}, own_node=True)


def _attributes(source: dict[str, str], *, own_node: bool) -> dict[str, Any]:
    return {
        "auth_type": "serviceAccount",
        # Every agent would otherwise keep every pod of the cluster.
        **({"filter": {"node_from_env_var": "OTEL_K8S_NODE_NAME"}} if own_node else {}),
        "pod_association": [{"sources": [source]}],
        "extract": {
            "metadata": list(_METADATA),
            # On the Namespace, which only the platform can write; a pod's own label would be a claim.
            "labels": [
                {"tag_name": TENANT_ATTRIBUTE, "key": TENANT_LABEL, "from": "namespace"},
                # A claim, but of no more than which of its own namespace's agents a pod is.
                {"tag_name": AGENT_ATTRIBUTE, "key": AGENT_LABEL, "from": "pod"},
            ],
        },
    }


def tenant() -> dict[str, Any]:
    """Writes the tenant on the resource and on every record of it, over whatever stands there."""
    tenant, namespace = _resource(TENANT_ATTRIBUTE), _resource(NAMESPACE_ATTRIBUTE)
    resource = {
        "context": "resource",
        "statements": [
            f'set({tenant}, "{UNKNOWN_TENANT}") where {namespace} == nil',
            f'set({tenant}, "{PLATFORM_TENANT}") where {tenant} == nil',
        ],
    }

    def records(context: str, *more: str) -> list[dict[str, Any]]:
        record = f'{context}.attributes["{TENANT_ATTRIBUTE}"]'
        return [resource, {"context": context, "statements": [f"set({record}, {tenant})", *more]}]

    return {
        "error_mode": "propagate",
        "trace_statements": records("span"),
        # As a label of each series: Prometheus would otherwise have it on target_info only.
        "metric_statements": records(
            "datapoint", f'set(datapoint.attributes["namespace"], {namespace}) where {namespace} != nil'
        ),
        "log_statements": records("log"),
    }


def _resource(attribute: str) -> str:
    return f'resource.attributes["{attribute}"]'


def attributed(processors: Sequence[str]) -> bool:
    """Whether a chain for clients ends in a tenant that the client did not choose."""
    chain = [name for name in processors if name in {DROP_CLAIMS, BY_CONNECTION, TENANT}]
    return chain == [DROP_CLAIMS, BY_CONNECTION, TENANT]
