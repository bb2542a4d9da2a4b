from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.load_balancer_controller.spec import LoadBalancerControllerSpec, installed, mode_faults

DEFAULT = LoadBalancerControllerSpec()
ASKED_FOR = LoadBalancerControllerSpec(enabled=True)
REFUSED = LoadBalancerControllerSpec(enabled=False)


def test_it_is_part_of_karpenter_clusters_unless_switched_off() -> None:
    assert installed(DEFAULT, "karpenter")
    assert not installed(REFUSED, "karpenter")


def test_auto_mode_brings_its_own_whatever_is_said() -> None:
    assert not installed(DEFAULT, "auto")
    assert not installed(ASKED_FOR, "auto")


def test_asking_for_it_in_auto_mode_is_an_error_with_a_remedy() -> None:
    (fault,) = mode_faults(ASKED_FOR, "auto")
    assert str(fault) == (
        "services.load_balancer_controller.enabled: is true, but compute.mode is auto and EKS Auto Mode runs "
        "a load balancer controller itself; remove it, or set it to false; two controllers would fight over "
        "the same load balancers"
    )


@pytest.mark.parametrize("spec", [DEFAULT, REFUSED])
def test_not_asking_for_it_in_auto_mode_is_fine(spec: LoadBalancerControllerSpec) -> None:
    assert mode_faults(spec, "auto") == []


def test_asking_for_it_in_karpenter_mode_is_fine() -> None:
    assert mode_faults(ASKED_FOR, "karpenter") == []


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="replica\n  Extra inputs are not permitted"):
        LoadBalancerControllerSpec.model_validate({"replica": 2})


def test_no_replicas_is_not_a_way_to_switch_it_off() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        LoadBalancerControllerSpec(replicas=0)
