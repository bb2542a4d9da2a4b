"""Cognito's resource servers, of which moto knows how to make one and not how to change or remove it."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError, Moto, Records

_SERVER = "cognito-resource-server"


class Operations:
    """The operations, named as boto3 names them; the pool they are in is moto's."""

    def __init__(
        self, records: Records, _completions: Records, region: str, _account: Callable[[], str], moto: Moto
    ) -> None:
        """Keep servers in `records`, region by region."""
        self._records = records
        self._region = region
        self._moto = moto

    def create_resource_server(self, UserPoolId: str, Identifier: str, **more: Any) -> dict[str, Any]:
        """Refuse a pool that does not exist, and a second server of one identifier."""
        self._moto("cognito-idp", "describe_user_pool", UserPoolId=UserPoolId)
        server = {
            "UserPoolId": UserPoolId,
            "Identifier": Identifier,
            "Name": more["Name"],
            "Scopes": more.get("Scopes", []),
        }
        if not self._records.add(_SERVER, self._place(UserPoolId, Identifier), server):
            raise AwsError(
                "InvalidParameterException", f"{Identifier} already exists in user pool {UserPoolId}."
            )
        return {"ResourceServer": server}

    def describe_resource_server(self, UserPoolId: str, Identifier: str) -> dict[str, Any]:
        """Give a server, whose pool has to be there."""
        self._moto("cognito-idp", "describe_user_pool", UserPoolId=UserPoolId)
        server = self._records.get(_SERVER, self._place(UserPoolId, Identifier))
        if server is None:
            raise _absent(Identifier)
        return {"ResourceServer": server}

    def update_resource_server(self, UserPoolId: str, Identifier: str, **more: Any) -> dict[str, Any]:
        """Write name and scopes."""
        found: dict[str, Any] = self.describe_resource_server(UserPoolId, Identifier)["ResourceServer"]
        server = {**found, "Name": more["Name"], "Scopes": more.get("Scopes", [])}
        self._records.put(_SERVER, self._place(UserPoolId, Identifier), server)
        return {"ResourceServer": server}

    def delete_resource_server(self, UserPoolId: str, Identifier: str) -> dict[str, Any]:
        """Remove a server."""
        if not self._records.drop(_SERVER, self._place(UserPoolId, Identifier)):
            raise _absent(Identifier)
        return {}

    def list_resource_servers(self, UserPoolId: str, **_: Any) -> dict[str, Any]:
        """List the servers of a pool."""
        return {"ResourceServers": self._records.all(_SERVER, f"{self._place(UserPoolId)}|")}

    def _place(self, *parts: str) -> str:
        return "|".join((self._region, *parts))


def _absent(identifier: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"Resource server: {identifier} does not exist.")
