"""A kubernetes provider over the embedded store, before an AWS that has one EKS cluster."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults, FaultSpec
from agentic.sandbox.providers.kinds import Named, Observed
from agentic.sandbox.providers.kubernetes.provider import KubernetesProvider
from agentic.sandbox.providers.settings import Settings


class OneCluster:
    """Stands for AWS: the cluster `here`, its version, its add-ons."""

    def __init__(self) -> None:
        self.addons: list[str] = []
        self.cluster: dict[str, Any] = {"version": "1.35"}
        self.names = {"here"}

    def look(self, service: str, method: str, arguments: Mapping[str, str], region: str) -> Any:
        assert (service, method) == ("eks", "describe_cluster")
        return {"cluster": self.cluster} if arguments["name"] in self.names else None

    def call(self, service: str, method: str, arguments: Mapping[str, str], region: str) -> Any:
        assert (service, method) == ("eks", "list_addons")
        return {"addons": self.addons}


def kubeconfig(cluster: str, server: str = "https://one") -> str:
    command = {"command": "aws", "args": ["eks", "get-token", "--cluster-name", cluster]}
    return json.dumps({"clusters": [{"cluster": {"server": server}}], "users": [{"user": {"exec": command}}]})


class Kubernetes:
    """Drives one provider as the engine would."""

    def __init__(self, database: Database, crds: Path | None, api_server: Path | None = None) -> None:
        self.database = database
        self.aws = OneCluster()
        settings = Settings(database.path.parent, "http://127.0.0.1:9", FaultSpec(), crds, api_server)
        self.provider = KubernetesProvider(settings, database, Faults(FaultSpec(), database))
        self.provider._aws = self.aws  # type: ignore[assignment]
        self.configure(kubeconfig=kubeconfig("here"))

    def configure(self, **inputs: Any) -> None:
        self.provider.configure(inputs)

    def check(
        self, token: str, olds: Mapping[str, Any] | None = None, **body: Any
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return self.provider.kind(token).check(self.named(token), olds or {}, body)

    @staticmethod
    def named(token: str, name: str = "thing") -> Named:
        return Named(f"urn:pulumi:test::project::{token}::{name}", name, b"seed")

    def apply(self, token: str, **body: Any) -> str:
        inputs, faults = self.check(token, **body)
        assert faults == []
        return self.provider.kind(token).create(self.named(token), inputs)

    def see(self, token: str, identity: str) -> Observed | None:
        return self.provider.kind(token).read(identity, None)

    def namespace(self, name: str) -> str:
        return self.apply("kubernetes:core/v1:Namespace", metadata={"name": name})


@pytest.fixture
def kubernetes_with(database: Database) -> Callable[[Path | None], Kubernetes]:
    return lambda crds: Kubernetes(database, crds)


@pytest.fixture
def kubernetes(database: Database) -> Kubernetes:
    return Kubernetes(database, None)
