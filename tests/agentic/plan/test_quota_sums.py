from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from agentic.plan.model import Plan, Resource
from agentic.plan.quota_faults import quota_faults
from agentic.plan.quota_sums import Line, quota_sums
from agentic.plan.quota_text import records, rows
from components.charts.images import Image
from components.charts.pods import Container, ContainerResources, PodClass, PodSecurity, Workload

Make = Callable[..., Resource]
PlanOf = Callable[..., Plan]

HARD = {
    "requests.cpu": "2",
    "requests.memory": "4Gi",
    "limits.cpu": "4",
    "limits.memory": "8Gi",
    "pods": "10",
}
ROOM = {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "2Gi"}}
IMAGE = Image(repository="registry.example.org/keda", tag="v1", digest=f"sha256:{'0' * 64}")


def declared(name: str = "keda", **changes: Any) -> PodClass:
    small = ContainerResources(cpu="500m", memory="1Gi", cpu_limit="1", memory_limit="2Gi")
    pod = PodClass(
        release="keda",
        namespace="keda",
        kind=Workload.DEPLOYMENT,
        name=name,
        labels={"app": name},
        ports=(),
        pod_security=PodSecurity.RESTRICTED,
        service_account=name,
        containers=(Container(name="main", image=IMAGE, resources=small),),
    )
    return replace(pod, **changes)


@pytest.fixture
def quota(resource: Make) -> Callable[..., Resource]:
    def make(namespace: str = "keda", name: str = "quota", **spec: Any) -> Resource:
        return resource(
            "kubernetes:core/v1:ResourceQuota",
            f"{namespace}-{name}",
            metadata={"name": name, "namespace": namespace},
            spec=spec or {"hard": HARD},
        )

    return make


@pytest.fixture
def workload(resource: Make) -> Callable[..., Resource]:
    def make(kind: str = "apps/v1:Deployment", name: str = "w", pod: Any = None, **spec: Any) -> Resource:
        containers = [{"name": "main", "resources": ROOM}]
        template = {"template": {"spec": {"containers": containers, **(pod or {})}}}
        return resource(
            f"kubernetes:{kind}",
            name,
            metadata={"name": name, "namespace": "keda"},
            spec={**template, **spec},
        )

    return make


def line(plan: Plan, of: str = "requests.cpu") -> Line:
    found = quota_sums(plan).quotas[0].line(of)
    assert found is not None
    return found


def with_pods(plan: Plan, *pods: PodClass) -> Plan:
    return replace(plan, pods=pods)


def test_a_plan_that_says_nothing_of_pods_is_told_from_one_without_any(quota: Make, plan_of: PlanOf) -> None:
    assert quota_sums(replace(plan_of(quota()), pods=None)).declared is False
    assert quota_sums(with_pods(plan_of(quota()))).declared is True


def test_replicas_and_one_more_while_they_are_replaced(quota: Make, plan_of: PlanOf) -> None:
    found = line(with_pods(plan_of(quota()), declared(replicas=2)))
    assert (found.steady, found.peak, found.left) == (1, Fraction(3, 2), Fraction(1, 2))


def test_a_stateful_set_is_replaced_in_its_place(quota: Make, plan_of: PlanOf) -> None:
    found = line(with_pods(plan_of(quota()), declared(kind=Workload.STATEFUL_SET, replicas=3)))
    assert found.steady == found.peak == Fraction(3, 2)


def test_hooks_of_one_release_follow_each_other_and_the_update(quota: Make, plan_of: PlanOf) -> None:
    hooks = [declared(name, kind=Workload.JOB, hook=True) for name in ("before", "after")]
    found = line(with_pods(plan_of(quota()), declared(), *hooks))
    assert (found.steady, found.peak) == (Fraction(1, 2), 1)


def test_releases_are_updated_at_once(quota: Make, plan_of: PlanOf) -> None:
    other = declared("other", release="other")
    assert line(with_pods(plan_of(quota()), declared(), other)).peak == 2


def test_what_stands_on_every_node_is_a_sum_a_node(quota: Make, plan_of: PlanOf) -> None:
    agent = declared("agent", kind=Workload.DAEMON_SET, replicas=None)
    plan = with_pods(plan_of(quota()), declared(), agent)
    assert (line(plan).peak, line(plan).per_node) == (1, Fraction(1, 2))
    assert quota_sums(plan).quotas[0].nodes == 2
    assert rows(quota_sums(plan))[0][1] == "1 + 500m a node of 2"


def test_a_workload_of_the_plan_wins_over_its_declaration(
    quota: Make, workload: Make, plan_of: PlanOf
) -> None:
    plan = plan_of(quota(), workload(name="keda", replicas=2, strategy={"type": "Recreate"}))
    found = line(with_pods(plan, declared("keda", replicas=5)))
    assert found.steady == found.peak == 1


@pytest.mark.parametrize(
    ("strategy", "peak"),
    [
        ({}, Fraction(5, 2)),
        ({"rollingUpdate": {"maxSurge": 0}}, 2),
        ({"rollingUpdate": {"maxSurge": 3.0}}, Fraction(7, 2)),
        ({"rollingUpdate": {"maxSurge": "50%"}}, 3),
        ({"type": "Recreate"}, 2),
    ],
)
def test_a_deployment_says_how_many_more(
    strategy: dict[str, Any], peak: Fraction, quota: Make, workload: Make, plan_of: PlanOf
) -> None:
    assert line(plan_of(quota(), workload(replicas=4, strategy=strategy))).peak == peak


def test_a_job_counts_while_it_runs(quota: Make, workload: Make, plan_of: PlanOf) -> None:
    cron = {
        "jobTemplate": {
            "spec": {
                "parallelism": 2,
                "template": {"spec": {"containers": [{"name": "main", "resources": ROOM}]}},
            }
        }
    }
    plan = plan_of(quota(), workload("batch/v1:Job", "load"), workload("batch/v1:CronJob", "nightly", **cron))
    assert (line(plan).steady, line(plan).peak) == (0, Fraction(3, 2))


def test_an_autoscaler_counts_by_its_least_and_its_most_is_said(
    quota: Make, workload: Make, resource: Make, plan_of: PlanOf
) -> None:
    scaler = resource(
        "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
        "h",
        metadata={"name": "h", "namespace": "keda"},
        spec={"scaleTargetRef": {"kind": "Deployment", "name": "w"}, "minReplicas": 2, "maxReplicas": 9},
    )
    found = line(plan_of(quota(), workload(strategy={"type": "Recreate"}), scaler))
    assert (found.steady, found.most) == (1, Fraction(9, 2))
    assert quota_faults(quota_sums(plan_of(quota(), workload(), scaler))) == ()


def test_keda_scales_from_nothing_unless_told(
    quota: Make, workload: Make, resource: Make, plan_of: PlanOf
) -> None:
    scaler = resource(
        "kubernetes:keda.sh/v1alpha1:ScaledObject",
        "s",
        metadata={"name": "s", "namespace": "keda"},
        spec={"scaleTargetRef": {"name": "w"}, "maxReplicaCount": 4},
    )
    found = line(plan_of(quota(), workload(), scaler))
    assert (found.steady, found.peak, found.most) == (0, 0, 2)


def test_a_number_that_only_the_cloud_knows_leaves_the_rest_unknown(
    quota: Make, workload: Make, plan_of: PlanOf
) -> None:
    found = line(plan_of(quota(), workload(replicas="@{x:y/z:Z::z.count}")))
    assert found.left is None
    assert found.unknown == ("Deployment w: how many pods",)


def test_gpu_pools_count_the_pods_of_their_class_only(quota: Make, workload: Make, plan_of: PlanOf) -> None:
    scope = {"scopeName": "PriorityClass", "operator": "In", "values": ["gpu-l4"]}
    spec = {"hard": {"requests.nvidia.com/gpu": "4"}, "scopeSelector": {"matchExpressions": [scope]}}
    gpus = {"limits": {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": 4}}
    pod = {"containers": [{"name": "main", "resources": gpus}], "priorityClassName": "gpu-l4"}
    other = {**pod, "priorityClassName": "gpu-a100"}
    plan = plan_of(
        quota(name="gpu-l4", **spec), workload(name="mine", pod=pod), workload(name="other", pod=other)
    )
    found = line(plan, "requests.nvidia.com/gpu")
    assert (found.steady, found.peak) == (4, 8)
    fault = quota_faults(quota_sums(plan))[0]
    assert fault.path == "namespaces.keda.gpus.l4"
    assert (
        "is 4, and its pods ask for 8 during an update: 4 run, 4 more come by rolling updates" in fault.rule
    )


def test_claims_and_services_are_counted_and_a_release_may_bring_more(
    quota: Make, workload: Make, resource: Make, plan_of: PlanOf
) -> None:
    claims = [{"spec": {"resources": {"requests": {"storage": "10Gi"}}}}]
    hard = {"hard": {"persistentvolumeclaims": "3", "requests.storage": "20Gi", "services": "5"}}
    service = resource(
        "kubernetes:core/v1:Service", "s", metadata={"name": "s", "namespace": "keda"}, spec={}
    )
    plan = plan_of(
        quota(**hard),
        workload("apps/v1:StatefulSet", replicas=2, volumeClaimTemplates=claims),
        service,
    )
    assert line(plan, "persistentvolumeclaims").peak == 2
    assert line(plan, "requests.storage").left == 0
    assert line(plan, "services").left == 4
    more = line(with_pods(plan, declared()), "services")
    assert (more.peak, more.left, more.unknown) == (1, None, ("what release keda makes",))


def test_namespaces_without_a_quota_are_listed_with_what_they_use(plan_of: PlanOf) -> None:
    sums = quota_sums(with_pods(plan_of(), declared(replicas=2)))
    assert rows(sums) == [("keda", "1500m", "3Gi", "3", "6Gi", "3", "no quota", "")]
    assert records(sums)["unbounded"]["keda"]["used"]["requests.cpu"] == "1"


def test_a_plan_without_declared_pods_says_so(plan_of: PlanOf) -> None:
    assert records(quota_sums(plan_of()))["declared"] is False


def test_records_have_every_number_as_a_quota_has_it(quota: Make, plan_of: PlanOf) -> None:
    record = records(quota_sums(with_pods(plan_of(quota()), declared())))["quotas"][0]
    assert (record["namespace"], record["name"], record["roomForNodes"]) == ("keda", "quota", None)
    assert record["resources"]["requests.cpu"] == {
        "quota": "2",
        "used": "500m",
        "peak": "1",
        "left": "1",
        "perNode": "0",
        "autoscaled": "1",
        "unknown": [],
    }
