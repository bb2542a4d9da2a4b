"""What is wrong with routes, tiers and names: everything that can be told before a request is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from components.core.faults import Fault
from components.gateway.asked import answers
from components.gateway.expressions import LONGEST, mapping, may_use_model, model_list, tier_of
from components.gateway.routes import chain_name, route_name, routes_in_force
from components.gateway.secrets import key_name
from components.gateway.spec import PLATFORM, Access, Catalogue, GatewaySpec, PoolBackend, RelayBackend, Route
from components.secrets.spec import NAME_LIMIT

ID_CHARACTERS = 32
"""More than an app client of Cognito has, which is 26."""

LONGEST_TENANT = NAME_LIMIT - len(key_name(""))
"""So that the credential of its key has a name that fits."""


def gateway_faults(spec: GatewaySpec, *, edge: bool = False) -> list[Fault]:
    """A gateway that is open to the Internet without having said so, and pages in its place."""
    if not spec.installed:
        return []
    faults: list[Fault] = []
    balancer = spec.load_balancer
    if balancer.scheme == "internet-facing" and not balancer.source_ranges and not edge:
        faults.append(
            Fault(
                "gateway.load_balancer.source_ranges",
                "is empty, but the load balancer is internet-facing",
                'write the blocks that may connect; ["0.0.0.0/0"] says everybody, and edge.enabled only CloudFront',
            )
        )
    if spec.ui is not None and spec.host in {spec.ui.host(page) for page in ("login", "grafana", "agents")}:
        faults.append(
            Fault(
                "gateway.ui.domain", f"makes {spec.host} a page as well as the API", "choose another domain"
            )
        )
    return faults


def route_faults(spec: GatewaySpec, catalogue: Catalogue, *, unread: Collection[str] = ()) -> list[Fault]:
    """Shares and fallbacks that name no backend, chains that cannot be made, and names that would be one.

    `unread` are backends that would be there but for a fault of their own.
    """
    names = Counter(backend.name for backend in catalogue.backends)
    known = ", ".join(sorted(names)) or "none"
    faults = [
        Fault("gateway.routes", f"two backends are called {name!r}", "rename a model or a relay tier")
        for name, count in sorted(names.items())
        if count > 1
    ]
    routes = routes_in_force(spec, catalogue)
    pools = {backend.name for backend in catalogue.backends if isinstance(backend, PoolBackend)}
    names_of = {one.name: one.serves for one in catalogue.backends if isinstance(one, RelayBackend)}
    for route in routes:
        path = f"gateway.routes.{route.model}"
        faults += [
            Fault(
                f"{path}.{where}",
                f"names no backend: {name!r}; the stack has: {known}",
                "add the model, or name another",
            )
            for where, named in (
                ("backends", route.weights),
                ("fallbacks", route.fallbacks),
                *((f"variants.{one.name}.backends", one.weights) for one in route.variants),
            )
            for name in named
            if name not in names and name not in unread
        ]
        faults += [
            Fault(
                path,
                f"leads to {name}, which does not know that name and would answer 400",
                "give the relay a model or an alias of it, or name another backend",
            )
            for name in route.backends
            if names_of.get(name) and route.model not in names_of[name]
        ]
        if route.fallbacks:
            faults += [
                Fault(
                    f"{path}.fallbacks",
                    f"has the inference pool {name!r} in a chain, which refers to a pool of its own namespace only",
                    "let the relay fall back, or leave the pool out",
                )
                for name in (*route.weights, *route.fallbacks)
                if name in pools
            ]
        total = sum(route.weights.values())
        if total != 100 or any(share < 0 for share in route.weights.values()):
            faults.append(
                Fault(
                    f"{path}.backends",
                    f"shares are {dict(route.weights)}, which is not a whole of 100",
                    "correct them",
                )
            )
    if pools and not spec.inference_pools:
        faults.append(
            Fault(
                "gateway.inference_pools",
                f"is false, but {', '.join(sorted(pools))} is a pool",
                "switch it on, or serve the model by a Service",
            )
        )
    return [*faults, *_shared_names(tuple(route.model for route in routes)), *_shared_chains(routes)]


def access_faults(
    spec: GatewaySpec, access: Mapping[str, Access], catalogue: Catalogue, *, all_known: bool = True
) -> list[Fault]:
    """Tenants of a tier without limits, with models that nobody serves, or more of them than fit.

    Unless the models of the stack are `all_known`, nothing is said of names that none of the others has.
    """
    tiers = ", ".join(sorted(spec.tiers))
    faults = [
        Fault(
            f"tenants.{name}.tier", f"is {one.tier!r}, which has no limits at the gateway: {tiers}", "add it"
        )
        for name, one in access.items()
        if one.tier not in spec.tiers
    ]
    faults += [
        Fault(
            f"tenants.{name}",
            f"has {len(name)} characters; its key at the gateway leaves room for {LONGEST_TENANT}",
            "give it a shorter name",
        )
        for name in access
        if len(name) > LONGEST_TENANT
    ]
    faults += [
        Fault(
            f"gateway.routes.{model}.variants.{variant}.tenants",
            f"has {tenant!r}, which is no tenant: {', '.join(sorted(access)) or 'none'}",
            "add the tenant, or drop it",
        )
        for model, route in spec.routes.items()
        for variant, one in route.variants.items()
        for tenant in one.tenants
        if tenant not in access
    ]
    if PLATFORM in access:
        faults.append(
            Fault(f"tenants.{PLATFORM}", "is what the platform's own agents call as", "rename the tenant")
        )
    served = answers(spec, catalogue).names
    if all_known and spec.installed:
        faults += [
            Fault(
                f"tenants.{name}.models",
                f"has {model!r}, which nothing serves: {', '.join(sorted(served)) or 'none'}",
                "name one of those, or drop it",
            )
            for name, one in access.items()
            for model in one.models or ()
            if model not in served
        ]
    return [*faults, *_too_long(spec, access, catalogue)]


def _too_long(spec: GatewaySpec, access: Mapping[str, Access], catalogue: Catalogue) -> list[Fault]:
    """Expressions name every tenant; their length is limited."""
    ids = tuple(("x" * ID_CHARACTERS, name) for name in access)
    models = tuple((route.model, route.owned_by) for route in routes_in_force(spec, catalogue))
    lengths = {
        "who is who": len(str(mapping(ids))),
        "tiers": len(tier_of(access)),
        "allowed models": len(may_use_model(access, catalogue.selection) or ""),
        "the list of models": len(model_list(models, access)),
    }
    return [
        Fault(
            "tenants",
            f"{len(access)} of them make the gateway's expression for {what} {length} characters long, "
            f"of {LONGEST} that are allowed",
            "move some to another stack, or drop their lists of models",
        )
        for what, length in lengths.items()
        if length > LONGEST
    ]


def _shared_chains(routes: Iterable[Route]) -> list[Fault]:
    """Fallbacks that would be one object, as of `a` by `vllm-b` and of `a-vllm` by `b`."""
    holder: dict[str, str] = {}
    return [
        Fault(
            f"gateway.routes.{route.model}.fallbacks",
            f"would be the same object as those of {holder[name]}, {name}",
            "rename a model",
        )
        for route in routes
        if route.fallbacks
        for backend in route.weights
        for name in (chain_name(route.model, backend),)
        if holder.setdefault(name, route.model) != route.model
    ]


def _shared_names(models: tuple[str, ...]) -> list[Fault]:
    holder: dict[str, str] = {}
    return [
        Fault(
            f"gateway.routes.{model}",
            f"would have the same route as {holder[route_name(model)]}",
            "rename it",
        )
        for model in models
        if holder.setdefault(route_name(model), model) != model
    ]
