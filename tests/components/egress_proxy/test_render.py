from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kubernetes_validate  # pyright: ignore[reportMissingTypeStubs] - it has none

from agentic.plan.capture import Capture
from components.egress_proxy.doors import Door
from components.egress_proxy.egress_proxy import EgressProxy, EgressProxyArgs
from components.egress_proxy.render import configuration, deployment, pods
from components.egress_proxy.spec import EgressProxySpec

DOORS = (
    Door(port=20001, client="tool-a", hosts=("api.example.com",)),
    Door(port=20002, client="tool-b", hosts=("b.example.com", "c.example.com")),
)


def listeners() -> dict[int, Any]:
    made = json.loads(configuration(DOORS))["static_resources"]["listeners"]
    return {one["address"]["socket_address"]["port_value"]: one for one in made}


def routes(port: int) -> Any:
    return listeners()[port]["filter_chains"][0]["filters"][0]["typed_config"]["route_config"][
        "virtual_hosts"
    ]


def test_a_door_opens_to_its_own_hosts_on_443_and_to_no_other() -> None:
    declared, rest = routes(20001)
    assert declared["domains"] == ["api.example.com:443"]
    assert declared["routes"][0]["match"] == {"connect_matcher": {}}
    assert rest["domains"] == ["*"]
    assert [one["direct_response"]["status"] for one in rest["routes"]] == [403, 403]
    assert routes(20002)[0]["domains"] == ["b.example.com:443", "c.example.com:443"]


def test_a_connection_through_a_door_lasts_as_long_as_it_is_used() -> None:
    """By default Envoy ends a request after 15 seconds, and a CONNECT is one."""
    assert routes(20001)[0]["routes"][0]["route"]["timeout"] == "0s"


def test_nothing_but_doors_and_health_listens_on_the_pods_address() -> None:
    assert set(listeners()) == {20001, 20002, 9902}
    assert json.loads(configuration(DOORS))["admin"]["address"]["socket_address"]["address"] == "127.0.0.1"


def test_a_name_is_looked_up_whole() -> None:
    """With search domains, `api.example.com` could become a Service of the cluster."""
    (cluster,) = json.loads(configuration(DOORS))["static_resources"]["clusters"]
    resolver = cluster["cluster_type"]["typed_config"]["dns_cache_config"]["typed_dns_resolver_config"]
    assert resolver["typed_config"]["dns_resolver_options"] == {"no_default_search_domain": True}


def test_a_host_more_restarts_the_proxy_and_no_change_does_not() -> None:
    def digest(doors: tuple[Door, ...]) -> str:
        return deployment(EgressProxySpec(), doors)["template"]["metadata"]["annotations"][
            "agentic.dev/doors"
        ]

    assert digest(DOORS) == digest(DOORS)
    assert digest(DOORS) != digest(DOORS[:1])


def test_its_objects_are_what_kubernetes_knows(capture: Capture) -> None:
    def program() -> None:
        EgressProxy(
            "egress-proxy", EgressProxyArgs(spec=EgressProxySpec(), doors=DOORS, namespace="egress", after=())
        )

    plan = capture(program)
    made = [one for one in plan.resources if one.custom and "kind" in one.inputs]
    assert {one.inputs["kind"] for one in made} == {
        "ConfigMap",
        "Deployment",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
    }
    for one in made:
        kubernetes_validate.validate(dict(one.inputs), "1.35", strict=True)
    (declared,) = pods(EgressProxySpec(), DOORS)
    told = plan.one("kubernetes:apps/v1:Deployment").inputs["spec"]
    assert told["selector"]["matchLabels"] == dict(declared.labels)


def test_the_doors_are_a_page_that_can_be_read(tmp_path: Path) -> None:
    assert configuration(DOORS) == configuration(DOORS)
    assert json.loads(configuration(())) != {}
