from __future__ import annotations

from agentic.plan.capture import Capture
from agentic.plan.images import images as images_of
from components.charts import images
from components.charts.pods import PodSecurity
from components.models.pods import pods
from tests.components.models import scene

TEMPLATE = ("spec", "template", "spec")
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def test_what_is_declared_is_what_the_plan_has(capture: Capture) -> None:
    plan = capture(lambda: scene.program(scene.everything()))
    there = {one.section("metadata")["name"]: one for one in plan.all(DEPLOYMENT)}
    declared = pods(scene.everything())
    assert {pod.name for pod in declared} == set(there) - {"triage"}
    for pod in declared:
        spec = there[pod.name].section(*TEMPLATE)
        (container,) = spec["containers"]
        assert pod.labels == there[pod.name].section("spec", "selector")["matchLabels"]
        assert [port.number for port in pod.ports] == [port["containerPort"] for port in container["ports"]]
        assert {image.reference for image in pod.images} == {
            one["image"] for one in (*spec["initContainers"], container)
        }
        assert pod.containers[0].resources.requests.items() <= container["resources"]["requests"].items()


def test_only_tgi_is_below_restricted() -> None:
    levels = {pod.name: pod.pod_security for pod in pods(scene.everything())}
    assert levels == {
        "vllm-qwen3-8b": PodSecurity.RESTRICTED,
        "vllm-mixtral-8x7b": PodSecurity.RESTRICTED,
        "tgi-mixtral": PodSecurity.BASELINE,
    }


def test_a_server_that_fetches_nothing_has_no_loader() -> None:
    packed = {"source": "image", "image": f"registry.example/w@{scene.DIGEST}"}
    (pod,) = pods({"q": scene.vllm(weights=packed)})
    assert pod.images == (images.VLLM,)


def test_an_image_that_is_a_volume_is_among_the_images_of_a_plan(capture: Capture) -> None:
    reference = f"registry.example/w@{scene.DIGEST}"
    spec = scene.vllm(weights={"source": "image", "image": reference})
    plan = capture(lambda: scene.program({"q": spec}))
    (found,) = (one for one in images_of(plan).images if one.reference == reference)
    assert found.users == ("Deployment ai-inference/vllm-q",)
