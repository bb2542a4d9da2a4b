"""A custom resource before its definition fails as it would on a server: "no matches for kind".

Which chart, add-on or manifest brings which API group is data here. A group that nothing here names is let through
and counted as unvalidated: the table knows the charts of this platform, not those of the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from agentic.sandbox.providers.data import is_map
from agentic.sandbox.providers.kinds import ResourceError
from agentic.sandbox.providers.kubernetes.objects import ObjectStore, Ref

BUILT_IN: Final = frozenset(
    {"", "apps", "autoscaling", "batch", "extensions", "policy"}
    | {
        f"{name}.k8s.io"
        for name in [
            "admissionregistration",
            "apiextensions",
            "apiregistration",
            "authentication",
            "authorization",
            "certificates",
            "coordination",
            "discovery",
            "events",
            "flowcontrol.apiserver",
            "internal.apiserver",
            "networking",
            "node",
            "rbac.authorization",
            "resource",
            "scheduling",
            "storage",
            "storagemigration",
        ]
    }
)
"""API groups a server has by itself."""


def _always(_: Mapping[str, Any]) -> bool:
    return True


def _from_folder(release: Mapping[str, Any]) -> bool:
    """Helm installs what lies in `crds/` unless told to skip it."""
    return not release.get("skipCrds")


def _when(*path: str, default: bool) -> Callable[[Mapping[str, Any]], bool]:
    """Look at the value that switches a chart's templated definitions."""

    def said(release: Mapping[str, Any]) -> bool:
        found: Any = release.get("values") or {}
        for part in path:
            found = found.get(part) if is_map(found) else None
        return default if found is None else bool(found)

    return said


@dataclass(frozen=True)
class Chart:
    """API groups that a chart's definitions belong to, and when it installs them."""

    groups: tuple[str, ...]
    brings: Callable[[Mapping[str, Any]], bool] = _always


_KARPENTER = ("karpenter.sh", "karpenter.k8s.aws")
_CERT_MANAGER = ("cert-manager.io", "acme.cert-manager.io")
_SECRETS = ("external-secrets.io", "generators.external-secrets.io")

CHARTS: Final[Mapping[str, Chart]] = {
    "agentgateway-crds": Chart(("agentgateway.dev",)),
    "argo-cd": Chart(("argoproj.io",), _when("crds", "install", default=True)),
    "aws-load-balancer-controller": Chart(("elbv2.k8s.aws", "gateway.k8s.aws"), _from_folder),
    "base": Chart(("networking.istio.io", "security.istio.io", "telemetry.istio.io", "extensions.istio.io")),
    "cert-manager": Chart(_CERT_MANAGER, _when("crds", "enabled", default=False)),
    "clickhouse-operator-helm": Chart(("clickhouse.com",), _when("crd", "enable", default=True)),
    "external-secrets": Chart(_SECRETS, _when("installCRDs", default=True)),
    "external-dns": Chart(("externaldns.k8s.io",), _from_folder),
    "kagent-crds": Chart(("kagent.dev",)),
    "karpenter": Chart(_KARPENTER, _from_folder),
    "karpenter-crd": Chart(_KARPENTER),
    "keda": Chart(("keda.sh", "eventing.keda.sh"), _when("crds", "install", default=True)),
    "kgateway-crds": Chart(("gateway.kgateway.dev",)),
    "kmcp-crds": Chart(("kagent.dev",)),
    "kube-prometheus-stack": Chart(("monitoring.coreos.com",), _when("crds", "enabled", default=True)),
    "kyverno": Chart(("kyverno.io", "policies.kyverno.io"), _when("crds", "install", default=True)),
    "prometheus-operator-crds": Chart(("monitoring.coreos.com",)),
    "velero": Chart(("velero.io",), _from_folder),
}

ADDONS: Final[Mapping[str, tuple[str, ...]]] = {
    "cert-manager": _CERT_MANAGER,
    "snapshot-controller": ("snapshot.storage.k8s.io", "groupsnapshot.storage.k8s.io"),
    "vpc-cni": ("crd.k8s.amazonaws.com", "networking.k8s.aws", "vpcresources.k8s.aws"),
}
"""What EKS add-ons bring."""

AUTO_MODE: Final = ("eks.amazonaws.com", "karpenter.sh", "networking.k8s.aws")
"""What EKS Auto Mode brings."""

MANIFESTS: Final[Mapping[str, tuple[str, ...]]] = {
    "gateway-api-inference-extension": ("inference.networking.k8s.io", "inference.networking.x-k8s.io"),
    "gateway-api/": ("gateway.networking.k8s.io", "gateway.networking.x-k8s.io"),
}
"""What a manifest brings, by a part of its address."""


def group_of(api_version: str) -> str:
    """Give the API group, empty for the core."""
    return api_version.rpartition("/")[0]


def require(store: ObjectStore, ref: Ref, cluster: Callable[[], Iterable[str]]) -> None:
    """Raise NoMatch if a known definition is not installed; `cluster` gives groups that EKS itself brought."""
    group = group_of(ref.api_version)
    if group in BUILT_IN or not is_known(group):
        return
    if group in set(cluster()) or group in _installed(store):
        return
    charts = ", ".join(sorted(name for name, chart in CHARTS.items() if group in chart.groups))
    sources = f"; it comes with {charts}" if charts else ""
    raise ResourceError(
        "NoMatch", f'no matches for kind "{ref.kind}" in version "{ref.api_version}"{sources}'
    )


def is_known(group: str) -> bool:
    """Whether this table says what brings a group."""
    return group in _KNOWN


def of_release(release: Mapping[str, Any]) -> tuple[str, ...]:
    """API groups whose definitions a release installs; `release` is its inputs or its object."""
    chart = CHARTS.get(str(release.get("chart", "")).rpartition("/")[2])
    return chart.groups if chart is not None and chart.brings(release) else ()


def of_manifest(address: str) -> tuple[str, ...]:
    """API groups whose definitions a manifest at this address holds."""
    return tuple(group for part, brought in MANIFESTS.items() if part in address for group in brought)


def _installed(store: ObjectStore) -> set[str]:
    groups: set[str] = set()
    for release in store.objects("Release"):
        groups.update(of_release(release.body))
    for manifest in store.objects("Manifest"):
        for address in manifest.body.get("files", []):
            groups.update(of_manifest(str(address)))
    groups.update(str(d.body["spec"]["group"]) for d in store.objects("CustomResourceDefinition"))
    return groups


_KNOWN: Final = frozenset(
    {group for chart in CHARTS.values() for group in chart.groups}
    | {group for groups in (*ADDONS.values(), *MANIFESTS.values(), AUTO_MODE) for group in groups}
)
