from __future__ import annotations

from dataclasses import replace
from typing import cast

from agentic.plan.capture import Capture
from components.gateway.pickers import deployment, labels, plugins, rules
from components.gateway.spec import Catalogue
from components.isolation.flows.gateway import PICKER
from tests.components.gateway import scene

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
POOL = "kubernetes:inference.networking.k8s.io/v1:InferencePool"


def test_every_scorer_is_a_plugin_that_is_loaded() -> None:
    made = plugins()
    loaded = {one["type"] for one in made["plugins"]}
    (profile,) = made["schedulingProfiles"]
    assert {one["pluginRef"] for one in profile["plugins"]} <= loaded


def test_it_reads_its_namespace_and_changes_nothing() -> None:
    assert {verb for rule in rules() for verb in rule["verbs"]} == {"get", "list", "watch"}


def test_the_pool_asks_the_picker_that_is_made_for_it(capture: Capture) -> None:
    plan = capture(lambda: cast("None", scene.gateway()))
    pool, picker = plan.one(POOL), plan.one(DEPLOYMENT)
    assert pool.inputs["spec"]["endpointPickerRef"] == {
        "name": picker.inputs["metadata"]["name"],
        "port": {"number": 9002},
        "failureMode": "FailClose",
    }
    arguments = picker.inputs["spec"]["template"]["spec"]["containers"][0]["args"]
    assert {"--pool-name=llama", "--pool-namespace=ai-inference"} <= set(arguments)


def test_a_picker_that_exists_is_not_made_again(capture: Capture) -> None:
    pool = replace(scene.POOL, picker="ours")
    catalogue = Catalogue(backends=(pool,))
    plan = capture(lambda: cast("None", scene.gateway(catalogue=catalogue)))
    assert plan.all(DEPLOYMENT) == []
    assert plan.one(POOL).inputs["spec"]["endpointPickerRef"]["name"] == "ours"


def test_policies_name_its_pods() -> None:
    assert PICKER.labels.items() <= labels(scene.POOL).items()
    assert PICKER.namespace == scene.POOL.namespace
    template = deployment(scene.POOL)["template"]
    assert template["metadata"]["labels"] == labels(scene.POOL)
