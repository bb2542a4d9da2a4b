from __future__ import annotations

from components.karpenter.priority import leader_election, workload


def test_both_are_for_the_controllers_service_account_only() -> None:
    account = {
        "kind": "ServiceAccount",
        "service_account": {"name": "karpenter", "namespace": "karpenter"},
    }
    for schema in (leader_election("karpenter"), workload("karpenter")):
        (rule,) = schema["rules"]  # type: ignore[typeddict-item]
        assert rule["subjects"] == [account]


def test_leases_go_with_those_of_the_control_plane() -> None:
    schema = leader_election("karpenter")
    assert schema["priority_level_configuration"] == {"name": "leader-election"}
    assert schema["matching_precedence"] == 200


def test_the_rest_goes_ahead_of_ordinary_workloads() -> None:
    schema = workload("karpenter")
    assert schema["priority_level_configuration"] == {"name": "workload-high"}
    assert schema["matching_precedence"] == 1000
