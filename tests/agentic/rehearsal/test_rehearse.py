"""A rehearsal that takes everything proves nothing: what a cluster would refuse is refused, in its words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentic.crds.directory import Definition, read
from agentic.crds.errors import CrdError
from agentic.plan.model import Plan
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.rehearse import rehearse
from agentic.rehearsal.result import Rehearsal
from components.charts.pods import PodClass, PodSecurity, Workload
from tests.agentic.rehearsal.conftest import Manifest, PlanOf
from tests.agentic.rehearsal.test_pods import CLASS

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

RESTRICTED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}

Judge = Callable[..., Rehearsal]


@pytest.fixture
def judge(server: ApiServer, plan_of: PlanOf) -> Judge:
    """`judge(manifest, ...)`: what the server says of a plan of these objects."""

    def run(
        *objects: Manifest,
        at_hand: Sequence[Definition] = (),
        types: dict[int, str] | None = None,
        **more: Any,
    ) -> Rehearsal:
        return rehearse(plan_of(*objects, types=types), server, at_hand=at_hand, **more)

    return run


def _namespace(name: str, level: str = "restricted") -> Manifest:
    labels = {
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/enforce-version": "v1.35",
    }
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def _quota(namespace: str, **hard: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": namespace},
        "spec": {"hard": {key.replace("_", "."): value for key, value in hard.items()}},
    }


def _deployment(namespace: str, replicas: int = 1, context: Any = None, cpu: str = "100m") -> Manifest:
    container = {
        "name": "main",
        "image": "registry.example/app:1",
        "securityContext": RESTRICTED if context is None else context,
        "resources": {"requests": {"cpu": cpu}, "limits": {"cpu": cpu}},
    }
    pod = {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container],
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "app", "namespace": namespace},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "app"}},
            "template": {"metadata": {"labels": {"app": "app"}}, "spec": pod},
        },
    }


def _only_words(result: Rehearsal) -> tuple[str, str]:
    (rejection,) = result.rejected
    return rejection.what, rejection.words


def test_a_plan_without_faults_passes_whole(judge: Judge) -> None:
    result = judge(_namespace("clean"), _quota("clean", requests_cpu="1"), _deployment("clean", replicas=3))
    assert result.rejected == ()
    assert result.accepted == ("Namespace clean", "ResourceQuota clean/quota", "Deployment clean/app")
    assert result.pods == 4, "three, and the one more that an update makes"
    assert result.is_clean


def test_a_pod_over_quota_is_refused(judge: Judge) -> None:
    result = judge(
        _namespace("over"),
        _quota("over", requests_cpu="300m", limits_cpu="1"),
        _deployment("over", replicas=4),
    )
    what, words = _only_words(result)
    assert what == "pod 4 of 4 of Deployment over/app"
    assert 'pods "app-3" is forbidden: exceeded quota: quota, requested: requests.cpu=100m' in words
    assert "used: requests.cpu=300m, limited: requests.cpu=300m" in words
    assert result.pods == 3
    assert not result.is_clean


def test_a_privileged_pod_in_a_restricted_namespace_is_refused(judge: Judge) -> None:
    result = judge(_namespace("closed"), _deployment("closed", context={"privileged": True}))
    what, words = _only_words(result)
    assert what == "pod 1 of 1 of Deployment closed/app"
    assert 'violates PodSecurity "restricted:v1.35": privileged' in words
    assert result.accepted == ("Namespace closed", "Deployment closed/app")


def test_an_unknown_field_is_refused(judge: Judge) -> None:
    wrong = _deployment("fields")
    wrong["spec"]["template"]["spec"]["containers"][0]["resorces"] = {}
    result = judge(_namespace("fields"), wrong)
    assert [rejection.what for rejection in result.rejected] == [
        "Deployment fields/app",
        "pod 1 of 1 of Deployment fields/app",
    ]
    assert "resorces" in result.rejected[0].words
    assert 'unknown field "spec.containers[0].resorces"' in result.rejected[1].words


def test_a_violation_of_a_rule_in_a_definition_is_refused(
    judge: Judge, node_classes: list[Definition]
) -> None:
    node_class = {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": "wrong"},
        "spec": {
            "role": "nodes",
            "amiSelectorTerms": [{"alias": "al2023@v20260714"}, {"id": "ami-0123456789abcdef0"}],
            "subnetSelectorTerms": [{"tags": {"a": "b"}}],
            "securityGroupSelectorTerms": [{"tags": {"a": "b"}}],
        },
    }
    result = judge(node_class, at_hand=node_classes)
    assert result.definitions == 1
    what, words = _only_words(result)
    assert what == "EC2NodeClass wrong"
    assert (
        "'alias' is mutually exclusive, cannot be set with a combination of other amiSelectorTerms" in words
    )


def test_a_violation_of_an_admission_policy_of_the_plan_is_refused(judge: Judge) -> None:
    policy = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": "owned"},
        "spec": {
            "matchConstraints": {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "policy"}},
                "resourceRules": [
                    {
                        "apiGroups": [""],
                        "apiVersions": ["v1"],
                        "operations": ["CREATE"],
                        "resources": ["configmaps"],
                    }
                ],
            },
            "validations": [
                {"expression": "has(object.metadata.labels)", "message": "say whose it is"},
            ],
        },
    }
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": "owned"},
        "spec": {"policyName": "owned", "validationActions": ["Deny"]},
    }
    nobodys = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "nobodys", "namespace": "policy"},
    }
    what, words = _only_words(judge(_namespace("policy"), policy, binding, nobodys))
    assert what == "ConfigMap policy/nobodys"
    assert "say whose it is" in words


def test_an_object_in_a_namespace_that_comes_later_is_refused(judge: Judge) -> None:
    result = judge(_deployment("late"), _namespace("late"))
    assert [rejection.words for rejection in result.rejected] == ['namespaces "late" not found'] * 2


def test_a_version_that_is_not_served_is_refused_and_the_served_one_named(judge: Judge) -> None:
    what, words = _only_words(
        judge(
            {
                "apiVersion": "policy/v1beta1",
                "kind": "PodDisruptionBudget",
                "metadata": {"name": "old", "namespace": "default"},
            }
        )
    )
    assert what == "PodDisruptionBudget default/old"
    assert words == "the server does not serve PodDisruptionBudget as policy/v1beta1, only as policy/v1"


def test_a_misspelt_kind_of_kubernetes_is_refused(judge: Judge) -> None:
    _, words = _only_words(judge({"apiVersion": "apps/v1", "kind": "Deploymnet", "metadata": {"name": "x"}}))
    assert words == 'no matches for kind "Deploymnet" in version "apps/v1"'


def test_one_object_declared_twice_is_refused(judge: Judge) -> None:
    first = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "twice", "namespace": "default"}}
    what, words = _only_words(judge(first, {**first, "data": {"a": "b"}}))
    assert what == "ConfigMap default/twice"
    assert words.startswith("the plan declares it twice; the other one is urn:pulumi:test::")


def test_a_kind_that_nothing_defines_is_counted_and_not_passed(judge: Judge, tmp_path: Path) -> None:
    thing = {
        "apiVersion": "example.com/v1",
        "kind": "Thing",
        "metadata": {"name": "x", "namespace": "default"},
    }
    result = judge(thing)
    assert result.without_schema == {"example.com/v1 Thing": ("Thing default/x",)}
    assert result.accepted == ()
    assert result.is_clean


def _definition(kind: str, field: Manifest) -> Manifest:
    plural, group = f"{kind.lower()}s", f"{kind.lower()}.rehearsal.example"
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"field": field}}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Cluster",
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "versions": [
                {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
            ],
        },
    }


def _read(file: Path, definition: Manifest) -> list[Definition]:
    return list(read(file, json.dumps(definition).encode()))


def _custom(kind: str, version: str = "v1", **spec: Any) -> Manifest:
    return {
        "apiVersion": f"{kind.lower()}.rehearsal.example/{version}",
        "kind": kind,
        "metadata": {"name": "x"},
        "spec": spec,
    }


def test_a_definition_of_the_plan_itself_judges_what_comes_after_it(judge: Judge) -> None:
    number = {"type": "integer"}
    result = judge(_definition("Own", number), _custom("Own", field="text"))
    assert result.accepted == ("CustomResourceDefinition owns.own.rehearsal.example",)
    _, words = _only_words(result)
    assert "spec.field" in words


def test_webhooks_of_a_definition_do_not_stop_its_objects(judge: Judge, tmp_path: Path) -> None:
    definition = _definition("Converted", {"type": "string"})
    webhook = {
        "conversionReviewVersions": ["v1"],
        "clientConfig": {"service": {"namespace": "a", "name": "b"}},
    }
    definition["spec"]["conversion"] = {"strategy": "Webhook", "webhook": webhook}
    at_hand = _read(tmp_path / "one.json", definition)
    assert judge(_custom("Converted", field="x"), at_hand=at_hand).accepted == ("Converted x",)


def test_a_version_that_the_definition_lacks_is_refused(judge: Judge, tmp_path: Path) -> None:
    at_hand = _read(tmp_path / "one.json", _definition("Versioned", {"type": "string"}))
    _, words = _only_words(judge(_custom("Versioned", version="v2"), at_hand=at_hand))
    assert (
        words == "the server does not serve Versioned as versioned.rehearsal.example/v2, "
        "only as versioned.rehearsal.example/v1"
    )


def test_a_definition_that_the_server_refuses_is_named_with_its_file(judge: Judge, tmp_path: Path) -> None:
    definition = _definition("Broken", {"type": "no such type"})
    at_hand = _read(tmp_path / "broken.json", definition)
    with pytest.raises(CrdError) as refused:
        judge(_custom("Broken"), at_hand=at_hand)
    assert f"{tmp_path}/broken.json: the API server refuses brokens.broken.rehearsal.example" in str(
        refused.value
    )
    assert 'Unsupported value: "no such type"' in str(refused.value)


def test_claims_of_a_stateful_set_count_against_the_quota(judge: Judge) -> None:
    stateful = _deployment("claims", replicas=2)
    stateful["kind"] = "StatefulSet"
    stateful["spec"]["serviceName"] = "app"
    stateful["spec"]["volumeClaimTemplates"] = [
        {
            "metadata": {"name": "data"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}},
        }
    ]
    container = stateful["spec"]["template"]["spec"]["containers"][0]
    container["volumeMounts"] = [{"name": "data", "mountPath": "/data"}]
    result = judge(_namespace("claims"), _quota("claims", requests_storage="15Gi"), stateful)
    what, words = _only_words(result)
    assert what == "pod 1 of 2 of StatefulSet claims/app"
    assert 'persistentvolumeclaims "data-app-1" is forbidden: exceeded quota' in words


RELEASE = {"name": "relay", "chart": "relay", "version": "1", "namespace": "x"}
IS_RELEASE = {1: "kubernetes:helm.sh/v3:Release", 2: "kubernetes:helm.sh/v3:Release"}


def test_a_release_is_opaque_and_its_declared_pods_are_tried(judge: Judge) -> None:
    relay = replace(CLASS, namespace="relay")
    result = judge(_namespace("relay"), RELEASE, types=IS_RELEASE, declared=(relay,))
    assert [(one.what, one.why) for one in result.opaque] == [
        ("Release relay", "its objects are in its chart")
    ]
    assert result.rejected == ()
    assert result.pods == 3


@pytest.mark.parametrize(
    ("level", "declared", "refused"),
    [
        ("restricted", PodSecurity.BASELINE, 'violates PodSecurity "restricted:v1.35"'),
        ("baseline", PodSecurity.PRIVILEGED, 'violates PodSecurity "baseline:v1.35": privileged'),
        ("baseline", PodSecurity.RESTRICTED, None),
        ("privileged", PodSecurity.PRIVILEGED, None),
    ],
)
def test_a_declared_pod_is_refused_by_a_stricter_namespace(
    judge: Judge, level: str, declared: PodSecurity, refused: str | None
) -> None:
    name = f"level-{level}-{declared.value}"
    relay = replace(CLASS, namespace=name, pod_security=declared)
    result = judge(_namespace(name, level), RELEASE, types=IS_RELEASE, declared=(relay,))
    assert [refused in one.words for one in result.rejected] == ([True] if refused else [])


def _shared(judge: Judge, name: str, cpu: str, *pods: PodClass) -> Rehearsal:
    """The pods of two releases in one namespace; each pod asks for two cores."""
    return judge(
        _namespace(name),
        _quota(name, requests_cpu=cpu),
        RELEASE,
        {**RELEASE, "name": "later"},
        types={2: IS_RELEASE[1], 3: IS_RELEASE[1]},
        declared=[replace(pod, namespace=name, replicas=1) for pod in pods],
    )


FIRST = replace(CLASS, name="first", kind=Workload.STATEFUL_SET)
LATER = replace(CLASS, name="second", release="later", kind=Workload.STATEFUL_SET)
HOOK = replace(CLASS, name="hook", hook=True, kind=Workload.JOB)


def test_the_pods_of_all_releases_share_the_quota(judge: Judge) -> None:
    what, words = _only_words(_shared(judge, "shared", "3", FIRST, LATER))
    assert what == "pod 1 of 1 of StatefulSet shared/second of release later"
    assert "used: requests.cpu=2, limited: requests.cpu=3" in words


def test_hooks_run_one_at_a_time_while_all_else_runs(judge: Judge) -> None:
    other = replace(HOOK, name="other")
    enough = _shared(judge, "hooks", "6", HOOK, other, FIRST, LATER)
    assert enough.is_clean
    assert enough.pods == 4
    what, words = _only_words(_shared(judge, "nohooks", "5", HOOK, FIRST, LATER))
    assert what == "pods of Job nohooks/hook of release relay on top of all others"
    assert "used: requests.cpu=4, limited: requests.cpu=5" in words


def test_an_update_of_a_deployment_needs_room_for_one_pod_more(judge: Judge) -> None:
    rolls = replace(CLASS, name="rolls")
    assert _shared(judge, "rolls", "6", rolls, FIRST).is_clean
    what, words = _only_words(_shared(judge, "stuck", "4", rolls, FIRST))
    assert what == "pods of Deployment stuck/rolls of release relay on top of all others"
    assert "requested: requests.cpu=2, used: requests.cpu=4" in words


def test_pods_of_a_release_that_the_plan_lacks_are_tried_all_the_same(judge: Judge) -> None:
    alone = replace(LATER, namespace="alone", release="absent", pod_security=PodSecurity.PRIVILEGED)
    (rejection,) = judge(_namespace("alone"), declared=[alone]).rejected
    assert rejection.urn == "declared for release absent, which the plan does not have"
    assert "violates PodSecurity" in rejection.words


def test_a_patch_changes_what_is_there_and_is_opaque_where_it_is_not(judge: Judge) -> None:
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "patched", "namespace": "default"},
    }
    wrong = {**config, "dat": {"a": "b"}}
    elsewhere = {**config, "metadata": {"name": "amazon-vpc-cni", "namespace": "kube-system"}}
    patch = "kubernetes:core/v1:ConfigMapPatch"
    result = judge(
        config, {**config, "data": {"a": "b"}}, wrong, elsewhere, types={1: patch, 2: patch, 3: patch}
    )
    assert result.accepted == ("ConfigMap default/patched",) * 2
    assert "dat" in _only_words(result)[1]
    assert [(one.what, one.why) for one in result.opaque] == [
        (
            "patch of ConfigMap kube-system/amazon-vpc-cni",
            "it changes an object that only a cluster in use has",
        )
    ]


def test_what_a_provider_makes_itself_is_opaque(judge: Judge) -> None:
    result = judge({"files": ["https://example.com/a.yaml"]}, types={0: "kubernetes:yaml/v2:ConfigFile"})
    assert [one.what for one in result.opaque] == ["yaml/v2:ConfigFile 0-release"]


def test_an_object_without_a_name_gets_the_logical_one(judge: Judge) -> None:
    result = judge({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"namespace": "default"}})
    assert result.accepted == ("ConfigMap default/0-release",)


def test_a_reference_that_only_the_cloud_resolves_does_not_stop_an_object(judge: Judge) -> None:
    vpc = "@{aws:ec2/vpc:Vpc::network.id}"
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "vpc", "namespace": "default", "labels": {"vpc": vpc}},
        "data": {"vpc": vpc},
    }
    assert judge(config).is_clean


def test_what_the_server_warns_of_is_kept(judge: Judge) -> None:
    labels = {"pod-security.kubernetes.io/warn": "restricted"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "warned", "labels": labels}}
    result = judge(namespace, _deployment("warned", context={"privileged": True}))
    assert result.is_clean
    assert any("would violate PodSecurity" in warning for warning in result.warnings)


def test_objects_of_other_providers_are_none_of_its_business(judge: Judge, plan_of: PlanOf) -> None:
    result = judge({"bucket": "x"}, types={0: "aws:s3/bucket:Bucket"})
    assert (result.accepted, result.rejected, result.opaque) == ((), (), ())


def test_the_stack_is_named_in_the_result(server: ApiServer, plan_of: PlanOf) -> None:
    plan: Plan = plan_of(stack="staging")
    result = rehearse(plan, server, at_hand=())
    assert result.stack == "staging"
    assert result.kubernetes == server.version
    assert set(result.seconds) == {"definitions", "objects"}
