"""Argo CD changes what it made, and nothing that the platform put beside it into a tenant's namespace.

A tool's program, an agent's Deployment, kagent's own settings are of the kinds that applications consist of, and an
application may name an object like one of them: Argo CD would write over it, since its project asks for kind and
namespace only, and `FailOnSharedResource` knows other applications only.
"""

from __future__ import annotations

from typing import Any

from components.argocd.pods import CONTROLLER, NAMESPACE
from components.argocd.render import OWNED
from components.core.labels import TENANT_LABEL

NAME = "argocd-takes-over-nothing"
TRACKED = "argocd.argoproj.io/tracking-id"
"""What Argo CD writes on everything that it makes, where it tracks by annotation (`resourceTrackingMethod`)."""

REFUSED = (
    "an application has an object of this name, which is not Argo CD's: the platform made it; call the application's "
    "otherwise"
)


def policy() -> dict[str, Any]:
    """The spec of the ValidatingAdmissionPolicy; of tenants' namespaces: in its own Argo CD keeps other things."""
    groups = sorted({one.group for one in OWNED})
    notes = "oldObject.metadata.annotations"
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "namespaceSelector": {"matchExpressions": [{"key": TENANT_LABEL, "operator": "Exists"}]},
            "resourceRules": [
                {
                    "apiGroups": [group],
                    "apiVersions": ["*"],
                    "operations": ["UPDATE", "DELETE"],
                    "resources": [one.resource for one in OWNED if one.group == group],
                }
                for group in groups
            ],
        },
        "matchConditions": [
            {
                "name": "is-argo-cds",
                "expression": f"request.userInfo.username == 'system:serviceaccount:{NAMESPACE}:{CONTROLLER}'",
            }
        ],
        "validations": [{"expression": f"has({notes}) && '{TRACKED}' in {notes}", "message": REFUSED}],
    }
