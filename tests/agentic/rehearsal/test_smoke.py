"""The smoke test before a real API server: its objects, the job `agentic smoke` makes of them, its pods.

No node runs any: that the pods start and what they find is not shown here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubernetes.client import ApiClient, Configuration

from agentic.ops.smoke import run
from agentic.ops.smoke_cluster import SmokeCluster
from agentic.ops.smoke_text import as_text
from agentic.rehearsal.api_server import ApiServer
from components.smoke.expectations import Expectation, Expectations
from components.smoke.names import LABELS, OTHER, OWN, SMOKE
from components.smoke.render import cron_job, files, service
from components.smoke.spec import SmokeSpec

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

TENANTS = ("smoke-one", "smoke-two")
EXPECTED = Expectations(
    known=(
        Expectation(name=OWN, port=8080, expected="allowed"),
        Expectation(name=OTHER, port=8080, expected="denied"),
        Expectation(name="instance metadata", port=80, expected="denied", address="169.254.169.254"),
    ),
    unknown=(),
)


def objects(tenant: str, other: str) -> list[dict[str, Any]]:
    labels = {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
    }
    here = {"name": SMOKE, "namespace": tenant, "labels": LABELS}
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": tenant, "labels": labels}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": here},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": here, "data": files(EXPECTED)},
        {"apiVersion": "v1", "kind": "Service", "metadata": here, "spec": service()},
        {
            "apiVersion": "batch/v1",
            "kind": "CronJob",
            "metadata": here,
            "spec": cron_job(SmokeSpec(), tenant, [other], EXPECTED),
        },
    ]


@pytest.fixture
def cluster(server: ApiServer, tmp_path: Path) -> SmokeCluster:
    (tmp_path / "ca.pem").write_text(server.authority)
    settings = Configuration()
    settings.host, settings.ssl_ca_cert = server.url, str(tmp_path / "ca.pem")
    settings.api_key = {"authorization": f"Bearer {server.token}"}
    return SmokeCluster(client=ApiClient(settings))


def test_the_server_takes_the_test_its_jobs_and_its_pods(server: ApiServer, cluster: SmokeCluster) -> None:
    for tenant, other in (TENANTS, TENANTS[::-1]):
        for manifest in objects(tenant, other):
            server.create(json.loads(json.dumps(manifest)))
    report = run(cluster, keep=True, timeout_seconds=1)
    # Nobody ran them, and that is no pass.
    assert report.exit_code == 2
    assert "0 of 2 pods came to their end" in as_text(report)
    for tenant in TENANTS:
        found = cluster.read(f"/apis/batch/v1/namespaces/{tenant}/jobs")
        assert found is not None
        (job,) = found["items"]
        assert job["spec"]["completionMode"] == "Indexed"
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "tried", "namespace": tenant},
            "spec": job["spec"]["template"]["spec"],
        }
        answer = server.create(pod)
        assert answer.warnings == ()
        cluster.delete(f"/apis/batch/v1/namespaces/{tenant}/jobs/{job['metadata']['name']}")
        assert cluster.read(f"/apis/batch/v1/namespaces/{tenant}/jobs") is not None
