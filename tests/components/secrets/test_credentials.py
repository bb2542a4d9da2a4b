from __future__ import annotations

import json

import pulumi_kubernetes as k8s
import pytest
from pulumi import ResourceOptions

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.core.aws import Place
from components.secrets.credentials import Credentials, CredentialsArgs
from components.secrets.spec import Consumer, Credential, Key

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
ROOT = Credential(
    name="milvus-root",
    home="ai-data",
    keys=(Key(name="password"),),
    consumers=(Consumer(namespace="ai-data"), Consumer(namespace="ai-agents")),
)
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"
PUSH = "kubernetes:external-secrets.io/v1alpha1:PushSecret"
PASSWORD = "kubernetes:generators.external-secrets.io/v1alpha1:Password"


def captured(capture: Capture, *credentials: Credential) -> Plan:
    def program() -> None:
        namespaces = {
            name: k8s.core.v1.Namespace(name, metadata={"name": name}).metadata.name
            for name in ("ai-data", "ai-agents")
        }
        store = k8s.core.v1.ConfigMap("store", metadata={"name": "store", "namespace": "ai-data"})
        made = Credentials(
            "credentials",
            CredentialsArgs(place=PLACE, credentials=credentials, namespaces=namespaces, after=(store,)),
        )
        assert len(made.ready) == sum(len(credential.consumers) for credential in credentials)

    return capture(program)


def test_a_credential_is_generated_then_kept_then_read_and_goes_in_reverse(capture: Capture) -> None:
    plan = captured(capture, ROOT)
    password, pushed = plan.one(PASSWORD).urn, plan.one(PUSH).urn
    generated = plan.one(EXTERNAL, "milvus-root-generated").urn
    for reader in ("milvus-root-ai-data-milvus-root", "milvus-root-ai-agents-milvus-root"):
        assert plan.deleted_before(plan.one(EXTERNAL, reader).urn, pushed)
    assert plan.deleted_before(pushed, generated)
    assert plan.deleted_before(generated, password)
    assert plan.deleted_before(password, plan.one("kubernetes:core/v1:ConfigMap").urn)


def test_a_credential_that_another_component_assembles_is_ready_when_it_is_kept(capture: Capture) -> None:
    assembled = Credential(name="cache-langfuse", home="ai-data", keys=ROOT.keys, assembled_by="cache")
    plan = capture(
        lambda: k8s.core.v1.ConfigMap(
            "reader",
            metadata={"name": "reader"},
            opts=ResourceOptions(
                depends_on=list(
                    Credentials(
                        "credentials",
                        CredentialsArgs(
                            place=PLACE,
                            credentials=(assembled,),
                            namespaces={"ai-data": "ai-data"},
                            after=(),
                        ),
                    ).ready
                )
            ),
        )
    )
    assert [one.name for one in plan.all(EXTERNAL)] == ["cache-langfuse-generated"]
    assert plan.deleted_before(plan.one("kubernetes:core/v1:ConfigMap").urn, plan.one(PUSH).urn)


def test_every_object_goes_before_its_namespace(capture: Capture) -> None:
    plan = captured(capture, ROOT)
    for one in (*plan.all(EXTERNAL), *plan.all(PUSH), *plan.all(PASSWORD)):
        home = plan.one("kubernetes:core/v1:Namespace", one.inputs["metadata"]["namespace"])
        assert plan.deleted_before(one.urn, home.urn)


def test_the_plan_holds_no_secret_and_nothing_marked_as_one(capture: Capture) -> None:
    plan = captured(capture, ROOT)
    assert "kubernetes:core/v1:Secret" not in {one.type for one in plan}
    assert [one.name for one in plan if one.secrets] == []
    assert "value" not in json.dumps([one.inputs for one in plan.all(EXTERNAL)])


def test_every_fault_is_said_before_anything_is_made(capture: Capture) -> None:
    stray = Credential(name="x", home="ai-data", keys=ROOT.keys, consumers=(Consumer(namespace="tenant-a"),))
    with pytest.raises(Exception, match=r"credentials: 2 fault\(s\)") as said:
        captured(capture, ROOT, ROOT, stray)
    assert "namespace tenant-a may not use the store" in str(said.value)
