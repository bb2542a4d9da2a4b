"""The data by which others give the gateway models to route to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class SecretKey:
    """A key of a Secret, by name: in the namespace of the gateway."""

    name: str
    key: str


@dataclass(frozen=True, kw_only=True)
class ServiceBackend:
    """A model server of the cluster that speaks OpenAI's API: vLLM, TGI, a bring-your-own server."""

    name: str
    service: str
    namespace: str
    port: int
    serves: tuple[str, ...] = ()
    """What the server answers to. Asked under another name it is asked for the first; empty: for any name."""


@dataclass(frozen=True, kw_only=True)
class PoolBackend:
    """Replicas of a model server behind an endpoint picker, which knows their queues and caches."""

    name: str
    pool: str
    namespace: str
    port: int
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    """Of the replicas' pods."""
    picker: str | None = None
    """The Service of a picker that exists; None: one is made, `<pool>-picker`."""
    picker_port: int = 9002
    serves: tuple[str, ...] = ()
    """As of a server."""

    @property
    def picker_service(self) -> str:
        """Who is asked which replica takes a request."""
        return self.picker or f"{self.pool}-picker"


@dataclass(frozen=True, kw_only=True)
class RelayBackend:
    """The relay, which knows providers, prices and budgets, and is asked by the model's public name.

    The one way to providers: no proxy of the gateway holds a key of theirs, or a way out to them.
    """

    name: str
    service: str
    namespace: str
    port: int
    secret: SecretKey | None = None
    serves: tuple[str, ...] = ()
    """Every name that it answers to; it answers 400 to any other. Empty: not known."""
    asked_as: str | None = None
    """What leaves the choice of a model to it: passed on as it is, since it looks at more than the gateway does."""


Backend = ServiceBackend | PoolBackend | RelayBackend


@dataclass(frozen=True, kw_only=True)
class Variant:
    """Other shares of a public name, for callers who ask for them or for some tenants."""

    name: str
    weights: Mapping[str, int]
    tenants: tuple[str, ...] = ()
    on_request: bool = True


@dataclass(frozen=True, kw_only=True)
class Route:
    """One public model name, what answers to it and in which shares, and who answers when those cannot."""

    model: str
    weights: Mapping[str, int]
    """Backend by name -> share of requests, of 100."""
    fallbacks: tuple[str, ...] = ()
    """Backends in the order in which they are tried."""
    variants: tuple[Variant, ...] = ()
    owned_by: str = "platform"
    """What `/v1/models` says about its origin."""

    @property
    def backends(self) -> tuple[str, ...]:
        """Every backend that it may end at, each once."""
        shared = [
            name for weights in (self.weights, *(one.weights for one in self.variants)) for name in weights
        ]
        return tuple(dict.fromkeys([*shared, *self.fallbacks]))


@dataclass(frozen=True, kw_only=True)
class Selection:
    """How a model is chosen for callers who leave that to the platform."""

    asked_as: str
    """What they write as the model."""
    chosen: str
    """CEL over the request's headers: the public name of the model that answers."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything there is to route to, as the parts that serve models say it."""

    backends: tuple[Backend, ...] = ()
    routes: tuple[Route, ...] = ()
    default: str | None = None
    """The backend of models that no route names: the relay."""
    selection: Selection | None = None

    def backend(self, name: str) -> Backend:
        """The backend of that name; KeyError where there is none."""
        for backend in self.backends:
            if backend.name == name:
                return backend
        raise KeyError(f"no backend {name!r}")

    def __add__(self, other: Catalogue) -> Catalogue:
        """Both; a default of the other wins."""
        return Catalogue(
            backends=(*self.backends, *other.backends),
            routes=(*self.routes, *other.routes),
            default=other.default or self.default,
            selection=other.selection or self.selection,
        )


@dataclass(frozen=True, kw_only=True)
class Page:
    """Something for browsers under a host name of its own."""

    name: str
    """Of its listener and its route."""
    host: str
    service: str
    namespace: str
    port: int
    behind_login: bool = True
    """False for the login itself."""
