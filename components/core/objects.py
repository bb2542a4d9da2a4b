"""What objects of the cluster will be called, and which of two would be one: the later would write over the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from components.core.faults import Fault

PLATFORM = ""
"""The path of what nobody wrote: the platform makes it whatever a stack says."""

LONGEST_LABEL = 63
"""Of a Service's name, which is a label of DNS (Kubernetes, "Object Names and IDs")."""


@dataclass(frozen=True, kw_only=True)
class ObjectName:
    """One object as the API server knows it, and the path in the config that it is made for.

    Objects that controllers make by themselves count as well: no plan has them, and they write over ours.
    """

    kind: str
    namespace: str
    name: str
    path: str


def objects(namespace: str, name: str, path: str, *kinds: str) -> list[ObjectName]:
    """Several kinds of one name, as a workload has them."""
    return [ObjectName(kind=kind, namespace=namespace, name=name, path=path) for kind in kinds]


def object_faults(made: Iterable[ObjectName]) -> list[Fault]:
    """Objects of two paths that would be one object, and Services that would have no name that DNS takes."""
    holders: dict[tuple[str, str, str], str] = {}
    shared: dict[tuple[str, str, str, str], list[str]] = {}
    faults: list[Fault] = []
    for one in made:
        first = holders.setdefault((one.kind, one.namespace, one.name), one.path)
        if first != one.path:
            shared.setdefault((one.path, first, one.namespace, one.name), []).append(one.kind)
        elif one.kind == "Service" and len(one.name) > LONGEST_LABEL:
            faults.append(
                Fault(
                    one.path,
                    f"its Service {one.name} would have a name of {len(one.name)} characters, of {LONGEST_LABEL} "
                    "that DNS takes",
                    "give it a shorter name",
                )
            )
    return faults + [
        Fault(
            path,
            f"{', '.join(sorted(set(kinds)))} {name} in {namespace} would be that of {first or 'the platform'} too",
            "rename one of the two" if first else "choose another name",
        )
        for (path, first, namespace, name), kinds in shared.items()
    ]
