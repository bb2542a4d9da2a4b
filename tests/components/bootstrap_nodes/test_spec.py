from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.bootstrap_nodes.spec import BootstrapSpec, version_faults


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"min_size": 1}, "greater than or equal to 2"),
        ({"min_size": 3}, "min_size 3 <= desired_size 2 <= max_size 4 does not hold; put the three in"),
        ({"desired_size": 5}, "min_size 2 <= desired_size 5 <= max_size 4 does not hold"),
        (
            {"instance_types": ["m7i.large", "m8g.large"]},
            "instance_types mixes architectures: m7i.large (amd64) and m8g.large (arm64); a node group has "
            "one image",
        ),
        ({"instance_types": ["g5.xlarge"]}, "g5.xlarge is a GPU type"),
        ({"instance_types": ["m7i.huge"]}, "is not in the instance catalogue"),
        ({"disk_gib": 5}, "greater than or equal to 20"),
        ({"release_version": "latest"}, "should match pattern"),
        ({"capacity_type": "SPOT"}, "Extra inputs are not permitted"),
    ],
)
def test_nodes_that_cannot_carry_karpenter_are_refused(spec: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BootstrapSpec.model_validate(spec)
    assert said in str(refused.value)


def test_a_pinned_image_is_for_the_clusters_version() -> None:
    spec = BootstrapSpec(release_version="1.35.2-20260714")
    assert version_faults(spec, "1.35") == []
    (fault,) = version_faults(spec, "1.36")
    assert str(fault) == (
        "compute.bootstrap.release_version: 1.35.2-20260714 is an image for another version than "
        "cluster.version 1.36; pin a release that starts with 1.36., or leave it out"
    )


def test_no_pin_is_no_fault() -> None:
    assert version_faults(BootstrapSpec(), "1.35") == []
