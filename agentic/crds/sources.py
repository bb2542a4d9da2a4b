"""Where definitions come from: Go modules of the projects that own them, each at one version.

A module is pinned with the checksum Go keeps of it, so that the same definitions judge everywhere. The
marker above each `version` is what the update bot edits; `agentic crds fetch` then names the new checksum.
"""

from __future__ import annotations

from dataclasses import dataclass

from components.charts import pins
from components.charts.pins import Pin


@dataclass(frozen=True, kw_only=True)
class Source:
    """One project's definitions."""

    name: str
    module: str
    version: str
    checksum: str
    """Of the module's content, as go.sum has it."""
    directory: str
    """Where in the module its definitions are, and nothing else."""
    pin: Pin | None = None
    """The chart that installs them; None where no pinned chart does."""
    differs: str = ""
    """Why the version is not the chart's."""


SOURCES: tuple[Source, ...] = (
    Source(
        name="karpenter",
        module="github.com/aws/karpenter-provider-aws",
        # renovate: datasource=go depName=github.com/aws/karpenter-provider-aws
        version="v1.14.1",
        checksum="h1:WGtIQTQcxpElYMdWfWuPwaF2+9muR+hYhPZsTtoY8Gs=",
        # The karpenter.sh kinds too, with the rules that only the AWS provider adds.
        directory="pkg/apis/crds",
        pin=pins.KARPENTER_CRD,
    ),
    Source(
        name="cert-manager",
        module="github.com/cert-manager/cert-manager",
        # renovate: datasource=go depName=github.com/cert-manager/cert-manager
        version="v1.21.1",
        checksum="h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=",
        directory="deploy/crds",
        pin=pins.CERT_MANAGER,
    ),
    Source(
        name="external-secrets",
        module="github.com/external-secrets/external-secrets",
        # renovate: datasource=go depName=github.com/external-secrets/external-secrets
        version="v1.3.2",
        checksum="h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
        directory="config/crds/bases",
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
    ),
    Source(
        name="keda",
        module="github.com/kedacore/keda/v2",
        # renovate: datasource=go depName=github.com/kedacore/keda/v2
        version="v2.20.2",
        checksum="h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
        directory="config/crd/bases",
    ),
    Source(
        name="prometheus-operator",
        module="github.com/prometheus-operator/prometheus-operator",
        # renovate: datasource=go depName=github.com/prometheus-operator/prometheus-operator
        version="v0.93.1",
        checksum="h1:4Juk8v93RdG1DSGD/mGp+SeQKPmnlLIj2iq3blLZgFY=",
        directory="example/prometheus-operator-crd",
    ),
    Source(
        name="snapshots",
        module="github.com/kubernetes-csi/external-snapshotter/client/v8",
        # renovate: datasource=go depName=github.com/kubernetes-csi/external-snapshotter/client/v8
        version="v8.4.0",
        checksum="h1:bMqrb3UHgHbP+PW9VwiejfDJU1R0PpXVZNMdeH8WYKI=",
        # The EKS add-on snapshot-controller brings them.
        directory="config/crd",
    ),
)
