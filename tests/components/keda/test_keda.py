from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s
import yaml
from pulumi import ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.cache.render import told
from components.cache.spec import USERS, Authority, CacheEndpoint
from components.core.aws import Place
from components.keda.keda import API_VERSION, Keda, KedaArgs
from components.keda.login import AUTHENTICATION, PARAMETERS, SECRET, cache_authentication
from components.keda.pods import NAMESPACE
from components.keda.spec import KedaSpec

PAGE = Path(__file__).parents[3] / "docs" / "platform-services.md"
RELEASE = "kubernetes:helm.sh/v3:Release"
LOGIN = f"kubernetes:{API_VERSION}:ClusterTriggerAuthentication"
SCALED = f"kubernetes:{API_VERSION}:ScaledObject"


def captured(capture: Capture, *, cache: bool) -> Plan:
    def program() -> None:
        certificates = k8s.core.v1.ConfigMap("certificates", metadata={"name": "certificates"})
        reader = k8s.core.v1.ConfigMap("reader", metadata={"name": "reader"})
        component = Keda(
            "keda",
            KedaArgs(
                spec=KedaSpec(),
                namespace=NAMESPACE,
                cache=(reader,) if cache else (),
                after=(certificates,),
            ),
        )
        CustomResource(
            "vllm",
            api_version=API_VERSION,
            kind="ScaledObject",
            metadata={"name": "vllm", "namespace": "ai-inference"},
            spec={},
            opts=ResourceOptions(depends_on=list(component.ready)),
        )

    return capture(program)


def config_map(plan: Plan, name: str) -> str:
    return plan.one("kubernetes:core/v1:ConfigMap", name).urn


def test_it_starts_after_who_certifies_it(capture: Capture) -> None:
    plan = captured(capture, cache=False)
    release = plan.one(RELEASE)
    assert (release.inputs["name"], release.inputs["namespace"]) == ("keda", "keda")
    assert plan.deleted_before(release.urn, config_map(plan, "certificates"))


def test_what_is_scaled_goes_while_somebody_can_still_take_its_finalizer_off(capture: Capture) -> None:
    plan = captured(capture, cache=True)
    scaled = plan.one(SCALED).urn
    assert plan.deleted_before(scaled, plan.one(LOGIN).urn)
    assert plan.deleted_before(plan.one(LOGIN).urn, plan.one(RELEASE).urn)


def test_the_login_waits_for_the_secret_it_names(capture: Capture) -> None:
    plan = captured(capture, cache=True)
    assert plan.deleted_before(plan.one(LOGIN).urn, config_map(plan, "reader"))


def test_without_a_cache_there_is_no_login(capture: Capture) -> None:
    assert captured(capture, cache=False).all(LOGIN) == []


def test_values_hold_nothing_that_only_the_cloud_knows(capture: Capture) -> None:
    assert captured(capture, cache=True).one(RELEASE).unknowns == {}


def test_the_login_reads_what_keda_is_told_as_a_user_of_the_cache() -> None:
    (keda,) = [user for user in USERS if user.name == "keda"]
    assert (keda.namespace, keda.reads) == (NAMESPACE, SECRET)
    place = Place(
        account_id="111122223333",
        partition="aws",
        region="eu-west-1",
        zones=("eu-west-1a", "eu-west-1b"),
        environment="dev",
        cluster_name="ai-dev",
    )
    authority = Authority(store="ca", secret="ca", property="ca.crt")
    secret = told(place, CacheEndpoint(host="valkey", port=6379, authority=authority), keda)
    keys = {one["secretKey"] for one in secret["data"]} | set(secret["target"]["template"]["data"])
    assert set(PARAMETERS.values()) <= keys


def page_examples() -> list[dict[str, Any]]:
    blocks = [block.partition("```")[0] for block in PAGE.read_text().split("```yaml\n")[1:]]
    objects = [document for block in blocks for document in yaml.safe_load_all(block)]
    return [one for one in objects if str(one.get("apiVersion", "")).startswith("keda.sh/")]


def test_the_kinds_accept_what_we_and_the_page_write(reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    login = {
        "apiVersion": API_VERSION,
        "kind": "ClusterTriggerAuthentication",
        "metadata": {"name": AUTHENTICATION},
        "spec": cache_authentication(),
    }
    examples = page_examples()
    assert [one["kind"] for one in examples] == ["ScaledObject"]
    for manifest in (login, *examples):
        assert schemas.known(API_VERSION, manifest["kind"])
        assert schemas.faults(manifest) == []
        assert schemas.faults({**manifest, "spec": {**manifest["spec"], "unheard": 1}})


def test_the_pages_example_logs_in_by_what_the_stack_has() -> None:
    (scaled,) = page_examples()
    by_type = {trigger["type"]: trigger for trigger in scaled["spec"]["triggers"]}
    assert by_type["redis"]["authenticationRef"] == {
        "kind": "ClusterTriggerAuthentication",
        "name": AUTHENTICATION,
    }
    assert by_type["redis"]["metadata"]["enableTLS"] == "true"
    assert by_type["prometheus"]["metadata"]["ignoreNullValues"] == "false"
