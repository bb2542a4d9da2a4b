"""What of Milvuses that are one tenant's cannot work: nobody's, switched off, empty, or not there at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from components.core.faults import Fault
from components.milvus.spec import Instance
from components.vectors.spec import VectorsSpec

COLLECTIONS = "vectors.collections"


def own_faults(spec: VectorsSpec, tenants: Collection[str], *, here: bool, takes: str) -> list[Fault]:
    """Everything at once; `here`: whether the stack has vectors; `takes`: what one as data.milvus would take."""
    return [
        *(fault for tenant in sorted(spec.dedicated) for fault in _of(spec, tenant, tenants, here=here)),
        *(_missing(spec, takes) if here and not spec.dedicated else ()),
    ]


def _of(spec: VectorsSpec, tenant: str, tenants: Collection[str], *, here: bool) -> Iterator[Fault]:
    instance = Instance(tenant)
    path = instance.path
    if tenant not in tenants:
        known = ", ".join(sorted(tenants)) or "none"
        yield Fault(path, f"names no tenant; the stack has: {known}", f"add tenants.{tenant}, or drop it")
    if not here:
        yield Fault(
            path,
            "has a Milvus of its own, and vectors.enabled or data.milvus.enabled is false",
            "switch both on, or drop it",
        )
    if not spec.dedicated[tenant].enabled:
        yield Fault(f"{path}.enabled", "is false: a Milvus that is not there", "leave the tenant out instead")
    if instance.namespace in tenants:
        yield Fault(
            path,
            f"its Milvus would run in {instance.namespace}, the namespace of the tenant of that name",
            "rename one of the two tenants",
        )
    if here and not spec.collections_of(tenant):
        yield Fault(
            path,
            "has a Milvus of its own and no collection in it: all are at the level partition_key",
            "put a collection at database or dedicated, or drop it",
        )


def _missing(spec: VectorsSpec, takes: str) -> list[Fault]:
    """Collections for Milvuses of which there is none; said with what one takes."""
    return [
        Fault(
            f"{COLLECTIONS}.{name}.isolation",
            "is dedicated, and no tenant has a Milvus of its own",
            f"name one under vectors.dedicated (as data.milvus it takes {takes}), or write database here",
        )
        for name in spec.at("dedicated")
    ]
