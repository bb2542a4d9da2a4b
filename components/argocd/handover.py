"""One tenant's hand-over: what Argo CD may do in its namespace, its project, its applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict, Role, RoleBinding

from components.argocd.pods import CONTROLLER, SERVER
from components.argocd.render import (
    API_VERSION,
    application,
    application_name,
    controller_rules,
    project,
    repository_access,
    server_rules,
)
from components.argocd.spec import HandoverSpec
from components.core.labels import managed_labels
from components.secrets.spec import EXTERNAL_SECRETS

_LABELS = managed_labels("argocd")


@dataclass(frozen=True, kw_only=True)
class HandoverArgs:
    """Which tenant, where, and what must be there first."""

    spec: HandoverSpec
    namespace: Input[str]
    """Of Argo CD."""
    tenant_namespace: Input[str]
    secret_arns: Mapping[str, str]
    kinds: tuple[Resource, ...]
    """The release: it brings the kinds of projects and applications, which Pulumi cannot see."""
    secrets: tuple[Resource, ...]
    """The store that repositories' credentials are read through."""


class Handover(ComponentResource):
    """A tenant whose applications are as they are in Git, and who can make nothing else."""

    def __init__(self, name: str, tenant: str, args: HandoverArgs, opts: ResourceOptions) -> None:
        super().__init__("agentic:argocd:Handover", name, None, opts)
        self._name, self._tenant, self._args = name, tenant, args
        rights = [
            *self._rights("controller", CONTROLLER, controller_rules()),
            *self._rights("server", SERVER, server_rules()),
        ]
        made = self._custom(name, "AppProject", tenant, project(tenant, args.spec), list(args.kinds))
        repositories = [
            self._repository(index, repository.url, args.secret_arns[repository.secret])
            for index, repository in enumerate(args.spec.repositories)
            if repository.secret
        ]
        for key, spec in args.spec.applications.items():
            # No finalizer: what a tenant runs stays when only the hand-over ends, and goes with its namespace.
            self._custom(
                f"{name}-{key}",
                "Application",
                application_name(tenant, key),
                application(tenant, spec),
                [made, *rights, *repositories],
            )
        self.register_outputs({})

    def _custom(
        self, name: str, kind: str, called: str, spec: dict[str, Any], after: list[Resource]
    ) -> CustomResource:
        return CustomResource(
            name,
            api_version=API_VERSION,
            kind=kind,
            metadata={"name": called, "namespace": self._args.namespace, "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=after),
        )

    def _repository(self, index: int, url: str, arn: str) -> Resource:
        secret = f"repository-{self._tenant}-{index}"
        return CustomResource(
            f"{self._name}-repository-{index}",
            api_version=EXTERNAL_SECRETS,
            kind="ExternalSecret",
            metadata={"name": secret, "namespace": self._args.namespace, "labels": _LABELS},
            spec=repository_access(url, arn, secret),
            opts=ResourceOptions(parent=self, depends_on=list(self._args.secrets)),
        )

    def _rights(
        self, who: str, service_account: str, rules: Sequence[Mapping[str, object]]
    ) -> tuple[Resource, ...]:
        metadata: ObjectMetaArgsDict = {
            "name": f"argocd-{who}",
            "namespace": self._args.tenant_namespace,
            "labels": _LABELS,
        }
        child = ResourceOptions(parent=self)
        role = Role(
            f"{self._name}-{who}",
            metadata=metadata,
            rules=cast("Sequence[PolicyRuleArgsDict]", rules),
            opts=child,
        )
        binding = RoleBinding(
            f"{self._name}-{who}",
            metadata=metadata,
            role_ref={"api_group": "rbac.authorization.k8s.io", "kind": "Role", "name": role.metadata.name},
            subjects=[{"kind": "ServiceAccount", "name": service_account, "namespace": self._args.namespace}],
            opts=child,
        )
        return (role, binding)
