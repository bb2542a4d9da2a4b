"""`agentic smoke` against an API server of ours on loopback, through the real Kubernetes client.

There is no kubelet: what the pods say is written here. The probe itself runs in tests/components/smoke, and a real
API server takes the job in tests/agentic/rehearsal/test_smoke.py.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from kubernetes.client import ApiClient, Configuration

from agentic.errors import OperatorError
from agentic.ops.smoke import Outcome, Report, run
from agentic.ops.smoke_cluster import SmokeCluster
from agentic.ops.smoke_text import as_json, as_text
from components.smoke.expectations import Expectation, Expectations
from components.smoke.names import OTHER, OWN
from components.smoke.render import cron_job, files
from components.smoke.spec import SmokeSpec

Lines = list[dict[str, Any]]
A, B = "tenant-a", "tenant-b"
ADDRESSES = {A: ("10.0.0.1", "10.0.0.2"), B: ("10.0.1.1", "10.0.1.2")}
EXPECTED = Expectations(
    known=(
        Expectation(name=OWN, port=8080, expected="allowed", namespace=A),
        Expectation(name=OTHER, port=8080, expected="denied", namespace=B),
        Expectation(
            name="ai-data/milvus",
            port=19530,
            expected="allowed",
            namespace="ai-data",
            labels={"app": "milvus"},
        ),
        Expectation(
            name="ai-data/etcd", port=2379, expected="denied", namespace="ai-data", labels={"app": "etcd"}
        ),
        Expectation(name="instance metadata", port=80, expected="denied", address="169.254.169.254"),
    ),
    unknown=("observability/x http",),
)


def line(name: str, target: str, expected: str, found: str, how: str) -> dict[str, Any]:
    return {"probe": name, "target": target, "expected": expected, "found": found, "how": how}


def healthy(tenant: str, index: int, targets: Lines) -> Lines:
    """What a pod says where all is as it should be."""
    other = B if tenant == A else A
    return [
        line("names are resolved", "kubernetes", "allowed", "allowed", "an address"),
        line(OWN, f"{ADDRESSES[tenant][1 - index]}:8080", "allowed", "allowed", "greeted"),
        *(line(OTHER, f"{one}:8080", "denied", "denied", "silence") for one in ADDRESSES[other]),
        *(
            line(one["name"], f"{one['host']}:{one['port']}", one["expected"], one["expected"], "x")
            for one in targets
        ),
        {"done": 9, "differ": 0},
    ]


@dataclass
class FakeApi:
    """Just enough of an API server, and pods that have always already run."""

    say: Callable[[str, int, Lines], Lines] = healthy
    condition: str | None = "Complete"
    refuse_jobs: bool = False
    cron_jobs: bool = True
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    def get(self, path: str, query: dict[str, str]) -> Any:
        match path.strip("/").split("/"):
            case ["apis", "batch", "v1", "cronjobs"]:
                assert query == {"labelSelector": "app.kubernetes.io/name=smoke"}
                return {"items": [self.cron_job(A, B), self.cron_job(B, A)] if self.cron_jobs else []}
            case ["api", "v1", "namespaces", _, "configmaps", "smoke"]:
                return {"data": files(EXPECTED)}
            case ["api", "v1", "namespaces", "ai-data", "pods"]:
                return {"items": self.data_pods(query["labelSelector"])}
            case ["apis", "batch", "v1", "namespaces", tenant, "jobs", name]:
                assert self.jobs[tenant]["metadata"]["name"] == name
                found = [{"type": self.condition, "status": "True"}] if self.condition else []
                return {"status": {"conditions": found}}
            case ["api", "v1", "namespaces", tenant, "pods"]:
                assert query == {"labelSelector": f"batch.kubernetes.io/job-name=smoke-{tenant}"}
                return {"items": [{"metadata": {"name": str(index)}} for index in (0, 1)]}
            case ["api", "v1", "namespaces", tenant, "pods", index, "log"]:
                assert query == {"container": "probe"}
                (container,) = self.jobs[tenant]["spec"]["template"]["spec"]["containers"]
                env = {one["name"]: one.get("value") for one in container["env"]}
                said = self.say(tenant, int(index), json.loads(env["TARGETS"]))
                return "starting\n" + "".join(json.dumps(one) + "\n" for one in said)
        return None

    def cron_job(self, tenant: str, other: str) -> dict[str, Any]:
        return {
            "metadata": {"name": "smoke", "namespace": tenant},
            "spec": cron_job(SmokeSpec(), tenant, [other], EXPECTED),
        }

    def data_pods(self, selector: str) -> list[dict[str, Any]]:
        if selector != "app=milvus":
            return []
        return [
            {"spec": {}, "status": {"phase": "Pending"}},
            {"spec": {"hostNetwork": True}, "status": {"phase": "Running", "podIP": "10.0.0.0"}},
            {"spec": {}, "status": {"phase": "Running", "podIP": "10.0.9.9"}},
        ]


@contextmanager
def served(api: FakeApi) -> Iterator[SmokeCluster]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: value[0] for key, value in parse_qs(parts.query).items()}
            found = api.get(parts.path, query)
            self.answer(404 if found is None else 200, found or {})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            tenant = self.path.split("/")[5]
            if api.refuse_jobs:
                self.answer(403, {"message": "jobs.batch is forbidden"})
                return
            body["metadata"]["name"] = body["metadata"]["generateName"] + tenant
            api.jobs[tenant] = body
            self.answer(201, body)

        def do_DELETE(self) -> None:
            api.deleted.append(self.path)
            self.answer(200, {})

        def answer(self, status: int, what: Any) -> None:
            data = (what if isinstance(what, str) else json.dumps(what)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings = Configuration()
    settings.host = f"http://127.0.0.1:{server.server_port}"
    settings.retries = False  # type: ignore[assignment]
    client = ApiClient(settings)
    try:
        yield SmokeCluster(client=client)
    finally:
        client.rest_client.pool_manager.clear()
        server.shutdown()
        server.server_close()
        thread.join()


def judged(api: FakeApi, **options: Any) -> Report:
    with served(api) as cluster:
        return run(cluster, sleep=lambda _: None, **options)


def test_all_as_expected_leaves_with_nothing_behind() -> None:
    api = FakeApi()
    report = judged(api)
    assert report.exit_code == 0
    assert {result.outcome for result in report.results} == {Outcome.RIGHT}
    assert sorted(api.deleted) == [
        f"/apis/batch/v1/namespaces/{tenant}/jobs/smoke-{tenant}?propagationPolicy=Background"
        for tenant in (A, B)
    ]


def test_the_job_is_the_cron_jobs_template_with_todays_addresses() -> None:
    api = FakeApi()
    judged(api)
    job = api.jobs[A]
    assert job["metadata"]["annotations"] == {"cronjob.kubernetes.io/instantiate": "manual"}
    assert job["spec"]["completions"] == 2
    (container,) = job["spec"]["template"]["spec"]["containers"]
    (told,) = (one["value"] for one in container["env"] if one["name"] == "TARGETS")
    assert json.loads(told) == [
        {"name": "ai-data/milvus", "port": 19530, "expected": "allowed", "host": "10.0.9.9"},
        {"name": "instance metadata", "port": 80, "expected": "denied", "host": "169.254.169.254"},
    ]


def test_what_could_not_be_tried_is_said() -> None:
    report = judged(FakeApi())
    assert report.left_out == ("ai-data/etcd: no pod runs", "observability/x http: the policies do not tell")
    assert "not tried:\n  ai-data/etcd: no pod runs" in as_text(report)


def test_an_open_door_is_told_first_and_ends_with_1() -> None:
    def open_door(tenant: str, index: int, targets: Lines) -> Lines:
        return [
            {**one, "found": "allowed", "how": "greeted"}
            if one.get("probe") == OTHER and tenant == A
            else one
            for one in healthy(tenant, index, targets)
        ]

    report = judged(FakeApi(say=open_door))
    assert report.exit_code == 1
    assert as_text(report).splitlines()[0] == (
        "DIFFERS  tenant-a  other tenant  10.0.1.1:8080: expected denied, found allowed (greeted)"
    )
    assert as_json(report)["exit_code"] == 1


def test_a_closed_door_that_should_be_open_ends_with_1_too() -> None:
    def closed(tenant: str, index: int, targets: Lines) -> Lines:
        return [
            {**one, "found": "denied", "how": "silence"} if one.get("probe") == "ai-data/milvus" else one
            for one in healthy(tenant, index, targets)
        ]

    report = judged(FakeApi(say=closed))
    assert report.exit_code == 1
    assert "DIFFERS  tenant-a  ai-data/milvus  10.0.9.9:19530: expected allowed, found denied (silence)" in (
        as_text(report)
    )


def test_a_denial_by_somebody_who_never_listened_proves_nothing() -> None:
    def deaf(tenant: str, index: int, targets: Lines) -> Lines:
        lines = healthy(tenant, index, targets)
        if tenant == B:
            lines = [
                {**one, "how": "refused by the host"} if one.get("probe") == OWN else one for one in lines
            ]
        return lines

    report = judged(FakeApi(say=deaf))
    assert report.exit_code == 2
    assert "silence, but its own neighbours did not reach it either" in as_text(report)


def test_a_pod_that_did_not_come_to_its_end_leaves_the_answer_open() -> None:
    report = judged(
        FakeApi(say=lambda tenant, index, targets: [] if index else healthy(tenant, index, targets))
    )
    assert report.exit_code == 2
    assert "1 of 2 pods came to their end" in as_text(report)


def test_neighbours_that_never_came_leave_the_answer_open() -> None:
    def alone(tenant: str, index: int, targets: Lines) -> Lines:
        return [{"missing": OTHER, "found": 1, "wanted": 2}, *healthy(tenant, index, targets)]

    report = judged(FakeApi(say=alone))
    assert report.exit_code == 2
    assert "1 of 2 pods were there to be tried" in as_text(report)


@pytest.mark.parametrize("condition", ["Failed", None])
def test_a_job_that_fails_or_never_ends_leaves_the_answer_open(condition: str | None) -> None:
    api = FakeApi(condition=condition)
    ticks = iter(range(1000))
    report = judged(api, timeout_seconds=5, clock=lambda: float(next(ticks)))
    assert report.exit_code == 2
    assert len(api.deleted) == 2


def test_jobs_stay_where_that_is_asked_for() -> None:
    api = FakeApi()
    judged(api, keep=True)
    assert api.deleted == []


def test_a_stack_without_the_test_says_how_to_get_it() -> None:
    with pytest.raises(OperatorError) as said:
        judged(FakeApi(cron_jobs=False))
    assert "the cluster has no smoke test" in str(said.value)
    assert "services.smoke is on and there are two tenants" in str(said.value)


def test_a_refusal_is_told_in_the_clusters_words() -> None:
    with pytest.raises(OperatorError) as said:
        judged(FakeApi(refuse_jobs=True))
    assert (
        "the cluster refused to make /apis/batch/v1/namespaces/tenant-a/jobs: jobs.batch is forbidden"
        in str(said.value)
    )
