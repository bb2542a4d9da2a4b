"""The kubeconfig of the Kubernetes provider: stable text, no token in it."""

from __future__ import annotations

import json

from components.core.aws import Place


def kubeconfig(place: Place, endpoint: str, certificate_authority: str) -> str:
    """A kubeconfig that asks `aws eks get-token` when used.

    Built only from the name, endpoint and CA of the cluster: nothing in it changes with a tag or a version,
    so the provider is never replaced and its resources with it (pulumi/pulumi-eks#764).
    """
    name = place.cluster_name
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": name,
                    "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority},
                }
            ],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
            "current-context": name,
            "users": [
                {
                    "name": name,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "aws",
                            "args": ["--region", place.region, "eks", "get-token", "--cluster-name", name],
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
        },
        sort_keys=True,
    )
