"""A cluster that says what a test wrote down, and what a small stack expects."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agentic.ops.status.cluster import Api, Listing, ReleaseFact, Releases
from agentic.ops.status.expected import Expected, ExpectedObject, ExpectedRelease, ExpectedWorkload

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class Written:
    """A `Cluster` of lists that were written down."""

    lists: dict[str, Listing] = field(default_factory=dict[str, Listing])
    facts: Releases = field(default_factory=Releases)
    title: str = "a test"
    has_controllers: bool = True
    asked: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])

    def list(self, api: Api, *, labels: str = "", fields: str = "") -> Listing:
        self.asked.append((api.plural, labels, fields))
        key = f"{api.plural}?{labels}" if labels else api.plural
        return self.lists.get(key, Listing())

    def releases(self) -> Releases:
        return self.facts


def _expected(**changes: Any) -> Expected:
    small = Expected(
        stack="dev",
        cluster="ai-dev",
        account_id="123456789012",
        region="eu-west-1",
        kubernetes="1.35",
        releases=(ExpectedRelease(component="keda", namespace="keda", name="keda", version="v2.20.1"),),
        workloads=(
            ExpectedWorkload(
                component="keda", namespace="keda", kind="Deployment", name="keda-operator", may_rest=False
            ),
        ),
        objects=(
            ExpectedObject(
                api_version="external-secrets.io/v1",
                kind="ExternalSecret",
                namespace="keda",
                name="token",
                component="keda",
            ),
        ),
        namespaces=frozenset({"keda", "tenant-a"}),
        tenants=("tenant-a",),
        pools=("cpu",),
        addons=("coredns",),
        node_groups=1,
    )
    return replace(small, **changes)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def expect() -> Callable[..., Expected]:
    """`expect(releases=(...))`: a small stack, with changes."""
    return _expected


@pytest.fixture
def written() -> Callable[..., Written]:
    """`written(pods=[...], nodes=Listing(...))`: a cluster with these lists, by plural."""

    def make(*, facts: Releases | None = None, has_controllers: bool = True, **lists: Any) -> Written:
        whole = {
            name.replace("__", "?"): found if isinstance(found, Listing) else Listing(items=tuple(found))
            for name, found in lists.items()
        }
        return Written(whole, facts or Releases(), has_controllers=has_controllers)

    return make


@pytest.fixture
def thing() -> Callable[..., dict[str, Any]]:
    """`thing("keda/operator", spec={...})`: an object."""

    def make(place: str, *, made: str = "2026-11-23T00:00:00Z", **more: Any) -> dict[str, Any]:
        namespace, _, name = place.rpartition("/")
        metadata: dict[str, Any] = {"name": name, "creationTimestamp": made, **more.pop("metadata", {})}
        if namespace:
            metadata["namespace"] = namespace
        return {"metadata": metadata, **more}

    return make


@pytest.fixture
def deployment(thing: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """`deployment("keda/operator", ready=1, wanted=2)`: as the API server lists one."""

    def make(
        place: str, *, ready: int = 1, wanted: int = 1, conditions: Any = (), **status: Any
    ) -> dict[str, Any]:
        return thing(
            place,
            metadata={"generation": 3},
            spec={"replicas": wanted, "selector": {"matchLabels": {"app": place.rpartition("/")[2]}}},
            status={
                "observedGeneration": 3,
                "replicas": wanted,
                "updatedReplicas": wanted,
                "readyReplicas": ready,
                "conditions": list(conditions),
                **status,
            },
        )

    return make


@pytest.fixture
def helm_secret() -> Callable[..., dict[str, Any]]:
    """`helm_secret("keda", "keda", "2.20.1", revision=2)`: as Helm writes one."""

    def make(
        namespace: str,
        name: str,
        version: str,
        *,
        status: str = "deployed",
        revision: int = 1,
        description: str = "Install complete",
    ) -> dict[str, Any]:
        document = {
            "name": name,
            "info": {"status": status, "description": description},
            "chart": {"metadata": {"name": name, "version": version}},
            "config": {"password": "a value that no report may show"},
            "version": revision,
            "namespace": namespace,
        }
        packed = base64.b64encode(gzip.compress(json.dumps(document).encode()))
        return {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "helm.sh/release.v1",
            "metadata": {
                "name": f"sh.helm.release.v1.{name}.v{revision}",
                "namespace": namespace,
                "labels": {"owner": "helm", "name": name, "status": status, "version": str(revision)},
            },
            "data": {"release": base64.b64encode(packed).decode()},
        }

    return make


@pytest.fixture
def fact() -> Callable[..., ReleaseFact]:
    """`fact(version="2.20.0")`: the planned release, with changes."""

    def make(**changes: Any) -> ReleaseFact:
        usual = ReleaseFact(namespace="keda", name="keda", version="2.20.1", status="deployed", revision=1)
        return replace(usual, **changes)

    return make
