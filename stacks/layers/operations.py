"""The layer that runs the others: scaling, names, costs, the hand-over of applications."""

from __future__ import annotations

from pulumi import Resource

from components.argocd.argocd import ArgoCd, ArgoCdArgs
from components.external_dns.external_dns import ExternalDns, ExternalDnsArgs
from components.keda.keda import Keda, KedaArgs
from components.opencost.opencost import OpenCost, OpenCostArgs
from components.opencost.spec import buys_spot
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.ground import Ground
from stacks.layers.observability import Observability


def operations(
    ground: Ground,
    controllers: Controllers,
    stores: Data,
    watching: Observability,
    *,
    placed: tuple[Resource, ...],
) -> tuple[Resource, ...]:
    """What needs the cluster, its data and its metrics to be there; returns who scales others.

    `placed` is what pods wait for.
    """
    services = ground.config.services
    after = (*placed, *ground.monitors)
    scalers: tuple[Resource, ...] = ()
    if "keda" in ground.parts:
        scalers = Keda(
            "keda",
            KedaArgs(
                spec=services.keda,
                namespace=ground.namespaces["keda"],
                # An external cache is known by its URL alone, which KEDA cannot read.
                cache=() if "external_cache" in ground.parts else stores.caches.get("keda", ()),
                after=(*after, *controllers.certificates),
                monitored=ground.monitored,
            ),
            opts=ground.kubernetes,
        ).ready
    if "external_dns" in ground.parts:
        ExternalDns(
            "external-dns",
            ExternalDnsArgs(
                place=ground.place,
                spec=services.external_dns,
                cluster_name=ground.cluster_name,
                namespace=ground.namespaces["external-dns"],
                protect=ground.protect,
                after=after,
                monitored=ground.monitored,
            ),
            opts=ground.both,
        )
    if "opencost" in ground.parts and watching.prometheus is not None:
        pools = (ground.config.compute.cpu_pool, *ground.config.gpu_pools.values())
        OpenCost(
            "opencost",
            OpenCostArgs(
                place=ground.place,
                spec=services.opencost,
                cluster_name=ground.cluster_name,
                namespace=ground.namespaces["observability"],
                prometheus_url=watching.prometheus.url,
                spot=buys_spot(pools),
                after=(*after, *controllers.secrets, *watching.prometheus.ready),
                monitored=ground.monitored,
            ),
            opts=ground.both,
        )
    if "argocd" in ground.parts:
        ArgoCd(
            "argocd",
            ArgoCdArgs(
                spec=services.argocd,
                namespace=ground.namespaces["argocd"],
                tenants=ground.tenants,
                secret_arns={name: secret.arn for name, secret in ground.config.secrets.items()},
                secrets=controllers.secrets,
                after=(*placed, *ground.monitors),
                monitored=ground.monitored,
            ),
            opts=ground.kubernetes,
        )
    return scalers
