"""Which models the stack's own agents and tools ask the gateway for, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.core.faults import Fault
from components.gateway.asked import Asked, answers, asked_faults
from components.models.names import server_name
from components.tools.spec import RetrievalToolSpec
from stacks.catalogue import declared_catalogue

if TYPE_CHECKING:
    from stacks.config import PlatformConfig  # which is checked by these rules


def asked_of_the_gateway(config: PlatformConfig) -> list[Fault]:
    """Faults of every name that an agent, a workflow or a search asks the gateway for."""
    if not config.gateway.installed:
        return _agents_without_a_gateway(config)
    found = answers(
        config.gateway,
        declared_catalogue(config),
        vectors=config.relay.names_of_vectors,
        writers=[
            server_name(model.engine, key) for key, model in config.models.items() if model.engine != "byo"
        ],
    )
    return [*asked_faults((*_agents(config), *_searches(config)), found), *_refused_searches(config)]


def _agents(config: PlatformConfig) -> Iterator[Asked]:
    for section, said in (("agents", config.agents), ("workflows", config.workflows)):
        for name, one in said.items():
            path = f"{section}.{name}"
            yield Asked(path=f"{path}.model.name", model=one.model.name)
            if one.memory.long_term:
                model = one.memory.long_term.embedding_model
                yield Asked(path=f"{path}.memory.long_term.embedding_model", model=model, vectors=True)


def _searched(config: PlatformConfig) -> Iterator[tuple[str, RetrievalToolSpec, str]]:
    """Tools that search a collection there is, with the model that makes vectors of their questions."""
    for name, tool in sorted(config.tools.items()):
        if isinstance(tool, RetrievalToolSpec):
            collection = config.vectors.collections_of(tool.tenant).get(tool.collection)
            if collection is not None:
                yield name, tool, collection.embedding_model


def _searches(config: PlatformConfig) -> Iterator[Asked]:
    # A fault of a collection is one, however many tools search it.
    for collection, (name, model) in {
        tool.collection: (name, model) for name, tool, model in _searched(config)
    }.items():
        yield Asked(
            path=f"vectors.collections.{collection}.embedding_model",
            model=model,
            vectors=True,
            why=f"tools.{name} turns questions into vectors with",
        )


def _refused_searches(config: PlatformConfig) -> list[Fault]:
    """A tenant's tool asks with the tenant's key, and so for no more than its tenant may."""
    faults: list[Fault] = []
    for name, tool, model in _searched(config):
        tenant = config.tenants.get(tool.tenant or "")
        allowed = None if tenant is None else tenant.models
        if allowed is not None and model not in allowed:
            faults.append(
                Fault(
                    f"tools.{name}.collection",
                    f"is searched with vectors of {model}, for which the gateway refuses tenant {tool.tenant}; it may "
                    f"ask for: {', '.join(sorted(allowed)) or 'none'}",
                    f"add it to tenants.{tool.tenant}.models",
                )
            )
    return faults


def _agents_without_a_gateway(config: PlatformConfig) -> list[Fault]:
    names = sorted((*config.agents, *config.workflows)) if config.kagent.enabled else []
    if not names:
        return []
    return [
        Fault(
            "gateway",
            f"is off, and {', '.join(names)} would ask their models there",
            "give it a host and leave it on, or drop the agents",
        )
    ]
