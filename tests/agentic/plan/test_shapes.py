from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from google.protobuf import struct_pb2
from pulumi import _types
from pulumi.runtime import rpc

from agentic.plan.shapes import RELEASE, SHAPES, add_references, known_id, steps
from agentic.plan.wire import SECRET, SIGNATURE, Reading


@cache
def outputs_of_class(type_token: str) -> set[str]:
    package, module, _ = type_token.split(":")
    import_module(f"pulumi_{package}")
    for found in rpc._RESOURCE_MODULES[f"{package}:{module}"]:
        info = found.mod_info
        if type_token in info["classes"]:
            made_by = getattr(import_module(info["fqn"]), info["classes"][type_token])
            return set(_types.resource_pulumi_to_py_names(made_by))
    raise LookupError(type_token)


def completed(type_token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answer = struct_pb2.Struct()
    answer.update(inputs)
    add_references(answer.fields, type_token, name)
    return Reading(answer).values


@pytest.mark.parametrize(
    ("type_token", "attribute"), [(token, path) for token, row in sorted(SHAPES.items()) for path in row]
)
def test_every_attribute_of_the_table_exists_in_the_sdk(type_token: str, attribute: str) -> None:
    assert re.split(r"[.\[]", attribute)[0] in outputs_of_class(type_token)


def test_a_path_is_split_into_keys_and_indexes() -> None:
    assert steps("identities[0].oidcs[0].issuer") == ("identities", 0, "oidcs", 0, "issuer")


def test_an_input_that_is_stated_is_not_replaced() -> None:
    assert completed("aws:iam/role:Role", "r", {"name": "ours"})["name"] == "ours"


def test_nested_outputs_stand_beside_nested_inputs() -> None:
    vpc = completed("aws:eks/cluster:Cluster", "c", {"vpcConfig": {"subnetIds": ["s"]}})["vpcConfig"]
    assert vpc["subnetIds"] == ["s"]
    assert vpc["clusterSecurityGroupId"] == "@{aws:eks/cluster:Cluster::c.vpcConfig.clusterSecurityGroupId}"


def test_lists_have_the_elements_that_the_row_names() -> None:
    identities = completed("aws:eks/cluster:Cluster", "c", {})["identities"]
    assert identities == [
        {"oidcs": [{"issuer": "@{aws:eks/cluster:Cluster::c.identities[0].oidcs[0].issuer}"}]}
    ]


def test_nothing_is_put_into_a_secret() -> None:
    answer = struct_pb2.Struct()
    answer.update({"vpcConfig": {SIGNATURE: SECRET, "value": {}}})
    add_references(answer.fields, "aws:eks/cluster:Cluster", "c")
    assert sorted(answer["vpcConfig"]) == [SIGNATURE, "value"]


def test_a_kubernetes_object_without_a_name_waits_for_it() -> None:
    token = "kubernetes:core/v1:ConfigMap"
    assert (
        completed(token, "c", {"metadata": {"namespace": "n"}})["metadata"]["name"]
        == f"@{{{token}::c.metadata.name}}"
    )
    assert completed(token, "c", {"metadata": {"name": "x"}})["metadata"] == {"name": "x"}


@pytest.mark.parametrize(
    ("type_token", "inputs", "found"),
    [
        ("kubernetes:core/v1:Namespace", {"metadata": {"name": "ai"}}, "ai"),
        ("kubernetes:core/v1:Secret", {"metadata": {"name": "s", "namespace": "ai"}}, "ai/s"),
        (RELEASE, {"name": "karpenter", "namespace": "karpenter"}, "karpenter/karpenter"),
        ("kubernetes:core/v1:Secret", {"metadata": {"namespace": "ai"}}, ""),
        ("kubernetes:core/v1:Secret", {}, ""),
        ("aws:iam/role:Role", {"name": "r"}, ""),
    ],
)
def test_ids_of_kubernetes_objects_are_known(type_token: str, inputs: dict[str, Any], found: str) -> None:
    assert known_id(type_token, inputs) == found
