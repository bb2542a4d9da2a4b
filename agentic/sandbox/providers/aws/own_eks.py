"""What the sandbox's own EKS operations share: where they are, and how EKS refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError, Moto, Records
from agentic.sandbox.providers.data import is_map, map_of

CLUSTER = "eks-cluster"


class EksOperations:
    """EKS in one region, moto beneath it."""

    def __init__(
        self, records: Records, completions: Records, region: str, account: Callable[[], str], moto: Moto
    ) -> None:
        """Keep what moto lacks in `records` and what it keeps in part in `completions`; ask `moto` for the rest."""
        self.records = records
        self.completions = completions
        self.region = region
        self.account = account
        self.moto = moto

    def place(self, cluster: str, *parts: str) -> str:
        """Give the id of a document: region, cluster, then its own parts."""
        return "|".join((self.region, cluster, *parts))

    def require_cluster(self, name: str) -> dict[str, Any]:
        """Give the cluster as moto has it, or raise EKS's ResourceNotFoundException."""
        return self.moto("eks", "describe_cluster", name=name)["cluster"]

    def extras(self, name: str) -> dict[str, Any]:
        """Give what moto does not keep of a cluster."""
        return self.completions.get(CLUSTER, self.place(name)) or {}

    def arn(self, kind: str, *parts: str) -> str:
        """Give an ARN of the form EKS uses."""
        return f"arn:aws:eks:{self.region}:{self.account()}:{kind}/{'/'.join(parts)}"


def now() -> str:
    """Give the time as EKS writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def fresh_id(*parts: str) -> str:
    """Give a short id that depends on what it is for and on when."""
    return hashlib.sha256("|".join((*parts, now())).encode()).hexdigest()[:17]


def in_use(message: str) -> AwsError:
    """Refuse a duplicate."""
    return AwsError("ResourceInUseException", message)


def not_found(message: str) -> AwsError:
    """Say that it is not there."""
    return AwsError("ResourceNotFoundException", message)


def invalid(message: str) -> AwsError:
    """Refuse a parameter."""
    return AwsError("InvalidParameterException", message)


def found_or(document: dict[str, Any] | None, message: str) -> dict[str, Any]:
    """Give the document or say that it is not there."""
    if document is None:
        raise not_found(message)
    return document


def given(**values: Any) -> dict[str, Any]:
    """Leave out what was not said."""
    return {name: value for name, value in values.items() if value is not None}


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one document over another, block by block; tags are one whole."""
    out = dict(under)
    for key, value in over.items():
        below: Any = out.get(key)
        both = key != "tags" and is_map(value) and is_map(below)
        out[key] = merged(map_of(below), map_of(value)) if both else value
    return out
