"""How weights get to where a server reads them: copied once onto the node's disk, or mounted as an image.

Not streamed from S3 into the GPU: that is vLLM's alone, a restart would fetch anew, adapters and tokenizers are
files anyway, and the process that answers requests would be the one that holds credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.charts import images
from components.charts.pods import ContainerResources
from components.charts.restricted import container_context
from components.core.names import bounded
from components.models.names import FROM_S3, NAME_LIMIT
from components.models.servers import Server
from components.models.shape import GpuServerSpec
from components.models.sizing import SCRATCH_GIB, disk_gib
from components.models.weights import ImageWeights, S3Weights, Weights

WEIGHTS = "/weights"
MODEL_PATH = f"{WEIGHTS}/model"
SCRATCH = "/tmp"  # noqa: S108 - in the container, on the node's disk
CONFIG = "aws"
CONFIG_MAP = "weights-loader"
CONFIG_PATH = "/etc/aws"

LOADER_CONFIG = "[default]\ns3 =\n  max_concurrent_requests = 32\n  multipart_chunksize = 64MB\n"
"""Of the AWS CLI: by default ten requests of 8 MB, which leaves most of a GPU node's network unused."""

SAFE = ("*.safetensors", "*.json", "*.model", "*.jinja", "*.txt")
"""What is copied. Not `*.bin` and `*.pt`, which run code when they are read, and not `*.py`."""

TWICE = "*consolidated*"
"""Mistral's repositories hold their weights a second time in files of this name."""

LOADER_RESOURCES = ContainerResources(cpu="1", memory="1Gi", cpu_limit="4", memory_limit="2Gi")
_UID_OF_LOADER = 2000

Spec = dict[str, Any]


def adapter_path(adapter: str) -> str:
    """Where an adapter's files are in the container."""
    return f"{WEIGHTS}/adapters/{adapter}"


def sources(server: Server) -> dict[str, Weights]:
    """Where in the container -> what is there."""
    spec = server.spec
    if not isinstance(spec, GpuServerSpec):
        return {}
    adapters = {adapter_path(name): adapter.weights for name, adapter in server.adapters.items()}
    return {MODEL_PATH: spec.weights, **adapters}


def fetches(server: Server) -> bool:
    """Whether anything comes from S3: only then a server has a role, and a way to S3."""
    return any(isinstance(one, S3Weights) for one in sources(server).values())


def weights_label(server: Server) -> str:
    """What a policy knows those pods by."""
    return FROM_S3 if fetches(server) else "none" if not sources(server) else "image"


def init_containers(server: Server, *, bucket: str | None, region: str) -> list[Spec]:
    """One copy for each source; each finishes what an earlier try has begun."""
    return [
        _copy(_name(path), path, one, bucket=bucket, region=region)
        for path, one in sources(server).items()
        if isinstance(one, S3Weights)
    ]


def volumes(server: Server) -> list[Spec]:
    """The node's disk for what is copied, an image for what is not."""
    spec = server.spec
    made: list[Spec] = []
    if fetches(server) and isinstance(spec, GpuServerSpec):
        limit = f"{disk_gib(spec) - SCRATCH_GIB + 1}Gi"
        made.append({"name": "weights", "emptyDir": {"sizeLimit": limit}})
        made.append({"name": "loader", "configMap": {"name": CONFIG_MAP}})
    made += [
        {"name": _name(path), "image": {"reference": one.image, "pullPolicy": "IfNotPresent"}}
        for path, one in sources(server).items()
        if isinstance(one, ImageWeights)
    ]
    return made


def mounts(server: Server) -> list[Spec]:
    """What the server sees of them: nothing it could write to."""
    made: list[Spec] = []
    if fetches(server):
        made.append({"name": "weights", "mountPath": WEIGHTS, "readOnly": True})
    made += [
        {
            "name": _name(path),
            "mountPath": path,
            "readOnly": True,
            **({"subPath": one.path} if one.path else {}),
        }
        for path, one in sources(server).items()
        if isinstance(one, ImageWeights)
    ]
    return made


def _name(path: str) -> str:
    """A container's and a volume's, which are labels: of two long adapters' names no two become one."""
    return "model" if path == MODEL_PATH else bounded(f"adapter-{path.rpartition('/')[2]}", NAME_LIMIT)


def _copy(name: str, path: str, source: S3Weights, *, bucket: str | None, region: str) -> Spec:
    home = source.bucket or bucket
    assert home is not None, "checks refuse weights without a bucket"
    filters = [part for pattern in SAFE for part in ("--include", pattern)]
    environment: Mapping[str, str] = {
        "HOME": SCRATCH,
        "AWS_CONFIG_FILE": f"{CONFIG_PATH}/{CONFIG}",
        "AWS_REGION": region,
        # Pod Identity is asked; the node's own role is not there to be tried.
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_RETRY_MODE": "adaptive",
        "AWS_MAX_ATTEMPTS": "10",
    }
    return {
        "name": name,
        "image": images.AWS_CLI.reference,
        "command": [
            "aws",
            "s3",
            "sync",
            f"s3://{home}/{source.prefix}/",
            path,
            "--no-progress",
            "--only-show-errors",
            "--exclude",
            "*",
            *filters,
            # Of two that match, the later one counts.
            "--exclude",
            TWICE,
        ],
        "env": [{"name": key, "value": value} for key, value in environment.items()],
        "resources": LOADER_RESOURCES.values(),
        "securityContext": {**container_context(), "runAsNonRoot": True, "runAsUser": _UID_OF_LOADER},
        "volumeMounts": [
            {"name": "weights", "mountPath": WEIGHTS},
            {"name": "loader", "mountPath": CONFIG_PATH, "readOnly": True},
            {"name": "scratch", "mountPath": SCRATCH},
        ],
    }
