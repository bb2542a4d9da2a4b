"""What runs on the cluster for everybody: one section per third-party part, each with its switch."""

from __future__ import annotations

from pydantic import Field

from components.argocd.spec import ArgoCdSpec
from components.backup.spec import BackupSpec
from components.cert_manager.spec import CertManagerSpec
from components.core.spec import Spec
from components.external_dns.spec import ExternalDnsSpec
from components.external_secrets.spec import ExternalSecretsSpec
from components.gpu.spec import GpuReadinessSpec
from components.keda.spec import KedaSpec
from components.load_balancer_controller.spec import LoadBalancerControllerSpec
from components.metrics_server.spec import MetricsServerSpec
from components.opencost.spec import OpenCostSpec
from components.smoke.spec import SmokeSpec


class ServicesSpec(Spec):
    """The shared services. Each can be switched off, unless something else in the stack needs it."""

    cert_manager: CertManagerSpec = Field(
        default_factory=CertManagerSpec, description="Certificates for webhooks and listeners."
    )
    external_secrets: ExternalSecretsSpec = Field(
        default_factory=ExternalSecretsSpec, description="Secrets Manager to Kubernetes Secrets."
    )
    metrics_server: MetricsServerSpec = Field(
        default_factory=MetricsServerSpec,
        description="CPU and memory use, for autoscalers and kubectl top.",
    )
    load_balancer_controller: LoadBalancerControllerSpec = Field(
        default_factory=LoadBalancerControllerSpec, description="Network and application load balancers."
    )
    gpu_readiness: GpuReadinessSpec = Field(
        default_factory=GpuReadinessSpec, description="What makes a GPU node's GPUs schedulable."
    )
    keda: KedaSpec = Field(
        default_factory=KedaSpec, description="Scaling by what waits: queues, requests, sessions."
    )
    external_dns: ExternalDnsSpec = Field(
        default_factory=ExternalDnsSpec, description="DNS records of load balancers, in stated zones."
    )
    opencost: OpenCostSpec = Field(
        default_factory=OpenCostSpec, description="What each namespace and tenant costs."
    )
    backup: BackupSpec = Field(
        default_factory=BackupSpec, description="Who brings back volumes and cluster objects."
    )
    argocd: ArgoCdSpec = Field(
        default_factory=ArgoCdSpec, description="Tenants' own applications, from their Git repositories."
    )
    smoke: SmokeSpec = Field(
        default_factory=SmokeSpec, description="The test that policies are enforced, run by `agentic smoke`."
    )
