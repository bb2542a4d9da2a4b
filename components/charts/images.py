"""Container images of the pinned charts: by digest, or by tag with a reason and a date when that has to end.

`make pins` resolves digests where the registries can be reached. None is ever written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_DIGEST = re.compile(r"^sha256:[0-9a-f]{64}$")


@dataclass(frozen=True, kw_only=True)
class TagOnly:
    """Why an image has no digest, and until when that is acceptable."""

    reason: str
    expires: date


@dataclass(frozen=True, kw_only=True)
class Image:
    """One image: exactly what a pod will pull."""

    repository: str
    """With its registry: a bare name would mean another registry to every runtime."""
    tag: str
    digest: str | None = None
    tag_only: TagOnly | None = None

    def __post_init__(self) -> None:
        """An image has a digest or a reason for having none, and never a moving tag."""
        if (self.digest is None) == (self.tag_only is None):
            raise ValueError(f"{self.repository}: give a digest, or a tag-only reason, and not both")
        if self.digest is not None and not _DIGEST.match(self.digest):
            raise ValueError(f"{self.repository}: {self.digest!r} is not a sha256 digest")
        if self.tag in {"", "latest"}:
            raise ValueError(f"{self.repository}: {self.tag!r} is a moving tag; name a version")

    @property
    def pinned_tag(self) -> str:
        """The tag with its digest, for charts that have no value for the digest itself."""
        return f"{self.tag}@{self.digest}" if self.digest else self.tag

    @property
    def reference(self) -> str:
        """The image as a pod names it."""
        return f"{self.repository}:{self.pinned_tag}"

    def values(self) -> Mapping[str, str]:
        """`tag`, and `digest` where it is known, for charts that have a value for each."""
        return {"tag": self.tag, **({"digest": self.digest} if self.digest else {})}


_UNRESOLVED = TagOnly(
    reason="the registry could not be reached when the chart was pinned; `make pins` fills the digest in",
    expires=date(2027, 2, 28),
)

KARPENTER = Image(
    repository="public.ecr.aws/karpenter/controller",
    tag="1.14.1",
    digest="sha256:723130949e4cab989461ff07d1be4cd781d63515432494641b33c235f300ae23",
)
NVIDIA_DEVICE_PLUGIN = Image(
    repository="nvcr.io/nvidia/k8s-device-plugin", tag="v0.20.0", tag_only=_UNRESOLVED
)
CERT_MANAGER_CONTROLLER = Image(
    repository="quay.io/jetstack/cert-manager-controller", tag="v1.21.1", tag_only=_UNRESOLVED
)
CERT_MANAGER_WEBHOOK = Image(
    repository="quay.io/jetstack/cert-manager-webhook", tag="v1.21.1", tag_only=_UNRESOLVED
)
CERT_MANAGER_CAINJECTOR = Image(
    repository="quay.io/jetstack/cert-manager-cainjector", tag="v1.21.1", tag_only=_UNRESOLVED
)
CERT_MANAGER_ACMESOLVER = Image(
    repository="quay.io/jetstack/cert-manager-acmesolver", tag="v1.21.1", tag_only=_UNRESOLVED
)
CERT_MANAGER_STARTUPAPICHECK = Image(
    repository="quay.io/jetstack/cert-manager-startupapicheck", tag="v1.21.1", tag_only=_UNRESOLVED
)
EXTERNAL_SECRETS = Image(
    repository="ghcr.io/external-secrets/external-secrets", tag="v2.9.0", tag_only=_UNRESOLVED
)
METRICS_SERVER = Image(
    repository="registry.k8s.io/metrics-server/metrics-server", tag="v0.8.1", tag_only=_UNRESOLVED
)
AWS_LOAD_BALANCER_CONTROLLER = Image(
    repository="public.ecr.aws/eks/aws-load-balancer-controller", tag="v3.5.0", tag_only=_UNRESOLVED
)
PROMETHEUS_OPERATOR = Image(
    repository="quay.io/prometheus-operator/prometheus-operator",
    tag="v0.93.1",
    tag_only=_UNRESOLVED,
)
PROMETHEUS_CONFIG_RELOADER = Image(
    repository="quay.io/prometheus-operator/prometheus-config-reloader",
    tag="v0.93.1",
    tag_only=_UNRESOLVED,
)
PROMETHEUS = Image(
    repository="quay.io/prometheus/prometheus",
    tag="v3.14.0-distroless",
    tag_only=_UNRESOLVED,
)
ALERTMANAGER = Image(
    repository="quay.io/prometheus/alertmanager",
    tag="v0.34.0",
    tag_only=_UNRESOLVED,
)
NODE_EXPORTER = Image(
    repository="quay.io/prometheus/node-exporter",
    tag="v1.12.1-distroless",
    tag_only=_UNRESOLVED,
)
KUBE_STATE_METRICS = Image(
    repository="registry.k8s.io/kube-state-metrics/kube-state-metrics",
    tag="v2.20.0",
    tag_only=_UNRESOLVED,
)
GRAFANA = Image(
    repository="docker.io/grafana/grafana",
    tag="13.2.0",
    tag_only=_UNRESOLVED,
)
GRAFANA_SIDECAR = Image(
    repository="quay.io/kiwigrid/k8s-sidecar",
    tag="2.10.1",
    tag_only=_UNRESOLVED,
)
WEBHOOK_CERTGEN = Image(
    repository="ghcr.io/jkroepke/kube-webhook-certgen",
    tag="1.8.7",
    tag_only=_UNRESOLVED,
)
CLICKHOUSE_OPERATOR = Image(
    repository="ghcr.io/clickhouse/clickhouse-operator",
    tag="v0.0.5",
    tag_only=_UNRESOLVED,
)
CLICKHOUSE_SERVER = Image(
    repository="docker.io/clickhouse/clickhouse-server",
    tag="26.4.4.38",
    tag_only=_UNRESOLVED,
)
CLICKHOUSE_KEEPER = Image(
    repository="docker.io/clickhouse/clickhouse-keeper",
    tag="26.4.4.38",
    tag_only=_UNRESOLVED,
)
LANGFUSE_WEB = Image(
    repository="docker.langfuse.com/langfuse/langfuse",
    tag="4.4.0",
    tag_only=_UNRESOLVED,
)
LANGFUSE_WORKER = Image(
    repository="docker.langfuse.com/langfuse/langfuse-worker",
    tag="4.4.0",
    tag_only=_UNRESOLVED,
)
OTEL_COLLECTOR_CONTRIB = Image(
    repository="ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib",
    tag="0.158.0",
    tag_only=_UNRESOLVED,
)
OTEL_COLLECTOR_K8S = Image(
    repository="ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s",
    tag="0.158.0",
    tag_only=_UNRESOLVED,
)
DCGM_EXPORTER = Image(
    repository="nvcr.io/nvidia/k8s/dcgm-exporter",
    tag="4.5.3-4.8.2-distroless",
    tag_only=_UNRESOLVED,
)
VELERO = Image(
    repository="docker.io/velero/velero",
    tag="v1.18.1",
    tag_only=_UNRESOLVED,
)
VELERO_PLUGIN_FOR_AWS = Image(
    # The tag: what Velero 1.18.1 is tested with (its test/util/velero/velero_utils.go).
    repository="docker.io/velero/velero-plugin-for-aws",
    tag="v1.13.2",
    tag_only=_UNRESOLVED,
)
ARGOCD = Image(
    repository="quay.io/argoproj/argocd",
    tag="v3.4.4",
    tag_only=_UNRESOLVED,
)
ARGOCD_REDIS = Image(
    repository="ecr-public.aws.com/docker/library/redis",
    tag="8.2.3-alpine",
    tag_only=_UNRESOLVED,
)
KEDA_OPERATOR = Image(
    repository="ghcr.io/kedacore/keda",
    tag="2.20.2",
    tag_only=_UNRESOLVED,
)
KEDA_METRICS_APISERVER = Image(
    repository="ghcr.io/kedacore/keda-metrics-apiserver",
    tag="2.20.2",
    tag_only=_UNRESOLVED,
)
KEDA_ADMISSION_WEBHOOKS = Image(
    repository="ghcr.io/kedacore/keda-admission-webhooks",
    tag="2.20.2",
    tag_only=_UNRESOLVED,
)
EXTERNAL_DNS = Image(
    repository="registry.k8s.io/external-dns/external-dns",
    tag="v0.21.0",
    tag_only=_UNRESOLVED,
)
OPENCOST = Image(
    repository="ghcr.io/opencost/opencost",
    tag="1.120.1",
    # The chart's own pin.
    digest="sha256:b0701f9b54e43c9abee98f5784792a5b469ca8951e87da32b161c1fa539ab0e1",
)
VALKEY = Image(
    repository="docker.io/valkey/valkey",
    tag="9.1.1",
    tag_only=_UNRESOLVED,
)
REDIS_EXPORTER = Image(
    repository="ghcr.io/oliver006/redis_exporter",
    tag="v1.79.0",
    tag_only=_UNRESOLVED,
)
POSTGRES_CLIENT = Image(
    repository="docker.io/library/postgres",
    tag="17.7",
    tag_only=_UNRESOLVED,
)
AWS_CLI = Image(
    repository="public.ecr.aws/aws-cli/aws-cli",
    tag="2.36.15",
    tag_only=_UNRESOLVED,
)
MILVUS = Image(
    repository="docker.io/milvusdb/milvus",
    tag="v2.6.15",
    tag_only=_UNRESOLVED,
)
MILVUS_ETCD = Image(
    repository="docker.io/milvusdb/etcd",
    tag="3.5.25-r1",
    tag_only=_UNRESOLVED,
)

AGENTGATEWAY_CONTROLLER = Image(
    repository="cr.agentgateway.dev/controller", tag="v1.4.1", tag_only=_UNRESOLVED
)
AGENTGATEWAY_PROXY = Image(repository="cr.agentgateway.dev/agentgateway", tag="v1.4.1", tag_only=_UNRESOLVED)
# The project tags no versions: an image is called after its commit, here of 2026-07-05.
RATE_LIMIT = Image(repository="docker.io/envoyproxy/ratelimit", tag="f2fb1577", tag_only=_UNRESOLVED)
OAUTH2_PROXY = Image(repository="quay.io/oauth2-proxy/oauth2-proxy", tag="v7.15.3", tag_only=_UNRESOLVED)

KAGENT_CONTROLLER = Image(
    repository="cr.kagent.dev/kagent-dev/kagent/controller", tag="0.9.12", tag_only=_UNRESOLVED
)
KAGENT_UI = Image(repository="cr.kagent.dev/kagent-dev/kagent/ui", tag="0.9.12", tag_only=_UNRESOLVED)
KAGENT_APP = Image(repository="cr.kagent.dev/kagent-dev/kagent/app", tag="0.9.12", tag_only=_UNRESOLVED)
"""What runs a declarative agent; the controller puts it into each of their pods."""
KAGENT_SKILLS = Image(
    repository="cr.kagent.dev/kagent-dev/kagent/skills-init", tag="0.9.12", tag_only=_UNRESOLVED
)
KMCP_CONTROLLER = Image(repository="ghcr.io/kagent-dev/kmcp/controller", tag="0.3.0", tag_only=_UNRESOLVED)
PYTHON = Image(repository="docker.io/library/python", tag="3.13.7-slim", tag_only=_UNRESOLVED)
"""What tool servers run in: they are one file of the standard library."""
ENVOY = Image(repository="docker.io/envoyproxy/envoy", tag="v1.36.2", tag_only=_UNRESOLVED)
VLLM = Image(repository="docker.io/vllm/vllm-openai", tag="v0.33.0", tag_only=_UNRESOLVED)
TGI = Image(repository="ghcr.io/huggingface/text-generation-inference", tag="3.3.7", tag_only=_UNRESOLVED)

# The variant that runs as nobody; the project's own chart would run the other as root.
LITELLM = Image(repository="ghcr.io/berriai/litellm-non_root", tag="v1.90.2", tag_only=_UNRESOLVED)

ENDPOINT_PICKER = Image(
    repository="ghcr.io/llm-d/llm-d-router-endpoint-picker", tag="v0.10.0", tag_only=_UNRESOLVED
)

IMAGES: tuple[Image, ...] = (
    KARPENTER,
    NVIDIA_DEVICE_PLUGIN,
    CERT_MANAGER_CONTROLLER,
    CERT_MANAGER_WEBHOOK,
    CERT_MANAGER_CAINJECTOR,
    CERT_MANAGER_ACMESOLVER,
    CERT_MANAGER_STARTUPAPICHECK,
    EXTERNAL_SECRETS,
    METRICS_SERVER,
    AWS_LOAD_BALANCER_CONTROLLER,
    PROMETHEUS_OPERATOR,
    PROMETHEUS_CONFIG_RELOADER,
    PROMETHEUS,
    ALERTMANAGER,
    NODE_EXPORTER,
    KUBE_STATE_METRICS,
    GRAFANA,
    GRAFANA_SIDECAR,
    WEBHOOK_CERTGEN,
    CLICKHOUSE_OPERATOR,
    CLICKHOUSE_SERVER,
    CLICKHOUSE_KEEPER,
    LANGFUSE_WEB,
    LANGFUSE_WORKER,
    OTEL_COLLECTOR_CONTRIB,
    OTEL_COLLECTOR_K8S,
    DCGM_EXPORTER,
    VELERO,
    VELERO_PLUGIN_FOR_AWS,
    ARGOCD,
    ARGOCD_REDIS,
    KEDA_OPERATOR,
    KEDA_METRICS_APISERVER,
    KEDA_ADMISSION_WEBHOOKS,
    EXTERNAL_DNS,
    OPENCOST,
    VALKEY,
    REDIS_EXPORTER,
    POSTGRES_CLIENT,
    AWS_CLI,
    MILVUS,
    MILVUS_ETCD,
    AGENTGATEWAY_CONTROLLER,
    AGENTGATEWAY_PROXY,
    RATE_LIMIT,
    OAUTH2_PROXY,
    LITELLM,
    KAGENT_CONTROLLER,
    KAGENT_UI,
    KAGENT_APP,
    KAGENT_SKILLS,
    KMCP_CONTROLLER,
    PYTHON,
    ENVOY,
    VLLM,
    TGI,
    ENDPOINT_PICKER,
)


def expired(today: date) -> tuple[Image, ...]:
    """The images whose tag-only excuse has run out: the check that CI fails on."""
    return tuple(image for image in IMAGES if image.tag_only is not None and image.tag_only.expires < today)
