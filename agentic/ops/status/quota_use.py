"""What of each namespace's quota is in use now, as the API server counts it."""

from __future__ import annotations

from dataclasses import dataclass

from agentic.ops.status.cluster import QUOTAS, Cluster, name_of, namespace_of, part, told
from agentic.ops.status.finding import Section
from components.core.quantities import parse

AREA = "quotas"
NEARLY = 0.8


@dataclass(frozen=True, kw_only=True)
class Use:
    """One resource of one quota."""

    namespace: str
    quota: str
    resource: str
    used: str
    hard: str
    share: float

    @property
    def is_nearly_full(self) -> bool:
        """Whether little is left."""
        return self.share > NEARLY

    def __str__(self) -> str:
        mark = " FULL" if self.share >= 1 else " (!)" if self.is_nearly_full else ""
        return f"{self.resource} {self.used} of {self.hard}, {self.share:.0%}{mark}"


def quota_use(cluster: Cluster) -> tuple[Section, tuple[Use, ...]]:
    """The fullest resource of each namespace, and every one above four fifths; a full quota is no fault yet."""
    listing = cluster.list(QUOTAS)
    missing = told(AREA, "resource quotas", listing)
    if missing:
        return Section(area=AREA, line=missing.state.value, findings=(missing,)), ()
    if not cluster.has_controllers:
        line = f"{len(listing.items)} quotas there (nobody counts their use here)"
        return Section(area=AREA, line=line), ()
    uses = tuple(use for quota in listing.items for use in _uses(quota))
    by_namespace: dict[str, list[Use]] = {}
    for use in sorted(uses, key=lambda use: (use.namespace, -use.share, use.resource)):
        by_namespace.setdefault(use.namespace, []).append(use)
    fullest_first = sorted(by_namespace.items(), key=lambda item: (-item[1][0].share, item[0]))
    details = tuple(
        f"{namespace}: {', '.join(map(str, _shown(found)))}" for namespace, found in fullest_first
    )
    nearly = sum(use.is_nearly_full for use in uses)
    line = f"{len(by_namespace)} namespaces, {nearly} resources above {NEARLY:.0%}"
    return Section(area=AREA, line=line, details=details), uses


def _shown(found: list[Use]) -> list[Use]:
    return [use for use in found if use.is_nearly_full] or found[:1]


def _uses(quota: object) -> list[Use]:
    item = part({"quota": quota}, "quota")
    hard, used = part(item, "status", "hard") or part(item, "spec", "hard"), part(item, "status", "used")
    found: list[Use] = []
    for resource, limit in sorted(hard.items()):
        in_use = str(used.get(resource, "0"))
        try:
            allowed, taken = parse(str(limit)), parse(in_use)
        except ValueError:
            continue
        if allowed:
            found.append(
                Use(
                    namespace=namespace_of(item),
                    quota=name_of(item),
                    resource=resource,
                    used=in_use,
                    hard=str(limit),
                    share=float(taken / allowed),
                )
            )
    return found
