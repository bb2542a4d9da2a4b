"""What may be said about the hand-over of tenants' applications to Argo CD."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from components.charts.pods import ContainerResources
from components.core.spec import DnsLabel, HostName, Spec

_URL = re.compile(r"https://[a-z0-9.-]+/[A-Za-z0-9._~/-]+")


def _https(url: str) -> str:
    if not _URL.fullmatch(url):
        raise ValueError(
            f"{url!r} is not an https address without user, port and wildcard; write for example "
            "https://github.com/acme/apps.git"
        )
    return url


Url = Annotated[str, AfterValidator(_https)]
"""Exact: a wildcard in a project would admit repositories that nobody has looked at."""

Group = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 _.:/@-]+$", min_length=1, max_length=128)]
"""A group of the identity provider; no comma and no quote, which end a field of Argo CD's policy."""


def host_of(url: str) -> str:
    """The host of an https address."""
    return url.removeprefix("https://").partition("/")[0]


class RepositorySpec(Spec):
    """A Git repository that a tenant's applications may come from."""

    url: Url = Field(description="Its https address, exact.")
    secret: DnsLabel | None = Field(
        default=None,
        description=(
            "One of the stack's `secrets`, with the keys `username` and `password` (a token), read into Argo "
            "CD's namespace. None: the repository is public."
        ),
    )


class ApplicationSpec(Spec):
    """One application: a folder of a repository, kept as it is there."""

    repository: Url = Field(description="One of the tenant's repositories, by its address.")
    path: str = Field(default=".", min_length=1, max_length=256, description="The folder in it.")
    revision: str = Field(
        min_length=1, max_length=128, description="Branch, tag or commit; a branch is followed."
    )
    prune: bool = Field(default=True, description="What is gone from Git is deleted from the cluster.")


class HandoverSpec(Spec):
    """What one tenant hands over."""

    repositories: list[RepositorySpec] = Field(min_length=1, description="Where its applications come from.")
    applications: dict[DnsLabel, ApplicationSpec] = Field(
        default_factory=dict, description="Its applications by name; more may be made in Argo CD itself."
    )
    groups: list[Group] = Field(
        default_factory=list[str],
        description="Groups of the identity provider that may see and synchronise the tenant's applications.",
    )


class OidcSpec(Spec):
    """Who may sign in."""

    issuer: Url = Field(description="The issuer of the identity provider, as its discovery document has it.")
    client_id: str = Field(min_length=1, max_length=256, description="Argo CD's client there.")
    client_secret: DnsLabel | None = Field(
        default=None,
        description=(
            "One of the stack's `secrets`, with the key `client-secret`. None: a public client, with PKCE."
        ),
    )
    admin_groups: list[Group] = Field(
        default_factory=list[str], description="Groups that may do everything in Argo CD."
    )


class ArgoCdSpec(Spec):
    """Argo CD, bound to the namespaces of the tenants named here."""

    enabled: bool = Field(
        default=False, description="Install Argo CD; off, everything in the stack is Pulumi's."
    )
    host: HostName | None = Field(
        default=None,
        description="The name under which browsers reach it. None: only by `kubectl port-forward`.",
    )
    oidc: OidcSpec | None = Field(
        default=None,
        description="Who may sign in. None: nobody; there is no local administrator, Git alone decides.",
    )
    replicas: int = Field(
        default=1, ge=1, le=3, description="Pods of the API and of the repository server; each stands alone."
    )
    controller_resources: ContainerResources = Field(
        default=ContainerResources(cpu="250m", memory="512Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of the application controller; memory grows with the objects it watches.",
    )
    repo_server_resources: ContainerResources = Field(
        default=ContainerResources(cpu="100m", memory="256Mi", cpu_limit="1", memory_limit="1Gi"),
        description="Of each repository server; it renders charts.",
    )
    tenants: dict[DnsLabel, HandoverSpec] = Field(
        default_factory=dict, description="What is handed over, by tenant."
    )
