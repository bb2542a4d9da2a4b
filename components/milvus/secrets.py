"""The one Secret of Milvus: the password of its first user."""

from __future__ import annotations

from components.milvus.names import NAMESPACE
from components.secrets.spec import Consumer, Credential, Key

PASSWORD = "password"  # noqa: S105 the name of a key, not what it holds
ROOT = Credential(
    name="milvus-root",
    # bcrypt, with which Milvus keeps it, reads 72 characters and no more.
    keys=(Key(name=PASSWORD),),
    home=NAMESPACE,
    consumers=(Consumer(namespace=NAMESPACE, literals={"username": "root"}),),
)
"""Read once, while Milvus has no users. Later it is changed in Milvus first, and here afterwards."""


def credentials() -> tuple[Credential, ...]:
    """What is generated for Milvus, once."""
    return (ROOT,)
