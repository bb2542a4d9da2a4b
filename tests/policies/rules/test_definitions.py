from __future__ import annotations

from dataclasses import replace

from policies.rules.definitions import DEFINITION_COMES_FIRST as RULE
from policies.rules.rule import CustomObject, Outcome
from tests.policies.rules.facts import facts, only

SOUND = CustomObject(
    where="kubernetes:monitoring.coreos.com/v1:ServiceMonitor relay-monitor",
    kind="ServiceMonitor.monitoring.coreos.com",
    brought_by=("kube-prometheus-stack", "prometheus-operator-crds"),
    comes_after=True,
)


def judged(given: CustomObject) -> tuple[Outcome, str]:
    found = only(RULE, replace(facts(), custom_objects=[given]))
    assert found.where == given.where
    return found.outcome, found.detail


def test_an_object_that_waits_for_its_kind_passes() -> None:
    assert judged(SOUND) == (
        Outcome.PASS,
        "ServiceMonitor.monitoring.coreos.com comes with kube-prometheus-stack, prometheus-operator-crds,"
        " which it waits for",
    )


def test_an_object_that_may_come_before_its_kind_is_refused() -> None:
    assert judged(replace(SOUND, comes_after=False)) == (
        Outcome.VIOLATION,
        "ServiceMonitor.monitoring.coreos.com comes with kube-prometheus-stack, prometheus-operator-crds,"
        " which it does not wait for",
    )


def test_an_object_whose_kind_nothing_installs_is_refused() -> None:
    assert judged(replace(SOUND, brought_by=(), comes_after=False)) == (
        Outcome.VIOLATION,
        "nothing in the plan installs ServiceMonitor.monitoring.coreos.com",
    )


def test_a_kind_that_nobody_knows_is_no_pass() -> None:
    stranger = replace(SOUND, brought_by=(), comes_after=False, kind="Widget.example.com", known=False)
    assert judged(stranger) == (
        Outcome.UNKNOWN,
        "nothing here says what installs Widget.example.com",
    )
