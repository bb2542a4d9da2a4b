from __future__ import annotations

from typing import Any

import pytest

from components.external_secrets.render import CLUSTER_STORE
from components.secrets.spec import STORE, Charset, Consumer, Credential, Key, Remote, read_back

READER = Consumer(namespace="ai-data")


def credential(**changes: Any) -> Credential:
    arguments: dict[str, Any] = {
        "name": "milvus-root",
        "keys": (Key(name="password"),),
        "home": "ai-data",
        "consumers": (READER,),
    }
    return Credential(**{**arguments, **changes})


def test_the_store_is_the_one_that_external_secrets_makes() -> None:
    assert STORE == CLUSTER_STORE


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "a.b"}, "key 'a.b': use letters, digits, hyphens and underscores"),
        ({"name": "a", "length": 23}, "key a: length 23 is not from 24 to 128"),
        ({"name": "a", "length": 129}, "key a: length 129 is not from 24 to 128"),
        (
            {"name": "a", "length": 65, "charset": Charset.HEX},
            "key a: 65 hex digits are no whole bytes; use an even length",
        ),
    ],
)
def test_a_key_that_is_weak_or_unusable_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Key(**given)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "Milvus"}, "credential 'Milvus': not a DNS label of at most 40 characters"),
        ({"name": "m" * 41}, "not a DNS label of at most 40 characters"),
        ({"keys": ()}, "credential milvus-root: give at least one key, and each name once"),
        ({"keys": (Key(name="a"), Key(name="a"))}, "give at least one key, and each name once"),
        ({"consumers": ()}, "credential milvus-root: nobody reads it; name a consumer or leave it out"),
        (
            {"consumers": (Consumer(namespace="ai-data", keys={"x": "pass"}),)},
            "credential milvus-root: ai-data reads pass; it has password",
        ),
    ],
)
def test_a_credential_that_cannot_be_made_or_read_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        credential(**changes)


def test_a_literal_that_the_operator_would_run_is_refused() -> None:
    with pytest.raises(ValueError, match="literal user in ai-data: holds a template; write plain text"):
        Consumer(namespace="ai-data", literals={"user": "{{ .password }}"})


def test_a_reader_that_names_nothing_gets_every_key_under_the_credentials_name() -> None:
    one = credential(keys=(Key(name="salt"), Key(name="secret")))
    assert one.secret_in(READER) == "milvus-root"
    assert one.keys_for(READER) == {"salt": "salt", "secret": "secret"}


def test_a_template_adds_to_what_was_read_and_does_not_replace_it() -> None:
    spec = read_back("s", {"password": Remote(key="k", property="p")}, {"username": "root"})
    assert spec["target"]["template"]["mergePolicy"] == "Merge"
    assert "template" not in read_back("s", {"password": Remote(key="k", property="p")})["target"]
