from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from components.charts.literals import faults
from components.core.aws import Place
from components.load_balancer_controller.pods import LABELS, pods
from components.load_balancer_controller.spec import LoadBalancerControllerSpec
from components.load_balancer_controller.values import values

SPEC = LoadBalancerControllerSpec()


def test_values_are_the_reviewed_ones(place: Place, snapshot: SnapshotAssertion) -> None:
    assert values(place, SPEC, vpc_id=None, monitored=False) == snapshot


@pytest.mark.parametrize("monitored", [True, False])
@pytest.mark.parametrize("vpc_id", [None, "vpc-0123456789abcdef0"])
def test_values_are_literals_without_secrets(place: Place, vpc_id: str | None, monitored: bool) -> None:
    tree = values(place, SPEC, vpc_id=vpc_id, monitored=monitored)
    assert faults("aws-load-balancer-controller", tree) == []


def test_a_vpc_of_ours_is_found_by_the_clusters_tag(place: Place) -> None:
    tree = values(place, SPEC, vpc_id=None, monitored=False)
    assert tree["vpcTags"] == {"agentic.dev/cluster": "ai-dev"}
    assert "vpcId" not in tree


def test_an_existing_vpc_is_named_by_its_id(place: Place) -> None:
    tree = values(place, SPEC, vpc_id="vpc-0123456789abcdef0", monitored=False)
    assert tree["vpcId"] == "vpc-0123456789abcdef0"
    assert "vpcTags" not in tree, "nobody promised that a VPC which is not ours carries our tag"


def test_it_needs_no_instance_metadata(place: Place) -> None:
    tree = values(place, SPEC, vpc_id=None, monitored=False)
    assert (tree["region"], tree["clusterName"]) == ("eu-west-1", "ai-dev")


def test_services_can_be_created_while_it_is_down(place: Place) -> None:
    assert values(place, SPEC, vpc_id=None, monitored=False)["enableServiceMutatorWebhook"] is False


def test_gateways_are_left_to_the_gateway_controller(place: Place) -> None:
    gates = values(place, SPEC, vpc_id=None, monitored=False)["controllerConfig"]["featureGates"]
    assert gates == {"ALBGatewayAPI": False, "NLBGatewayAPI": False}


def test_load_balancers_carry_the_cost_tags(place: Place) -> None:
    assert values(place, SPEC, vpc_id=None, monitored=False)["defaultTags"] == dict(place.tags)


def test_its_pod_passes_restricted(place: Place) -> None:
    tree = values(place, SPEC, vpc_id=None, monitored=False)
    assert tree["podSecurityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert tree["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }


def test_values_say_what_the_pod_class_declares(place: Place) -> None:
    spec = LoadBalancerControllerSpec(replicas=3)
    tree = values(place, spec, vpc_id=None, monitored=False)
    (pod,) = pods(spec)
    assert tree["replicaCount"] == pod.replicas == 3
    assert tree["resources"] == pod.containers[0].resources.values()
    assert tree["image"] == {"tag": pod.containers[0].image.pinned_tag}
    assert tree["serviceAccount"] == {"create": True, "name": pod.service_account}
    assert tree["tolerations"] == [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    for constraint in tree["topologySpreadConstraints"]:
        assert constraint["labelSelector"]["matchLabels"] == LABELS


def test_no_service_monitor_is_asked_for_before_its_kind_exists(place: Place) -> None:
    off, on = (values(place, SPEC, vpc_id=None, monitored=monitored) for monitored in (False, True))
    assert off["serviceMonitor"] == {"enabled": False}
    assert on["serviceMonitor"]["enabled"] is True
