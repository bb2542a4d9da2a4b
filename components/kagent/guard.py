"""What holds for pods wherever a controller of kagent's makes them: in force before there is one."""

from __future__ import annotations

from typing import Any

from pulumi import Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.core.labels import managed_labels
from components.kagent import accounts, agent_pods
from components.kagent.names import RELEASE

API_VERSION = "admissionregistration.k8s.io/v1"


def guard_pods(name: str, opts: ResourceOptions) -> tuple[Resource, ...]:
    """The policies in force: whoever installs a controller waits for them."""
    return (
        *_in_force(f"{name}-accounts", accounts.NAME, accounts.policy(), opts),
        *_in_force(f"{name}-agents", agent_pods.NAME, agent_pods.policy(), opts),
    )


def _in_force(name: str, called: str, spec: dict[str, Any], opts: ResourceOptions) -> tuple[Resource, ...]:
    metadata = {"name": called, "labels": managed_labels(RELEASE)}
    made = CustomResource(
        name,
        api_version=API_VERSION,
        kind="ValidatingAdmissionPolicy",
        metadata=metadata,
        spec=spec,
        opts=opts,
    )
    bound = CustomResource(
        name,
        api_version=API_VERSION,
        kind="ValidatingAdmissionPolicyBinding",
        metadata=metadata,
        spec={"policyName": called, "validationActions": ["Deny"]},
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[made])),
    )
    return (made, bound)
