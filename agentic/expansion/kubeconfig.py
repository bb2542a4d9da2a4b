"""The kubeconfig that the EKS component hands out, as its own code makes it."""

from __future__ import annotations

import json
from typing import Any


def kubeconfig(*, cluster: Any, endpoint: Any, certificate: Any, region: Any) -> dict[str, Any]:
    """A kubeconfig without a credential in it: the token comes from `aws eks get-token` at use."""
    command = ["--region", region, "eks", "get-token", "--cluster-name", cluster, "--output", "json"]
    exec_info = '{"apiVersion": "client.authentication.k8s.io/v1beta1"}'
    return {
        "apiVersion": "v1",
        "clusters": [
            {
                "cluster": {"server": endpoint, "certificate-authority-data": certificate},
                "name": "kubernetes",
            }
        ],
        "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
        "current-context": "aws",
        "kind": "Config",
        "users": [
            {
                "name": "aws",
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "aws",
                        "args": command,
                        "env": [{"name": "KUBERNETES_EXEC_INFO", "value": exec_info}],
                    }
                },
            }
        ],
    }


def kubeconfig_json(**parts: Any) -> str:
    """The same as text, spelt as JSON.stringify does."""
    return json.dumps(kubeconfig(**parts), separators=(",", ":"))
