"""The sections of a config while it is checked: those that could be read, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from components.core.aws import Place
from stacks.parts import parts

if TYPE_CHECKING:
    from stacks.config import PlatformConfig

Sections = Mapping[str, Any]
NAMES = "(names)"
"""Under which the names stand that are written in each map of named things, those of faulty entries too."""

WHAT_PARTS_ARE_READ_FROM = (
    *("agents", "compute", "data", "edge", "gateway", "gpu_pools", "kagent", "models", "observability"),
    *("rate_limit", "relay", "services", "tools", "vectors", "workflows"),
)
PLACE = ("environment", "aws", "cluster")


def secrets_declared(sections: Sections) -> set[str]:
    """The names under `secrets`, those of faulty entries too: to name one is no fault of its own."""
    return {*sections["secrets"], *sections[NAMES].get("secrets", ())}


def unread_of(sections: Sections, section: str) -> set[str]:
    """The names of a section's entries that have faults of their own: nothing more is known of them."""
    return set(sections[NAMES].get(section, ())) - set(sections[section])


def parts_of(sections: Sections) -> frozenset[str]:
    """The parts that a stack of these sections has."""
    return parts(config_of(sections))


def config_of(sections: Sections) -> PlatformConfig:
    """The sections as what they will be once all of them are sound."""
    return cast("PlatformConfig", SimpleNamespace(**sections))


def place_of(sections: Sections) -> Place:
    """Where the stack goes."""
    aws = sections["aws"]
    return Place(
        account_id=aws.account_id,
        partition=aws.partition,
        region=aws.region,
        zones=tuple(aws.zones),
        environment=sections["environment"],
        cluster_name=sections["cluster"].name,
    )
