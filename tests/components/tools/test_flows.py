"""Whom a tool reaches, judged by the policies that are rendered: what it declares, and nothing beside it."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from components.agents.catalogue import everyone
from components.agents.catalogue import tools as tools_of
from components.egress_proxy.doors import doors, port, reverse_doors, reverse_port, through
from components.isolation.ends import Flow, FlowError, Host, Pods, Port, TenantPods
from components.isolation.flows import in_force
from components.isolation.reachability import Outside, PodParty, Policy, reaches
from components.isolation.render import policies, tenant_policies
from components.isolation.surroundings import Surroundings
from components.namespaces.catalogue import namespaces_for
from components.tools.flows import remotes, tool_calls, tool_flows
from components.tools.spec import ToolSpec
from tests.components.agents.scene import AGENTS, MORE, TOOLS, WORKFLOWS

CATALOGUE: TypeAdapter[dict[str, ToolSpec]] = TypeAdapter(dict[str, ToolSpec])
OUTSIDE = CATALOGUE.validate_python(
    {
        "rates": {
            "type": "api",
            "description": "Rates of exchange.",
            "endpoint": "https://api.rates.example/v1",
        },
        "news": {
            "type": "api",
            "description": "News of the day.",
            "server": {"image": "a.example.com/news:1", "hosts": ["news.example", "api.rates.example"]},
            "offers": ["headlines"],
        },
    }
)
TENANTS = CATALOGUE.validate_python(
    {
        "maps": {
            "type": "api",
            "description": "Maps of the world.",
            "tenant": "tenant-a",
            "endpoint": "https://maps.example/v1",
        },
        "crm": {
            "type": "api",
            "description": "Customers of the tenant.",
            "tenant": "tenant-a",
            "endpoint": "http://crm/find",
        },
        "notes": {
            "type": "retrieval",
            "description": "Notes of the tenant.",
            "tenant": "tenant-a",
            "collection": "notes",
        },
    }
)
ELSEWHERE = CATALOGUE.validate_python(
    {
        "clients": {
            "type": "api",
            "description": "Customers and their orders.",
            "mcp_url": "https://mcp.example.com/v1/mcp",
            "offers": ["find_customer"],
        }
    }
)
"""A tool whose MCP server somebody else runs."""

PARTS = frozenset(
    {"kagent", "agents", "tools", "egress_proxy", "milvus", "gateway", "otel", "prometheus", "keda"}
)
POD_BLOCKS = ("10.0.0.0/18", "10.0.64.0/18")
INTERNET = Outside("93.184.216.34/32")
METADATA = Outside("169.254.169.254/32")
DATABASE = Outside("10.0.242.10/32")


def named(namespace: str, name: str, **more: str) -> PodParty:
    return PodParty(namespace=namespace, labels={"app.kubernetes.io/name": name, **more}, networks=POD_BLOCKS)


def tool(name: str) -> PodParty:
    return named("ai-tools", f"tool-{name}", **{"app.kubernetes.io/part-of": "tools"})


def of_tenant(tenant: str, name: str) -> PodParty:
    return PodParty(
        namespace=tenant,
        labels={"app.kubernetes.io/name": name},
        namespace_labels={"agentic.dev/tenant": tenant},
        networks=POD_BLOCKS,
    )


def agent(name: str) -> PodParty:
    return named("ai-agents", name, app="kagent", kagent=name)


AGENT = agent("customer-support-agent")
PROXY = named("egress", "egress-proxy")
MILVUS = named("ai-data", "milvus")
PROXIES = PodParty(
    namespace="ai-gateway",
    labels={"gateway.networking.k8s.io/gateway-name": "ai-gateway"},
    networks=POD_BLOCKS,
)
OTHER_AGENT = named("ai-agents", "research-agent", app="kagent", kagent="research-agent")
CONTROLLER = PodParty(
    namespace="ai-agents",
    labels={"app.kubernetes.io/name": "kagent", "app.kubernetes.io/component": "controller"},
    networks=POD_BLOCKS,
)
COLLECTOR = PodParty(
    namespace="node-monitoring", labels={"app.kubernetes.io/instance": "otel-agent"}, networks=POD_BLOCKS
)
MODEL = named("ai-inference", "vllm-mixtral")
USES = {name: tools_of(agent) for name, agent in everyone(AGENTS, WORKFLOWS).items()}
EVERY_PORT = (22, 80, 443, 2379, 5432, 6379, 8000, 8080, 8083, 9090, 10250, 19530)


@pytest.fixture(scope="module")
def around() -> Surroundings:
    return Surroundings(
        vpc_cidr="10.0.0.0/16",
        tiers={
            "private": POD_BLOCKS,
            "control-plane": ("10.0.240.0/28",),
            "endpoints": ("10.0.241.0/24",),
            "data": ("10.0.242.0/24",),
            "public": ("10.0.243.0/24",),
        },
        service_cidr="172.20.0.0/16",
        endpoint_services=frozenset({"ec2", "sts", "secretsmanager"}),
    )


def stack(around: Surroundings, tools: dict[str, ToolSpec]) -> list[Policy]:
    names = (*namespaces_for(PARTS | {"node_monitoring"}), "kube-system", "default")
    users = {"clients": (Pods("ai-agents", {"app": "kagent", "kagent": "customer-support-agent"}),)}
    flows = (
        *in_force(PARTS | {"node_monitoring"}, names),
        *through(tool_flows(tools), remotes(tools, users)),
        *tool_calls(USES, tools),
    )
    found = {name: policies(name, flows, around) for name in names}
    found |= {tenant: tenant_policies(flows, around, tenant) for tenant in ("tenant-a", "tenant-b")}
    return [Policy(namespace=name, spec=spec) for name, specs in found.items() for spec in specs.values()]


@pytest.fixture(scope="module")
def closed(around: Surroundings) -> list[Policy]:
    return stack(around, {**TOOLS, **OUTSIDE, **ELSEWHERE, **TENANTS})


class TestTheWayOfARequest:
    """From the gateway to the answer, every edge is open, and those that are not part of it are shut."""

    EDGES = (
        ("the gateway hands a checked request on", PROXIES, CONTROLLER, 8083),
        ("the controller asks the agent", CONTROLLER, AGENT, 8080),
        ("the agent keeps the conversation", AGENT, CONTROLLER, 8083),
        ("the agent asks its tool", AGENT, tool("search-knowledge-base"), 8080),
        ("the tool has the question embedded", tool("search-knowledge-base"), PROXIES, 8080),
        ("the tool searches", tool("search-knowledge-base"), MILVUS, 19530),
        ("the agent asks its model", AGENT, PROXIES, 8080),
        ("the gateway asks the model server", PROXIES, MODEL, 8000),
        ("the agent says what it did", AGENT, COLLECTOR, 4317),
    )
    SHUT = (
        ("a tool does not ask models' servers", tool("search-knowledge-base"), MODEL, 8000),
        ("a tool does not reach agents", tool("search-knowledge-base"), AGENT, 8080),
        ("a tool does not reach the controller", tool("search-knowledge-base"), CONTROLLER, 8083),
        ("the gateway asks no tool", PROXIES, tool("search-knowledge-base"), 8080),
        ("models call nobody back", MODEL, AGENT, 8080),
        ("the store calls nobody back", MILVUS, tool("search-knowledge-base"), 8080),
    )

    @pytest.mark.parametrize("edge", EDGES, ids=lambda edge: str(edge[0]))
    def test_it_is_open_all_the_way(
        self, closed: list[Policy], edge: tuple[str, PodParty, PodParty, int]
    ) -> None:
        _, source, target, port_number = edge
        assert reaches(closed, source, target, Port(port_number)) == "allowed"

    @pytest.mark.parametrize("edge", SHUT, ids=lambda edge: str(edge[0]))
    def test_and_nothing_beside_it(
        self, closed: list[Policy], edge: tuple[str, PodParty, PodParty, int]
    ) -> None:
        _, source, target, port_number = edge
        assert reaches(closed, source, target, Port(port_number)) == "denied"


class TestATool:
    @pytest.mark.parametrize("number", EVERY_PORT)
    def test_code_reaches_nobody_on_any_port(self, closed: list[Policy], number: int) -> None:
        mine = tool("run-python")
        for other in (
            AGENT,
            CONTROLLER,
            PROXIES,
            MILVUS,
            MODEL,
            PROXY,
            COLLECTOR,
            tool("web-search"),
            INTERNET,
            METADATA,
            DATABASE,
        ):
            assert reaches(closed, mine, other, Port(number)) == "denied", other

    def test_a_call_goes_to_its_own_service_and_to_no_other_of_the_namespace(
        self, closed: list[Policy]
    ) -> None:
        ticketing, payment = named("ai-agents", "ticketing-service"), named("ai-agents", "payment-service")
        assert reaches(closed, tool("create-ticket"), ticketing, Port(8080)) == "allowed"
        assert reaches(closed, tool("create-ticket"), ticketing, Port(22)) == "denied"
        assert reaches(closed, tool("create-ticket"), payment, Port(80)) == "denied"
        assert reaches(closed, tool("refund"), payment, Port(80)) == "allowed"
        assert reaches(closed, tool("refund"), AGENT, Port(8080)) == "denied"

    def test_tools_do_not_reach_each_other(self, closed: list[Policy]) -> None:
        assert reaches(closed, tool("web-search"), tool("refund"), Port(8080)) == "denied"

    def test_a_tool_is_reached_by_the_agents_that_name_it_and_by_no_other(self, closed: list[Policy]) -> None:
        """Approval is a setting of the agent that names a tool: whoever else reached its server would ask nobody."""
        allowed = {
            (name, one)
            for name in (*AGENTS, *WORKFLOWS)
            for one in TOOLS
            if reaches(closed, agent(name), tool(one), Port(8080)) == "allowed"
        }
        assert allowed == {
            ("customer-support-agent", "search-knowledge-base"),
            ("customer-support-agent", "create-ticket"),
            ("customer-support-agent", "refund"),
            ("data-analysis-agent", "run-python"),
            ("data-analysis-agent", "web-search"),
        }
        other = named("ai-agents", "ticketing-service")
        assert reaches(closed, other, tool("refund"), Port(8080)) == "denied"
        assert reaches(closed, CONTROLLER, tool("refund"), Port(8080)) == "allowed", "it asks what is offered"

    def test_a_server_that_is_there_already_is_reached_by_the_agents_that_name_it(self) -> None:
        flows = tool_calls({"customer-support-agent": ["weather"], "other": []}, MORE)
        (flow,) = flows
        assert flow.target == Pods("ai-inference", {"app.kubernetes.io/name": "weather"})
        assert flow.source == Pods("ai-agents", {"app": "kagent", "kagent": "customer-support-agent"})

    def test_no_tenant_reaches_the_platforms_tools(self, closed: list[Policy]) -> None:
        tenants = PodParty(
            namespace="tenant-a", namespace_labels={"agentic.dev/tenant": "tenant-a"}, networks=POD_BLOCKS
        )
        assert reaches(closed, tenants, tool("refund"), Port(8080)) == "denied"

    def test_it_leaves_the_cluster_by_its_own_door_alone(self, closed: list[Policy]) -> None:
        rates, news = port("tool-rates"), port("tool-news")
        assert rates != news
        assert reaches(closed, tool("rates"), PROXY, Port(rates)) == "allowed"
        assert reaches(closed, tool("rates"), PROXY, Port(news)) == "denied"
        assert reaches(closed, tool("rates"), INTERNET, Port(443)) == "denied"
        assert reaches(closed, PROXY, INTERNET, Port(443)) == "allowed"
        assert reaches(closed, PROXY, INTERNET, Port(80)) == "denied"

    def test_the_proxy_leads_outside_and_not_back_in(self, closed: list[Policy]) -> None:
        for other in (AGENT, MILVUS, PROXIES, DATABASE, METADATA):
            assert reaches(closed, PROXY, other, Port(443)) == "denied"


class TestAServerOutside:
    DOOR = Port(reverse_port("tool-clients"))

    def test_the_agent_that_names_its_tool_reaches_it_and_so_does_who_asks_what_it_offers(
        self, closed: list[Policy]
    ) -> None:
        assert reaches(closed, AGENT, PROXY, self.DOOR) == "allowed"
        assert reaches(closed, CONTROLLER, PROXY, self.DOOR) == "allowed"

    @pytest.mark.parametrize(
        "other",
        [
            OTHER_AGENT,
            named("ai-agents", "queue-worker-customer-support-agent"),
            tool("rates"),
            MODEL,
            PROXIES,
            PodParty(
                namespace="tenant-a", namespace_labels={"agentic.dev/tenant": "tenant-a"}, networks=POD_BLOCKS
            ),
        ],
        ids=lambda other: f"{other.namespace} {other.labels.get('app.kubernetes.io/name')}",
    )
    def test_nobody_else_does(self, closed: list[Policy], other: PodParty) -> None:
        assert reaches(closed, other, PROXY, self.DOOR) == "denied"

    def test_it_opens_no_other_door_and_no_way_out_of_the_agents_own(self, closed: list[Policy]) -> None:
        for number in (port("tool-rates"), port("tool-clients"), 443, 9901, 9902):
            assert reaches(closed, AGENT, PROXY, Port(number)) == "denied"
        assert reaches(closed, AGENT, INTERNET, Port(443)) == "denied"

    def test_its_host_is_among_those_that_leave_the_cluster(self) -> None:
        flows = through(tool_flows(ELSEWHERE), remotes(ELSEWHERE, {}))
        assert [flow.target for flow in flows if isinstance(flow.target, Host)] == [Host("mcp.example.com")]

    def test_doors_of_both_kinds_are_never_one(self) -> None:
        (door,) = reverse_doors(remotes(ELSEWHERE, {}))
        assert door.url == f"http://egress-proxy.egress.svc:{door.port}/v1/mcp"
        assert 10_000 <= door.port < 20_000 <= port("tool-clients")
        assert doors(tool_flows(ELSEWHERE)) == ()

    def test_two_servers_with_one_door_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("components.egress_proxy.doors.PORTS", 1)
        with pytest.raises(FlowError, match="would have the same door 10000; rename one of them"):
            reverse_doors(remotes({**ELSEWHERE, "erp": ELSEWHERE["clients"]}, {}))


class TestDoors:
    def test_a_door_has_the_hosts_of_its_client_only(self) -> None:
        made = {door.client: door.hosts for door in doors(tool_flows(OUTSIDE))}
        assert made == {
            "tool-news": ("api.rates.example", "news.example"),
            "tool-rates": ("api.rates.example",),
        }

    def test_a_tool_more_moves_no_door(self) -> None:
        alone = doors(tool_flows({"rates": OUTSIDE["rates"]}))
        both = {door.client: door for door in doors(tool_flows(OUTSIDE))}
        assert alone[0] == both["tool-rates"]

    def test_without_hosts_there_is_no_door_and_no_way_out(self) -> None:
        flows = tool_flows(TOOLS)
        assert doors(flows) == ()
        assert through(flows) == flows
        assert not [flow for flow in flows if isinstance(flow.target, Host)]

    def test_two_clients_with_one_door_are_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("components.egress_proxy.doors.PORTS", 1)
        with pytest.raises(FlowError, match="would have the same door 20000; rename one of them"):
            doors(tool_flows(OUTSIDE))


class TestATenantsTool:
    def test_it_leaves_by_its_own_door_and_no_other_pod_of_the_tenant_does(
        self, closed: list[Policy]
    ) -> None:
        door, maps = port("tool-maps"), of_tenant("tenant-a", "tool-maps")
        assert reaches(closed, maps, PROXY, Port(door)) == "allowed"
        assert reaches(closed, maps, PROXY, Port(port("tool-rates"))) == "denied"
        assert reaches(closed, maps, INTERNET, Port(443)) == "denied"
        for other in ("tool-crm", "tool-notes", "an-agent"):
            assert reaches(closed, of_tenant("tenant-a", other), PROXY, Port(door)) == "denied", other

    def test_a_pod_of_its_name_in_another_tenant_or_on_the_platform_has_no_door(
        self, closed: list[Policy]
    ) -> None:
        door = port("tool-maps")
        assert reaches(closed, of_tenant("tenant-b", "tool-maps"), PROXY, Port(door)) == "denied"
        assert reaches(closed, tool("maps"), PROXY, Port(door)) == "denied"

    def test_it_reaches_its_tenants_services_and_stores_and_no_other_tenant(
        self, closed: list[Policy]
    ) -> None:
        crm, notes = of_tenant("tenant-a", "tool-crm"), of_tenant("tenant-a", "tool-notes")
        assert reaches(closed, crm, of_tenant("tenant-a", "crm"), Port(80)) == "allowed"
        assert reaches(closed, crm, of_tenant("tenant-b", "crm"), Port(80)) == "denied"
        assert reaches(closed, notes, PROXIES, Port(8080)) == "allowed"
        assert reaches(closed, notes, MILVUS, Port(19530)) == "allowed"
        assert reaches(closed, notes, CONTROLLER, Port(8083)) == "denied"

    def test_its_tenants_agents_ask_it_and_nobody_elses_do(self, closed: list[Policy]) -> None:
        maps = of_tenant("tenant-a", "tool-maps")
        assert reaches(closed, of_tenant("tenant-a", "an-agent"), maps, Port(8080)) == "allowed"
        assert reaches(closed, of_tenant("tenant-b", "an-agent"), maps, Port(8080)) == "denied"
        assert reaches(closed, AGENT, maps, Port(8080)) == "denied"

    def test_only_hosts_outside_are_flows_of_their_own(self) -> None:
        (flow,) = tool_flows(TENANTS)
        assert flow.target == Host("maps.example")

    def test_pods_of_every_tenant_cannot_have_a_door(self) -> None:
        flow = Flow(TenantPods({"app.kubernetes.io/name": "x"}), Host("a.example"), (443,), "why")
        with pytest.raises(FlowError, match="its source is not pods of one name"):
            doors([flow])
