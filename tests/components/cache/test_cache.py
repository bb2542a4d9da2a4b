from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pulumi_kubernetes as k8s
import pytest
from pydantic import TypeAdapter, ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.cache.cache import Cache, CacheArgs
from components.cache.checks import cache_faults
from components.cache.render import told, told_from_outside
from components.cache.spec import (
    USERS,
    Authority,
    CacheEndpoint,
    CacheSpec,
    NoCacheSpec,
    credential_name,
    credentials,
    users,
)
from components.core.aws import Place
from components.secrets.spec import EXTERNAL_SECRETS

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
LANGFUSE = USERS[0]
INSIDE = CacheEndpoint(
    host="valkey.ai-data.svc", port=6379, authority=Authority(store="ca", secret="ca", property="ca.crt")
)
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:upstash"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
PARTS = frozenset({"langfuse", "external_secrets", "cert_manager"})


def spec(**said: Any) -> CacheSpec:
    return TypeAdapter[CacheSpec](CacheSpec).validate_python(said)


def captured(capture: Capture, **where: Any) -> Plan:
    def program() -> None:
        server = k8s.core.v1.ConfigMap("server", metadata={"name": "server"})
        if where.get("endpoint") == "aws":
            group = aws.elasticache.ReplicationGroup("group", description="cache")
            where["endpoint"] = CacheEndpoint(
                host=group.primary_endpoint_address, port=6379, user_prefix="ai-dev-"
            )
        Cache(
            "cache",
            CacheArgs(
                place=PLACE,
                users=(LANGFUSE,),
                namespaces={"observability": "observability"},
                after=(server,),
                **where,
            ),
        )

    return capture(program)


def test_only_parts_that_are_there_are_users() -> None:
    assert [user.name for user in users({"langfuse", "valkey"})] == ["langfuse"]
    assert users(()) == ()


def test_every_user_has_a_secret_and_a_password_of_its_own() -> None:
    made = credentials([user.name for user in USERS])
    assert len({one.name for one in made}) == len(USERS)
    assert len({(user.namespace, user.reads) for user in USERS}) == len(USERS)


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
def test_no_user_may_stop_empty_or_reconfigure_the_server(user: Any) -> None:
    commands = user.access.split()
    if "-@all" in commands:
        assert not [one for one in commands if one.startswith("+@")], "from nothing, by name"
        return
    assert commands.index("-@admin") > commands.index("+@all")
    assert commands.index("-@dangerous") > commands.index("+@all")


def test_whoever_only_counts_can_neither_read_nor_write() -> None:
    (keda,) = [user for user in USERS if user.name == "keda"]
    allowed = {one.removeprefix("+") for one in keda.access.split() if one.startswith("+")}
    assert allowed == {
        *("ping", "eval", "type", "llen", "scard", "zcard", "hlen"),
        *("client|setname", "client|setinfo"),
    }


def test_scaling_by_other_things_needs_no_cache() -> None:
    off = NoCacheSpec(mode="off")
    assert cache_faults(off, parts={"keda"}, secrets=()) == []
    assert cache_faults(off, parts={"keda", "langfuse"}, secrets=()) != []


def test_a_url_is_put_together_in_the_cluster_from_a_password_nobody_here_knows() -> None:
    made = told(PLACE, INSIDE, LANGFUSE)
    assert made["target"]["template"]["data"]["url"] == (
        "rediss://langfuse:{{ .password }}@valkey.ai-data.svc:6379/0"
    )
    assert made["data"][0]["remoteRef"] == {
        "key": f"ai-dev/{credential_name('langfuse')}",
        "property": "password",
    }


def test_whoever_needs_the_authority_is_told_it_beside_the_url() -> None:
    (_, authority) = told(PLACE, INSIDE, LANGFUSE)["data"]
    assert authority["secretKey"] == "ca.crt"
    assert authority["sourceRef"]["storeRef"] == {"kind": "ClusterSecretStore", "name": "ca"}
    assert len(told(PLACE, CacheEndpoint(host="h", port=1), LANGFUSE)["data"]) == 1


def test_what_users_read_is_what_their_kind_accepts(reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    for one in (told(PLACE, INSIDE, LANGFUSE), told_from_outside(ARN, LANGFUSE)):
        manifest = {
            "apiVersion": EXTERNAL_SECRETS,
            "kind": "ExternalSecret",
            "metadata": {"name": "x"},
            "spec": one,
        }
        assert schemas.faults(manifest) == []
        assert schemas.faults({**manifest, "spec": {**one, "unheard": 1}})


def test_a_user_finds_the_cache_after_it_is_there(capture: Capture) -> None:
    plan = captured(capture, endpoint=INSIDE)
    reader = plan.one(EXTERNAL)
    assert (reader.inputs["metadata"]["namespace"], reader.inputs["metadata"]["name"]) == (
        "observability",
        "langfuse-redis",
    )
    assert plan.deleted_before(reader.urn, plan.one("kubernetes:core/v1:ConfigMap").urn)


def test_an_address_that_only_aws_knows_reaches_a_template_and_nothing_else(capture: Capture) -> None:
    reader = captured(capture, endpoint="aws").one(EXTERNAL)
    assert sorted(reader.unknowns) == ["spec.target.template.data.host", "spec.target.template.data.url"]
    url = reader.inputs["spec"]["target"]["template"]["data"]["url"]
    assert url.startswith("rediss://ai-dev-langfuse:{{ .password }}@")
    assert url.endswith(":6379/0")


def test_a_cache_of_somebody_else_is_its_secret(capture: Capture) -> None:
    reader = captured(capture, external_secret_arn=ARN).one(EXTERNAL)
    assert reader.inputs["spec"]["data"] == [
        {"secretKey": "url", "remoteRef": {"key": ARN, "property": "url"}}
    ]


def test_two_places_or_none_are_refused(capture: Capture) -> None:
    for where in ({}, {"endpoint": INSIDE, "external_secret_arn": ARN}):
        with pytest.raises(Exception, match="cache: give an endpoint, or the secret of a cache that exists"):
            captured(capture, **where)


def test_the_plan_holds_no_secret(capture: Capture) -> None:
    assert [one.name for one in captured(capture, endpoint=INSIDE) if one.secrets] == []


def test_a_mode_without_its_secret_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="secret"):
        spec(mode="external")
    (fault,) = cache_faults(spec(mode="external", secret="upstash"), parts=PARTS, secrets=["openai"])
    assert str(fault) == (
        "data.cache.secret: upstash is not declared in secrets; declared: openai; add secrets.upstash.arn, "
        "the ARN of the secret whose JSON has the key url"
    )
    assert cache_faults(spec(mode="external", secret="upstash"), parts=PARTS, secrets=["upstash"]) == []


def test_a_stack_that_needs_a_cache_cannot_switch_it_off() -> None:
    (fault,) = cache_faults(spec(mode="off"), parts=PARTS, secrets=())
    assert str(fault) == (
        "data.cache.mode: is off, and langfuse cannot do without a cache; choose valkey, elasticache or "
        "external, or switch off who needs it"
    )
    assert cache_faults(spec(mode="off"), parts=PARTS - {"langfuse"}, secrets=()) == []


@pytest.mark.parametrize(
    ("mode", "missing", "said"),
    [
        ("valkey", "external_secrets", "set services.external_secrets.enabled: true"),
        ("elasticache", "external_secrets", "set services.external_secrets.enabled: true"),
        ("valkey", "cert_manager", "set services.cert_manager.enabled: true"),
    ],
)
def test_a_cache_without_what_it_stands_on_is_refused(mode: str, missing: str, said: str) -> None:
    (fault,) = cache_faults(spec(mode=mode), parts=PARTS - {missing}, secrets=())
    assert fault.path == "data.cache"
    assert fault.remedy.startswith(said)


def test_aws_needs_no_certificate_of_ours() -> None:
    assert cache_faults(spec(mode="elasticache"), parts=PARTS - {"cert_manager"}, secrets=()) == []
