"""What every layer stands on: config, place, cluster, namespaces, and the providers to go through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pulumi import Input, Output, Resource, ResourceOptions

from components.core.aws import Place
from components.isolation.ends import Flow
from components.isolation.surroundings import Surroundings
from stacks.config import PlatformConfig


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A cluster whose namespaces are closed and bounded, and nothing in them yet."""

    config: PlatformConfig
    place: Place
    parts: frozenset[str]
    """From `stacks.parts`: a layer makes a component where its name is among them."""
    cluster_name: Output[str]
    namespaces: Mapping[str, Input[str]]
    """The platform's own, by name; whoever takes one comes after it."""
    tenants: Mapping[str, Input[str]]
    flows: tuple[Flow, ...]
    around: Surroundings
    """What namespaces and tenants were closed with."""
    aws: ResourceOptions
    kubernetes: ResourceOptions
    """Exists only after every namespace, quota and policy, tenants' included."""
    both: ResourceOptions
    monitors: tuple[Resource, ...]
    """The kinds of the Prometheus operator; empty where the stack has none."""

    @property
    def monitored(self) -> bool:
        """Whether a release may bring a ServiceMonitor; without the kind it would fail."""
        return bool(self.monitors)

    @property
    def protect(self) -> bool:
        """Whether what holds data refuses to be deleted."""
        return self.config.protection.protect

    @property
    def retain(self) -> bool:
        """Whether what holds data stays in AWS when the stack lets it go."""
        return self.config.protection.retain_data
