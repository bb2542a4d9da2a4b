"""Where definitions come from: Go modules of the projects that own them, each at one version.

A module is pinned with the checksum Go keeps of it, so that the same definitions judge everywhere. The
marker above each `version` is what the update bot edits; `agentic crds fetch` then names the new checksum.
"""

from __future__ import annotations

from dataclasses import dataclass

from components.charts import pins
from components.charts.pins import Manifest, Pin


@dataclass(frozen=True, kw_only=True)
class Source:
    """One project's definitions."""

    name: str
    module: str
    version: str
    checksum: str
    """Of the module's content, as go.sum has it."""
    directory: str
    """Where in the module its definitions are."""
    groups: tuple[str, ...]
    """API groups that its definitions belong to."""
    pin: Pin | Manifest | None = None
    """The chart or manifest that installs them; None where no pinned one does."""
    chart_version: str = ""
    """The chart at which this is what it installs, where charts count apart from what they install."""
    differs: str = ""
    """Why this is not just what the chart installs."""


SOURCES: tuple[Source, ...] = (
    Source(
        name="agentgateway",
        module="github.com/agentgateway/agentgateway",
        # renovate: datasource=go depName=github.com/agentgateway/agentgateway
        version="v1.4.1",
        checksum="h1:1W5YhPZa4V3YA9GUiwlSqp1j+O7QrDfs8IEERErafHs=",
        directory="controller/install/helm/agentgateway-crds/templates",
        groups=("agentgateway.dev",),
        pin=pins.AGENTGATEWAY_CRDS,
    ),
    Source(
        name="argo-cd",
        module="github.com/argoproj/argo-cd/v3",
        # renovate: datasource=go depName=github.com/argoproj/argo-cd/v3
        version="v3.4.4",
        checksum="h1:PmYfvrLRecuOXjoUjBVx0nRwtJv/Wc9a3jaWs37EyyI=",
        directory="manifests/crds",
        groups=("argoproj.io",),
        pin=pins.ARGO_CD,
        chart_version="10.1.1",
    ),
    Source(
        name="cert-manager",
        module="github.com/cert-manager/cert-manager",
        # renovate: datasource=go depName=github.com/cert-manager/cert-manager
        version="v1.21.1",
        checksum="h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
        directory="deploy/crds",
        groups=("cert-manager.io", "acme.cert-manager.io"),
        pin=pins.CERT_MANAGER,
    ),
    Source(
        name="external-secrets",
        module="github.com/external-secrets/external-secrets",
        # renovate: datasource=go depName=github.com/external-secrets/external-secrets
        version="v1.3.2",
        checksum="h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        directory="config/crds/bases",
        groups=("external-secrets.io", "generators.external-secrets.io"),
        pin=pins.EXTERNAL_SECRETS,
        differs="its module path has no /v2, so Go knows no newer release; the kinds are still v1",
    ),
    Source(
        name="gateway-api",
        module="sigs.k8s.io/gateway-api",
        # renovate: datasource=go depName=sigs.k8s.io/gateway-api
        version="v1.6.1",
        checksum="h1:mock6phZbI6rvZerwrVNk7hVNymQgHo+6sJ81Ia7ftY=",
        directory="config/crd/standard",
        groups=("gateway.networking.k8s.io",),
        pin=pins.GATEWAY_API,
    ),
    Source(
        name="inference-extension",
        module="sigs.k8s.io/gateway-api-inference-extension",
        # renovate: datasource=go depName=sigs.k8s.io/gateway-api-inference-extension
        version="v1.6.0",
        checksum="h1:cjtwMJYcTnLXBYE5ffR1/hHhn7U1aIFfe2RITYmOXVA=",
        directory="config/crd/bases",
        groups=("inference.networking.k8s.io", "inference.networking.x-k8s.io"),
        pin=pins.INFERENCE_EXTENSION,
    ),
    Source(
        name="istio",
        module="istio.io/api",
        # renovate: datasource=go depName=istio.io/api
        version="v1.30.3",
        checksum="h1:pPSa0uah/t7CEuwacS4rw5qK/oHGvxC0WO8i4RRGwEU=",
        directory="kubernetes",
        groups=("extensions.istio.io", "networking.istio.io", "security.istio.io", "telemetry.istio.io"),
    ),
    Source(
        name="kagent",
        module="github.com/kagent-dev/kagent",
        # renovate: datasource=go depName=github.com/kagent-dev/kagent
        version="v0.9.12",
        checksum="h1:X5o1Pn51bIjy1m62ba1AvY5YHAvs+I8Ybb+IfbZ7/70=",
        directory="helm/kagent-crds/templates",
        groups=("kagent.dev",),
        pin=pins.KAGENT_CRDS,
    ),
    Source(
        name="karpenter",
        module="github.com/aws/karpenter-provider-aws",
        # renovate: datasource=go depName=github.com/aws/karpenter-provider-aws
        version="v1.14.1",
        checksum="h1:WGtIQTQcxpElYMdWfWuPwaF2+9muR+hYhPZsTtoY8Gs=",
        # The karpenter.sh kinds too, with the rules that only the AWS provider adds.
        directory="pkg/apis/crds",
        groups=("karpenter.sh", "karpenter.k8s.aws", "autoscaling.x-k8s.io"),
        pin=pins.KARPENTER_CRD,
    ),
    Source(
        name="keda",
        module="github.com/kedacore/keda/v2",
        # renovate: datasource=go depName=github.com/kedacore/keda/v2
        version="v2.20.2",
        checksum="h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
        directory="config/crd/bases",
        groups=("keda.sh", "eventing.keda.sh"),
        pin=pins.KEDA,
    ),
    Source(
        name="kmcp",
        module="github.com/kagent-dev/kmcp",
        # renovate: datasource=go depName=github.com/kagent-dev/kmcp
        version="v0.3.0",
        checksum="h1:CuF8LN6JbPoy75saRzwI5OIcSVZUgiwB0BeWtq+rAO4=",
        directory="config/crd/bases",
        groups=("kagent.dev",),
    ),
    Source(
        name="prometheus-operator",
        module="github.com/prometheus-operator/prometheus-operator",
        # renovate: datasource=go depName=github.com/prometheus-operator/prometheus-operator
        version="v0.93.1",
        checksum="h1:4Juk8v93RdG1DSGD/mGp+SeQKPmnlLIj2iq3blLZgFY=",
        directory="example/prometheus-operator-crd",
        groups=("monitoring.coreos.com",),
        pin=pins.PROMETHEUS_OPERATOR_CRDS,
        chart_version="31.0.1",
    ),
    Source(
        name="snapshots",
        module="github.com/kubernetes-csi/external-snapshotter/client/v8",
        # renovate: datasource=go depName=github.com/kubernetes-csi/external-snapshotter/client/v8
        version="v8.4.0",
        checksum="h1:bMqrb3UHgHbP+PW9VwiejfDJU1R0PpXVZNMdeH8WYKI=",
        # The EKS add-on snapshot-controller brings them.
        directory="config/crd",
        groups=("snapshot.storage.k8s.io", "groupsnapshot.storage.k8s.io"),
    ),
    Source(
        name="velero",
        module="github.com/vmware-tanzu/velero",
        # renovate: datasource=go depName=github.com/vmware-tanzu/velero
        version="v1.18.1",
        checksum="h1:eV+urQYesy7tJLVkGM5fs9s/nfOWKtoFezcY1r8IjJM=",
        directory="config/crd/v1/bases",
        groups=("velero.io",),
        pin=pins.VELERO,
        chart_version="12.1.0",
        differs="the chart also has the two v2alpha1 kinds of data movers",
    ),
)
