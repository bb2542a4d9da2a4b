"""A real API server, read with the operator's own kubeconfig through the Kubernetes client."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from agentic.ops.status import helm_secret
from agentic.ops.status.cluster import SECRETS, Api, Listing, Object, Releases, Unreachable, part
from agentic.ops.status.finding import State
from agentic.ops.status.kube_context import chosen, contexts
from components.core.aws import Place

CONNECT_SECONDS, READ_SECONDS = 5.0, 30.0
"""A private endpoint from outside its network does not refuse: it stays silent."""

PAGE = 500
_PRIVATE = (
    "the endpoint is private: connect to its network (VPN, a host in the VPC), then run the command again; "
    "`aws eks describe-cluster` answers from anywhere"
)


@dataclass(frozen=True, kw_only=True)
class KubeCluster:
    """One cluster; `client` is the Kubernetes client's ApiClient."""

    client: Any
    title: str
    has_controllers: bool = True

    @property
    def host(self) -> str:
        """Where it answers."""
        return str(self.client.configuration.host)

    def version(self) -> str:
        """The version that answers; Unreachable where none does."""
        status, body = self._get("/version", {})
        if status == 401:
            raise Unreachable(
                f"{self.host} does not know who asks (401)",
                remedy="sign in again (for example `aws sso login`); your role needs an access entry of the cluster",
            )
        return str(body.get("gitVersion", f"HTTP {status}"))

    def list(self, api: Api, *, labels: str = "", fields: str = "") -> Listing:
        """All pages of a list; a refusal is an answer, a kind that is not served has no objects."""
        items: list[Object] = []
        query = {"labelSelector": labels, "fieldSelector": fields, "limit": str(PAGE), "continue": ""}
        while True:
            status, body = self._get(api.path, {key: value for key, value in query.items() if value})
            if status == 404:
                return Listing(served=False)
            if status != 200:
                said = " ".join(str(body.get("message") or f"HTTP {status}").split())
                return Listing(missing=State.UNKNOWN, why=said)
            found: Any = body.get("items") or []
            items += cast("list[Object]", found)
            query["continue"] = str(part(body, "metadata").get("continue") or "")
            if not query["continue"]:
                return Listing(items=tuple(items))

    def releases(self) -> Releases:
        """Helm's own Secrets, the newest of each release."""
        listing = self.list(SECRETS, labels=helm_secret.OWNED)
        if listing.missing is not None:
            return Releases(missing=listing.missing, why=listing.why)
        return Releases(facts=helm_secret.newest(listing.items))

    def _get(self, path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        headers = {"Accept": "application/json"}
        request = self.client.param_serialize(
            "GET",
            path,
            query_params=list(query.items()),
            header_params=headers,
            auth_settings=["BearerToken"],
        )
        try:
            answer = self.client.call_api(*request, _request_timeout=(CONNECT_SECONDS, READ_SECONDS))
            text = answer.read()
        except (HTTPError, ApiException, OSError) as error:
            raise Unreachable(
                f"the API server at {self.host} does not answer: {_first_line(error)}", remedy=_PRIVATE
            ) from None
        try:
            body: Any = json.loads(text)
        except ValueError:
            body = {}
        return int(answer.status), cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def of_kubeconfig(place: Place, wanted: str | None) -> KubeCluster:
    """The stack's cluster by the operator's kubeconfig; Unreachable says what is missing from it."""
    from kubernetes.config import ConfigException
    from kubernetes.config.kube_config import KUBE_CONFIG_DEFAULT_LOCATION, KubeConfigMerger

    try:
        document = KubeConfigMerger(KUBE_CONFIG_DEFAULT_LOCATION).config
    except (ConfigException, OSError, ValueError) as error:
        raise _no_kubeconfig(place, error) from None
    if document is None:
        raise _no_kubeconfig(place, f"there is no file at {KUBE_CONFIG_DEFAULT_LOCATION}")
    plain = _plain(document)
    name = chosen(contexts(plain), place, wanted, plain.get("current-context"))
    # Not the plain one: its nodes know the files they come from, which relative paths in them start from.
    return of_document(document, name, title=f"context {name}")


def _plain(node: Any) -> Any:
    """What a merged kubeconfig holds: its entries are nodes that remember the file they came from."""
    value = getattr(node, "value", node)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in cast("dict[str, Any]", value).items()}
    return [_plain(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def of_document(document: Any, context: str, *, title: str, has_controllers: bool = True) -> KubeCluster:
    """The cluster of one context of a kubeconfig that was read already."""
    from kubernetes.client import ApiClient, Configuration
    from kubernetes.config import ConfigException
    from kubernetes.config.kube_config import KubeConfigLoader

    settings = Configuration()
    settings.retries = False  # pyright: ignore[reportAttributeAccessIssue] - urllib3 takes it, the client says int
    with _said_by_credentials() as said:
        try:
            # Annotated for one of the two forms of document that it takes.
            make = cast("Any", KubeConfigLoader)
            make(config_dict=document, config_base_path=None, active_context=context).load_and_set(settings)
        except ConfigException as error:
            raise Unreachable(
                f"the kubeconfig's context {context!r} cannot be used: {_first_line(error)}",
                remedy="write it anew with `aws eks update-kubeconfig`",
            ) from None
    if said:
        raise Unreachable(
            f"the credentials of context {context!r} could not be had: {said[0]}",
            remedy="sign in (for example `aws sso login`); the AWS CLI must be on PATH",
        )
    return KubeCluster(client=ApiClient(settings), title=title, has_controllers=has_controllers)


def _no_kubeconfig(place: Place, reason: object) -> Unreachable:
    return Unreachable(
        f"no kubeconfig could be read: {_first_line(reason)}",
        remedy=f"run `aws eks update-kubeconfig --name {place.cluster_name} --region {place.region}`",
    )


@contextmanager
def _said_by_credentials() -> Generator[list[str]]:
    """What the client only logs when a credential plugin fails: without it all that shows is a 401."""
    said: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(_first_line(record.getMessage()))

    handler, logger = Kept(level=logging.ERROR), logging.getLogger()
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)


def _first_line(error: object) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
