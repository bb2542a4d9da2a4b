"""The cluster a provider points at must exist, or every call is refused as unreachable."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentic.sandbox.providers.data import map_of
from agentic.sandbox.providers.kinds import ResourceError


@dataclass(frozen=True)
class Target:
    """What a kubeconfig says of its cluster."""

    cluster: str
    region: str
    server: str

    @classmethod
    def from_kubeconfig(cls, text: str) -> Target:
        """Read the cluster's name from the arguments of `aws eks get-token`, its only place in a kubeconfig."""
        import yaml

        try:
            config: Any = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both safe
            server = str(config["clusters"][0]["cluster"]["server"])
            arguments = [str(item) for item in config["users"][0]["user"]["exec"]["args"]]
        except (yaml.YAMLError, KeyError, IndexError, TypeError) as error:
            raise ResourceError(
                "InvalidKubeconfig",
                "the kubeconfig needs a cluster with a server and a user with exec `aws eks get-token`",
            ) from error
        name = _after(arguments, "--cluster-name") or _after(arguments, "--name") or _after(arguments, "-i")
        if not name:
            raise ResourceError("InvalidKubeconfig", "the kubeconfig's exec arguments name no --cluster-name")
        return cls(name, _after(arguments, "--region") or "us-east-1", server)


def _after(arguments: list[str], flag: str) -> str | None:
    return arguments[arguments.index(flag) + 1] if flag in arguments[:-1] else None


class Reach:
    """Asks AWS once whether the cluster is there."""

    def __init__(self, target: Target | None, aws: Any) -> None:
        """Ask through `aws`."""
        self.target = target
        self._aws = aws
        self._seen: Mapping[str, Any] | None = None
        self._guard = threading.Lock()

    def require(self) -> Target:
        """Give the cluster's name or raise Unreachable."""
        if self.target is None:
            raise ResourceError(
                "Unreachable", "configured Kubernetes cluster is unreachable: the provider has no kubeconfig"
            )
        with self._guard:
            if self._seen is None:
                found = self._aws.look(
                    "eks", "describe_cluster", {"name": self.target.cluster}, self.target.region
                )
                self._seen = None if found is None else found["cluster"]
        if self._seen is None:
            raise ResourceError(
                "Unreachable",
                f"configured Kubernetes cluster is unreachable: AWS has no EKS cluster {self.target.cluster!r}"
                f" in {self.target.region}",
            )
        return self.target

    @property
    def version(self) -> str:
        """The cluster's Kubernetes version, empty while there is no cluster."""
        try:
            self.require()
        except ResourceError:
            return ""
        assert self._seen is not None
        return str(self._seen["version"])

    @property
    def auto_mode(self) -> bool:
        """Whether EKS Auto Mode is on."""
        return bool(self._seen and map_of(self._seen.get("computeConfig")).get("enabled"))
