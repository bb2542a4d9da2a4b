from __future__ import annotations

from typing import Any

import pytest

from agentic.ops.status.cluster import Unreachable
from agentic.ops.status.kube_context import chosen, contexts
from components.core.aws import Place

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a",),
    environment="dev",
    cluster_name="ai-dev",
)
ARN = "arn:aws:eks:us-east-1:111122223333:cluster/ai-dev"


def kubeconfig(*named: tuple[str, str, list[str]]) -> dict[str, Any]:
    return {
        "contexts": [
            {"name": name, "context": {"cluster": cluster, "user": name}} for name, cluster, _ in named
        ],
        "users": [{"name": name, "user": {"exec": {"args": words}}} for name, _, words in named],
    }


def get_token(cluster: str, region: str) -> list[str]:
    return ["--region", region, "eks", "get-token", "--cluster-name", cluster]


def pick(document: dict[str, Any], wanted: str | None = None, current: str | None = None) -> str:
    return chosen(contexts(document), PLACE, wanted, current)


def test_the_context_of_the_stacks_cluster_is_used_whatever_is_current() -> None:
    document = kubeconfig(
        ("prod", "arn:aws:eks:us-east-1:111122223333:cluster/ai-prod", []), ("mine", ARN, [])
    )
    assert pick(document, current="prod") == "mine"


def test_a_cluster_with_a_name_of_its_own_is_known_by_what_its_token_is_for() -> None:
    document = kubeconfig(
        ("west", "k", get_token("ai-dev", "us-west-2")), ("east", "k", get_token("ai-dev", "us-east-1"))
    )
    assert pick(document) == "east"


def test_the_same_name_in_another_account_is_another_cluster() -> None:
    document = kubeconfig(
        ("other", ARN.replace("111122223333", "999999999999"), get_token("ai-dev", "us-east-1"))
    )
    with pytest.raises(Unreachable) as refused:
        pick(document, current="other")
    assert "has no context for cluster ai-dev in us-east-1" in str(refused.value)
    assert "aws eks update-kubeconfig --name ai-dev --region us-east-1" in str(refused.value)
    assert refused.value.exit_code == 2


def test_of_several_the_current_one_is_used_or_none() -> None:
    document = kubeconfig(("a", ARN, []), ("b", ARN, []))
    assert pick(document, current="b") == "b"
    with pytest.raises(Unreachable, match=r"several contexts are for ai-dev: a, b"):
        pick(document)


def test_one_that_was_asked_for_is_used_if_it_is_there() -> None:
    document = kubeconfig(("kind", "kind", []))
    assert pick(document, "kind") == "kind"
    with pytest.raises(Unreachable) as refused:
        pick(document, "knd")
    assert "the kubeconfig has no context 'knd'" in str(refused.value)
    assert "choose one of: kind" in str(refused.value)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"contexts": None, "users": [None]},
        {"contexts": [{"name": "x"}], "users": [{"name": "x", "user": {"exec": {"args": ["--name"]}}}]},
    ],
)
def test_an_odd_kubeconfig_has_no_fitting_context(document: dict[str, Any]) -> None:
    with pytest.raises(Unreachable, match="no context for cluster"):
        pick(document)
