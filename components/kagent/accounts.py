"""Who may run as a controller of kagent's: its own image and nothing else, in every namespace.

The chart's Role lets a controller write every core object of its namespace, quotas and bare pods among them; an Agent
names the account its pods run as, and kagent asks nobody whether it may (v0.9.12, translator/agent/deployments.go).
Without this rule an agent could take its controller's account, and with it its tenant's quota off.

The image's name says nothing of what runs where a volume may lie over its program, and the token goes to whoever the
pod's authority vouches for. So the volumes are those of the chart's pod and of the API server itself, and no others,
and no setting names another way to the API: a file made of a pod's own notes could be read as one.
"""

from __future__ import annotations

from typing import Any

from components.charts import images
from components.kagent.names import CONTROLLER, DATABASE_SECRET
from components.kagent.values import DATABASE_MOUNT

NAME = "kagent-accounts"
TOKEN_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - a path
"""Where the API server puts token and authority of every pod (ServiceAccount admission), before this rule is asked."""
AUTHORITY = "kube-root-ca.crt"
"""The ConfigMap that Kubernetes itself keeps in every namespace, and restores where somebody changes it."""
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
WAY_TO_THE_API = "KUBECONFIG"
"""Asked before the pod's own account is (controller-runtime, `loadConfig`)."""

REFUSED = (
    "only kagent's own controller runs as its account: an agent that did could write every object of its namespace; "
    "name another serviceAccountName"
)


def policy() -> dict[str, Any]:
    """The spec of the ValidatingAdmissionPolicy; by repository, so that an upgrade may be rolled back."""
    account, repository = "object.spec.serviceAccountName", images.KAGENT_CONTROLLER.repository
    mine = f"(c.image.startsWith('{repository}:') || c.image.startsWith('{repository}@'))"
    none = " && ".join(
        f"(!has(object.spec.{kind}) || size(object.spec.{kind}) == 0)"
        for kind in ("initContainers", "ephemeralContainers")
    )
    paths = ", ".join(f"'{path}'" for path in (DATABASE_MOUNT, TOKEN_MOUNT))
    # A probe may run the image's program as well, with whatever arguments.
    probed = " && ".join(f"(!has(c.{probe}) || !has(c.{probe}.exec))" for probe in PROBES)
    bare = (
        f"{mine} && !has(c.command) && !has(c.args) && !has(c.lifecycle) && {probed}"
        f" && (!has(c.volumeMounts) || c.volumeMounts.all(m, m.mountPath in [{paths}]))"
        f" && (!has(c.env) || c.env.all(e, e.name != '{WAY_TO_THE_API}'))"
    )
    return {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE", "UPDATE"],
                    # Pods, whatever made them; a container added to a running one is a subresource.
                    "resources": ["pods", "pods/ephemeralcontainers"],
                }
            ]
        },
        "matchConditions": [
            {
                "name": "runs-as-a-controller",
                "expression": (
                    f"has({account}) && ({account} == '{CONTROLLER}' || {account}.endsWith('-{CONTROLLER}'))"
                ),
            }
        ],
        "validations": [
            {
                "expression": f"object.spec.containers.all(c, {bare}) && {none}",
                "message": REFUSED,
            },
            {
                "expression": (
                    "!has(object.spec.volumes) || object.spec.volumes.all(v, "
                    f"(has(v.secret) && v.secret.secretName == '{DATABASE_SECRET}') || "
                    "(has(v.projected) && v.projected.sources.all(s, has(s.serviceAccountToken) || "
                    "(has(s.downwardAPI) && s.downwardAPI.items.all(i, i.path == 'namespace'"
                    " && has(i.fieldRef) && i.fieldRef.fieldPath == 'metadata.namespace')) || "
                    f"(has(s.configMap) && s.configMap.name == '{AUTHORITY}'))))"
                ),
                "message": REFUSED,
            },
        ],
    }
