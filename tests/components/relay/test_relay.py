from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.gateway import names as gateway_names
from components.gateway.spec import RelayBackend
from components.isolation.ends import Host
from components.isolation.flows.relay import RELAY
from components.relay import names
from components.relay.backend import catalogue
from components.relay.flows import provider_flows
from components.relay.hook.setup import MANAGED, bring_up_to_date
from components.relay.names import GATEWAY_SECRET, LABELS
from components.relay.pods import pods
from components.relay.secrets import credentials
from components.relay.spec import RelaySpec
from components.secrets.render import faults as credential_faults
from tests.components.relay import scene

DEPLOYMENT = "kubernetes:apps/v1:Deployment"
JOB = "kubernetes:batch/v1:Job"
ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(lambda: scene.relay())


def templates(plan: Plan, *, cron: bool = True) -> dict[str, Any]:
    found = {
        one.inputs["metadata"]["name"]: one.inputs["spec"]["template"]
        for kind in (DEPLOYMENT, JOB)
        for one in plan.all(kind)
    }
    for one in plan.all("kubernetes:batch/v1:CronJob") if cron else ():
        found[one.inputs["metadata"]["name"]] = one.inputs["spec"]["jobTemplate"]["spec"]["template"]
    return found


def test_pods_are_those_that_are_declared(plan: Plan) -> None:
    declared = {one.name: one for one in pods(scene.SPEC)}
    made = templates(plan)
    assert made.keys() == declared.keys()
    for name, template in made.items():
        (container,) = template["spec"]["containers"]
        (said,) = declared[name].containers
        assert dict(declared[name].labels).items() <= template["metadata"]["labels"].items()
        assert container["image"] == said.image.reference
        assert container["resources"] == said.resources.values()
        assert template["spec"]["serviceAccountName"] == declared[name].service_account
        assert template["spec"]["automountServiceAccountToken"] is False
        assert template["spec"]["securityContext"]["runAsUser"] == 65534
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_servers_are_what_the_projects_own_chart_would_make() -> None:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: the relay's pods were not compared with its chart")
    chart = yaml.safe_load(ENDPOINTS.read_text())["charts"]["litellm-helm"]
    (servers,) = [one for one in chart["workloads"] if one["kind"] == "Deployment"]
    (declared,) = [one for one in pods(scene.SPEC) if one.name == "litellm"]
    assert dict(declared.labels) == servers["labels"]
    assert [{"name": port.name, "port": port.number} for port in declared.ports] == servers["ports"]
    assert (declared.namespace, declared.service_account) == (
        servers["namespace"],
        servers["service_account"],
    )
    assert declared.pod_security.value == servers["pod_security"]


def test_no_key_is_in_the_plan(plan: Plan) -> None:
    """Every one comes out of a Secret, by name."""
    for name, template in templates(plan).items():
        for variable in template["spec"]["containers"][0].get("env", []):
            if any(word in variable["name"] for word in ("KEY", "PASSWORD", "DATABASE_URL")) and variable[
                "name"
            ] not in ("RELAY_KEYS",):
                assert set(variable) == {"name", "valueFrom"}, (name, variable["name"])


def test_tables_come_before_servers_and_keys_after(plan: Plan) -> None:
    servers = plan.one(DEPLOYMENT, "relay")
    migrations, setup = plan.one(JOB, "relay-migrations"), plan.one(JOB, "relay-setup")
    assert migrations.urn in servers.dependencies
    assert servers.urn in setup.dependencies


def test_more_than_one_server_is_spread_and_not_drained_at_once(plan: Plan, capture: Capture) -> None:
    (host, zone) = templates(plan)["litellm"]["spec"]["topologySpreadConstraints"]
    assert (host["topologyKey"], zone["topologyKey"]) == (
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    )
    budget = plan.one("kubernetes:policy/v1:PodDisruptionBudget").inputs["spec"]
    assert budget == {"maxUnavailable": 1, "selector": {"matchLabels": LABELS}}
    alone = capture(lambda: scene.relay(scene.SPEC.model_copy(update={"replicas": 1})))
    assert alone.all("kubernetes:policy/v1:PodDisruptionBudget") == []


def test_another_tenant_restarts_no_server(capture: Capture, plan: Plan) -> None:
    more = capture(lambda: scene.relay(tenants=(*scene.TENANTS, "tenant-c")))
    assert more.one(DEPLOYMENT, "relay").inputs == plan.one(DEPLOYMENT, "relay").inputs
    assert more.one(JOB, "relay-setup").inputs != plan.one(JOB, "relay-setup").inputs


def test_another_configuration_restarts_them(capture: Capture, plan: Plan) -> None:
    other = scene.SPEC.model_copy(update={"aliases": {}})
    changed = capture(lambda: scene.relay(other))
    assert changed.one(DEPLOYMENT, "relay").inputs != plan.one(DEPLOYMENT, "relay").inputs


def test_workers_run_on_spot_within_their_window_and_nothing_else_says_how_many(plan: Plan) -> None:
    workers = plan.one(DEPLOYMENT, "relay-batch").inputs["spec"]
    assert "replicas" not in workers
    assert workers["template"]["spec"]["nodeSelector"] == {"karpenter.sh/capacity-type": "spot"}
    window = plan.one("kubernetes:keda.sh/v1alpha1:ScaledObject").inputs["spec"]
    (trigger,) = window["triggers"]
    assert (window["minReplicaCount"], window["scaleTargetRef"]) == (0, {"name": "relay-batch"})
    assert trigger["metadata"] == {
        "timezone": "UTC",
        "start": "30 1 * * *",
        "end": "0 5 * * *",
        "desiredReplicas": "2",
    }


def test_requests_that_wait_have_a_route_past_what_reads_models_answers(plan: Plan) -> None:
    route = plan.one("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute").inputs["spec"]
    assert route["rules"][0]["backendRefs"] == [{"kind": "Service", "name": "litellm", "port": 4000}]
    policy = plan.one("kubernetes:agentgateway.dev/v1alpha1:AgentgatewayPolicy").inputs["spec"]
    assert policy["backend"]["auth"]["secretRef"] == {"name": "relay-gateway", "key": "key"}
    assert policy["targetRefs"][0]["name"] == "relay-batch"


def test_the_gateway_is_named_as_it_names_itself() -> None:
    assert (names.GATEWAY, names.GATEWAY_GROUP) == (gateway_names.GATEWAY, gateway_names.GATEWAY_GROUP)
    assert (gateway_names.API, gateway_names.INTERNAL) == ("api", "internal")


def test_a_cache_without_an_authority_of_its_own_needs_no_file(capture: Capture) -> None:
    from components.relay.config import CacheAddress

    # A URL says nothing of an authority, so none is looked for even where the Secret has one.
    made = templates(capture(lambda: scene.relay(cache=CacheAddress(by_url=True, authority=True))))
    text = json.dumps(made)
    assert "REDIS_URL" in text
    assert "REDIS_HOST" not in text
    assert "ca.crt" not in text


def test_without_probe_and_batches_there_are_none(capture: Capture) -> None:
    said = scene.SPEC.model_dump(mode="json") | {"probe": {"enabled": False}, "batch": {"enabled": False}}
    spec = RelaySpec.model_validate(said)
    plan = capture(lambda: scene.relay(spec))
    assert plan.all("kubernetes:batch/v1:CronJob") == []
    assert plan.all("kubernetes:keda.sh/v1alpha1:ScaledObject") == []
    told = {
        one.inputs["metadata"]["name"]: one.inputs["data"] for one in plan.all("kubernetes:core/v1:ConfigMap")
    }
    assert set(json.loads(told["relay-scripts"]["wanted.json"])) == {"platform", *scene.TENANTS}
    assert "RELAY_LONGEST_QUEUE" not in json.dumps(templates(plan, cron=False))
    assert [one.name for one in pods(spec)] == ["litellm", "relay-migrations", "relay-setup"]


def test_credentials_stand_beside_each_other() -> None:
    made = credentials(scene.SPEC, scene.TENANTS)
    assert credential_faults(made, ["ai-gateway"]) == []
    assert {one.name for one in made} == {
        "relay-own",
        "relay-gateway",
        "relay-key-platform",
        "relay-key-tenant-a",
        "relay-key-tenant-b",
        "relay-key-relay-probe",
    }


def test_a_providers_key_is_read_out_of_the_supplied_secret(plan: Plan) -> None:
    (secret,) = [
        one.inputs["spec"]
        for one in plan.all("kubernetes:external-secrets.io/v1:ExternalSecret")
        if one.inputs["metadata"]["name"] == "relay-providers"
    ]
    assert secret["data"] == [
        {
            "secretKey": "PROVIDER_KEY_RELAY_PROVIDER",
            "remoteRef": {"key": scene.ARN, "property": "api_key"},
        }
    ]


class TestWhatOthersAreTold:
    def test_the_gateway_sends_the_relay_every_name_that_nobody_else_has(self) -> None:
        found = catalogue(scene.SPEC)
        assert found.default == "relay"
        relay = found.backend("relay")
        assert (relay.service, relay.port, relay.secret.name) == ("litellm", 4000, GATEWAY_SECRET)  # type: ignore[union-attr]
        assert {"gpt-4", "claude-3", "gpt-4.1", "high-quality"} <= {route.model for route in found.routes}
        assert all(route.weights == {"relay": 100} for route in found.routes)
        assert catalogue(RelaySpec()).backends == ()

    def test_it_says_what_it_answers_to_and_what_leaves_the_choice_to_it(self) -> None:
        found = catalogue(scene.SPEC)
        (relay,) = found.backends
        assert isinstance(relay, RelayBackend)
        assert set(relay.serves) == {route.model for route in found.routes}
        assert relay.asked_as == "auto"

    def test_egress_opens_for_exactly_the_hosts_of_providers(self) -> None:
        assert [(flow.source, flow.target) for flow in provider_flows(scene.SPEC)] == [
            (RELAY, Host("api.holysheep.ai"))
        ]
        assert provider_flows(RelaySpec()) == ()


class LiteLLM:
    """Its keys, as its management API shows them."""

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, Any]] = {}
        self.refuses = ""
        self.asked: list[str] = []

    def __call__(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        self.asked.append(path)
        path, _, query = path.partition("?")
        if path == self.refuses:
            return 500, None
        match method, path:
            case "GET", "/key/info":
                known = {hashlib.sha256(key.encode()).hexdigest(): one for key, one in self.keys.items()}
                found = known.get(query.removeprefix("key="))
                return (404, None) if found is None else (200, {"key": "-", "info": found})
            case "GET", "/key/list":
                page = int(query.split("&")[0].removeprefix("page="))
                return 200, {"keys": list(self.keys.values())[(page - 1) * 100 : page * 100]}
            case "POST", "/key/delete":
                gone = [key for key, one in self.keys.items() if one["key_alias"] in body["key_aliases"]]
                for key in gone:
                    del self.keys[key]
                return (200, {}) if gone else (404, None)
            case "POST", "/key/generate":
                if any(one["key_alias"] == body["key_alias"] for one in self.keys.values()):
                    return 400, None
                self.keys[body["key"]] = {**body, "spend": 0}
                return 200, {}
            case "POST", "/key/update":
                self.keys[body["key"]] |= body
                return 200, {}
            case _:
                raise AssertionError((method, path))


class TestTheSetUpJob:
    wanted: ClassVar[dict[str, dict[str, Any]]] = {
        "tenant-a": {"max_budget": 5.0, "budget_duration": "30d"},
        "tenant-b": {"max_budget": 7.0},
    }
    keys: ClassVar[dict[str, str]] = {"tenant-a": "a1", "tenant-b": "b1"}

    def test_it_makes_what_is_missing_and_can_run_again(self) -> None:
        relay = LiteLLM()
        assert bring_up_to_date(relay, self.wanted, self.keys) == ["tenant-a: made", "tenant-b: made"]
        relay.keys["sk-a1"]["spend"] = 3
        assert bring_up_to_date(relay, self.wanted, self.keys) == [
            "tenant-a: up to date",
            "tenant-b: up to date",
        ]
        assert relay.keys["sk-a1"]["spend"] == 3, "what was spent stays spent"
        assert relay.keys["sk-a1"]["max_budget"] == 5.0

    def test_another_budget_is_told(self) -> None:
        relay = LiteLLM()
        bring_up_to_date(relay, self.wanted, self.keys)
        bring_up_to_date(relay, {**self.wanted, "tenant-a": {"max_budget": 9.0}}, self.keys)
        assert relay.keys["sk-a1"]["max_budget"] == 9.0

    def test_what_is_right_is_not_told_again_since_that_moves_the_day_of_a_new_budget(self) -> None:
        relay = LiteLLM()
        bring_up_to_date(relay, self.wanted, self.keys)
        bring_up_to_date(relay, self.wanted, self.keys)
        assert "/key/update" not in relay.asked

    @pytest.mark.parametrize("status", [500, 503, 401])
    def test_a_relay_that_cannot_say_whether_a_key_is_there_loses_nobodys_spend(self, status: int) -> None:
        relay = LiteLLM()
        bring_up_to_date(relay, self.wanted, self.keys)
        relay.keys["sk-a1"]["spend"] = 3

        def ailing(method: str, path: str, body: Any) -> tuple[int, Any]:
            return (status, None) if path.startswith("/key/info") else relay(method, path, body)

        with pytest.raises(RuntimeError, match=rf"^tenant-a: LiteLLM answered {status}$"):
            bring_up_to_date(ailing, self.wanted, self.keys)
        assert relay.keys["sk-a1"]["spend"] == 3

    def test_no_key_is_in_an_address(self) -> None:
        relay = LiteLLM()
        bring_up_to_date(relay, self.wanted, self.keys)
        assert not any(key in path for path in relay.asked for key in ("sk-a1", "sk-b1"))

    def test_a_changed_key_replaces_the_old_one(self) -> None:
        relay = LiteLLM()
        bring_up_to_date(relay, self.wanted, self.keys)
        bring_up_to_date(relay, self.wanted, {**self.keys, "tenant-a": "a2"})
        assert sorted(relay.keys) == ["sk-a2", "sk-b1"]

    def test_a_tenant_that_went_loses_its_key_and_nobody_elses_goes(self) -> None:
        relay = LiteLLM()
        bring_up_to_date(relay, self.wanted, self.keys)
        relay.keys |= {f"sk-x{n}": {"key_alias": f"by-hand-{n}", "metadata": {}} for n in range(150)}
        relay.keys["sk-late"] = {"key_alias": "tenant-z", "metadata": {"managed_by": MANAGED}}
        done = bring_up_to_date(relay, {"tenant-a": self.wanted["tenant-a"]}, self.keys)
        assert done == ["tenant-a: up to date", "tenant-b: removed", "tenant-z: removed"]
        assert len(relay.keys) == 151

    def test_no_line_of_it_holds_a_key_and_a_refusal_ends_it(self) -> None:
        relay = LiteLLM()
        assert not any(
            key in line for line in bring_up_to_date(relay, self.wanted, self.keys) for key in ("a1", "b1")
        )
        relay.refuses = "/key/update"
        with pytest.raises(RuntimeError, match=r"^tenant-a: LiteLLM answered 500$"):
            bring_up_to_date(relay, {**self.wanted, "tenant-a": {"max_budget": 9.0}}, self.keys)
