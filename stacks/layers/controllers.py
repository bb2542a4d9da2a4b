"""The controllers that others need: nodes, certificates, secrets, load balancers, metrics, GPUs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, Resource

from components.cert_manager.cert_manager import CertManager, CertManagerArgs
from components.core.names import role_arn
from components.external_secrets.external_secrets import ExternalSecrets, ExternalSecretsArgs
from components.external_secrets.pods import RELEASE as EXTERNAL_SECRETS_PURPOSE
from components.gpu.gpu_readiness import GpuReadiness, GpuReadinessArgs
from components.karpenter.karpenter import Karpenter, KarpenterArgs
from components.load_balancer_controller.controller import (
    LoadBalancerController,
    LoadBalancerControllerArgs,
)
from components.metrics_server.metrics_server import MetricsServer, MetricsServerArgs
from components.namespaces.catalogue import NAMESPACES
from components.network.spec import ExistingNetworkSpec
from components.node_pools.compute import KarpenterCompute
from components.secrets.credentials import Credentials, CredentialsArgs
from components.secrets.spec import Credential
from components.tenants.secrets import TenantSecrets, TenantSecretsArgs
from stacks.credentials import declared_credentials, tenants_credentials
from stacks.layers.ground import Ground
from stacks.own_milvus import own_namespaces
from stacks.supplied import supplied

STORE_NAMESPACES = tuple(name for name, row in NAMESPACES.items() if row.reads_secrets)
"""Whose pods may be given secrets of the platform; never a tenant's."""


@dataclass(frozen=True, kw_only=True)
class Controllers:
    """What later layers wait for; empty where the stack does without."""

    nodes: tuple[Resource, ...]
    """What has to outlive node pools: whoever drains and removes nodes."""
    certificates: tuple[Resource, ...]
    store: tuple[Resource, ...]
    """Who reads Secrets Manager, and the store it is read through."""
    secrets: tuple[Resource, ...]
    """The store, and every credential of the platform's own parts."""
    tenants_own: Mapping[str, tuple[Resource, ...]]
    """By tenant: the Secrets that it asked for."""
    tenants_secrets: Mapping[str, tuple[Resource, ...]]
    """Credentials made for tenants, by name. Their number changes: what is shared waits for none of them but where it
    holds a list of them."""
    load_balancers: tuple[Resource, ...]


def controllers(ground: Ground, *, after: tuple[Resource, ...]) -> Controllers:
    """Everything that starts on the first nodes."""
    services, monitors = ground.config.services, ground.monitors
    if "metrics_server" in ground.parts:
        MetricsServer(
            "metrics-server",
            MetricsServerArgs(
                spec=services.metrics_server, after=(*after, *monitors), monitored=ground.monitored
            ),
            opts=ground.kubernetes,
        )
    if "gpu" in ground.parts:
        GpuReadiness(
            "gpu-readiness",
            GpuReadinessArgs(spec=services.gpu_readiness, namespace=ground.namespaces["nvidia"], after=after),
            opts=ground.kubernetes,
        )
    store, tenants_own = _store(ground, after=(*after, *monitors))
    own = _credentials(ground, "credentials", declared_credentials(ground.config), after=store)
    tenants = _credentials(ground, "tenant-credentials", tenants_credentials(ground.config), after=store)
    return Controllers(
        nodes=_karpenter(ground, after=(*after, *monitors)),
        certificates=_cert_manager(ground, after=(*after, *monitors)),
        store=store,
        secrets=(*store, *(own.ready if own else ())),
        tenants_own=tenants_own,
        tenants_secrets=tenants.by_name if tenants else {},
        load_balancers=_load_balancers(ground, after=(*after, *monitors)),
    )


def _karpenter(ground: Ground, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
    compute = ground.config.compute
    if not isinstance(compute, KarpenterCompute):
        return after
    return Karpenter(
        "karpenter",
        KarpenterArgs(
            place=ground.place,
            spec=compute.karpenter,
            cluster_name=ground.cluster_name,
            namespace="karpenter",
            after=after,
            monitored=ground.monitored,
        ),
        opts=ground.both,
    ).ready


def _cert_manager(ground: Ground, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
    if "cert_manager" not in ground.parts:
        return ()
    return CertManager(
        "cert-manager",
        CertManagerArgs(
            spec=ground.config.services.cert_manager,
            namespace=ground.namespaces["cert-manager"],
            after=after,
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    ).ready


def _store(
    ground: Ground, *, after: tuple[Resource, ...]
) -> tuple[tuple[Resource, ...], Mapping[str, tuple[Resource, ...]]]:
    if "external_secrets" not in ground.parts:
        return (), {}
    operator = ExternalSecrets(
        "external-secrets",
        ExternalSecretsArgs(
            place=ground.place,
            spec=ground.config.services.external_secrets,
            cluster_name=ground.cluster_name,
            namespace=ground.namespaces["external-secrets"],
            store_namespaces=tuple(_served(ground)),
            supplied_secrets=supplied(ground.config),
            after=after,
            monitored=ground.monitored,
        ),
        opts=ground.both,
    )
    tenants = TenantSecrets(
        "tenant-secrets",
        TenantSecretsArgs(
            place=ground.place,
            specs=ground.config.tenants,
            namespaces=ground.tenants,
            secret_arns={name: secret.arn for name, secret in ground.config.secrets.items()},
            external_secrets_role_arn=role_arn(ground.place, EXTERNAL_SECRETS_PURPOSE),
            after=operator.ready,
        ),
        opts=ground.both,
    )
    return operator.ready, tenants.ready


def _credentials(
    ground: Ground, name: str, credentials: tuple[Credential, ...], *, after: tuple[Resource, ...]
) -> Credentials | None:
    if not credentials:
        return None
    return Credentials(
        name,
        CredentialsArgs(place=ground.place, credentials=credentials, namespaces=_served(ground), after=after),
        opts=ground.kubernetes,
    )


def _served(ground: Ground) -> dict[str, Input[str]]:
    served = (*STORE_NAMESPACES, *own_namespaces(ground.config))
    return {name: ground.namespaces[name] for name in served if name in ground.namespaces}


def _load_balancers(ground: Ground, *, after: tuple[Resource, ...]) -> tuple[Resource, ...]:
    if "load_balancer_controller" not in ground.parts:
        return ()
    network = ground.config.network
    return LoadBalancerController(
        "load-balancer-controller",
        LoadBalancerControllerArgs(
            place=ground.place,
            spec=ground.config.services.load_balancer_controller,
            cluster_name=ground.cluster_name,
            vpc_id=network.vpc_id if isinstance(network, ExistingNetworkSpec) else None,
            after=after,
            monitored=ground.monitored,
        ),
        opts=ground.both,
    ).ready
