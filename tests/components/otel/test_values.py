from __future__ import annotations

from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.charts import pins
from components.charts.literals import faults
from components.core.aws import Place
from components.otel import wiring
from components.otel.agent import agent
from components.otel.attribution import BY_FILE, attributed
from components.otel.gateway import Sinks
from components.otel.names import AGENTS_PORT
from components.otel.pods import pods
from components.otel.spec import OtelSpec
from components.otel.values import POD_READER, agent_values, gateway_values

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
SINKS = Sinks(langfuse="http://langfuse-web:3000/api/public/otel", prometheus=("a:9090",))
SPEC = OtelSpec()
GATEWAY = gateway_values(PLACE, SPEC, SINKS, langfuse_secret="otel-langfuse", monitored=False)
AGENT = agent_values(SPEC, metrics=True, monitored=False)


def test_values_are_the_reviewed_ones(snapshot: SnapshotAssertion) -> None:
    assert snapshot == {"gateway": GATEWAY, "agent": AGENT}


@pytest.mark.parametrize("values", [GATEWAY, AGENT])
def test_values_are_literals_without_secrets(values: dict[str, Any]) -> None:
    assert faults("otel", values) == []


@pytest.mark.parametrize("metrics", [True, False])
@pytest.mark.parametrize("host_metrics", [True, False])
def test_the_agents_are_wired_with_and_without_metrics(host_metrics: bool, metrics: bool) -> None:
    assert wiring.faults(agent(OtelSpec(host_metrics=host_metrics), metrics=metrics)) == []


def test_agents_take_no_metrics_that_nobody_keeps() -> None:
    made = agent(SPEC, metrics=False)["service"]["pipelines"]
    assert set(made) == {"traces/clients", "logs/clients", "logs/files"}


def test_agents_believe_no_client_either() -> None:
    made = agent(SPEC, metrics=True)["service"]["pipelines"]
    for name, pipeline in made.items():
        if "otlp" in pipeline["receivers"]:
            chain = [*pipeline["processors"], "transform/tenant"]
            assert attributed(chain), f"{name}: the gateway writes the tenant of what agents looked up"


def test_a_log_belongs_to_whom_the_kubelet_says() -> None:
    config = agent(SPEC, metrics=True)
    assert BY_FILE in config["service"]["pipelines"]["logs/files"]["processors"]
    lookup = config["processors"][BY_FILE]
    assert lookup["pod_association"] == [{"sources": [{"from": "resource_attribute", "name": "k8s.pod.uid"}]}]
    assert config["receivers"]["file_log"]["operators"][0]["type"] == "container"


def test_agents_forget_nothing_over_a_restart_and_do_not_read_themselves() -> None:
    files = agent(SPEC, metrics=True)["receivers"]["file_log"]
    assert files["storage"] == "file_storage"
    assert files["exclude"] == ["/var/log/pods/node-monitoring_otel-agent-*_*/opentelemetry-collector/*.log"]
    assert {"name": "checkpoints", "mountPath": "/var/lib/otelcol"} in AGENT["extraVolumeMounts"]


def test_agents_open_no_port_on_their_node_and_run_on_every_one() -> None:
    assert AGENT["ports"]["otlp"]["hostPort"] == AGENT["ports"]["otlp-http"]["hostPort"] == 0
    assert AGENT["tolerations"] == [{"operator": "Exists"}]


def test_agents_write_only_their_checkpoints() -> None:
    writable = [mount["name"] for mount in AGENT["extraVolumeMounts"] if not mount.get("readOnly")]
    assert writable == ["checkpoints"]
    assert AGENT["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert AGENT["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_host_is_mounted_only_to_measure_it() -> None:
    quiet = agent_values(OtelSpec(host_metrics=False), metrics=True, monitored=False)
    assert "host" not in {volume["name"] for volume in quiet["extraVolumes"]}


def test_collectors_may_read_pods_and_namespaces_and_no_secret() -> None:
    resources = {name for rule in POD_READER for name in rule["resources"]}
    assert resources == {"pods", "namespaces", "replicasets"}
    assert {verb for rule in POD_READER for verb in rule["verbs"]} == {"get", "list", "watch"}


def test_pods_have_the_ports_room_and_image_that_are_declared() -> None:
    for pod, values in zip(pods(SPEC), (GATEWAY, AGENT), strict=True):
        (container,) = pod.containers
        assert values["resources"] == container.resources.values()
        assert values["image"]["repository"] == container.image.repository
        on = {name for name, port in values["ports"].items() if port["enabled"]}
        assert on == {port.name for port in pod.ports}
    assert GATEWAY["ports"]["otlp-agents"]["containerPort"] == AGENTS_PORT


def test_the_binary_is_the_one_of_the_distribution() -> None:
    assert GATEWAY["command"] == {"name": "otelcol-contrib"}
    assert AGENT["command"] == {"name": "otelcol-k8s"}
    assert {pod.containers[0].image.tag for pod in pods(SPEC)} == {"0.158.0"}, pins.OPENTELEMETRY_COLLECTOR


def test_monitors_are_made_only_where_their_kind_exists() -> None:
    assert GATEWAY["serviceMonitor"] == AGENT["podMonitor"] == {"enabled": False}
    on = gateway_values(PLACE, SPEC, SINKS, langfuse_secret="otel-langfuse", monitored=True)
    assert on["serviceMonitor"]["enabled"] is True
    assert agent_values(SPEC, metrics=True, monitored=True)["podMonitor"]["enabled"] is True


def test_two_gateways_survive_a_drain() -> None:
    two = gateway_values(PLACE, OtelSpec(replicas=2), SINKS, langfuse_secret="s", monitored=False)
    assert two["podDisruptionBudget"] == {"enabled": True, "minAvailable": 1}
    assert GATEWAY["podDisruptionBudget"] == {"enabled": False}
