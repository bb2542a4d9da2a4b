"""What stands for a value of the cloud has its form, and everything else stays as it was."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest

from agentic.plan.shapes import SHAPES
from agentic.plan.wire import SECRET_MARKER
from agentic.rehearsal.stand_ins import concrete, stand_in

VPC = "@{aws:ec2/vpc:Vpc::network.id}"


@pytest.mark.parametrize(
    ("reference", "form"),
    [
        ("aws:ec2/vpc:Vpc::network.id", r"vpc-[0-9a-f]{17}"),
        ("aws:ec2/subnet:Subnet::private-a.id", r"subnet-[0-9a-f]{17}"),
        ("aws:eks/cluster:Cluster::c.vpcConfig.clusterSecurityGroupId", r"sg-[0-9a-f]{17}"),
        ("aws:kms/key:Key::state.arn", r"arn:aws:kms:us-east-1:111122223333:arn-[0-9a-f]{8}"),
        ("aws:eks/cluster:Cluster::c.endpoint", r"https://[a-z0-9.-]+"),
        ("aws:eks/cluster:Cluster::c.identities[0].oidcs[0].issuer", r"https://[a-z0-9.-]+"),
        ("aws:sqs/queue:Queue::q.url", r"https://[a-z0-9.-]+"),
        ("aws:rds/instance:Instance::db.address", r"[a-z0-9-]+\.example\.internal"),
        ("aws:elasticache/replicationGroup:ReplicationGroup::r.primaryEndpointAddress", r"[a-z0-9.-]+"),
        ("aws:rds/instance:Instance::db.port", r"5432"),
        ("aws:ec2/eip:Eip::nat.publicIp", r"10\.\d+\.\d+\.\d+"),
        ("aws:eks/cluster:Cluster::c.certificateAuthority.data", r"[A-Za-z0-9+/]+=*"),
        ("aws:iam/role:Role::r.name", r"name-[0-9a-f]{8}"),
    ],
)
def test_a_stand_in_has_the_form_of_its_attribute(reference: str, form: str) -> None:
    assert re.fullmatch(form, stand_in(reference))


def test_every_output_that_a_capture_answers_has_a_stand_in_that_a_name_may_hold() -> None:
    for token, attributes in SHAPES.items():
        for attribute in attributes:
            assert re.fullmatch(r"[A-Za-z0-9.:/=+-]+", stand_in(f"{token}::some-name.{attribute}"))


def test_the_same_reference_has_the_same_stand_in_and_another_has_another() -> None:
    first, again = (stand_in("aws:ec2/vpc:Vpc::network.id") for _ in range(2))
    assert first == again
    assert first != stand_in("aws:ec2/vpc:Vpc::other.id")


def test_references_are_replaced_wherever_they_stand() -> None:
    manifest: dict[str, Any] = {"spec": {"terms": [{"id": VPC}], "text": f"in {VPC}, at @ home"}}
    replaced = concrete(manifest)
    vpc = stand_in("aws:ec2/vpc:Vpc::network.id")
    assert replaced == {"spec": {"terms": [{"id": vpc}], "text": f"in {vpc}, at @ home"}}
    assert manifest["spec"]["terms"] == [{"id": VPC}]


def test_a_port_is_a_number_where_kubernetes_takes_one_and_text_where_it_takes_text() -> None:
    port = "@{aws:rds/instance:Instance::db.port}"
    replaced = concrete({"spec": {"port": port, "env": [{"name": "PORT", "value": port}], "at": f"x:{port}"}})
    assert replaced["spec"] == {"port": 5432, "env": [{"name": "PORT", "value": "5432"}], "at": "x:5432"}


def test_what_a_secret_holds_is_base64_and_never_what_it_hides() -> None:
    data = {"vpc": VPC, "password": SECRET_MARKER, "known": "a25vd24="}
    replaced = concrete({"kind": "Secret", "data": data})["data"]
    assert base64.b64decode(replaced["vpc"]).startswith(b"vpc-")
    assert base64.b64decode(replaced["password"]) == SECRET_MARKER.encode()
    assert replaced["known"] == "a25vd24="
    assert list(concrete({"kind": "Secret", "data": SECRET_MARKER})["data"]) == ["hidden"]
    assert concrete({"kind": "Secret", "stringData": SECRET_MARKER})["stringData"] == {
        "hidden": SECRET_MARKER
    }


def test_without_references_a_manifest_stays_as_it_is() -> None:
    manifest = {"kind": "ConfigMap", "data": {"policy": "${aws:PrincipalTag/team}"}, "count": 3, "on": True}
    assert concrete(manifest) == manifest
