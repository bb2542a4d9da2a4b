"""Valkey in the cluster, its certificate, and its file of users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgsDict

from components.cache.spec import CacheEndpoint, CacheUser
from components.charts.pins import VALKEY
from components.charts.release import release
from components.core.aws import Place
from components.core.labels import managed_labels
from components.secrets.spec import EXTERNAL_SECRETS
from components.valkey import access, tls
from components.valkey.spec import HOST, NAMESPACE, PORT, RELEASE, ValkeySpec
from components.valkey.values import values

_LABELS = managed_labels(RELEASE)


@dataclass(frozen=True, kw_only=True)
class ValkeyArgs:
    """What Valkey needs to know."""

    place: Place
    spec: ValkeySpec
    namespace: Input[str]
    users: tuple[CacheUser, ...]
    after: tuple[Resource, ...]
    """Nodes, storage class, quotas and policies; cert-manager; the store and the platform's credentials."""
    tenants_passwords: tuple[Resource, ...] = ()
    """The file of users reads them; nothing else waits, so that tenants do not wait for each other through it."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class Valkey(ComponentResource):
    """A server that speaks TLS only, lets nobody in without a name, and keeps what it is given."""

    endpoint: CacheEndpoint
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: ValkeyArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:valkey:Valkey", name, None, opts)
        self._name, self._args = name, args
        certificates = self._certificates()
        trust = self._trust(certificates)
        self._object(
            "access",
            EXTERNAL_SECRETS,
            "ExternalSecret",
            access.SECRET,
            access.access(args.place, args.users),
            args.tenants_passwords,
        )
        installed = release(
            RELEASE,
            VALKEY,
            namespace=args.namespace,
            values=values(args.spec, monitored=args.monitored),
            # Its pods mount both Secrets, and wait for them by themselves.
            opts=ResourceOptions(parent=self, depends_on=[*args.after, *certificates]),
        )
        self.endpoint = CacheEndpoint(host=HOST, port=PORT, authority=tls.AUTHORITY)
        self.ready = (installed, *trust)
        self.register_outputs({"release": installed.name, "host": HOST})

    def _certificates(self) -> tuple[Resource, ...]:
        """An issuer that signs the authority, the authority, and what it signs; each waits for the one before."""
        made: tuple[Resource, ...] = ()
        for role, kind, object_name, spec in (
            ("self-signed", "Issuer", tls.SELF_SIGNED, tls.self_signed_issuer()),
            ("ca", "Certificate", tls.CA, tls.ca_certificate()),
            ("ca-issuer", "Issuer", tls.CA, tls.ca_issuer()),
            ("server", "Certificate", tls.SERVER, tls.server_certificate()),
            ("trust", "Certificate", tls.TRUST, tls.trust_certificate()),
        ):
            made = (*made, self._object(role, tls.API_VERSION, kind, object_name, spec, made[-1:]))
        return made

    def _trust(self, certificates: tuple[Resource, ...]) -> tuple[Resource, ...]:
        """How the namespaces of users learn whose certificates to trust, and nothing else of this one."""
        name, child = f"{self._name}-trust", ResourceOptions(parent=self)
        metadata: ObjectMetaArgsDict = {
            "name": tls.TRUST,
            "namespace": self._args.namespace,
            "labels": _LABELS,
        }
        account = k8s.core.v1.ServiceAccount(
            name, metadata=metadata, automount_service_account_token=False, opts=child
        )
        role = k8s.rbac.v1.Role(name, metadata=metadata, rules=tls.trust_rules(), opts=child)
        binding = k8s.rbac.v1.RoleBinding(
            name,
            metadata=metadata,
            role_ref={"api_group": "rbac.authorization.k8s.io", "kind": "Role", "name": tls.TRUST},
            subjects=[{"kind": "ServiceAccount", "name": tls.TRUST, "namespace": NAMESPACE}],
            opts=child,
        )
        namespaces = [user.namespace for user in self._args.users if user.needs != "tenants"]
        if not namespaces:
            return (account, role, binding)
        store = CustomResource(
            f"{name}-store",
            api_version=tls.STORE_API_VERSION,
            kind="ClusterSecretStore",
            metadata={"name": tls.TRUST, "labels": _LABELS},
            spec=tls.trust_store(namespaces),
            opts=ResourceOptions(
                parent=self, depends_on=[*self._args.after, *certificates, account, role, binding]
            ),
        )
        return (account, role, binding, store)

    def _object(
        self,
        role: str,
        api_version: str,
        kind: str,
        object_name: str,
        spec: dict[str, Any],
        after: tuple[Resource, ...] = (),
    ) -> Resource:
        return CustomResource(
            f"{self._name}-{role}",
            api_version=api_version,
            kind=kind,
            metadata={"name": object_name, "namespace": self._args.namespace, "labels": _LABELS},
            spec=spec,
            opts=ResourceOptions(parent=self, depends_on=[*self._args.after, *after]),
        )
