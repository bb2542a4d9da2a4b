"""A tenant with a Milvus of its own: what only that tenant has, and that nobody else is touched by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from agentic.check.facts import facts_of
from agentic.check.report import judge
from agentic.crds.directory import find
from agentic.plan.capture import Capture
from agentic.plan.model import Plan, Resource
from agentic.plan.quota_faults import quota_faults
from agentic.plan.quota_sums import quota_sums
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.declared import of_plan
from agentic.rehearsal.rehearse import kinds_of, rehearse
from components.charts.pods import PodClass
from components.core.labels import TENANT_LABEL
from components.isolation.ends import Port
from components.isolation.reachability import PodParty, Policy, reaches
from components.milvus.spec import ClusterMilvus, StandaloneMilvus
from policies.rules.catalogue import RULES
from policies.rules.rule import Outcome
from stacks.config import PlatformConfig, load, parse
from stacks.credentials import tenants_credentials
from stacks.metrics import declared_metrics
from stacks.names import role_holders
from stacks.own_milvus import own_pods
from stacks.pods import declared_pods
from stacks.stateful import declared_stateful
from tests.stacks.project import SOUND

RELEASE = "kubernetes:helm.sh/v3:Release"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
SEARCH = {
    "type": "retrieval",
    "description": "Searches what is known about contracts.",
    "collection": "contracts",
}
RELAY = {
    "enabled": True,
    "providers": {"relay-provider": {"secret": "openai"}},
    "models": {
        **{
            name: {"provider": "relay-provider"}
            for name in ("gpt-4.1", "claude-sonnet-4-5", "gemini-2.5-flash", "deepseek-v3.2")
        },
        "text-embedding-3-small": {"provider": "relay-provider", "makes": "vectors"},
    },
}
OWN_A, OWN_B = "ai-data-tenant-a", "ai-data-tenant-b"


def said(**dedicated: dict[str, Any]) -> dict[str, Any]:
    """Two tenants, of which some have a Milvus of their own."""
    raw: dict[str, Any] = YAML(typ="safe").load(SOUND)["config"]["agentic-platform:platform"]
    raw["tenants"]["tenant-b"] = {"owner": "team-b", "cost_center": "4712"}
    collections: dict[str, Any] = {"agent_knowledge": {}, "support_docs": {"isolation": "partition_key"}}
    if dedicated:
        collections["contracts"] = {"isolation": "dedicated"}
    own = {name.replace("_", "-"): spec for name, spec in dedicated.items()}
    raw["vectors"] = {"collections": collections, "dedicated": own}
    return raw


def captured(capture: Capture, raw: dict[str, Any]) -> Plan:
    # Here and not above, because the SDK warns on import before pytest's filters hold.
    from stacks.outputs import export
    from stacks.platform import Platform

    plan = capture(lambda: export(Platform(load())), config={"agentic-platform:platform": json.dumps(raw)})
    return replace(plan, pods=declared_pods(parse(raw, "x")))


@pytest.fixture(scope="module")
def nobody(capture: Capture) -> Plan:
    return captured(capture, said())


@pytest.fixture(scope="module")
def one(capture: Capture) -> Plan:
    return captured(capture, said(tenant_a={}))


@pytest.fixture(scope="module")
def config() -> PlatformConfig:
    return parse(said(tenant_a={}, tenant_b={"mode": "cluster"}), "x")


@pytest.fixture(scope="module")
def both(capture: Capture) -> Plan:
    raw = said(tenant_a={}, tenant_b={"mode": "cluster"})
    raw["agents"] = {
        "lawyer": {
            "type": "declarative",
            "description": "Answers questions about contracts.",
            "model": {"name": "gpt-4"},
            "system_prompt": "You answer.",
        }
    }
    raw["relay"] = RELAY
    raw["tools"] = {
        "search-a": {**SEARCH, "tenant": "tenant-a"},
        "search-b": {**SEARCH, "tenant": "tenant-b"},
        "search": {**SEARCH, "collection": "support_docs"},
    }
    return captured(capture, raw)


def policies(plan: Plan) -> list[Policy]:
    return [
        Policy(namespace=found.section("metadata")["namespace"], spec=found.inputs["spec"])
        for found in plan.all(POLICY)
    ]


def party(namespace: str, labels: dict[str, str] | None = None) -> PodParty:
    tenant = {TENANT_LABEL: namespace} if namespace.startswith("tenant-") else {}
    return PodParty(
        namespace=namespace, labels=labels or {}, namespace_labels=tenant, networks=("10.0.0.0/18",)
    )


def ends(plan: Plan, namespace: str) -> Iterator[tuple[PodClass, PodParty, int]]:
    """Every port of every pod of a namespace."""
    assert plan.pods
    for pod in plan.pods:
        if pod.namespace == namespace:
            for port in pod.ports:
                yield pod, party(namespace, dict(pod.labels)), port.number


def open_ports(plan: Plan, source: str, target: str, labels: dict[str, str] | None = None) -> set[str]:
    """Which ports of `target`'s pods a pod of `source` reaches."""
    written = policies(plan)
    found: set[str] = set()
    for pod, end, number in ends(plan, target):
        verdict = reaches(written, party(source, labels), end, Port(number))
        assert verdict != "unknown", f"{source} -> {pod.name}:{number}"
        if verdict == "allowed":
            found.add(f"{pod.name}:{number}")
    return found


def of_tenant(plan: Plan, tenant: str) -> dict[str, Resource]:
    return {
        found.urn: found
        for found in plan
        if tenant in found.urn or found.section("metadata").get("namespace") == tenant
    }


def test_a_milvus_for_one_tenant_changes_nothing_of_the_other_and_nothing_it_depends_on(
    nobody: Plan, one: Plan
) -> None:
    before, after = of_tenant(nobody, "tenant-b"), of_tenant(one, "tenant-b")
    # What the smoke test of a tenant expects is a list of all pods there are.
    listed = {urn for urn in before if urn.endswith("ConfigMap::smoke-tenant-b")}
    assert before.keys() == after.keys()
    assert len(before) > 20
    assert [urn for urn in before.keys() - listed if before[urn] != after[urn]] == []


def test_a_tenant_more_changes_nothing_of_a_milvus_that_is_anothers_and_nothing_it_depends_on(
    capture: Capture, one: Plan
) -> None:
    raw = said(tenant_a={})
    raw["tenants"]["tenant-c"] = {"owner": "team-c", "cost_center": "4713"}
    plan = captured(capture, raw)
    own = [found for found in one if "milvus-tenant-a" in found.urn or OWN_A in str(found.inputs)]
    # Lists of all tenants, pods or namespaces there are.
    lists = (
        "smoke-tenant-",
        "external-secrets-aws-secrets-manager",
        "namespaces-observability-allow-prometheus",
    )
    changed = [found.name for found in own if plan.by_urn(found.urn) != found]
    assert [name for name in changed if not name.startswith(lists)] == []
    assert len(own) > 30


def test_it_changes_no_release_store_or_bucket_that_is_shared(nobody: Plan, one: Plan) -> None:
    shared = [
        found for found in nobody if found.type == RELEASE or found.type.startswith(("aws:", "agentic:"))
    ]
    changed = {found.name for found in shared if one.by_urn(found.urn).inputs != found.inputs}
    assert changed == set()


def test_each_has_release_namespace_bucket_and_role_of_its_own(both: Plan) -> None:
    releases = {found.name: found.inputs for found in both.all(RELEASE) if found.inputs["chart"] == "milvus"}
    assert set(releases) == {"milvus", "milvus-tenant-a", "milvus-tenant-b"}
    buckets = {name: given["values"]["externalS3"]["bucketName"] for name, given in releases.items()}
    made = {found.inputs["bucket"] for found in both.all("aws:s3/bucket:Bucket")}
    assert len(set(buckets.values())) == 3
    assert set(buckets.values()) <= made
    for name in ("milvus-tenant-a", "milvus-tenant-b"):
        assert releases[name]["namespace"] == f"ai-data-{name.removeprefix('milvus-')}"
        (document,) = (
            json.loads(found.inputs["policy"])
            for found in both.all("aws:iam/policy:Policy")
            if found.name.startswith(f"{name}-bucket")
        )
        resources = {each["Sid"]: each["Resource"] for each in document["Statement"]}
        assert resources["Bucket"] == f"arn:aws:s3:::{buckets[name]}"
        assert resources["Objects"] == f"arn:aws:s3:::{buckets[name]}/*"
        role = both.one("aws:iam/role:Role", name)
        assert f"system:serviceaccount:ai-data-{name.removeprefix('milvus-')}:milvus" in str(
            role.inputs["assumeRolePolicy"]
        )


def test_it_is_as_data_milvus_is_where_it_says_nothing_else(config: PlatformConfig) -> None:
    assert isinstance(config.data.milvus, StandaloneMilvus)
    assert config.vectors.dedicated["tenant-a"] == config.data.milvus
    assert isinstance(config.vectors.dedicated["tenant-b"], ClusterMilvus)
    raw = said(tenant_a={"etcd": {"storage_gib": 40}})
    raw["data"] = {"milvus": {"mode": "standalone", "local_disk_gib": 25}}
    own = parse(raw, "x").vectors.dedicated["tenant-a"]
    assert isinstance(own, StandaloneMilvus)
    assert (own.local_disk_gib, own.etcd.storage_gib) == (25, 40)


def test_a_tenant_reaches_its_own_milvus_by_its_clients_port_alone(both: Plan) -> None:
    assert open_ports(both, "tenant-a", OWN_A) == {"milvus-tenant-a-standalone:19530"}
    assert open_ports(both, "tenant-b", OWN_B) >= {"milvus-tenant-b-proxy:19530"}
    assert all(port.endswith(":19530") for port in open_ports(both, "tenant-b", OWN_B))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("tenant-b", OWN_A),
        ("tenant-a", OWN_B),
        (OWN_A, OWN_B),
        (OWN_B, OWN_A),
        ("ai-data", OWN_A),
        (OWN_A, "ai-data"),
        ("ai-agents", OWN_A),
        ("ai-tools", OWN_A),
        ("ai-gateway", OWN_A),
        ("default", OWN_A),
    ],
)
def test_nobody_else_reaches_it_on_any_port(both: Plan, source: str, target: str) -> None:
    assert list(ends(both, target))
    assert open_ports(both, source, target) == set()
    for _, end, number in ends(both, source):
        for _, there, _ in ends(both, target):
            for port in {number, 2379, 19530, 9091}:
                assert reaches(policies(both), end, there, Port(port)) == "denied"


def test_it_reaches_no_tenant_not_even_its_own(both: Plan) -> None:
    for _, end, _ in ends(both, OWN_A):
        for tenant in ("tenant-a", "tenant-b"):
            for port in (80, 443, 8000, 8080):
                assert reaches(policies(both), end, party(tenant), Port(port)) == "denied"


def test_prometheus_scrapes_every_one_of_them(both: Plan) -> None:
    labels = {"app.kubernetes.io/name": "prometheus"}
    scraped = open_ports(both, "observability", OWN_B, labels)
    assert scraped >= {"milvus-tenant-b-etcd:2381", "milvus-tenant-b-proxy:9091"}
    assert not any(port.endswith((":19530", ":2379")) for port in scraped)


def test_a_tenant_is_told_of_its_own_milvus_and_its_tools_search_there(both: Plan) -> None:
    uri = "http://milvus-tenant-a.ai-data-tenant-a.svc:19530"
    for user in ("write", "search"):
        told = both.one(EXTERNAL, f"tenant-a-vectors-{user}").inputs["spec"]["target"]["template"]["data"]
        assert (told["uri"], told["database"]) == (uri, "tenant_a")
    searched = {
        name: json.loads(both.one(CONFIG_MAP, f"tools-{name}").inputs["data"]["tool.json"])["milvus"]
        for name in ("search-a", "search-b", "search")
    }
    assert searched == {
        "search-a": uri,
        "search-b": "http://milvus-tenant-b.ai-data-tenant-b.svc:19530",
        "search": "http://milvus.ai-data.svc:19530",
    }


def test_each_job_makes_what_is_in_its_own_milvus_as_that_ones_root(both: Plan) -> None:
    wanted = {
        name: json.loads(both.one(CONFIG_MAP, name).inputs["data"]["wanted.json"])
        for name in ("vectors-bootstrap", "vectors-tenant-a-bootstrap", "vectors-tenant-b-bootstrap")
    }
    assert {
        name: {each["name"]: [one["name"] for one in each["collections"]] for each in all_of["databases"]}
        for name, all_of in wanted.items()
    } == {
        "vectors-bootstrap": {"default": ["support_docs"]},
        "vectors-tenant-a-bootstrap": {"tenant_a": ["agent_knowledge", "contracts"]},
        "vectors-tenant-b-bootstrap": {"tenant_b": ["agent_knowledge", "contracts"]},
    }
    assert {each["database"] for each in wanted["vectors-tenant-a-bootstrap"]["users"]} == {"tenant_a"}
    job = both.one("kubernetes:batch/v1:Job", "vectors-tenant-a-bootstrap").inputs
    (container,) = job["spec"]["template"]["spec"]["containers"]
    assert job["metadata"]["namespace"] == OWN_A
    assert {"name": "MILVUS_URI", "value": "http://milvus-tenant-a.ai-data-tenant-a.svc:19530"} in container[
        "env"
    ]
    root = both.one(EXTERNAL, "milvus-root-tenant-a-ai-data-tenant-a-milvus-root").inputs
    assert (root["metadata"]["namespace"], root["spec"]["target"]["name"]) == (OWN_A, "milvus-root")


def test_no_password_is_generated_where_another_tenant_could_meet_it(config: PlatformConfig) -> None:
    homes = {one.name: one.home for one in tenants_credentials(config) if one.name.startswith("milvus-")}
    assert {homes[name] for name in homes if "tenant-a" in name} == {OWN_A}
    assert {homes[name] for name in homes if "tenant-b" in name} == {OWN_B}


def test_the_plan_says_what_a_milvus_more_takes(both: Plan) -> None:
    notes = {
        name: both.one(CONFIG_MAP, f"vectors-{name}-bootstrap")
        .inputs["metadata"]["annotations"]["agentic.dev/notice"]
        .splitlines()
        for name in ("tenant-a", "tenant-b")
    }
    assert notes["tenant-a"][0] == (
        "tenant-a has a Milvus of its own: 2 pods with 1.2 CPUs and 4.5 GiB, 20 GiB of volumes, and a bucket"
    )
    assert "13 pods with 13.5 CPUs and 43 GiB, 60 GiB of volumes" in notes["tenant-b"][0]
    assert notes["tenant-a"][1].startswith("agent_knowledge: ")
    assert notes["tenant-a"][1].endswith("100,000 in each of 1 database(s), 1 in memory: 0.7 GiB")


def test_its_namespace_holds_its_pods_and_no_more_than_them(both: Plan, config: PlatformConfig) -> None:
    sums = quota_sums(both)
    assert [fault for fault in quota_faults(sums) if "ai-data" in fault.path] == []
    for instance, spec in ((i, config.vectors.dedicated[str(i.tenant)]) for i in config.vectors.instances):
        (found,) = (one for one in sums.bounding if one.namespace == instance.namespace)
        cpu = found.line("requests.cpu")
        assert cpu is not None
        assert cpu.left is not None
        # Less than the smallest of its processes: nothing else fits.
        assert 0 <= cpu.left <= max(pod.requests("cpu") for pod in own_pods(instance, spec)) + 1


def test_what_it_holds_has_owners_for_its_backup_and_series_a_source(config: PlatformConfig) -> None:
    stores = {each.name for each in declared_stateful(config)}
    assert stores >= {
        "ai-data-tenant-a/data-milvus-tenant-a-etcd-",
        "buckets-milvus-tenant-a",
        "ai-data-tenant-b/data-milvus-tenant-b-etcd-",
        "buckets-milvus-tenant-b",
    }
    jobs = {source.job for source in declared_metrics(config)}
    assert jobs >= {"milvus-tenant-a", "milvus-tenant-a-etcd-metrics", "milvus-tenant-b-querynode"}


def test_it_breaks_no_rule(both: Plan, config: PlatformConfig) -> None:
    report = judge("dev", RULES, facts_of(both, declared_stateful(config), date(2026, 11, 23)))
    assert [
        finding
        for judged in report.judged
        for finding in judged.findings
        if finding.outcome is not Outcome.PASS
    ] == []


def test_it_goes_before_its_bucket_role_and_namespace(both: Plan) -> None:
    release = both.one(RELEASE, "milvus-tenant-a").urn
    job = both.one("kubernetes:batch/v1:Job", "vectors-tenant-a-bootstrap").urn
    assert both.deleted_before(job, release)
    for later in (
        both.one("aws:s3/bucket:Bucket", "buckets-milvus-tenant-a").urn,
        both.one("aws:iam/role:Role", "milvus-tenant-a").urn,
        both.one("kubernetes:core/v1:Namespace", f"namespaces-{OWN_A}").urn,
    ):
        assert both.deleted_before(release, later)


def test_every_role_has_a_name_that_was_checked(both: Plan, config: PlatformConfig) -> None:
    names = {role.inputs["name"] for role in both.all("aws:iam/role:Role")}
    known = role_holders(config.place, config.tenants, config.models, config.vectors.instances)
    assert names <= known.keys()
    assert known["ai-dev-milvus-tenant-a"] == ["vectors.dedicated.tenant-a"]


@pytest.mark.apiserver
@pytest.mark.xdist_group("apiserver")
def test_a_real_api_server_takes_it_all(both: Plan, server: ApiServer, reference_crds: Path) -> None:
    result = rehearse(
        both, server, at_hand=find([reference_crds], kinds_of(both)), declared=of_plan(both).pods
    )
    assert [f"{found.what}: {found.words}" for found in result.rejected] == []
    assert not [each for each in result.warnings if "ai-data-" in each]
    tried = sum(pod.replicas or 1 for pod in both.pods or () if pod.namespace in (OWN_A, OWN_B))
    assert result.pods > tried > 15
