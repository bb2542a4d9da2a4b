from __future__ import annotations

from components.charts.scheduling import disruption_budget, spread, tolerations


def test_controllers_may_run_on_the_bootstrap_nodes() -> None:
    assert tolerations() == [{"key": "CriticalAddonsOnly", "operator": "Exists"}]


def test_callers_cannot_spoil_one_another() -> None:
    tolerations()[0]["key"] = "spoilt"
    assert tolerations()[0]["key"] == "CriticalAddonsOnly"


def test_pods_are_kept_apart_by_node_and_if_possible_by_zone() -> None:
    by_key = {one["topologyKey"]: one["whenUnsatisfiable"] for one in spread({"app": "x"})}
    assert by_key == {
        "kubernetes.io/hostname": "DoNotSchedule",
        "topology.kubernetes.io/zone": "ScheduleAnyway",
    }


def test_nodes_that_the_pod_cannot_use_do_not_count() -> None:
    for constraint in spread({"app": "x"}):
        assert constraint["nodeTaintsPolicy"] == "Honor", "an empty GPU node would block the second pod"


def test_an_update_does_not_wait_for_the_pods_it_replaces() -> None:
    for constraint in spread({"app": "x"}):
        assert constraint["matchLabelKeys"] == ["pod-template-hash"]
        assert constraint["labelSelector"] == {"matchLabels": {"app": "x"}}


def test_a_single_pod_has_no_budget_because_its_node_could_never_be_drained() -> None:
    assert disruption_budget(1) == {"enabled": False}
    assert disruption_budget(2) == {"enabled": True, "minAvailable": 1}
