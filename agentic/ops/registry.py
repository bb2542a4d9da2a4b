"""Asks a container registry which digest a tag stands for, anonymously, by the distribution protocol."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

TIMEOUT_SECONDS = 20
LARGEST_ANSWER = 8 * 2**20
ACCEPTED = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


class RegistryError(Exception):
    """The registry could not be asked, or did not answer with a manifest."""


def digest(repository: str, tag: str, *, scheme: str = "https") -> str:
    """Return the digest of what the tag names now: computed from the manifest, never taken on trust."""
    host, _, name = repository.partition("/")
    url = f"{scheme}://{host}/v2/{name}/manifests/{tag}"
    try:
        try:
            body, stated = _get(url, {"Accept": ACCEPTED})
        except HTTPError as refusal:
            if refusal.code != 401:
                raise
            token = _token(refusal.headers.get("WWW-Authenticate", ""), scheme)
            body, stated = _get(url, {"Accept": ACCEPTED, "Authorization": f"Bearer {token}"})
    except HTTPError as refusal:
        raise RegistryError(f"{host} answers {refusal.code} for {name}:{tag}") from None
    except (URLError, HTTPException, TimeoutError, OSError, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise RegistryError(f"{host} cannot be asked: {reason}") from None
    computed = f"sha256:{hashlib.sha256(body).hexdigest()}"
    if stated and stated != computed:
        raise RegistryError(f"{host} states {stated} for {name}:{tag}; its answer is {computed}")
    return computed


def _get(url: str, headers: Mapping[str, str]) -> tuple[bytes, str]:
    # The scheme is https, or http where a test serves on loopback: never what a registry's answer says.
    with urlopen(Request(url, headers=dict(headers)), timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - see above
        return answer.read(LARGEST_ANSWER), answer.headers.get("Docker-Content-Digest", "")


def _token(challenge: str, scheme: str) -> str:
    """Return an anonymous token for what the registry said it wants one for."""
    asked: dict[str, str] = dict(CHALLENGE.findall(challenge))
    realm = asked.pop("realm", "")
    if not realm.startswith(f"{scheme}://"):
        raise RegistryError(
            f"the registry asks for a token in a way this command does not know: {challenge!r}"
        )
    body, _ = _get(f"{realm}?{urlencode(asked)}", {})
    document: Any = json.loads(body)
    return str(document.get("token") or document.get("access_token") or "")
