"""What others call a model server by: names and ports known before anything exists."""

from __future__ import annotations

from typing import Literal

from components.core.labels import DOMAIN

NAMESPACE = "ai-inference"
PART = "models"
ROLE_PURPOSE = "model"

Engine = Literal["vllm", "tgi", "byo"]

VLLM_PORT = 8000
TGI_PORT = 8080
HTTP = "http"
"""The name of the serving port; health and metrics are on it too."""

ENGINE_LABEL = f"{DOMAIN}/engine"
MODEL_LABEL = f"{DOMAIN}/model"
WEIGHTS_LABEL = f"{DOMAIN}/weights"
"""On pods that fetch from S3: only they may reach it."""
FROM_S3 = "s3"

NAME_LIMIT = 63
DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt"


def server_name(engine: Engine, key: str) -> str:
    """The Service, the Deployment and the ServiceAccount of a model: `vllm-<model>`, `tgi-<model>`, `<model>`."""
    return key if engine == "byo" else f"{engine}-{key}"


def selector(server: str) -> dict[str, str]:
    """What a server's pods are selected by: its name, which no other has."""
    return {"app.kubernetes.io/name": server, "app.kubernetes.io/instance": server}


def host(server: str) -> str:
    """The Service's name as every namespace resolves it."""
    return f"{server}.{NAMESPACE}.svc"
