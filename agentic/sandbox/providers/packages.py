"""Each package is put together here, importing only what it needs."""

from __future__ import annotations

from typing import Any

from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, InjectedFailure, Throttled
from agentic.sandbox.providers.journal import Journal
from agentic.sandbox.providers.kinds import Provider, ResourceError
from agentic.sandbox.providers.lifecycle import LifeCycle
from agentic.sandbox.providers.servicer import Servicer
from agentic.sandbox.providers.settings import Settings

REFUSALS = (ResourceError, Throttled, InjectedFailure)


def servicer_for(package: str, settings: Settings) -> Any:
    """Give the gRPC servicer of a package."""
    database = Database(settings.directory)
    faults = Faults(settings.faults, database)
    return Servicer(
        _provider(package, settings, database, faults), LifeCycle(Journal(database), faults), REFUSALS
    )


def _provider(package: str, settings: Settings, database: Database, faults: Faults) -> Provider:
    if package == "aws":
        from agentic.sandbox.providers.aws.provider import AwsProvider

        return AwsProvider(settings, database, faults)
    if package == "eks":
        from agentic.sandbox.providers.eks.provider import EksProvider

        return EksProvider()
    from agentic.sandbox.providers.kubernetes.provider import KubernetesProvider

    return KubernetesProvider(settings, database, faults)
