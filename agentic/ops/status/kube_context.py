"""Which context of the operator's kubeconfig is the stack's cluster: by what it names, never by being current."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from agentic.ops.status.cluster import Unreachable, part
from components.core.aws import Place


@dataclass(frozen=True, kw_only=True)
class Context:
    """One context, and the cluster that it says it is for; empty where it does not say."""

    name: str
    cluster: str
    """An EKS ARN or name: of the context's cluster, or of what its credentials are fetched for."""
    region: str


def contexts(document: Mapping[str, Any]) -> tuple[Context, ...]:
    """The contexts of a kubeconfig."""
    users = {str(one.get("name")): part(one, "user") for one in _list(document, "users")}
    return tuple(_context(one, users) for one in _list(document, "contexts"))


def chosen(found: Sequence[Context], place: Place, wanted: str | None, current: str | None) -> str:
    """The context to use: the one that was asked for, or the only one for the stack's cluster."""
    if wanted is not None:
        if wanted not in {one.name for one in found}:
            known = ", ".join(one.name for one in found) or "none"
            raise Unreachable(f"the kubeconfig has no context {wanted!r}", remedy=f"choose one of: {known}")
        return wanted
    fitting = [one.name for one in found if is_for(one, place)]
    if len(fitting) == 1:
        return fitting[0]
    if current in fitting:
        return str(current)
    update = f"aws eks update-kubeconfig --name {place.cluster_name} --region {place.region}"
    if fitting:
        raise Unreachable(
            f"several contexts are for {place.cluster_name}: {', '.join(fitting)}",
            remedy="choose one with --context",
        )
    raise Unreachable(
        f"the kubeconfig has no context for cluster {place.cluster_name} in {place.region}",
        remedy=f"run `{update}`, or choose one with --context",
    )


def is_for(context: Context, place: Place) -> bool:
    """Whether it names the stack's cluster: the whole ARN, or the name in the right region."""
    if context.cluster.startswith("arn:"):
        return context.cluster == place.arn("eks", f"cluster/{place.cluster_name}")
    return context.cluster == place.cluster_name and context.region in {"", place.region}


def _context(entry: Mapping[str, Any], users: Mapping[str, Mapping[str, Any]]) -> Context:
    inner = part(entry, "context")
    cluster, user = str(inner.get("cluster", "")), users.get(str(inner.get("user", "")), {})
    words: Any = part(user, "exec").get("args") or []
    arguments = [str(word) for word in cast("list[Any]", words)]
    named = next(
        (name for flag in ("--cluster-name", "--name", "-i") if (name := _after(arguments, flag))), ""
    )
    # `aws eks update-kubeconfig` calls the cluster by its ARN, which has the account in it too.
    return Context(
        name=str(entry.get("name", "")),
        cluster=cluster if cluster.startswith("arn:") else named,
        region=_after(arguments, "--region"),
    )


def _after(arguments: list[str], flag: str) -> str:
    return arguments[arguments.index(flag) + 1] if flag in arguments[:-1] else ""


def _list(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    found: Any = document.get(key) or []
    return [cast("dict[str, Any]", one) for one in cast("list[Any]", found) if isinstance(one, dict)]
