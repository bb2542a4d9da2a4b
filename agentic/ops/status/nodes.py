"""Nodes, the pools they come from, and claims for nodes that do not come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from agentic.ops.status.cluster import (
    NODE_CLAIMS,
    NODE_POOLS,
    NODES,
    Cluster,
    Listing,
    Object,
    age,
    condition,
    name_of,
    part,
    said_by,
    told,
)
from agentic.ops.status.expected import Expected
from agentic.ops.status.finding import Finding, Section, State
from components.core.quantities import parse

AREA = "nodes"
POOL_LABELS = ("karpenter.sh/nodepool", "eks.amazonaws.com/nodegroup")
PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")
STEPS = ("Launched", "Registered", "Initialized")
NEARLY = 0.8
PATIENCE = timedelta(minutes=15)
"""Karpenter gives a node as long to register (karpenter.sh, NodeClaim disruption, registration)."""


def nodes(expected: Expected, cluster: Cluster, now: datetime) -> Section:
    """Nodes that are not ready, pools that cannot make any, claims that are not met."""
    listing = cluster.list(NODES)
    missing = told(AREA, "nodes", listing)
    if missing:
        return Section(area=AREA, line=missing.state.value, findings=(missing,))
    findings = [finding for node in listing.items for finding in _of_node(node)]
    pools, claims = cluster.list(NODE_POOLS), cluster.list(NODE_CLAIMS)
    findings += _of_pools(expected, pools)
    findings += _of_claims(claims, now)
    counted = Counter(_pool(node) for node in listing.items)
    ready = sum(condition(node, "Ready").get("status") == "True" for node in listing.items)
    return Section(
        area=AREA,
        line=f"{ready} of {len(listing.items)} ready",
        findings=tuple(findings),
        details=tuple(_detail(pool, counted) for pool in pools.items)
        + tuple(
            f"{name}: {count} nodes" for name, count in sorted(counted.items()) if name not in _names(pools)
        ),
    )


def _of_node(node: Object) -> Iterator[Finding]:
    name = name_of(node)
    ready = condition(node, "Ready")
    describe = f"kubectl describe node {name}"
    if ready.get("status") != "True":
        said = said_by(ready) if ready else "its kubelet has not reported"
        yield Finding(area=AREA, what=name, state=State.DEGRADED, said=f"not ready: {said}", next=describe)
    for kind in PRESSURES:
        pressed = condition(node, kind)
        if pressed.get("status") == "True":
            yield Finding(
                area=AREA, what=name, state=State.DEGRADED, said=f"{kind}: {said_by(pressed)}", next=describe
            )


def _of_pools(expected: Expected, pools: Listing) -> Iterator[Finding]:
    missing = told(AREA, "node pools", pools)
    if missing:
        yield missing
        return
    there = _names(pools)
    for name in expected.pools:
        if name not in there:
            yield Finding(
                area=AREA, what=f"pool {name}", state=State.DEGRADED, said="is not there", next="pulumi up"
            )
    for pool in pools.items:
        ready = condition(pool, "Ready")
        if ready.get("status") == "False":
            yield Finding(
                area=AREA,
                what=f"pool {name_of(pool)}",
                state=State.DEGRADED,
                said=f"cannot make nodes: {said_by(ready)}",
                next=f"kubectl describe nodepool {name_of(pool)}",
            )


def _of_claims(claims: Listing, now: datetime) -> Iterator[Finding]:
    missing = told(AREA, "node claims", claims)
    if missing:
        yield missing
    for claim in claims.items:
        cause = _hold_up(claim)
        # Unknown is the next step being taken, unless it takes too long.
        if cause is None or (cause.get("status") != "False" and age(claim, now) < PATIENCE):
            continue
        yield Finding(
            area=AREA,
            what=f"claim {name_of(claim)}",
            state=State.DEGRADED,
            said=f"no node: {cause.get('type', 'Ready')} is missing: {said_by(cause)}",
            next=f"kubectl describe nodeclaim {name_of(claim)}",
        )


def _hold_up(claim: Object) -> Mapping[str, Any] | None:
    """The first step that is not taken; None for a claim that has its node."""
    if condition(claim, "Ready").get("status") == "True":
        return None
    for step in STEPS:
        found = condition(claim, step)
        if found.get("status") != "True":
            return {"type": step, **found}
    return {"type": "Ready", **condition(claim, "Ready")}


def _detail(pool: Object, counted: Counter[str]) -> str:
    """Nodes of a pool, and what of its limits is in use."""
    name = name_of(pool)
    limits, used = part(pool, "spec", "limits"), part(pool, "status", "resources")
    shares = [
        f"{resource} {used.get(resource, 0)} of {limit}{_mark(str(used.get(resource, 0)), str(limit))}"
        for resource, limit in sorted(limits.items())
        if str(used.get(resource, "0")) != "0"
    ]
    return f"{name}: {counted.get(name, 0)} nodes" + (f"; {', '.join(shares)}" if shares else "")


def _mark(used: str, limit: str) -> str:
    try:
        return " (!)" if parse(limit) and parse(used) / parse(limit) > NEARLY else ""
    except ValueError:
        return ""


def _names(pools: Listing) -> set[str]:
    return {name_of(pool) for pool in pools.items}


def _pool(node: Object) -> str:
    labels = part(node, "metadata", "labels")
    return next((str(labels[label]) for label in POOL_LABELS if label in labels), "no pool")
