"""What is wrong with a stack's models: shapes that fit no machine, GPUs nobody granted, names that two have."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from components.core.faults import Fault
from components.models.fit import explained, fits, remedy
from components.models.machines import machines_of
from components.models.names import NAMESPACE
from components.models.servers import Server, all_servers, gpu_servers, pool_of, rests
from components.models.shape import GpuServerSpec
from components.models.sizing import cold_start_seconds
from components.models.spec import ByoModel, ModelSpec, VllmModel
from components.models.weights import ImageWeights
from components.node_pools.spec import GpuPoolSpec

IMAGE_VOLUMES_SINCE = (1, 35)
"""The first version whose API server and kubelet have the feature on (pkg/features/kube_features.go,
`ImageVolume`); before it the volume is dropped without a word and the server finds no weights."""


def model_faults(
    models: Mapping[str, ModelSpec],
    gpu_pools: Mapping[str, GpuPoolSpec],
    granted: Mapping[str, int],
    *,
    cluster_version: str,
    auto_mode: bool,
    secrets: Collection[str],
) -> list[Fault]:
    """Everything that pools, grants and names say about models; `granted` are the namespace's GPUs by pool."""
    return [
        *_unknown_pools(models, gpu_pools),
        *_misfits(models, gpu_pools, auto_mode=auto_mode),
        *_ungranted(models, gpu_pools, granted),
        *_name_clashes(models),
        *_image_volumes(models, cluster_version),
        *_unknown_secrets(models, secrets),
        *_restless(models),
    ]


def part_faults(models: Mapping[str, ModelSpec], parts: Collection[str]) -> list[Fault]:
    """Scaling without those who measure and scale."""
    found: list[Fault] = []
    for key, spec in models.items():
        if not isinstance(spec, VllmModel) or spec.scaling is None:
            continue
        needed = {
            "keda": "scales by a query",
            "prometheus": "answers it",
            # A server that does not run has no queue: only the gateway sees that somebody asks.
            **({"gateway": "sees requests while there is no server"} if spec.scaling.min == 0 else {}),
        }
        found += [
            Fault(f"models.{key}.scaling", f"needs {part}, which {why}", "switch it on, or write replicas")
            for part, why in needed.items()
            if part not in parts
        ]
    return found


def gateway_faults(
    models: Mapping[str, ModelSpec], routes: Mapping[str, tuple[str, ...]], longest_stream_seconds: int
) -> list[Fault]:
    """Servers that nothing would ever wake, and servers that end before their answers do.

    `routes` are from `routes_to`.
    """
    found = [
        Fault(
            f"models.{server.key}.scaling.min",
            f"is 0, and no route of the gateway leads to {server.name}: nothing would ever start it",
            "write min: 1, or take the route of its name out of gateway.routes",
        )
        for server in all_servers(models)
        if rests(server) and not routes.get(server.name)
    ]
    return found + [
        Fault(
            f"models.{key}.drain_seconds",
            f"is {spec.drain_seconds}, and the gateway lets an answer take {longest_stream_seconds}",
            f"raise it to {longest_stream_seconds}, or lower gateway.streams.longest_seconds",
        )
        for key, spec in models.items()
        if spec.drain_seconds < longest_stream_seconds
    ]


def _unknown_pools(models: Mapping[str, ModelSpec], pools: Mapping[str, GpuPoolSpec]) -> list[Fault]:
    known = ", ".join(sorted(pools)) or "none"
    return [
        Fault(f"models.{key}.pool", f"is {pool}, and the stack has: {known}", "name one of them")
        for key, spec in models.items()
        if (pool := pool_of(spec)) is not None and pool not in pools
    ]


def _misfits(
    models: Mapping[str, ModelSpec], pools: Mapping[str, GpuPoolSpec], *, auto_mode: bool
) -> list[Fault]:
    found: list[Fault] = []
    for key, spec in models.items():
        pool = pools.get(pool_of(spec) or "")
        if pool is None:
            continue
        machines = machines_of(pool, auto_mode=auto_mode)
        if not any(fits(spec, machine) for machine in machines):
            found.append(
                Fault(
                    f"models.{key}",
                    f"fits no instance type of pool {pool_of(spec)}: {explained(spec, machines)}",
                    remedy(spec, machines),
                )
            )
    return found


def _ungranted(
    models: Mapping[str, ModelSpec], pools: Mapping[str, GpuPoolSpec], granted: Mapping[str, int]
) -> list[Fault]:
    by_pool: dict[str, list[Server]] = {}
    for server in gpu_servers(models):
        by_pool.setdefault(pool_of(server.spec) or "", []).append(server)
    found: list[Fault] = []
    for pool, there in sorted(by_pool.items()):
        if pool not in pools:
            continue
        # Updates of two servers at once are not counted: an update waits for GPUs, a server that scales may not.
        wanted = sum(server.most * server.gpus for server in there)
        surge = max(server.surge * server.gpus for server in there)
        if wanted + surge > granted.get(pool, 0):
            terms = [f"{server.name} {server.most} x {server.gpus}" for server in there]
            if surge:
                terms.append(f"{surge} for an update")
            found.append(
                Fault(
                    f"namespaces.{NAMESPACE}.gpus.{pool}",
                    f"grants {granted.get(pool, 0)} GPUs, and models may ask for {wanted + surge}: "
                    f"{' + '.join(terms)}",
                    "raise the grant and the pool's limit_gpus, lower replicas or scaling.max, or use another pool",
                )
            )
    return found


def _name_clashes(models: Mapping[str, ModelSpec]) -> list[Fault]:
    owners: dict[str, list[str]] = {}
    for server in all_servers(models):
        for name in {*server.public, *server.adapters}:
            owners.setdefault(name, []).append(server.key)
    return [
        Fault(f"models.{keys[0]}", f"and models.{keys[1]} both answer to {name}", "rename one of them")
        for name, keys in sorted(owners.items())
        if len(keys) > 1
    ]


def _image_volumes(models: Mapping[str, ModelSpec], version: str) -> list[Fault]:
    major, _, minor = version.partition(".")
    if (int(major), int(minor)) >= IMAGE_VOLUMES_SINCE:
        return []
    sources = [
        (f"models.{key}.{path}", weights)
        for key, spec in models.items()
        if isinstance(spec, GpuServerSpec)
        for path, weights in (
            ("weights", spec.weights),
            *(
                ((f"adapters.{name}.weights", adapter.weights) for name, adapter in spec.adapters.items())
                if isinstance(spec, VllmModel)
                else ()
            ),
        )
    ]
    return [
        Fault(
            path,
            f"is an image, which Kubernetes mounts from 1.35 on, and cluster.version is {version}",
            "write source: s3, or raise the version",
        )
        for path, weights in sources
        if isinstance(weights, ImageWeights)
    ]


def _restless(models: Mapping[str, ModelSpec]) -> list[Fault]:
    """Servers that would be sent to rest before they have started: whoever woke one got 503 and stopped asking."""
    return [
        Fault(
            f"models.{key}.scaling.idle_seconds",
            f"is {spec.scaling.idle_seconds}, and a server takes about {cold_start_seconds(spec)} s to start: asked "
            "for once, it would be gone before it answers",
            f"write at least {cold_start_seconds(spec)}, or min: 1",
        )
        for key, spec in models.items()
        if isinstance(spec, VllmModel) and spec.scaling is not None and spec.scaling.min == 0
        if spec.scaling.idle_seconds < cold_start_seconds(spec)
    ]


def _unknown_secrets(models: Mapping[str, ModelSpec], secrets: Collection[str]) -> list[Fault]:
    known = ", ".join(sorted(secrets)) or "none"
    return [
        Fault(
            f"models.{key}.secrets",
            f"names {name}; the stack has: {known}",
            f"add secrets.{name}, or drop it",
        )
        for key, spec in models.items()
        if isinstance(spec, ByoModel)
        for name in spec.secrets
        if name not in secrets
    ]
