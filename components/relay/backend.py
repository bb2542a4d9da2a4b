"""What the relay tells the gateway: itself as a backend, and the names that it answers to."""

from __future__ import annotations

from components.gateway.spec import Catalogue, RelayBackend, Route, SecretKey, Selection
from components.relay import cel
from components.relay.hook.selection import AUTO
from components.relay.names import BACKEND, GATEWAY_SECRET, GATEWAY_SECRET_KEY, NAME, NAMESPACE, PORT
from components.relay.spec import RelaySpec


def catalogue(spec: RelaySpec) -> Catalogue:
    """The relay for every name that no model of the cluster has; its own names are listed to clients."""
    if not spec.enabled:
        return Catalogue()
    named = {
        **{name: model.provider for name, model in spec.models.items()},
        **{alias: spec.models[model].provider for alias, model in spec.aliases.items()},
        **dict.fromkeys(spec.tiers, "platform"),
    }
    relay = RelayBackend(
        name=BACKEND,
        service=NAME,
        namespace=NAMESPACE,
        port=PORT,
        secret=SecretKey(name=GATEWAY_SECRET, key=GATEWAY_SECRET_KEY),
        serves=tuple(sorted(named)),
        asked_as=AUTO,
    )
    return Catalogue(
        backends=(relay,),
        routes=tuple(
            Route(model=name, weights={BACKEND: 100}, owned_by=owner) for name, owner in sorted(named.items())
        ),
        default=BACKEND,
        selection=Selection(asked_as=AUTO, chosen=cel.selected()),
    )
