"""EKS against answers that were written down, and against moto in process where moto has the operation.

moto 5.2.5 has clusters and node groups and no add-ons: those are written down here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from moto import mock_aws

from agentic.errors import OperatorError
from agentic.ops.status.boto_eks import BotoEks
from agentic.ops.status.eks import eks
from agentic.ops.status.finding import State
from components.core.aws import Place

Make = Callable[..., Any]


class Answers:
    """EKS as it is when all is well, with changes."""

    def __init__(self, **changes: Any) -> None:
        self.said: dict[str, Any] = {
            "describe_cluster": {"cluster": {"name": "ai-dev", "status": "ACTIVE", "version": "1.35"}},
            "describe_addon": {"addon": {"status": "ACTIVE", "health": {"issues": []}}},
            "list_nodegroups": {"nodegroups": ["boot-1"]},
            "describe_nodegroup": {"nodegroup": {"status": "ACTIVE"}},
            **changes,
        }

    def ask(self, method: str, **_: Any) -> Mapping[str, Any] | None:
        answer = self.said[method]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_all_is_well(expect: Make) -> None:
    section = eks(expect(), Answers())
    assert (section.line, section.findings) == ("ai-dev ACTIVE, Kubernetes 1.35", ())


@pytest.mark.parametrize(
    ("changes", "what", "said"),
    [
        ({"describe_cluster": None}, "cluster ai-dev", "is not there in eu-west-1"),
        (
            {"describe_cluster": {"cluster": {"name": "ai-dev", "status": "UPDATING", "version": "1.35"}}},
            "cluster ai-dev",
            "is UPDATING",
        ),
        (
            {"describe_cluster": {"cluster": {"name": "ai-dev", "status": "ACTIVE", "version": "1.34"}}},
            "cluster ai-dev",
            "is at 1.34, 1.35 is planned",
        ),
        (
            {
                "describe_cluster": {
                    "cluster": {
                        "status": "ACTIVE",
                        "version": "1.35",
                        "health": {
                            "issues": [
                                {"code": "Ec2SubnetNotFound", "message": "gone", "resourceIds": ["subnet-1"]}
                            ]
                        },
                    }
                }
            },
            "cluster ai-dev",
            "Ec2SubnetNotFound: gone (subnet-1)",
        ),
        ({"describe_addon": None}, "add-on coredns", "is not there"),
        ({"describe_addon": {"addon": {"status": "DEGRADED"}}}, "add-on coredns", "is DEGRADED"),
        ({"list_nodegroups": {"nodegroups": []}}, "node groups", "0 there, 1 planned"),
        (
            {
                "describe_nodegroup": {
                    "nodegroup": {
                        "status": "ACTIVE",
                        "health": {
                            "issues": [{"code": "AsgInstanceLaunchFailures", "message": "no capacity"}]
                        },
                    }
                }
            },
            "node group boot-1",
            "AsgInstanceLaunchFailures: no capacity",
        ),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_eks(
    changes: dict[str, Any], what: str, said: str, expect: Make
) -> None:
    (finding,) = eks(expect(), Answers(**changes)).findings
    assert (finding.what, finding.said, finding.state) == (what, said, State.DEGRADED)
    assert finding.next


def test_what_cannot_be_asked_is_unknown(expect: Make) -> None:
    section = eks(expect(), Answers(describe_addon=OperatorError("AWS refused\nit", remedy="get the right")))
    (finding,) = section.findings
    assert (finding.state, finding.said, finding.next) == (State.UNKNOWN, "AWS refused it", "get the right")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield Place(
            account_id="123456789012",
            partition="aws",
            region="eu-west-1",
            zones=("eu-west-1a",),
            environment="dev",
            cluster_name="ai-dev",
        )


def test_a_cluster_of_moto_is_read_by_boto3(place: Place, expect: Make) -> None:
    client = boto3.client("eks", region_name="eu-west-1")
    client.create_cluster(
        name="ai-dev", version="1.35", roleArn="arn:aws:iam::123456789012:role/x", resourcesVpcConfig={}
    )
    client.create_nodegroup(
        clusterName="ai-dev",
        nodegroupName="boot",
        subnets=["subnet-1"],
        nodeRole="arn:aws:iam::123456789012:role/n",
    )
    section = eks(expect(addons=()), BotoEks(place))
    assert (section.line, section.findings) == ("ai-dev ACTIVE, Kubernetes 1.35", ())


def test_a_cluster_that_is_not_there_is_no_error(place: Place, expect: Make) -> None:
    assert eks(expect(), BotoEks(place)).line == "no cluster"


def test_another_account_is_not_asked(place: Place, expect: Make) -> None:
    from dataclasses import replace

    (finding,) = eks(expect(), BotoEks(replace(place, account_id="999999999999"))).findings
    assert finding.state is State.UNKNOWN
    assert "the stack file says aws.account_id: 999999999999" in finding.said
