from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agentic.ops.status.cluster import Listing
from agentic.ops.status.finding import State
from agentic.ops.status.workloads import workloads

Make = Callable[..., Any]


def test_a_workload_with_all_its_pods_is_fine(expect: Make, written: Make, deployment: Make) -> None:
    section, running = workloads(
        expect(), written(deployments=[deployment("keda/keda-operator", ready=2, wanted=2)])
    )
    assert (section.line, section.findings) == ("1 of 1 planned ready, 0 others", ())
    assert running["keda", "Deployment", "keda-operator"].is_well


def test_a_missing_workload_is_a_problem(expect: Make, written: Make) -> None:
    section, _ = workloads(expect(), written())
    (finding,) = section.findings
    assert (finding.what, finding.said) == ("Deployment keda/keda-operator", "is not there")
    assert section.line == "0 of 1 planned ready, 0 others"


def test_pods_say_why_they_are_not_ready(expect: Make, written: Make, deployment: Make, thing: Make) -> None:
    crashing = thing(
        "keda/keda-operator-1",
        status={
            "containerStatuses": [
                {
                    "name": "operator",
                    "restartCount": 7,
                    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s"}},
                    "lastState": {"terminated": {"reason": "OOMKilled", "exitCode": 137}},
                }
            ]
        },
    )
    refused = {"name": "x", "state": {"waiting": {"reason": "ImagePullBackOff"}}}
    elsewhere = thing("other/keda-operator-1", status={"containerStatuses": [refused]})
    cluster = written(
        deployments=[deployment("keda/keda-operator", ready=0)],
        **{"pods__app=keda-operator": [crashing, elsewhere]},
    )
    (finding,) = workloads(expect(), cluster)[0].findings
    assert finding.said == (
        "0 of 1 ready; operator: CrashLoopBackOff: back-off 5m0s; last time: OOMKilled, exit code 137, 7 restarts"
    )
    assert finding.next == "kubectl get pods -n keda -l app=keda-operator"


def test_a_quota_that_refuses_pods_is_said_by_the_controller(
    expect: Make, written: Make, deployment: Make
) -> None:
    refused = {
        "type": "ReplicaFailure",
        "status": "True",
        "reason": "FailedCreate",
        "message": "exceeded quota: quota",
    }
    cluster = written(deployments=[deployment("keda/keda-operator", ready=0, conditions=[refused])])
    (finding,) = workloads(expect(), cluster)[0].findings
    assert finding.said == "0 of 1 ready; FailedCreate: exceeded quota: quota"


def test_a_version_that_is_not_out_everywhere_is_said(expect: Make, written: Make, deployment: Make) -> None:
    behind = deployment("keda/keda-operator", ready=2, wanted=2, updatedReplicas=1)
    (finding,) = workloads(expect(), written(deployments=[behind]))[0].findings
    assert finding.said == "2 of 2 ready; the newest version is not out everywhere yet"
    unseen = deployment("keda/keda-operator", observedGeneration=2)
    assert workloads(expect(), written(deployments=[unseen]))[0].state is State.DEGRADED


def test_scaled_to_nothing_is_a_problem_unless_it_may_rest(
    expect: Make, written: Make, deployment: Make
) -> None:
    cluster = written(deployments=[deployment("keda/keda-operator", ready=0, wanted=0)])
    section, _ = workloads(expect(), cluster)
    assert section.findings[0].said == "was scaled to nothing"
    resting = tuple(replace(one, may_rest=True) for one in expect().workloads)
    section, _ = workloads(expect(workloads=resting), cluster)
    assert (section.line, section.findings) == ("1 of 1 planned ready, 0 others", ())


def test_a_daemon_set_without_nodes_rests(expect: Make, written: Make, thing: Make) -> None:
    wanted = tuple(replace(one, kind="DaemonSet", name="dcgm") for one in expect().workloads)
    idle = thing("keda/dcgm", spec={}, status={"desiredNumberScheduled": 0, "numberReady": 0})
    assert workloads(expect(workloads=wanted), written(daemonsets=[idle]))[0].findings == ()


def test_others_that_are_not_well_are_shown_too(expect: Make, written: Make, deployment: Make) -> None:
    cluster = written(
        deployments=[
            deployment("keda/keda-operator"),
            deployment("kube-system/coredns", ready=0, wanted=2),
            deployment("tenant-a/own"),
        ]
    )
    section, _ = workloads(expect(), cluster)
    assert section.line == "1 of 1 planned ready, 2 others"
    assert [(one.what, one.component) for one in section.findings] == [("Deployment kube-system/coredns", "")]


def test_failed_jobs_are_shown(expect: Make, written: Make, deployment: Make, thing: Make) -> None:
    failed = {"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded", "message": ""}
    jobs = [thing("keda/load", status={"conditions": [failed]}), thing("keda/done", status={})]
    cluster = written(deployments=[deployment("keda/keda-operator")], jobs=jobs)
    (finding,) = workloads(expect(), cluster)[0].findings
    assert (finding.what, finding.said) == ("Job keda/load", "failed: BackoffLimitExceeded")
    assert finding.next == "kubectl logs job/load -n keda"


def test_what_may_not_be_listed_leaves_it_open(expect: Make, written: Make) -> None:
    refused = Listing(missing=State.UNKNOWN, why="forbidden")
    section, _ = workloads(expect(), written(deployments=refused, statefulsets=refused))
    (finding,) = section.findings
    assert (finding.what, finding.state) == ("deployments, statefulsets", State.UNKNOWN)
    assert section.line == "1 planned, unknown"
