"""The pods of agents: kagent makes them, so a plan would not see them otherwise."""

from __future__ import annotations

from collections.abc import Mapping

from components.agents.names import CONTAINER, account, selector
from components.agents.spec import ByoAgentSpec, DeclarativeAgentSpec
from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload
from components.charts.supplied import image_of
from components.kagent.spec import AGENT_PORT, release_name


def pods(agents: Mapping[str, DeclarativeAgentSpec | ByoAgentSpec]) -> tuple[PodClass, ...]:
    """Every agent's pods at their most."""
    return tuple(_agent(name, spec) for name, spec in agents.items())


def _agent(name: str, spec: DeclarativeAgentSpec | ByoAgentSpec) -> PodClass:
    return PodClass(
        release=release_name(spec.tenant),
        namespace=spec.namespace,
        kind=Workload.DEPLOYMENT,
        name=name,
        labels=selector(name),
        ports=(Port("http", AGENT_PORT),),
        pod_security=PodSecurity.RESTRICTED,
        service_account=account(name),
        containers=(
            Container(
                name=CONTAINER,
                image=images.KAGENT_APP if isinstance(spec, DeclarativeAgentSpec) else image_of(spec.image),
                resources=spec.resources,
            ),
        ),
        replicas=spec.scaling.max_replicas,
    )
