from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s
import pytest
import yaml

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.cache.spec import USERS, CacheUser, tenant_user
from components.core.aws import Place
from components.valkey.metrics import METRICS
from components.valkey.pods import LABELS, pods
from components.valkey.spec import ValkeySpec
from components.valkey.tls import server_names
from components.valkey.valkey import Valkey, ValkeyArgs
from components.valkey.values import values

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
RELEASE = "kubernetes:helm.sh/v3:Release"
CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
ISSUER = "kubernetes:cert-manager.io/v1:Issuer"
STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
ENDPOINTS = Path(__file__).parents[4] / "shared" / "reference" / "chart-endpoints.yaml"


def captured(capture: Capture, users: tuple[CacheUser, ...] = USERS[:1]) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("ai-data", metadata={"name": "ai-data"})
        Valkey(
            "valkey",
            ValkeyArgs(
                place=PLACE,
                spec=ValkeySpec(),
                namespace=namespace.metadata.name,
                users=users,
                after=(namespace,),
                tenants_passwords=(k8s.core.v1.Namespace("of-a-tenant"),),
            ),
        )

    return capture(program)


def test_an_issuer_then_the_authority_then_what_it_signs_then_the_server(capture: Capture) -> None:
    plan = captured(capture)
    order = [
        plan.one(RELEASE).urn,
        plan.one(CERTIFICATE, "valkey-server").urn,
        plan.one(ISSUER, "valkey-ca-issuer").urn,
        plan.one(CERTIFICATE, "valkey-ca").urn,
        plan.one(ISSUER, "valkey-self-signed").urn,
    ]
    for first, second in pairwise(order):
        assert plan.deleted_before(first, second), (first, second)


def test_the_file_of_users_waits_for_tenants_passwords_and_the_server_does_not(capture: Capture) -> None:
    plan = captured(capture)
    password = plan.one("kubernetes:core/v1:Namespace", "of-a-tenant").urn
    assert plan.deleted_before(plan.one(EXTERNAL).urn, password)
    assert not plan.deleted_before(plan.one(RELEASE).urn, password)


def test_every_object_is_what_its_kind_accepts(
    capture: Capture, reference_crds: Path, tmp_path: Path
) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    seen = [one for one in captured(capture) if one.type in (CERTIFICATE, ISSUER, STORE, EXTERNAL)]
    assert len(seen) == 7
    for one in seen:
        manifest: dict[str, Any] = dict(one.inputs)
        assert schemas.known(manifest["apiVersion"], manifest["kind"])
        assert schemas.faults(manifest) == [], one.name
        assert schemas.faults({**manifest, "spec": {**manifest["spec"], "unheard": 1}}), one.name


def test_the_authoritys_key_survives_its_renewal(capture: Capture) -> None:
    """A new key would end the trust of everybody who holds the old certificate."""
    spec = captured(capture).one(CERTIFICATE, "valkey-ca").inputs["spec"]
    assert spec["privateKey"]["rotationPolicy"] == "Never"


def test_the_authority_signs_in_its_own_namespace_only(capture: Capture) -> None:
    kinds = {one.type for one in captured(capture)}
    assert "kubernetes:cert-manager.io/v1:ClusterIssuer" not in kinds


def test_users_may_read_whom_to_trust_and_no_key_that_is_worth_anything(capture: Capture) -> None:
    plan = captured(capture)
    (rule,) = plan.one("kubernetes:rbac.authorization.k8s.io/v1:Role").inputs["rules"]
    assert rule["resourceNames"] == ["valkey-trust"]
    assert rule["verbs"] == ["get"]
    assert plan.one(CERTIFICATE, "valkey-trust").inputs["spec"]["dnsNames"] == ["valkey-trust.invalid"]
    platform, tenants = plan.one(STORE).inputs["spec"]["conditions"]
    assert platform == {"namespaces": ["observability"]}
    assert tenants["namespaceSelector"]["matchExpressions"][0]["key"] == "agentic.dev/tenant"


def test_a_tenant_more_changes_the_file_of_users_and_neither_release_nor_store(capture: Capture) -> None:
    before, after = captured(capture), captured(capture, (*USERS[:1], tenant_user("tenant-a")))
    changed = {one.name for one in before if one.inputs != after.by_urn(one.urn).inputs}
    assert changed == {"valkey-access"}


def test_a_cache_without_users_opens_nothing_to_other_namespaces(capture: Capture) -> None:
    assert captured(capture, users=()).all(STORE) == []


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "valkey.ai-data",
        "valkey.ai-data.svc.cluster.local",
        "*.valkey-headless.ai-data.svc.cluster.local",
    ],
)
def test_the_certificate_has_every_name_that_is_dialled(name: str) -> None:
    assert name in server_names()


def test_no_secret_is_in_the_plan(capture: Capture) -> None:
    assert [one.name for one in captured(capture, users=USERS) if one.secrets] == []


@pytest.fixture(scope="module")
def rendered() -> dict[str, Any]:
    if not ENDPOINTS.exists():
        pytest.skip("no list of rendered charts at hand: declared pods were not compared with charts")
    return yaml.safe_load(ENDPOINTS.read_text())["charts"]["valkey"]


def test_the_pods_are_those_the_chart_renders_with_a_reloader_beside(rendered: dict[str, Any]) -> None:
    (ours,) = pods(ValkeySpec(replicas=2))
    (there,) = rendered["workloads"]
    assert (ours.kind.value, ours.name, ours.namespace) == (there["kind"], there["name"], there["namespace"])
    assert dict(ours.labels) == there["labels"]
    assert [(port.name, port.number) for port in ours.ports] == [
        (port["name"], port["port"]) for port in there["ports"]
    ]
    assert (ours.service_account, ours.pod_security.value) == (
        there["service_account"],
        there["pod_security"],
    )
    assert {image.reference for image in ours.images} == set(rendered["images"])
    unsized = {one["container"] for one in rendered["resources_missing"]}
    assert {container.name for container in ours.containers} == {*unsized, "reload-users"}


def test_copies_are_pods_besides_the_primary() -> None:
    assert [pods(ValkeySpec(replicas=count))[0].replicas for count in (0, 2)] == [1, 3]


def test_the_container_we_add_passes_restricted_and_has_its_room() -> None:
    (extra,) = values(ValkeySpec(), monitored=False)["extraContainers"]
    (_, _, _, declared) = pods(ValkeySpec())[0].containers
    assert extra["name"] == declared.name
    assert extra["resources"] == declared.resources.values()
    context = extra["securityContext"]
    assert context["runAsNonRoot"] is True
    assert context["capabilities"] == {"drop": ["ALL"]}


def test_copies_keep_apart_by_the_labels_they_carry() -> None:
    for constraint in values(ValkeySpec(replicas=1), monitored=False)["topologySpreadConstraints"]:
        assert constraint["labelSelector"]["matchLabels"] == dict(LABELS)


def test_series_are_those_of_the_exporters_service() -> None:
    assert {source.job for source in METRICS} == {"valkey-metrics"}
