"""Runs the smoke test that the stack brought: starts its jobs, waits, and judges what its pods say."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from agentic.errors import OperatorError
from components.smoke.names import (
    CONTAINER,
    OTHER,
    OWN,
    PODS_PER_TENANT,
    SMOKE,
    TARGETS_FILE,
    TARGETS_VARIABLE,
)

Object = dict[str, Any]
ENDED = {"Complete": True, "Failed": False}
POLL_SECONDS = 2.0
GREETED = "greeted"
"""How the probe says that it heard one of its own kind."""


class Cluster(Protocol):
    """What the smoke test needs of a cluster."""

    def read(self, path: str, query: Mapping[str, str] | None = None) -> Object | None:
        """One object, or a list; None where there is none."""
        ...

    def text(self, path: str, query: Mapping[str, str]) -> str:
        """A log."""
        ...

    def create(self, path: str, body: Object) -> Object:
        """Make an object."""
        ...

    def delete(self, path: str) -> None:
        """Delete an object and what it made."""
        ...


class Outcome(StrEnum):
    """What is known of one expectation."""

    RIGHT = "as expected"
    WRONG = "differs"
    UNKNOWN = "not known"


@dataclass(frozen=True, order=True, kw_only=True)
class Result:
    """One expectation, and what was found."""

    tenant: str
    name: str
    target: str
    expected: str
    found: str
    how: str

    @property
    def outcome(self) -> Outcome:
        """Whether that is right."""
        if self.found not in ("allowed", "denied"):
            return Outcome.UNKNOWN
        return Outcome.RIGHT if self.found == self.expected else Outcome.WRONG


@dataclass(frozen=True, kw_only=True)
class Report:
    """All of them, and what was left out with its reason."""

    results: tuple[Result, ...]
    left_out: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0: all as expected; 1: something differs; 2: something that had to be known is not."""
        outcomes = {result.outcome for result in self.results}
        if Outcome.WRONG in outcomes:
            return 1
        return 2 if Outcome.UNKNOWN in outcomes or not outcomes else 0


def run(
    cluster: Cluster,
    *,
    keep: bool = False,
    timeout_seconds: float | None = None,
    progress: Callable[[str], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Report:
    """Start the test in every tenant that has it, together; judge; leave nothing behind."""
    templates = _templates(cluster)
    jobs: dict[str, str] = {}
    left_out: set[str] = set()
    try:
        for tenant, template in templates.items():
            expected = _expected(cluster, tenant)
            targets, missing = _targets(cluster, list(expected["known"].values()))
            left_out |= {f"{name}: no pod runs" for name in missing}
            left_out |= {f"{name}: the policies do not tell" for name in expected["unknown"]}
            jobs[tenant] = _start(cluster, tenant, template, targets)
            progress(f"{tenant}: {jobs[tenant]} started with {len(targets)} targets besides its own pods")
        patience = timeout_seconds or _patience(templates.values())
        unfinished = _wait(cluster, jobs, clock() + patience, clock, sleep)
        results = [
            result
            for tenant, job in jobs.items()
            for result in _judged(tenant, _lines(cluster, tenant, job), tenant in unfinished)
        ]
    finally:
        if not keep:
            for tenant, job in jobs.items():
                cluster.delete(f"/apis/batch/v1/namespaces/{tenant}/jobs/{job}")
    return Report(results=_with_proof(sorted(results)), left_out=tuple(sorted(left_out)))


def _templates(cluster: Cluster) -> dict[str, Object]:
    """The CronJobs of the test by namespace."""
    found = cluster.read("/apis/batch/v1/cronjobs", {"labelSelector": f"app.kubernetes.io/name={SMOKE}"})
    items = _items(found)
    if not items:
        raise OperatorError(
            "the cluster has no smoke test",
            remedy="it comes with the stack where services.smoke is on and there are two tenants: run the stack's up",
        )
    return {str(one["metadata"]["namespace"]): one for one in items}


def _items(found: Object | None) -> list[Object]:
    items: list[Object] = (found or {}).get("items") or []
    return items


def _expected(cluster: Cluster, tenant: str) -> Object:
    script = cluster.read(f"/api/v1/namespaces/{tenant}/configmaps/{SMOKE}")
    if script is None:
        raise OperatorError(
            f"namespace {tenant} has no ConfigMap {SMOKE}, which says what is expected",
            remedy="run the stack's up again",
        )
    document: Object = json.loads(script["data"][TARGETS_FILE])
    return document


def _targets(cluster: Cluster, known: Sequence[Object]) -> tuple[list[Object], list[str]]:
    """Addresses to try: one pod of each kind that runs just now. Its own pods find each other by name."""
    targets: list[Object] = []
    missing: list[str] = []
    for one in known:
        if one["name"] in (OWN, OTHER):
            continue
        host = one["address"] or _pod_address(cluster, one)
        if host is None:
            missing.append(one["name"])
        else:
            targets.append({key: one[key] for key in ("name", "port", "expected")} | {"host": host})
    return targets, missing


def _pod_address(cluster: Cluster, one: Object) -> str | None:
    selector = ",".join(f"{key}={value}" for key, value in sorted(one["labels"].items()))
    found = cluster.read(f"/api/v1/namespaces/{one['namespace']}/pods", {"labelSelector": selector})
    addresses = [
        str(pod["status"]["podIP"])
        for pod in _items(found)
        if pod["status"].get("phase") == "Running"
        and pod["status"].get("podIP")
        # The host's own address: no policy selects such a pod.
        and not pod["spec"].get("hostNetwork")
    ]
    return min(addresses, default=None)


def _start(cluster: Cluster, tenant: str, template: Object, targets: Sequence[Object]) -> str:
    """A Job out of the CronJob's template, as `kubectl create job --from` makes it, with today's addresses."""
    inside: Object = json.loads(json.dumps(template["spec"]["jobTemplate"]))
    for container in inside["spec"]["template"]["spec"]["containers"]:
        if container["name"] == CONTAINER:
            container["env"] = [
                *container.get("env", []),
                {"name": TARGETS_VARIABLE, "value": json.dumps(list(targets))},
            ]
    metadata: Object = inside.setdefault("metadata", {})
    metadata |= {
        "generateName": f"{SMOKE}-",
        "annotations": {**metadata.get("annotations", {}), "cronjob.kubernetes.io/instantiate": "manual"},
    }
    body = {"apiVersion": "batch/v1", "kind": "Job", **inside}
    made = cluster.create(f"/apis/batch/v1/namespaces/{tenant}/jobs", body)
    return str(made["metadata"]["name"])


def _patience(templates: Iterable[Object]) -> float:
    """As long as the jobs themselves may take, and a little for their end to be told."""
    return 30 + max(float(one["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"]) for one in templates)


def _wait(
    cluster: Cluster,
    jobs: Mapping[str, str],
    deadline: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> set[str]:
    """Until all have ended; the tenants whose job has not, or failed."""
    waiting, bad = dict(jobs), set[str]()
    while waiting and clock() < deadline:
        for tenant, job in list(waiting.items()):
            found = cluster.read(f"/apis/batch/v1/namespaces/{tenant}/jobs/{job}") or {}
            conditions: list[Object] = found.get("status", {}).get("conditions") or []
            for condition in conditions:
                if condition["type"] in ENDED and condition["status"] == "True":
                    waiting.pop(tenant, None)
                    bad |= set() if ENDED[condition["type"]] else {tenant}
        if waiting:
            sleep(POLL_SECONDS)
    return bad | set(waiting)


def _lines(cluster: Cluster, tenant: str, job: str) -> list[list[Object]]:
    """What each pod of a job said."""
    selector = {"labelSelector": f"batch.kubernetes.io/job-name={job}"}
    found = cluster.read(f"/api/v1/namespaces/{tenant}/pods", selector)
    said: list[list[Object]] = []
    for pod in _items(found):
        path = f"/api/v1/namespaces/{tenant}/pods/{pod['metadata']['name']}/log"
        text = cluster.text(path, {"container": CONTAINER})
        said.append([json.loads(line) for line in text.splitlines() if line.startswith("{")])
    return said


def _judged(tenant: str, pods: Sequence[Sequence[Object]], unfinished: bool) -> Iterator[Result]:
    whole = [lines for lines in pods if any("done" in line for line in lines)]
    if unfinished or len(whole) < PODS_PER_TENANT:
        yield Result(
            tenant=tenant,
            name="the test itself",
            target=f"{PODS_PER_TENANT} pods",
            expected="allowed",
            found="unknown",
            how=f"{len(whole)} of {PODS_PER_TENANT} pods came to their end",
        )
    for lines in pods:
        for line in lines:
            if "missing" in line:
                yield Result(
                    tenant=tenant,
                    name=line["missing"],
                    target=f"{line['wanted']} pods",
                    expected="allowed",
                    found="unknown",
                    how=f"{line['found']} of {line['wanted']} pods were there to be tried",
                )
            elif "probe" in line:
                yield Result(
                    tenant=tenant,
                    name=line["probe"],
                    target=line["target"],
                    expected=line["expected"],
                    found=line["found"],
                    how=line["how"],
                )


def _with_proof(results: Sequence[Result]) -> tuple[Result, ...]:
    """A denial of another tenant's pod counts where that pod's own neighbour heard it; a dead one denies all."""
    alive = {one.target for one in results if one.name == OWN and one.how == GREETED}
    return tuple(
        Result(
            **{
                **{key: getattr(one, key) for key in ("tenant", "name", "target", "expected")},
                "found": "unknown",
                "how": f"{one.how}, but its own neighbours did not reach it either",
            }
        )
        if one.name == OTHER and one.found == "denied" and one.target not in alive
        else one
        for one in results
    )
