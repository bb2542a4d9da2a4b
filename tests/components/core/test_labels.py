from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.core import labels
from components.core.labels import OwnershipSpec, tags


def _ownership(**more: str) -> OwnershipSpec:
    return OwnershipSpec(owner="platform-team", cost_center="r-and-d", tags=more)


def test_every_resource_says_who_answers_for_it_and_who_pays() -> None:
    assert tags("dev", "ai-dev", _ownership(Team="search")) == {
        "Environment": "dev",
        "Owner": "platform-team",
        "CostCenter": "r-and-d",
        "ManagedBy": "agentic-platform",
        "agentic.dev/cluster": "ai-dev",
        "Team": "search",
    }


@pytest.mark.parametrize("missing", ["owner", "cost_center"])
def test_nobody_can_leave_the_bill_unowned(missing: str) -> None:
    said = {"owner": "platform-team", "cost_center": "r-and-d"} | {missing: ""}
    with pytest.raises(ValidationError, match=missing):
        OwnershipSpec.model_validate(said)


@pytest.mark.parametrize(
    "key",
    [
        *("Environment", "owner", "COSTCENTER", "ManagedBy", "Name", labels.CLUSTER_TAG),
        *(
            labels.DISCOVERY_TAG,
            "karpenter.sh/nodepool",
            "kubernetes.io/role/elb",
            "aws:cloudformation:stack",
        ),
    ],
)
def test_a_tag_that_means_something_to_somebody_else_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="is set by the platform or a controller; leave it out"):
        _ownership(**{key: "x"})


def test_tags_that_iam_takes_for_one_are_refused() -> None:
    with pytest.raises(ValidationError, match="tag team is written twice, in another case"):
        _ownership(Team="a", team="b")


@pytest.mark.parametrize("text", ["a,b", "<x>", "a\nb", "x" * 129, ""])
def test_text_that_some_service_refuses_in_a_tag_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        _ownership(Team=text)


def test_at_most_thirty_tags_leave_room_for_those_of_the_platform_and_of_controllers() -> None:
    assert len(_ownership(**{f"k{number}": "v" for number in range(30)}).tags) == 30
    with pytest.raises(ValidationError, match="at most 30"):
        _ownership(**{f"k{number}": "v" for number in range(31)})


def test_managed_objects_say_what_they_are_part_of() -> None:
    assert labels.managed_labels("tenants") == {
        "app.kubernetes.io/managed-by": "agentic-platform",
        "app.kubernetes.io/part-of": "tenants",
    }
