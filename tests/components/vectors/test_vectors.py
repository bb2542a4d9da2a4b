from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.core.aws import Place
from components.core.identity import document
from components.isolation.flows.vectors import VECTOR_FLOWS
from components.milvus import secrets as milvus
from components.milvus.spec import PORT, SHARED, Instance
from components.secrets.render import faults
from components.vectors import names
from components.vectors.pods import job_pod, pods
from components.vectors.spec import CollectionSpec, VectorsSpec
from components.vectors.users import credentials
from components.vectors.vectors import Server, Vectors, VectorsArgs

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
JOB = "kubernetes:batch/v1:Job"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
STORE = "kubernetes:external-secrets.io/v1:SecretStore"
SPEC = VectorsSpec(
    collections={
        "agent_knowledge": CollectionSpec(),
        "support_docs": CollectionSpec(isolation="partition_key"),
    }
)
TENANTS = ("tenant-a", "tenant-b")


def captured(capture: Capture, spec: VectorsSpec = SPEC, tenants: tuple[str, ...] = TENANTS) -> Plan:
    def program() -> None:
        namespaces = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name
            for name in ("ai-data", "ai-agents", *tenants, *(one.namespace for one in spec.instances))
        }
        releases = {
            one: k8s.core.v1.ConfigMap(one.name, metadata={"name": one.name, "namespace": "x"})
            for one in (SHARED, *spec.instances)
        }

        def server(instance: Instance, takes: str = "") -> Server:
            return Server(namespace=namespaces[instance.namespace], after=(releases[instance],), takes=takes)

        Vectors(
            "vectors",
            VectorsArgs(
                place=PLACE,
                spec=spec,
                namespaces=namespaces,
                tenants={name: namespaces[name] for name in tenants},
                reader_trust=document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}),
                shared=server(SHARED),
                own={str(one.tenant): server(one, "2 pods") for one in spec.instances},
            ),
        )

    return capture(program)


def test_what_this_part_calls_the_first_password_by_is_what_milvus_calls_it() -> None:
    for instance in (SHARED, Instance("tenant-a")):
        (root,) = milvus.credentials(instance)
        assert [root.secret_in(one) for one in root.consumers] == [names.ROOT_SECRET]
        assert [key.name for key in root.keys] == [names.ROOT_KEY]


def test_the_job_comes_after_milvus_and_its_script_and_passwords(capture: Capture) -> None:
    plan = captured(capture)
    job = plan.one(JOB)
    for before in (
        plan.one("kubernetes:core/v1:ConfigMap", "milvus"),
        plan.one("kubernetes:core/v1:ConfigMap", "vectors-bootstrap"),
        plan.one(EXTERNAL, "vectors-passwords"),
    ):
        assert plan.deleted_before(job.urn, before.urn)


def test_a_change_is_another_job_with_another_script_and_nothing_else_is(capture: Capture) -> None:
    def name(**more: Any) -> str:
        plan = captured(capture, **more)
        job, script = plan.one(JOB), plan.one("kubernetes:core/v1:ConfigMap", "vectors-bootstrap")
        assert job.inputs["metadata"]["name"] == script.inputs["metadata"]["name"]
        volumes = job.inputs["spec"]["template"]["spec"]["volumes"]
        assert {"name": "script", "configMap": {"name": job.inputs["metadata"]["name"]}} in volumes
        return str(job.inputs["metadata"]["name"])

    first = name()
    assert first == name()
    assert first == name(tenants=TENANTS[::-1])
    assert first != name(tenants=("tenant-a",))
    assert first != name(spec=SPEC.model_copy(update={"users_generation": 2}))
    assert first != name(spec=VectorsSpec())


def test_the_job_is_the_pod_that_is_declared_and_passes_restricted(capture: Capture) -> None:
    pod = captured(capture).one(JOB).inputs["spec"]["template"]
    (declared,) = pods(SPEC)
    assert pod["metadata"]["labels"] == dict(declared.labels)
    assert pod["spec"]["serviceAccountName"] == declared.service_account
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert pod["spec"]["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "runAsGroup": 65532,
        "fsGroup": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    (container,) = pod["spec"]["containers"]
    assert container["image"] == declared.images[0].reference
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pods(VectorsSpec(enabled=False)) == ()


def test_a_refusal_ends_the_job_at_once(capture: Capture) -> None:
    rules = captured(capture).one(JOB).inputs["spec"]["podFailurePolicy"]["rules"]
    assert rules == [
        {
            "action": "FailJob",
            "onExitCodes": {"containerName": "bootstrap", "operator": "In", "values": [3]},
        }
    ]


def test_passwords_are_files_and_no_argument_variable_or_part_of_the_plan(capture: Capture) -> None:
    plan = captured(capture)
    (container,) = plan.one(JOB).inputs["spec"]["template"]["spec"]["containers"]
    assert {one["name"] for one in container["env"]} == {
        "HOME",
        "MILVUS_URI",
        "PASSWORDS",
        "ROOT_PASSWORD_FILE",
    }
    assert [one.name for one in plan if one.secrets] == []
    script = plan.one("kubernetes:core/v1:ConfigMap", "vectors-bootstrap").inputs["data"]
    assert "password" not in json.loads(script["wanted.json"]).__repr__()


def test_the_plan_says_how_much_memory_each_collection_takes(capture: Capture) -> None:
    script = captured(capture).one("kubernetes:core/v1:ConfigMap", "vectors-bootstrap")
    assert script.inputs["metadata"]["annotations"]["agentic.dev/notice"].splitlines() == [
        "agent_knowledge: 6.9 GiB per million vectors (1536 dimensions, HNSW); 100,000 in each of 2 database(s), "
        "1 in memory: 1.4 GiB",
        "support_docs: 6.9 GiB per million vectors (1536 dimensions, HNSW); 100,000 in each of 1 database(s), "
        "1 in memory: 0.7 GiB",
    ]


def test_the_schema_is_text_vector_metadata_and_a_tenant_as_partition_key(capture: Capture) -> None:
    script = captured(capture).one("kubernetes:core/v1:ConfigMap", "vectors-bootstrap").inputs["data"]
    databases = {one["name"]: one for one in json.loads(script["wanted.json"])["databases"]}
    assert set(databases) == {"default", "tenant_a", "tenant_b"}
    (collection,) = databases["tenant_a"]["collections"]
    assert collection["name"] == "agent_knowledge"
    assert collection["schema"]["fields"] == [
        {
            "fieldName": "id",
            "dataType": "VarChar",
            "elementTypeParams": {"max_length": 64},
            "isPrimary": True,
        },
        {"fieldName": "content", "dataType": "VarChar", "elementTypeParams": {"max_length": 65535}},
        {"fieldName": "embedding", "dataType": "FloatVector", "elementTypeParams": {"dim": 1536}},
        {"fieldName": "metadata", "dataType": "JSON", "elementTypeParams": {}},
        {
            "fieldName": "tenant_id",
            "dataType": "VarChar",
            "elementTypeParams": {"max_length": 64},
            "isPartitionKey": True,
        },
    ]


def test_a_tenant_is_told_of_its_own_database_by_a_store_of_its_own(capture: Capture) -> None:
    plan = captured(capture)
    told = plan.one(EXTERNAL, "tenant-a-vectors-write").inputs
    assert (told["metadata"]["namespace"], told["metadata"]["name"]) == (
        "tenant-a",
        "milvus",
    )
    assert told["spec"]["secretStoreRef"] == {"kind": "SecretStore", "name": "milvus"}
    assert told["spec"]["target"]["template"]["data"] == {
        "uri": "http://milvus.ai-data.svc:19530",
        "database": "tenant_a",
        "username": "u_tenant_a",
        "token": "u_tenant_a:{{ .password }}",
    }
    searches = plan.one(EXTERNAL, "tenant-a-vectors-search").inputs
    assert searches["metadata"]["name"] == "milvus-reader"
    assert searches["spec"]["target"]["template"]["data"]["username"] == "u_tenant_a_reader"


def test_a_tenants_role_reads_its_two_passwords_and_no_other(capture: Capture) -> None:
    plan = captured(capture)
    (statement,) = json.loads(plan.one("aws:iam/rolePolicy:RolePolicy", "tenant-a-vectors").inputs["policy"])[
        "Statement"
    ]
    head = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:ai-dev"
    assert statement["Resource"] == [
        f"{head}/milvus-u-tenant-a-??????",
        f"{head}/milvus-u-tenant-a-reader-??????",
    ]
    assert (
        plan.one("aws:iam/role:Role", "tenant-a-vectors").inputs["name"] == "ai-dev-tenant-tenant-a.vectors"
    )


def test_the_platforms_own_agents_read_by_the_platforms_store(capture: Capture) -> None:
    told = captured(capture).one(EXTERNAL, "vectors-default-milvus-reader").inputs
    assert told["spec"]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "aws-secrets-manager"}
    assert told["metadata"]["name"] == "milvus-reader"


def test_one_tenant_more_changes_the_job_and_nothing_of_another_tenant(capture: Capture) -> None:
    def of(plan: Plan) -> dict[str, Any]:
        return {
            one.urn: one.inputs
            for one in plan
            if one.name.startswith(("tenant-a-vectors", "tenant-b-vectors"))
        }

    two, three = captured(capture), captured(capture, tenants=(*TENANTS, "tenant-c"))
    assert of(two) == of(three)


def test_every_object_is_what_its_kind_accepts(
    capture: Capture, reference_crds: Path, tmp_path: Path
) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    plan = captured(capture)
    objects = [*plan.all(EXTERNAL), *plan.all(STORE), plan.one(JOB)]
    assert len(objects) == 1 + 2 + 2 * 2 + 2 + 1
    for one in objects:
        assert schemas.faults(dict(one.inputs)) == [], one.name


def test_its_credentials_stand_beside_those_of_milvus() -> None:
    assert faults((*credentials(SPEC, TENANTS), *milvus.credentials()), ("ai-data",)) == []


def test_the_job_reaches_milvus() -> None:
    (flow,) = VECTOR_FLOWS
    assert flow.source.labels == job_pod().labels  # type: ignore[union-attr]
    assert (flow.source.namespace, flow.needs) == (job_pod().namespace, "vectors")  # type: ignore[union-attr]
    assert flow.ports == (PORT,)
