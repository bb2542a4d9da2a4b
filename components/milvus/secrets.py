"""The one Secret of a Milvus: the password of its first user."""

from __future__ import annotations

from components.core.names import bounded
from components.milvus.spec import SHARED, Instance
from components.secrets.spec import NAME_LIMIT, Consumer, Credential, Key

PASSWORD = "password"  # noqa: S105 the name of a key, not what it holds
ROOT_SECRET = "milvus-root"  # noqa: S105 the name of a Secret
"""What it is called in the cluster: each Milvus has a namespace in which it is the only one."""


def root(instance: Instance) -> Credential:
    """Read once, while Milvus has no users. Later it is changed in Milvus first, and here afterwards."""
    return Credential(
        name=ROOT_SECRET
        if instance.tenant is None
        else bounded(f"{ROOT_SECRET}-{instance.tenant}", NAME_LIMIT),
        # bcrypt, with which Milvus keeps it, reads 72 characters and no more.
        keys=(Key(name=PASSWORD),),
        home=instance.namespace,
        consumers=(
            Consumer(namespace=instance.namespace, secret=ROOT_SECRET, literals={"username": "root"}),
        ),
    )


def credentials(instance: Instance = SHARED) -> tuple[Credential, ...]:
    """What is generated for a Milvus, once."""
    return (root(instance),)
