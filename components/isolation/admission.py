"""Rules of the API server itself about what may be made: a policy, and the binding without which it is only text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi import Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

API_VERSION = "admissionregistration.k8s.io/v1"


def in_force(
    name: str, called: str, spec: Mapping[str, Any], *, labels: Mapping[str, str], opts: ResourceOptions
) -> tuple[Resource, ...]:
    """The policy as it refuses: whoever makes what it is about waits for both."""
    metadata = {"name": called, "labels": dict(labels)}
    made = CustomResource(
        name,
        api_version=API_VERSION,
        kind="ValidatingAdmissionPolicy",
        metadata=metadata,
        spec=dict(spec),
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
