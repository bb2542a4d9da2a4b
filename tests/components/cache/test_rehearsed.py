"""Every object of the stores, before a real API server with the real definitions and `restricted` in force."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pulumi import Input

from agentic.crds.directory import Definition, find
from agentic.plan.capture import Capture
from agentic.rehearsal.api_server import ApiServer
from agentic.rehearsal.client import Refused
from agentic.rehearsal.rehearse import rehearse
from agentic.rehearsal.result import Rehearsal
from components.cache.cache import Cache, CacheArgs
from components.cache.spec import USERS as CACHE_USERS
from components.core.aws import Place
from components.elasticache.elasticache import ElastiCache, ElastiCacheArgs
from components.elasticache.spec import ElastiCacheSpec
from components.postgres.postgres import Postgres, PostgresArgs
from components.postgres.spec import USERS as DATABASE_USERS
from components.postgres.spec import PostgresSpec
from components.valkey.pods import pods as valkey_pods
from components.valkey.spec import ValkeySpec
from components.valkey.tls import server_certificate
from components.valkey.valkey import Valkey, ValkeyArgs

pytestmark = [pytest.mark.apiserver, pytest.mark.xdist_group("apiserver")]

ROOT = Path(__file__).parents[3]
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
KINDS = {
    ("cert-manager.io/v1", "Certificate"),
    ("cert-manager.io/v1", "Issuer"),
    ("external-secrets.io/v1", "ExternalSecret"),
    ("external-secrets.io/v1", "ClusterSecretStore"),
}
# Those of the release; the pods of our own jobs are in the plan.
PODS = valkey_pods(ValkeySpec(replicas=2))
KEY = "arn:aws:kms:eu-west-1:111122223333:key/1"


def everything() -> None:
    """All stores at once, in namespaces that admit `restricted` pods alone."""
    names = sorted({"ai-data", *(user.namespace for user in (*CACHE_USERS, *DATABASE_USERS))})
    level = {"pod-security.kubernetes.io/enforce": "restricted"}
    namespaces: Mapping[str, Input[str]] = {
        name: k8s.core.v1.Namespace(name, metadata={"name": name, "labels": level}).metadata.name
        for name in names
    }
    where: dict[str, Any] = {
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-1"],
        "client_cidrs": ["10.0.0.0/18"],
        "key_arn": KEY,
    }
    valkey = Valkey(
        "valkey",
        ValkeyArgs(
            place=PLACE,
            spec=ValkeySpec(replicas=2),
            namespace=namespaces["ai-data"],
            users=CACHE_USERS,
            after=(),
        ),
    )
    Cache(
        "cache",
        CacheArgs(
            place=PLACE,
            users=CACHE_USERS,
            namespaces=namespaces,
            endpoint=valkey.endpoint,
            after=valkey.ready,
        ),
    )
    ElastiCache(
        "elasticache",
        ElastiCacheArgs(
            place=PLACE,
            spec=ElastiCacheSpec(mode="elasticache"),
            users=CACHE_USERS,
            cluster_name="ai-dev",
            namespace=namespaces["ai-data"],
            after=(),
            **where,
        ),
    )
    Postgres(
        "postgres",
        PostgresArgs(
            place=PLACE,
            spec=PostgresSpec(),
            users=DATABASE_USERS,
            namespaces=namespaces,
            secrets_role_name="ai-dev-external-secrets",
            after=(),
            **where,
        ),
    )


@pytest.fixture(scope="module")
def definitions(reference_crds: Path) -> list[Definition]:
    return find([reference_crds], KINDS)


@pytest.fixture(scope="module")
def judged(capture: Capture, server: ApiServer, definitions: list[Definition]) -> Rehearsal:
    return rehearse(capture(everything), server, at_hand=definitions, declared=PODS)


def test_the_server_takes_every_object_and_pod(judged: Rehearsal) -> None:
    assert [f"{one.what}: {one.words}" for one in judged.rejected] == []
    assert judged.without_schema == {}
    assert len(judged.accepted) > 25


def test_the_server_refuses_what_is_wrong(server: ApiServer, judged: Rehearsal) -> None:
    """The test above proves nothing unless this server judges."""
    assert judged.accepted
    spec = copy.deepcopy(server_certificate())
    spec["privateKey"]["rotationPolicy"] = "Sometimes"
    manifest = {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": {"name": "broken", "namespace": "default"},
        "spec": spec,
    }
    with pytest.raises(Refused, match='Unsupported value: "Sometimes"'):
        server.objects.create(manifest)
