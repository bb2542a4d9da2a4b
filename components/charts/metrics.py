"""The metrics a component exports, as data: a rule or a panel may only use what somebody in the plan exports."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


@dataclass(frozen=True, kw_only=True)
class MetricSource:
    """Time series that one scrape job yields while its component is installed."""

    component: str
    """The part of the platform without which the series do not exist, as `stacks.parts` names it."""
    job: str
    """The value of the `job` label: the Service's name for a ServiceMonitor, unless it names a `jobLabel`."""
    names: frozenset[str]
    """Series names as PromQL has them: a histogram `x` is `x_bucket`, `x_sum` and `x_count`."""

    def __post_init__(self) -> None:
        """A source exports something, and every name is one that PromQL can select."""
        if not self.names:
            raise ValueError(f"{self.component}/{self.job}: no metrics; leave the source out")
        unfit = sorted(name for name in self.names if _NAME.fullmatch(name) is None)
        if unfit:
            raise ValueError(f"{self.component}/{self.job}: not metric names: {', '.join(unfit)}")


def histogram(name: str) -> tuple[str, str, str]:
    """The series of a classic histogram."""
    return f"{name}_bucket", f"{name}_sum", f"{name}_count"


def summary(name: str) -> tuple[str, str, str]:
    """The series of a summary: the quantiles carry the bare name."""
    return name, f"{name}_sum", f"{name}_count"


def exported(sources: Iterable[MetricSource], components: Collection[str]) -> frozenset[str]:
    """Every series of a stack that has these components."""
    return frozenset(name for source in sources if source.component in components for name in source.names)


def unknown(used: Iterable[str], sources: Iterable[MetricSource], components: Collection[str]) -> list[str]:
    """The names in `used` that nobody in the stack exports, each with who would export it: sorted, for errors."""
    known = tuple(sources)
    missing = sorted(set(used) - exported(known, components))
    return [f"{name}: {_remedy(name, known)}" for name in missing]


def _remedy(name: str, sources: tuple[MetricSource, ...]) -> str:
    owners = sorted({source.component for source in sources if name in source.names})
    return f"only {', '.join(owners)} exports it" if owners else "no component declares it"
