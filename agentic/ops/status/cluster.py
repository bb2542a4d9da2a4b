"""What status needs of a cluster: lists of objects, and a plain word where there is no list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, cast

from agentic.errors import OperatorError
from agentic.ops.status.finding import Finding, State

Object = Mapping[str, Any]


class Unreachable(OperatorError):  # noqa: N818 - reads as the finding it is
    """No answer at all: whether anything is wrong cannot be told."""

    exit_code = 2


@dataclass(frozen=True)
class Api:
    """One kind, as its URL names it."""

    group_version: str
    plural: str
    kind: str

    @property
    def path(self) -> str:
        """Where all objects of the kind are listed, in every namespace."""
        root = "/api" if self.group_version == "v1" else "/apis"
        return f"{root}/{self.group_version}/{self.plural}"


SECRETS = Api("v1", "secrets", "Secret")
NODES = Api("v1", "nodes", "Node")
PODS = Api("v1", "pods", "Pod")
NAMESPACES = Api("v1", "namespaces", "Namespace")
QUOTAS = Api("v1", "resourcequotas", "ResourceQuota")
CLAIMS = Api("v1", "persistentvolumeclaims", "PersistentVolumeClaim")
DEPLOYMENTS = Api("apps/v1", "deployments", "Deployment")
STATEFUL_SETS = Api("apps/v1", "statefulsets", "StatefulSet")
DAEMON_SETS = Api("apps/v1", "daemonsets", "DaemonSet")
JOBS = Api("batch/v1", "jobs", "Job")
NODE_POOLS = Api("karpenter.sh/v1", "nodepools", "NodePool")
NODE_CLAIMS = Api("karpenter.sh/v1", "nodeclaims", "NodeClaim")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The objects of a kind, or why there is no telling."""

    items: tuple[Object, ...] = ()
    missing: State | None = None
    """NOT_COVERED, or UNKNOWN where the cluster refused; None where the list is whole."""
    why: str = ""
    served: bool = True
    """Whether the cluster knows the kind; one that does not has no objects of it."""


@dataclass(frozen=True, kw_only=True)
class ReleaseFact:
    """One Helm release as it is."""

    namespace: str
    name: str
    version: str
    status: str
    """Helm's own word: deployed, failed, pending-upgrade."""
    revision: int
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Releases:
    """The releases, or why there is no telling."""

    facts: tuple[ReleaseFact, ...] = field(default=())
    missing: State | None = None
    why: str = ""


class Cluster(Protocol):
    """Something that has objects, or once took them in."""

    @property
    def title(self) -> str:
        """What was read, for the first line."""
        ...

    @property
    def has_controllers(self) -> bool:
        """Whether somebody acts on the objects, so that their status means something."""
        ...

    def list(self, api: Api, *, labels: str = "", fields: str = "") -> Listing:
        """All objects of a kind; Unreachable where nothing answers."""
        ...

    def releases(self) -> Releases:
        """The newest revision of every release."""
        ...


def part(found: Object, *path: str) -> dict[str, Any]:
    """The mapping at this place, or an empty one."""
    inner: Any = found
    for key in path:
        inner = cast("dict[str, Any]", inner).get(key) if isinstance(inner, dict) else None
    return cast("dict[str, Any]", inner) if isinstance(inner, dict) else {}


def entries(found: Object, *path: str) -> list[dict[str, Any]]:
    """The list of mappings at this place, or an empty one."""
    inner = part(found, *path[:-1]).get(path[-1])
    return [
        cast("dict[str, Any]", one)
        for one in (cast("list[Any]", inner) if isinstance(inner, list) else [])
        if isinstance(one, dict)
    ]


def name_of(found: Object) -> str:
    """The object's own name."""
    return str(part(found, "metadata").get("name", ""))


def namespace_of(found: Object) -> str:
    """The object's namespace; empty for one of the whole cluster."""
    return str(part(found, "metadata").get("namespace") or "")


def place_of(found: Object) -> str:
    """Namespace and name, as a person writes them."""
    namespace = namespace_of(found)
    return f"{namespace}/{name_of(found)}" if namespace else name_of(found)


def age(found: Object, now: datetime) -> timedelta:
    """How long ago it was made; for ever, where it does not say."""
    try:
        made = datetime.fromisoformat(str(part(found, "metadata").get("creationTimestamp")))
    except ValueError:
        return timedelta.max
    return now - (made if made.tzinfo else made.replace(tzinfo=UTC))


def condition(found: Object, kind: str) -> dict[str, Any]:
    """The condition of that type, or an empty one."""
    nothing: dict[str, Any] = {}
    return next((one for one in entries(found, "status", "conditions") if one.get("type") == kind), nothing)


def told(area: str, what: str, listing: Listing) -> Finding | None:
    """The finding that there is no telling; None where the list is whole."""
    if listing.missing is None:
        return None
    return Finding(area=area, what=what, state=listing.missing, said=listing.why)


def said_by(one: Mapping[str, Any]) -> str:
    """Reason and message of a condition, on one line."""
    reason, message = str(one.get("reason") or ""), " ".join(str(one.get("message") or "").split())
    return ": ".join(text for text in (reason, message) if text) or "no reason given"
