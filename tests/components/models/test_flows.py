"""Who a model server reaches and who reaches it: by the policies of a whole stack, not by the table alone."""

from __future__ import annotations

import pytest

from components.isolation.ends import Port
from components.isolation.flows import in_force
from components.isolation.flows.models import FETCHERS, MODEL_FLOWS, OWN_SERVERS
from components.models.loading import weights_label
from components.models.names import ENGINE_LABEL, WEIGHTS_LABEL
from components.models.render import deployment
from components.models.servers import all_servers
from components.namespaces.catalogue import namespaces_for
from tests.components.models import scene

PARTS = {"models", "gateway", "prometheus", "valkey", "elasticache", "postgres"}


def labels_of(key: str) -> dict[str, str]:
    (server,) = all_servers(scene.models(**{key: scene.ALL[key.replace("_", "-")]}))
    made = deployment(server, bucket=scene.BUCKET, region="eu-west-1")
    return made["template"]["metadata"]["labels"]


@pytest.mark.parametrize("key", ["qwen3_8b", "mixtral_8x7b", "mixtral", "triage"])
def test_the_labels_that_flows_select_by_are_those_of_the_pods(key: str) -> None:
    labels = labels_of(key)
    assert (FETCHERS.labels.items() <= labels.items()) == (key != "triage")
    assert (OWN_SERVERS.labels.items() <= labels.items()) == (key == "triage")


def test_an_image_of_weights_takes_the_way_to_s3_away() -> None:
    packed = {"source": "image", "image": f"registry.example/w@{scene.DIGEST}"}
    (server,) = all_servers({"q": scene.vllm(weights=packed)})
    assert weights_label(server) != FETCHERS.labels[WEIGHTS_LABEL]
    assert ENGINE_LABEL in OWN_SERVERS.labels


def test_flows_of_models_exist_with_models_only() -> None:
    assert set(MODEL_FLOWS) <= set(in_force(PARTS, namespaces_for(PARTS)))
    without = PARTS - {"models"}
    assert not set(MODEL_FLOWS) & set(in_force(without, namespaces_for(without)))


def test_a_server_with_weights_of_its_own_reaches_s3_and_credentials_and_nothing_else_outside() -> None:
    outside = {
        (type(flow.target).__name__, flow.numbered[0]) for flow in MODEL_FLOWS if flow.source == FETCHERS
    }
    assert outside == {("Address", Port(80)), ("AwsApis", Port(443))}
