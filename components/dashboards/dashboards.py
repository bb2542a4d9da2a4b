"""The platform's dashboards in the cluster: a ConfigMap each, which Grafana's sidecar reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.core.labels import managed_labels
from components.dashboards.catalogue import in_stack
from components.dashboards.render import document
from components.dashboards.spec import DashboardsSpec

SIDECAR_LABEL = "grafana_dashboard"
FOLDER_ANNOTATION = "grafana_folder"
"""What the sidecar selects by and files under, as Grafana's values have it."""
FOLDER = "Platform"

LARGEST_BYTES = 200 * 1024
"""A ConfigMap holds 1 MiB; whoever takes one over with `kubectl apply` writes it into an annotation as well,
and those hold 256 KiB together."""


@dataclass(frozen=True, kw_only=True)
class DashboardsArgs:
    """What the dashboards need to know."""

    spec: DashboardsSpec
    namespace: Input[str]
    """Grafana's own: its sidecar looks nowhere else."""
    parts: Collection[str]
    """The parts that the stack has."""
    after: tuple[Resource, ...]
    """The namespace with its quota; Grafana may come before or after."""


class Dashboards(ComponentResource):
    """A Grafana that shows what is installed, and no panel that stays empty."""

    uids: tuple[str, ...]
    """The addresses of the dashboards: `/d/<uid>`."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: DashboardsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:dashboards:Dashboards", name, None, opts)
        shown = in_stack(args.parts)
        made: list[Resource] = []
        for dashboard in shown:
            text = document(dashboard, refresh_seconds=args.spec.refresh_seconds)
            if len(text.encode()) > LARGEST_BYTES:
                raise ValueError(
                    f"{dashboard.uid} is {len(text.encode())} bytes; {LARGEST_BYTES} fit: split it"
                )
            made.append(
                k8s.core.v1.ConfigMap(
                    f"{name}-{dashboard.uid}",
                    metadata={
                        "name": f"dashboard-{dashboard.uid}",
                        "namespace": args.namespace,
                        "labels": {**managed_labels("dashboards"), SIDECAR_LABEL: "1"},
                        "annotations": {FOLDER_ANNOTATION: FOLDER},
                    },
                    data={f"{dashboard.uid}.json": text},
                    opts=ResourceOptions(parent=self, depends_on=list(args.after)),
                )
            )
        self.uids = tuple(dashboard.uid for dashboard in shown)
        self.ready = tuple(made)
        self.register_outputs({"uids": list(self.uids)})
