from __future__ import annotations

from typing import Any, cast

import pulumi_kubernetes as k8s
import pytest

from agentic.plan.capture import Capture
from components.charts.jobs import INPUTS, digest, job_spec
from components.postgres.pods import job_pod


@pytest.fixture(scope="module")
def job(capture: Capture) -> dict[str, Any]:
    def program() -> None:
        spec = job_spec(job_pod(), command=["true"], working_dir="/", uid=999, inputs="x")
        k8s.batch.v1.Job("job", metadata={"name": "job"}, spec=spec)

    return cast("dict[str, Any]", capture(program).one("kubernetes:batch/v1:Job").inputs["spec"])


def test_a_job_runs_as_its_pod_declares_it(job: dict[str, Any]) -> None:
    (declared,) = job_pod().containers
    (container,) = job["template"]["spec"]["containers"]
    assert container["image"] == declared.image.reference
    assert container["resources"] == declared.resources.values()
    assert job["template"]["metadata"]["labels"] == dict(job_pod().labels)


def test_a_job_ends_and_has_no_key_to_the_api(job: dict[str, Any]) -> None:
    assert job["activeDeadlineSeconds"] == 900
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    assert job["template"]["spec"]["automountServiceAccountToken"] is False


def test_what_a_job_is_given_decides_whether_it_runs_again(job: dict[str, Any]) -> None:
    assert job["template"]["metadata"]["annotations"] == {INPUTS: "x"}
    assert digest({"a": 1}, 2) == digest({"a": 1}, 2)
    assert digest({"a": 1}, 2) != digest({"a": 1}, 3)
