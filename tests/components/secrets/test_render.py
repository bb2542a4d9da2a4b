from __future__ import annotations

from pathlib import Path

import pytest

from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.core.aws import Place
from components.secrets.render import GENERATORS, PUSH, consumed, faults, generated, generators, push
from components.secrets.spec import EXTERNAL_SECRETS, Charset, Consumer, Credential, Key

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
    tags={"Owner": "platform"},
)
NAMESPACES = ("ai-data", "observability")
APP = Credential(
    name="langfuse-app",
    home="observability",
    keys=(
        Key(name="salt"),
        Key(name="nextauth-secret"),
        Key(name="encryption-key", length=64, charset=Charset.HEX),
    ),
    consumers=(
        Consumer(namespace="observability"),
        Consumer(namespace="ai-data", secret="salty", keys={"s": "salt"}, literals={"user": "app"}),
    ),
)


def test_every_object_is_what_its_kind_accepts(reference_crds: Path, tmp_path: Path) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    objects = [
        *((GENERATORS, "Password", spec) for spec in generators(APP).values()),
        (EXTERNAL_SECRETS, "ExternalSecret", generated(APP)),
        (PUSH, "PushSecret", push(PLACE, APP)),
        *((EXTERNAL_SECRETS, "ExternalSecret", consumed(PLACE, APP, one)) for one in APP.consumers),
    ]
    for version, kind, spec in objects:
        manifest = {"apiVersion": version, "kind": kind, "metadata": {"name": "x"}, "spec": spec}
        assert schemas.known(version, kind), kind
        assert schemas.faults(manifest) == [], kind
        assert schemas.faults({**manifest, "spec": {**spec, "unheard": 1}}), "the check sees a wrong field"


def test_keys_of_one_make_share_a_generator() -> None:
    made = generators(APP)
    assert {name: spec["secretKeys"] for name, spec in made.items()} == {
        "langfuse-app-hex-64": ["encryption-key"],
        "langfuse-app-url-safe-32": ["nextauth-secret", "salt"],
    }


def test_a_url_safe_value_has_no_symbol_and_may_repeat_letters() -> None:
    spec = generators(APP)["langfuse-app-url-safe-32"]
    assert (spec["symbols"], spec["length"], spec["encoding"]) == (0, 32, "raw")
    assert spec["allowRepeat"] is True


def test_a_hex_value_has_as_many_digits_as_were_asked_for() -> None:
    """The generator counts characters before it encodes them, and each becomes two digits."""
    spec = generators(APP)["langfuse-app-hex-64"]
    assert (spec["length"], spec["encoding"]) == (32, "hex")


def test_a_value_is_generated_once_by_every_generator() -> None:
    spec = generated(APP)
    assert spec["refreshPolicy"] == "CreatedOnce"
    names = [one["sourceRef"]["generatorRef"]["name"] for one in spec["dataFrom"]]
    assert names == list(generators(APP))


def test_what_was_generated_never_replaces_what_secrets_manager_has() -> None:
    spec = push(PLACE, APP)
    assert spec["updatePolicy"] == "IfNotExists"
    assert spec["deletionPolicy"] == "None"


def test_a_credential_is_written_whole_as_text_under_the_platforms_prefix() -> None:
    (entry,) = push(PLACE, APP)["data"]
    assert entry["match"] == {"remoteRef": {"remoteKey": "ai-dev/langfuse-app"}}
    assert entry["metadata"]["spec"]["secretPushFormat"] == "string"
    assert entry["metadata"]["spec"]["tags"] == {"Owner": "platform"}


def test_nobody_reads_what_was_generated_the_owner_included() -> None:
    """A cluster made anew generates other values than the ones its data was written with."""
    kept = generated(APP)["target"]["name"]
    assert kept not in {APP.secret_in(one) for one in APP.consumers}
    for consumer in APP.consumers:
        spec = consumed(PLACE, APP, consumer)
        assert spec["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "aws-secrets-manager"}
        assert {one["remoteRef"]["key"] for one in spec["data"]} == {"ai-dev/langfuse-app"}
        assert "dataFrom" not in spec


def test_a_reader_gets_the_keys_it_asked_for_under_its_own_names() -> None:
    spec = consumed(PLACE, APP, APP.consumers[1])
    assert spec["target"]["name"] == "salty"
    assert [(one["secretKey"], one["remoteRef"]["property"]) for one in spec["data"]] == [("s", "salt")]
    assert spec["target"]["template"]["data"] == {"user": "app"}


def one(name: str, consumer: Consumer, home: str = "ai-data") -> Credential:
    return Credential(name=name, keys=(Key(name="password"),), home=home, consumers=(consumer,))


@pytest.mark.parametrize(
    ("credentials", "said"),
    [
        (
            (one("a", Consumer(namespace="ai-data")), one("a", Consumer(namespace="observability"))),
            "credential a is declared twice; one would write the other's secret",
        ),
        (
            (one("a", Consumer(namespace="tenant-a")),),
            "credential a: namespace tenant-a may not use the store; it serves ai-data, observability",
        ),
        (
            (one("a", Consumer(namespace="ai-data")), one("b", Consumer(namespace="ai-data", secret="a"))),
            "Secret ai-data/a is written by a and b",
        ),
        (
            (one("a", Consumer(namespace="ai-data", secret="a-generated")),),
            "Secret ai-data/a-generated is written by a and a",
        ),
    ],
)
def test_credentials_that_would_get_in_each_others_way_are_named(
    credentials: tuple[Credential, ...], said: str
) -> None:
    assert said in faults(credentials, NAMESPACES)


def test_sound_credentials_have_no_faults() -> None:
    assert faults((APP, one("a", Consumer(namespace="ai-data"))), NAMESPACES) == []
