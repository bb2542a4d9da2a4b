"""A tenant: one namespace that cannot outgrow its quota or reach its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pulumi import ComponentResource, Output, Resource, ResourceOptions
from pulumi_kubernetes.core.v1 import Namespace, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict, Role, RoleBinding

from components.core.labels import managed_labels
from components.isolation.guard import Guard, guard_namespace
from components.isolation.pod_security import MESH_LABEL, pod_security_labels
from components.isolation.render import PolicySpec
from components.tenants.access import (
    namespace_labels,
    operator_group,
    operator_rules,
    viewer_group,
    viewer_rules,
)
from components.tenants.spec import TenantSpec

SERVICE_ACCOUNT = "tenant"
_LABELS = managed_labels("tenants")


@dataclass(frozen=True, kw_only=True)
class TenantArgs:
    """One tenant, and what all tenants share."""

    spec: TenantSpec
    cluster_version: str
    policies: Mapping[str, PolicySpec]
    """From `tenant_policies`: those of every tenant, and its own."""
    in_mesh: bool
    given: tuple[str, ...] = ()
    """The Secrets that parts of the platform put there: its key of the gateway, its users of stores."""
    after: tuple[Resource, ...]


class Tenant(ComponentResource):
    """Namespace, quotas, policies and access of one tenant, all of them its own."""

    namespace: Output[str]
    ready: tuple[Resource, ...]
    """What closes the tenant: in place before any release, and before anything of the tenant runs."""

    def __init__(self, name: str, args: TenantArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:tenants:Tenant", name, None, opts)
        self._child = ResourceOptions(parent=self)
        mesh: Mapping[str, str] = MESH_LABEL if args.in_mesh else {}
        made = Namespace(
            name,
            metadata={
                "name": name,
                "labels": {
                    **namespace_labels(name, args.spec),
                    **pod_security_labels("restricted", args.cluster_version),
                    **mesh,
                },
            },
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        self.namespace = made.metadata.name
        guard = Guard(
            quota=args.spec.effective_quota,
            gpus=args.spec.gpus,
            container_defaults=args.spec.container_defaults,
            policies=args.policies,
        )
        self.ready = (
            made,
            *guard_namespace(name, self.namespace, guard, labels=_LABELS, opts=self._child),
        )
        self._access(name, args)
        self.register_outputs({"namespace": self.namespace})

    def _access(self, name: str, args: TenantArgs) -> None:
        # What runs for a tenant has no business with the Kubernetes API unless it says so.
        ServiceAccount(
            name,
            metadata={"name": SERVICE_ACCOUNT, "namespace": self.namespace, "labels": _LABELS},
            automount_service_account_token=False,
            opts=self._child,
        )
        self._role(name, "operator", operator_group(name), operator_rules({*args.spec.secrets, *args.given}))
        self._role(name, "viewer", viewer_group(name), viewer_rules())

    def _role(self, name: str, role: str, group: str, rules: Sequence[Mapping[str, object]]) -> None:
        metadata: ObjectMetaArgsDict = {
            "name": f"tenant-{role}",
            "namespace": self.namespace,
            "labels": _LABELS,
        }
        made = Role(
            f"{name}-{role}",
            metadata=metadata,
            rules=cast("Sequence[PolicyRuleArgsDict]", rules),
            opts=self._child,
        )
        RoleBinding(
            f"{name}-{role}",
            metadata=metadata,
            role_ref={"api_group": "rbac.authorization.k8s.io", "kind": "Role", "name": made.metadata.name},
            subjects=[{"api_group": "rbac.authorization.k8s.io", "kind": "Group", "name": group}],
            opts=self._child,
        )
