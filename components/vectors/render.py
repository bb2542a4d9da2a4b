"""From collections to what the job is told, and from users to what they are told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pulumi_kubernetes.batch.v1 import JobSpecArgsDict

from components.charts.jobs import digest, job_spec
from components.core.aws import Place
from components.core.labels import managed_labels
from components.core.tenant_reader import TenantReader, credential_arn, reads
from components.milvus.spec import SHARED, Instance
from components.secrets.spec import Remote, read_back, remote_key
from components.vectors.memory import dimensions, notice
from components.vectors.names import PASSWORDS, ROOT_KEY, ROOT_SECRET
from components.vectors.pods import UID, job_pod
from components.vectors.spec import (
    PART,
    TENANT_PART,
    CollectionSpec,
    EmbeddingModelSpec,
    VectorsSpec,
    database,
)
from components.vectors.users import VectorUser, users

PROGRAM = Path(__file__).parent / "programs" / "bootstrap.py"
WANTED = "wanted.json"
SCRIPT_MOUNT, PASSWORDS_MOUNT, ROOT_MOUNT = "/script", "/passwords", "/root-password"
REFUSED = 3
"""The program's exit code where trying again would find the same."""

VECTOR_FIELD = "embedding"


@cache
def program() -> str:
    """What the job runs."""
    return PROGRAM.read_text(encoding="utf-8")


def _text(name: str, length: int, **more: bool) -> dict[str, Any]:
    return {
        "fieldName": name,
        "dataType": "VarChar",
        "elementTypeParams": {"max_length": length},
        **more,
    }


def schema(spec: CollectionSpec, own: Mapping[str, EmbeddingModelSpec]) -> dict[str, Any]:
    """The fields of a collection, as Milvus's REST API takes them."""
    return {
        "autoID": False,
        # What else is known goes into `metadata`; a field that nobody declared is a mistake.
        "enableDynamicField": False,
        "fields": [
            _text("id", 64, isPrimary=True),
            _text("content", spec.content_max_length),
            {
                "fieldName": VECTOR_FIELD,
                "dataType": "FloatVector",
                "elementTypeParams": {"dim": dimensions(spec, own)},
            },
            {"fieldName": "metadata", "dataType": "JSON", "elementTypeParams": {}},
            _text("tenant_id", 64, isPartitionKey=True),
        ],
    }


def index(spec: CollectionSpec) -> dict[str, Any]:
    """The index of its vectors; its name says all about it, so that a changed one has another."""
    chosen = spec.index
    parts = (VECTOR_FIELD, chosen.type, chosen.metric, *chosen.params.values())
    return {
        "fieldName": VECTOR_FIELD,
        "indexName": "_".join(str(part) for part in parts).lower(),
        "indexType": chosen.type,
        "metricType": chosen.metric,
        "params": chosen.params,
    }


def collection(name: str, spec: CollectionSpec, own: Mapping[str, EmbeddingModelSpec]) -> dict[str, Any]:
    """Everything about one collection."""
    return {
        "name": name,
        "schema": schema(spec, own),
        "params": {
            "shardsNum": spec.shards,
            "partitionsNum": spec.partitions,
            "consistencyLevel": "Bounded",
        },
        "index": index(spec),
        "properties": {"collection.replica.number": str(spec.replicas)},
    }


def wanted(spec: VectorsSpec, tenants: Collection[str], instance: Instance = SHARED) -> dict[str, Any]:
    """All there should be in one Milvus: databases with collections, users with rights. No password."""
    own = spec.embedding_models
    here = {tenant: spec.collections_of(tenant) for tenant in spec.residents(tenants, instance)}
    return {
        "databases": [
            {
                "name": database(tenant),
                "collections": [collection(name, one, own) for name, one in sorted(collections.items())],
            }
            for tenant, collections in here.items()
            if collections
        ],
        "users": [
            {"name": user.name, "database": user.database, "grants": user.grants}
            for user in users(spec, sorted(tenants))
            if user.instance == instance
        ],
    }


def files(spec: VectorsSpec, tenants: Collection[str], instance: Instance = SHARED) -> dict[str, str]:
    """The job's directory."""
    told = json.dumps(wanted(spec, tenants, instance), indent=1, sort_keys=True)
    return {PROGRAM.name: program(), WANTED: told}


def inputs(spec: VectorsSpec, tenants: Collection[str], instance: Instance = SHARED) -> str:
    """Changes with whatever the job is given; a Job cannot be changed, so it is in its name."""
    return digest(
        files(spec, tenants, instance), spec.users_generation, job_pod(instance).images[0].reference
    )


def notices(spec: VectorsSpec, tenants: Collection[str], instance: Instance = SHARED, takes: str = "") -> str:
    """What one Milvus `takes`, where it is a tenant's own, and a line for each collection: its memory."""
    number = Counter(
        name for tenant in spec.residents(tenants, instance) for name in spec.collections_of(tenant)
    )
    lines = [f"{instance.tenant} has a Milvus of its own: {takes}"] if instance.tenant else []
    known = {name: one for name, one in spec.collections.items() if number[name] or _shared(one, instance)}
    return "\n".join(
        [
            *lines,
            *(notice(name, one, spec.embedding_models, number[name]) for name, one in sorted(known.items())),
        ]
    )


def _shared(spec: CollectionSpec, instance: Instance) -> bool:
    """Whether the shared Milvus is where it goes, be there tenants or not."""
    return instance == SHARED and spec.isolation == "database"


def job(
    spec: VectorsSpec, tenants: Collection[str], script: str, instance: Instance = SHARED
) -> JobSpecArgsDict:
    """The spec of the job; `script` is the ConfigMap with its directory."""
    made = job_spec(
        job_pod(instance),
        command=["python", "-B", PROGRAM.name],
        working_dir=SCRIPT_MOUNT,
        uid=UID,
        inputs=inputs(spec, tenants, instance),
        env=[
            {"name": "MILVUS_URI", "value": instance.uri},
            {"name": "PASSWORDS", "value": PASSWORDS_MOUNT},
            {"name": "ROOT_PASSWORD_FILE", "value": f"{ROOT_MOUNT}/{ROOT_KEY}"},
        ],
        volumes=[
            {"name": "script", "config_map": {"name": script}},
            {"name": "passwords", "secret": {"secret_name": PASSWORDS, "default_mode": 0o440}},
            {"name": "root", "secret": {"secret_name": ROOT_SECRET, "default_mode": 0o440}},
        ],
        mounts=[
            {"name": "script", "mount_path": SCRIPT_MOUNT, "read_only": True},
            {"name": "passwords", "mount_path": PASSWORDS_MOUNT, "read_only": True},
            {"name": "root", "mount_path": ROOT_MOUNT, "read_only": True},
        ],
    )
    (container,) = job_pod(instance).containers
    return {
        **made,
        "pod_failure_policy": {
            "rules": [
                {
                    "action": "FailJob",
                    "on_exit_codes": {
                        "container_name": container.name,
                        "operator": "In",
                        "values": [REFUSED],
                    },
                }
            ]
        },
    }


def passwords(place: Place, everyone: Iterable[VectorUser]) -> dict[str, Any]:
    """The spec of the ExternalSecret that the job reads: a file for each user."""
    return read_back(
        PASSWORDS,
        {user.name: Remote(key=remote_key(place, user.credential), property="password") for user in everyone},
    )


def told(place: Place, user: VectorUser) -> dict[str, Any]:
    """The spec of the ExternalSecret by which a user finds Milvus; `token` is what its clients ask for."""
    return read_back(
        user.reads,
        {"password": Remote(key=remote_key(place, user.credential), property="password")},
        template={
            "uri": user.instance.uri,
            "database": user.database,
            "username": user.name,
            "token": f"{user.name}:{{{{ .password }}}}",
        },
    )


def tenant_reader(place: Place, tenant: str, mine: Iterable[VectorUser]) -> TenantReader:
    """Of a tenant's users, and of their passwords alone."""
    known = tuple(mine)
    return TenantReader(
        tenant=tenant,
        part=TENANT_PART,
        what="Milvus passwords",
        policy="read-milvus-passwords",
        allows=reads([credential_arn(place, user.credential) for user in known]),
        store=STORE,
        store_resource=f"{tenant}-vectors-store",
        secrets={f"{tenant}-vectors-{user.right}": told(place, user) for user in known},
        labels=managed_labels(PART),
    )


STORE = "milvus"
"""The SecretStore in a tenant's namespace, for both of its users."""
