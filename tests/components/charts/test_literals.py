from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts import literals
from components.charts.literals import faults, secret_looking

plain = st.recursive(
    st.booleans() | st.integers(-1000, 1000) | st.sampled_from(["ip", "100m", "cert-manager"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcde"), inner, max_size=3),
    max_leaves=20,
)
values = st.dictionaries(st.sampled_from("abcde"), plain, max_size=4)


def output() -> pulumi.Output[str]:
    # Never awaited, so nothing of it is needed but its type.
    return object.__new__(pulumi.Output)


@given(values)
def test_plain_data_is_fit(tree: dict[str, Any]) -> None:
    assert faults("app", tree) == []


@given(values, st.lists(st.sampled_from(["key", "list"]), max_size=5))
def test_an_output_is_found_however_deep_it_lies(tree: dict[str, Any], way: list[str]) -> None:
    hidden: Any = output()
    path = ""
    for step in way:
        hidden, path = ({"in": hidden}, f".in{path}") if step == "key" else ([hidden], f"[0]{path}")
    found = faults("app", {**tree, "deep": hidden})
    assert found == [f"deep{path}: an output; use a name known at plan time, or a Secret the pods read"]


def test_an_allowed_output_is_allowed_there_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(literals, "ALLOWED_OUTPUTS", {("app", "cluster.endpoint"): "only the cloud knows it"})
    assert faults("app", {"cluster": {"endpoint": output()}}) == []
    assert len(faults("app", {"cluster": {"name": output()}})) == 1
    assert len(faults("other", {"cluster": {"endpoint": output()}})) == 1


def test_no_release_carries_an_output_today() -> None:
    assert dict(literals.ALLOWED_OUTPUTS) == {}


def test_null_is_refused_because_it_deletes_a_default() -> None:
    assert faults("app", {"resources": {"limits": None}}) == [
        "resources.limits: null deletes the chart's default without saying so; leave the key out or set it"
    ]


@pytest.mark.parametrize(
    "key",
    ["password", "adminPassword", "clientSecret", "masterKey", "API_KEY", "apikey", "secretKey", "access-key",
     "LITELLM_MASTER_KEY", "AWS_SECRET_ACCESS_KEY", "authToken", "dbCredentials", "privateKey"],
)  # fmt: skip
def test_a_credential_is_refused_by_its_name(key: str) -> None:
    assert faults("app", {"auth": {key: "hunter2"}}) == [
        f"auth.{key}: looks like a credential; name a Secret instead"
    ]


@pytest.mark.parametrize(
    "key",
    ["existingSecret", "existingSecretPasswordKey", "secretName", "apiKeySecretKey", "passwordSecretRef",
     "tokenAudience", "keys", "usersExistingSecret", "imagePullSecrets", "keyAlgorithm", "key"],
)  # fmt: skip
def test_a_reference_to_a_secret_is_not_a_credential(key: str) -> None:
    assert not secret_looking(key)
    assert faults("app", {key: "langfuse-app"}) == []


@pytest.mark.parametrize("value", [True, False, "", 3, {"create": True}, ["name"]])
def test_a_switch_with_a_telling_name_holds_no_credential(value: object) -> None:
    assert faults("app", {"automountServiceAccountToken": value}) == []


def test_a_credential_in_an_environment_entry_is_found() -> None:
    entry = {"name": "OPENAI_API_KEY", "value": "abc"}
    assert faults("app", {"env": [{"name": "MODE", "value": "on"}, entry]}) == [
        "env[1].value: OPENAI_API_KEY looks like a credential; use valueFrom with a Secret"
    ]


def test_an_environment_entry_may_name_a_secret() -> None:
    source = {"secretKeyRef": {"name": "openai", "key": "token"}}
    assert faults("app", {"env": [{"name": "OPENAI_API_KEY", "valueFrom": source}]}) == []


@pytest.mark.parametrize(
    "value",
    ["redis://user:hunter2@cache:6379", "sk-abcdefghijklmnop1234", "AKIA" + "A" * 16, "ghp_" + "a" * 36,
     "-----BEGIN RSA PRIVATE KEY-----"],
)  # fmt: skip
def test_a_credential_is_found_by_its_looks(value: str) -> None:
    assert faults("app", {"args": [f"--url={value}"]}) == [
        "args[0]: holds what looks like a credential; name a Secret instead"
    ]


@pytest.mark.parametrize("value", ["https://vault:8200/a", "oci://host/chart", "arn:aws:iam::1:role/x@y"])
def test_an_address_without_a_password_is_fit(value: str) -> None:
    assert faults("app", {"url": value}) == []


def test_a_number_that_helm_would_print_in_scientific_notation_is_refused() -> None:
    assert faults("app", {"maxBytes": 1_000_000}) == [
        "maxBytes: Helm may print a number this large as 1e+06; write it as a string"
    ]
    assert faults("app", {"maxBytes": 999_999, "text": "1000000"}) == []


def test_only_plain_data_is_fit() -> None:
    assert faults("app", {"names": {"a"}}) == ["names: a set is not plain data"]
    assert faults("app", {"ports": {8080: "http"}}) == ["ports.8080: keys are strings"]


def test_every_fault_is_reported_at_once() -> None:
    found = faults("app", {"a": None, "password": "x", "b": [output()]})
    assert [fault.partition(":")[0] for fault in found] == ["a", "password", "b[0]"]
