"""Every chart the platform installs, at one version each: a bump is one line here and one commit.

The marker above each `version` is what the update bot edits. `kubernetes` is what the project's own pages
or CI say, not what its chart merely tolerates; ranges and dates were read from the projects' own documents
and tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MINUTE = 60


class Crds(StrEnum):
    """How a chart brings its CustomResourceDefinitions, which decides who upgrades them."""

    NONE = "none"
    """The chart brings none, or another release does."""
    ONLY = "only"
    """The chart is nothing but CRDs, in its templates: every upgrade of the release upgrades them."""
    TEMPLATES = "templates"
    """Part of the chart's templates: upgraded with it, and kept when it goes because the values say so."""
    FOLDER = "folder"
    """In `crds/`: Helm installs them once, never upgrades or deletes them (pulumi/pulumi-kubernetes#3522)."""


@dataclass(frozen=True, kw_only=True)
class Pin:
    """One chart at one version, and how Helm has to treat it."""

    chart: str
    """The chart's name in `repo`, or a whole `oci://` reference."""
    version: str
    repo: str | None = None
    """None: `chart` is an OCI reference, and Helm refuses an OCI address as a repository."""
    timeout_seconds: int
    """How long Helm waits for pods and hooks: image pulls on a fresh node included."""
    atomic: bool
    """Roll back by itself. Off where a rollback would delete data or CRDs (pulumi/pulumi-kubernetes#2054)."""
    crds: Crds
    kubernetes: tuple[str, str | None]
    """Oldest and newest minor the project tests or supports; None where it names no newest."""
    released: date
    support: str
    """How long the project looks after this version, in its own terms."""
    alternative: str
    """What to use instead, should the project end."""

    def __post_init__(self) -> None:
        """An OCI chart has no repository and every other chart has one."""
        if self.chart.startswith("oci://") == (self.repo is not None):
            raise ValueError(f"{self.chart}: give a repo, or an oci:// reference as chart, and not both")

    @property
    def name(self) -> str:
        """The chart's own name, without its registry."""
        return self.chart.rpartition("/")[2]

    def tested_on(self, kubernetes: str) -> bool:
        """Whether the project vouches for this Kubernetes minor, for example `1.35`."""
        oldest, newest = self.kubernetes
        return _minor(oldest) <= _minor(kubernetes) and (
            newest is None or _minor(kubernetes) <= _minor(newest)
        )


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Definitions that no chart brings: one file of one version of a project on GitHub."""

    project: str
    version: str
    file: str
    released: bool = True
    """False: not among the release's own files, and read from the tree at its tag."""

    @property
    def url(self) -> str:
        """Where the file of this version is, for good."""
        if self.released:
            return f"https://github.com/{self.project}/releases/download/{self.version}/{self.file}"
        return f"https://raw.githubusercontent.com/{self.project}/{self.version}/{self.file}"


def _minor(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


KARPENTER_CRD = Pin(
    chart="oci://public.ecr.aws/karpenter/karpenter-crd",
    # renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter-crd
    version="1.14.1",
    timeout_seconds=2 * MINUTE,
    # Rolling back would delete the definitions that the failed upgrade added, and their objects with them.
    atomic=False,
    crds=Crds.ONLY,
    kubernetes=("1.30", "1.36"),
    released=date(2026, 8, 20),
    support="moves in lock step with karpenter",
    alternative="EKS Auto Mode (compute.mode: auto)",
)
KARPENTER = Pin(
    chart="oci://public.ecr.aws/karpenter/karpenter",
    # renovate: datasource=docker depName=public.ecr.aws/karpenter/karpenter
    version="1.14.1",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.30", "1.36"),
    released=date(2026, 8, 20),
    support="no published policy: assume fixes land on the newest minor",
    alternative="EKS Auto Mode (compute.mode: auto)",
)
NVIDIA_DEVICE_PLUGIN = Pin(
    chart="nvidia-device-plugin",
    repo="https://nvidia.github.io/k8s-device-plugin",
    # renovate: datasource=helm depName=nvidia-device-plugin registryUrl=https://nvidia.github.io/k8s-device-plugin
    version="0.20.0",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.10", None),
    released=date(2026, 8, 19),
    support="no published policy: assume fixes land on the newest minor",
    alternative="gpu-operator (driver and toolkit included), or EKS Auto Mode, which brings its own",
)
CERT_MANAGER = Pin(
    chart="oci://quay.io/jetstack/charts/cert-manager",
    # renovate: datasource=docker depName=quay.io/jetstack/charts/cert-manager
    version="v1.21.1",
    # The start-up check is a hook that tries five times, a minute each, after the pods are ready.
    timeout_seconds=15 * MINUTE,
    atomic=True,
    crds=Crds.TEMPLATES,
    kubernetes=("1.33", "1.36"),
    released=date(2026, 7, 29),
    support="until 1.23 is released: two minors are looked after at a time",
    alternative="the EKS community add-on cert-manager, or AWS Private CA with ACM",
)
EXTERNAL_SECRETS = Pin(
    chart="external-secrets",
    repo="https://charts.external-secrets.io",
    # renovate: datasource=helm depName=external-secrets registryUrl=https://charts.external-secrets.io
    version="2.9.0",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.TEMPLATES,
    # The project tests one minor per release: 2.9 on 1.36; its chart accepts any from 1.19.
    kubernetes=("1.36", "1.36"),
    released=date(2026, 8, 8),
    support="until 2.10 is released: the newest minor only",
    alternative="secrets-store-csi-driver with its AWS provider (files in pods instead of Secrets)",
)
METRICS_SERVER = Pin(
    chart="metrics-server",
    repo="https://kubernetes-sigs.github.io/metrics-server/",
    # renovate: datasource=helm depName=metrics-server registryUrl=https://kubernetes-sigs.github.io/metrics-server/
    version="3.13.1",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.31", None),
    released=date(2026, 6, 8),
    support="no published policy: assume fixes land on the newest minor",
    alternative="the EKS community add-on metrics-server, or prometheus-adapter",
)
AWS_LOAD_BALANCER_CONTROLLER = Pin(
    chart="aws-load-balancer-controller",
    repo="https://aws.github.io/eks-charts",
    # renovate: datasource=helm depName=aws-load-balancer-controller registryUrl=https://aws.github.io/eks-charts
    version="3.5.0",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    # A bump that changes crds/ needs `kubectl apply` of that folder before the release is upgraded.
    crds=Crds.FOLDER,
    kubernetes=("1.22", None),
    released=date(2026, 8, 3),
    support="no published policy: assume fixes land on the newest minor",
    alternative="EKS Auto Mode (compute.mode: auto), which brings its own",
)
PROMETHEUS_OPERATOR_CRDS = Pin(
    chart="oci://ghcr.io/prometheus-community/charts/prometheus-operator-crds",
    # renovate: datasource=docker depName=ghcr.io/prometheus-community/charts/prometheus-operator-crds
    version="31.0.1",
    timeout_seconds=2 * MINUTE,
    # Rolling back would delete the definitions that the failed upgrade added, and their objects with them.
    atomic=False,
    crds=Crds.ONLY,
    kubernetes=("1.25", None),
    released=date(2026, 8, 10),
    support="moves with the operator that kube-prometheus-stack installs: both are v0.93.1",
    alternative="the CRDs in kube-prometheus-stack itself, which Helm never upgrades",
)
KUBE_PROMETHEUS_STACK = Pin(
    chart="oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
    # renovate: datasource=docker depName=ghcr.io/prometheus-community/charts/kube-prometheus-stack
    version="88.5.3",
    timeout_seconds=15 * MINUTE,
    # Holds volumes: a rollback of a first install would delete the Prometheus that owns them.
    atomic=False,
    crds=Crds.NONE,
    kubernetes=("1.25", None),
    released=date(2026, 8, 21),
    support="no published policy: assume fixes land on the newest major",
    alternative="Amazon Managed Service for Prometheus with Amazon Managed Grafana",
)
CLICKHOUSE_OPERATOR = Pin(
    chart="oci://ghcr.io/clickhouse/clickhouse-operator-helm",
    # renovate: datasource=docker depName=ghcr.io/clickhouse/clickhouse-operator-helm
    version="0.0.5",
    timeout_seconds=10 * MINUTE,
    # The chart templates the CRDs of stores that hold data.
    atomic=False,
    crds=Crds.TEMPLATES,
    kubernetes=("1.28", None),
    # The day Langfuse's documentation began to name it; the project's own date was not at hand.
    released=date(2026, 7, 29),
    support="alpha by its own description; the version that Langfuse 2.0.0 documents",
    alternative="Altinity's operator, or ClickHouse Cloud by clickhouse.host",
)
LANGFUSE = Pin(
    chart="oci://ghcr.io/langfuse/langfuse-k8s/charts/langfuse",
    # renovate: datasource=docker depName=ghcr.io/langfuse/langfuse-k8s/charts/langfuse
    version="2.0.0",
    # The first start migrates Postgres and ClickHouse.
    timeout_seconds=20 * MINUTE,
    # A migration cannot be rolled back: the older image would meet the newer tables.
    atomic=False,
    crds=Crds.NONE,
    kubernetes=("1.28", None),
    released=date(2026, 8, 18),
    support="no published policy: assume fixes land on the newest minor",
    alternative="Langfuse Cloud, or traces in X-Ray only",
)
OPENTELEMETRY_COLLECTOR = Pin(
    chart="opentelemetry-collector",
    repo="https://open-telemetry.github.io/opentelemetry-helm-charts",
    # renovate: datasource=helm depName=opentelemetry-collector registryUrl=https://open-telemetry.github.io/opentelemetry-helm-charts
    version="0.170.0",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.24", None),
    released=date(2026, 8, 14),
    support="no published policy: assume fixes land on the newest minor",
    alternative="the AWS Distro for OpenTelemetry (EKS add-on adot)",
)
DCGM_EXPORTER = Pin(
    chart="dcgm-exporter",
    repo="https://nvidia.github.io/dcgm-exporter/helm-charts",
    # renovate: datasource=helm depName=dcgm-exporter registryUrl=https://nvidia.github.io/dcgm-exporter/helm-charts
    version="4.8.2",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.19", None),
    released=date(2026, 5, 12),
    support="no published policy: assume fixes land on the newest minor",
    alternative="the exporter of the GPU operator, or CloudWatch's GPU metrics",
)

VELERO = Pin(
    chart="velero",
    repo="https://vmware-tanzu.github.io/helm-charts",
    # renovate: datasource=helm depName=velero registryUrl=https://vmware-tanzu.github.io/helm-charts
    version="12.1.0",
    # A job installs the definitions before anything else, with an image of its own to pull.
    timeout_seconds=10 * MINUTE,
    # Backups are in S3 and are read back from there; nothing is lost with the release.
    atomic=True,
    # And a hook job that upgrades them: `upgradeCRDs`.
    crds=Crds.FOLDER,
    kubernetes=("1.33", "1.35"),
    released=date(2026, 6, 25),
    support="no published policy: assume fixes land on the newest minor",
    alternative="AWS Backup (services.backup.mode: aws_backup)",
)
ARGO_CD = Pin(
    chart="argo-cd",
    repo="https://argoproj.github.io/argo-helm",
    # renovate: datasource=helm depName=argo-cd registryUrl=https://argoproj.github.io/argo-helm
    version="10.1.1",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.TEMPLATES,
    kubernetes=("1.32", "1.35"),
    released=date(2026, 7, 2),
    support="the three newest minors of Argo CD",
    alternative="Argo CD as an EKS capability, run by AWS",
)
KEDA = Pin(
    chart="keda",
    repo="https://kedacore.github.io/charts",
    # renovate: datasource=helm depName=keda registryUrl=https://kedacore.github.io/charts
    version="2.20.2",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.TEMPLATES,
    kubernetes=("1.33", "1.35"),
    released=date(2026, 8, 13),
    support="the newest minor only",
    alternative="HorizontalPodAutoscalers on metrics of prometheus-adapter, without scaling to zero",
)
EXTERNAL_DNS = Pin(
    chart="external-dns",
    repo="https://kubernetes-sigs.github.io/external-dns/",
    # renovate: datasource=helm depName=external-dns registryUrl=https://kubernetes-sigs.github.io/external-dns/
    version="1.21.1",
    timeout_seconds=5 * MINUTE,
    atomic=True,
    # One kind, of a source that is not used here.
    crds=Crds.FOLDER,
    kubernetes=("1.21", None),
    released=date(2026, 4, 30),
    support="no published policy: assume fixes land on the newest minor",
    alternative="the EKS community add-on external-dns, or records made by hand",
)
OPENCOST = Pin(
    chart="opencost",
    repo="https://opencost.github.io/opencost-helm-chart",
    # renovate: datasource=helm depName=opencost registryUrl=https://opencost.github.io/opencost-helm-chart
    version="2.5.17",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.21", None),
    released=date(2026, 4, 28),
    support="no published policy: assume fixes land on the newest minor",
    alternative="split cost allocation data in AWS's Cost and Usage Report, a day later",
)
VALKEY = Pin(
    chart="valkey",
    repo="https://valkey.io/valkey-helm/",
    # renovate: datasource=helm depName=valkey registryUrl=https://valkey.io/valkey-helm/
    version="0.11.0",
    timeout_seconds=10 * MINUTE,
    # Holds volumes: a rollback of a first install would delete what owns them.
    atomic=False,
    crds=Crds.NONE,
    kubernetes=("1.20", None),
    released=date(2026, 7, 22),
    support="no published policy: assume fixes land on the newest minor",
    alternative="ElastiCache (data.cache.mode: elasticache)",
)

MILVUS = Pin(
    chart="milvus",
    repo="https://zilliztech.github.io/milvus-helm/",
    # renovate: datasource=helm depName=milvus registryUrl=https://zilliztech.github.io/milvus-helm/
    version="5.0.19",
    # Probes wait 90 s before they ask, etcd first has to find its quorum, and the image has 2 GB.
    timeout_seconds=20 * MINUTE,
    # Holds volumes: a rollback of a first install would delete the etcd that owns them.
    atomic=False,
    crds=Crds.NONE,
    kubernetes=("1.20", None),
    released=date(2026, 4, 16),
    support="no published policy: assume fixes land on the newest 2.6; 3.0 is beta",
    alternative="pgvector on the platform's Postgres, OpenSearch Service, or Zilliz Cloud",
)

AGENTGATEWAY_CRDS = Pin(
    chart="oci://cr.agentgateway.dev/charts/agentgateway-crds",
    # renovate: datasource=docker depName=cr.agentgateway.dev/charts/agentgateway-crds
    version="v1.4.1",
    timeout_seconds=2 * MINUTE,
    # Rolling back would delete the definitions that the failed upgrade added, and their objects with them.
    atomic=False,
    crds=Crds.ONLY,
    kubernetes=("1.31", "1.36"),
    released=date(2026, 7, 29),
    support="moves in lock step with agentgateway",
    alternative="kgateway for a plain edge: it has no AI backends since 2.2",
)
AGENTGATEWAY = Pin(
    chart="oci://cr.agentgateway.dev/charts/agentgateway",
    # renovate: datasource=docker depName=cr.agentgateway.dev/charts/agentgateway
    version="v1.4.1",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    kubernetes=("1.31", "1.36"),
    released=date(2026, 7, 29),
    support="no published policy: assume fixes land on the newest minor",
    alternative="Envoy AI Gateway, or LiteLLM behind a plain Gateway",
)

GATEWAY_API = Manifest(
    project="kubernetes-sigs/gateway-api",
    # renovate: datasource=github-releases depName=kubernetes-sigs/gateway-api
    version="v1.6.1",
    # The standard channel: its admission policy refuses the experimental one on top of it, so this is for good.
    file="standard-install.yaml",
)
INFERENCE_EXTENSION = Manifest(
    project="kubernetes-sigs/gateway-api-inference-extension",
    # renovate: datasource=github-releases depName=kubernetes-sigs/gateway-api-inference-extension
    version="v1.6.0",
    file="manifests.yaml",
)

KAGENT_CRDS = Pin(
    chart="oci://ghcr.io/kagent-dev/kagent/helm/kagent-crds",
    # renovate: datasource=docker depName=ghcr.io/kagent-dev/kagent/helm/kagent-crds
    version="0.9.12",
    timeout_seconds=2 * MINUTE,
    # Rolling back would delete the definitions that the failed upgrade added, and their objects with them.
    atomic=False,
    crds=Crds.ONLY,
    kubernetes=("1.30", "1.35"),
    released=date(2026, 7, 20),
    support="moves in lock step with kagent",
    alternative="agents as plain Deployments of the same images, which serve A2A by themselves",
)
KAGENT = Pin(
    chart="oci://ghcr.io/kagent-dev/kagent/helm/kagent",
    # renovate: datasource=docker depName=ghcr.io/kagent-dev/kagent/helm/kagent
    version="0.9.12",
    timeout_seconds=10 * MINUTE,
    atomic=True,
    crds=Crds.NONE,
    # CI runs on one minor.
    kubernetes=("1.35", "1.35"),
    released=date(2026, 7, 20),
    support="the latest release only; 0.10 is at its third release candidate",
    alternative="agents as plain Deployments of the same images, which serve A2A by themselves",
)

LLM_D_OBJECTIVES = Manifest(
    project="llm-d/llm-d-router",
    # renovate: datasource=github-releases depName=llm-d/llm-d-router
    version="v0.10.0",
    file="config/crd/bases/llm-d.ai_inferenceobjectives.yaml",
    released=False,
)
LLM_D_REWRITES = Manifest(
    project="llm-d/llm-d-router",
    # renovate: datasource=github-releases depName=llm-d/llm-d-router
    version="v0.10.0",
    file="config/crd/bases/llm-d.ai_inferencemodelrewrites.yaml",
    released=False,
)

PINS: tuple[Pin, ...] = (
    KARPENTER_CRD,
    KARPENTER,
    NVIDIA_DEVICE_PLUGIN,
    CERT_MANAGER,
    EXTERNAL_SECRETS,
    METRICS_SERVER,
    AWS_LOAD_BALANCER_CONTROLLER,
    PROMETHEUS_OPERATOR_CRDS,
    KUBE_PROMETHEUS_STACK,
    CLICKHOUSE_OPERATOR,
    LANGFUSE,
    OPENTELEMETRY_COLLECTOR,
    DCGM_EXPORTER,
    VELERO,
    ARGO_CD,
    KEDA,
    EXTERNAL_DNS,
    OPENCOST,
    VALKEY,
    MILVUS,
    AGENTGATEWAY_CRDS,
    AGENTGATEWAY,
    KAGENT_CRDS,
    KAGENT,
)


def untested_on(kubernetes: str) -> tuple[Pin, ...]:
    """The pins whose projects do not vouch for this Kubernetes minor: worth a line in the plan's summary."""
    return tuple(pin for pin in PINS if not pin.tested_on(kubernetes))
