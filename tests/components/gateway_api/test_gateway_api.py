from __future__ import annotations

from pathlib import Path
from typing import cast

import yaml

from agentic.plan.capture import Capture
from components.charts.pins import GATEWAY_API, INFERENCE_EXTENSION
from components.gateway_api.gateway_api import GatewayApi, GatewayApiArgs

FILE = "kubernetes:yaml/v2:ConfigFile"


def test_definitions_come_from_one_release_of_one_channel(capture: Capture) -> None:
    plan = capture(lambda: cast("None", GatewayApi("gateway-api", GatewayApiArgs())))
    (only,) = plan.all(FILE)
    assert only.inputs["file"] == (
        "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml"
    )


def test_pools_and_their_picker_bring_files_where_they_are_asked_for(capture: Capture) -> None:
    plan = capture(lambda: cast("None", GatewayApi("gateway-api", GatewayApiArgs(inference_pools=True))))
    assert sorted(one.name for one in plan.all(FILE)) == [
        "gateway-api",
        "gateway-api-inference-extension",
        "gateway-api-objectives",
        "gateway-api-rewrites",
    ]
    assert all("/v0.10.0/" in one.inputs["file"] or "/v1.6." in one.inputs["file"] for one in plan.all(FILE))


def test_every_gateway_outlives_the_stack_that_brought_its_kind(capture: Capture) -> None:
    plan = capture(lambda: cast("None", GatewayApi("gateway-api", GatewayApiArgs())))
    assert all(one.options["retain_on_delete"] for one in plan.all(FILE))


def test_the_kinds_are_those_that_checks_use(reference_crds: Path) -> None:
    assert (reference_crds / "gateway-api" / f"standard-{GATEWAY_API.version}").is_dir()
    assert (reference_crds / "inference-extension" / INFERENCE_EXTENSION.version).is_dir()
    file = "gateway.networking.k8s.io_httproutes.yaml"
    found = yaml.safe_load(
        (reference_crds / "gateway-api" / f"standard-{GATEWAY_API.version}" / file).read_text()
    )
    assert found["metadata"]["annotations"]["gateway.networking.k8s.io/bundle-version"] == GATEWAY_API.version
