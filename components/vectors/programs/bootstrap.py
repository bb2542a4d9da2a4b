"""Makes what `wanted.json` says there should be in a Milvus, and nothing twice. Standard library only.

Runs in a Job, over Milvus's REST API. What is there and right is left alone; what is missing is made; a
collection that differs is never touched: its rows could not follow. Leaves with 3 where a person has to decide.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

Json = dict[str, Any]

REFUSED = 3
"""A person has to decide: trying again would find the same."""
MINE = "agentic_"
"""How the roles begin that this program made; others are left alone."""
NOT_AUTHENTICATED = 1800
PATIENCE_SECONDS = float(os.environ.get("PATIENCE_SECONDS", "180"))
PAUSE_SECONDS = float(os.environ.get("PAUSE_SECONDS", "5"))
CALL_SECONDS = 60.0


class Refusal(Exception):  # noqa: N818 - reads as what it is
    """What is there differs from what is wanted, and cannot be changed in place."""


class MilvusError(Exception):
    """Milvus said no."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Milvus:
    """One server, as one user."""

    def __init__(self, uri: str, user: str, password: str) -> None:
        self._uri, self._token = uri.rstrip("/"), f"{user}:{password}"

    def call(self, path: str, **body: Any) -> Any:
        """The `data` of an answer; MilvusError with the server's words."""
        request = urllib.request.Request(  # noqa: S310 - the address comes with the program
            f"{self._uri}/v2/vectordb/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:  # noqa: S310
                said = json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code == 401:
                raise MilvusError(NOT_AUTHENTICATED, "user or password is not right") from None
            raise MilvusError(error.code, error.read(500).decode(errors="replace")) from None
        # Milvus answers 200 to what it refuses; some versions say 200 here, others 0.
        if said.get("code") not in (0, 200):
            raise MilvusError(int(said.get("code", -1)), f"{path}: {said.get('message', 'no reason given')}")
        return said.get("data")


def log(text: str) -> None:
    """One line for `kubectl logs`."""
    print(text, flush=True)


def wait_for(milvus: Milvus) -> None:
    """Until Milvus answers: it may start at the same time, and loads its own state first."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            milvus.call("databases/list")
            return
        except MilvusError as error:
            if error.code == NOT_AUTHENTICATED:
                raise
            reason: object = error
        except OSError as error:
            reason = getattr(error, "reason", error)
        if time.monotonic() > deadline:
            raise SystemExit(f"Milvus does not answer after {PATIENCE_SECONDS:g} s: {reason}")
        time.sleep(PAUSE_SECONDS)


def make_database(milvus: Milvus, name: str) -> None:
    """The database is there."""
    if name not in milvus.call("databases/list"):
        milvus.call("databases/create", dbName=name)
        log(f"database {name}: made")


def make_collection(milvus: Milvus, database: str, wanted: Json) -> None:
    """The collection is there with its index, and in memory; Refusal where it is another one."""
    name, where = wanted["name"], f"collection {database}.{wanted['name']}"
    here = {"dbName": database, "collectionName": name}
    if name not in (milvus.call("collections/list", dbName=database) or ()):
        milvus.call("collections/create", **here, schema=wanted["schema"], params=wanted["params"])
        log(f"{where}: made")
    found = milvus.call("collections/describe", **here)
    refuse_another(where, fields_wanted(wanted["schema"]), fields_found(found["fields"]))
    make_index(milvus, where, here, wanted["index"])
    properties = {one["key"]: str(one["value"]) for one in found.get("properties") or ()}
    late = {key: value for key, value in wanted["properties"].items() if properties.get(key) != value}
    if late:
        milvus.call("collections/alter_properties", **here, properties=late)
        log(f"{where}: {', '.join(f'{key} = {value}' for key, value in late.items())}")
    state = milvus.call("collections/get_load_state", **here)
    if state.get("loadState") not in ("LoadStateLoaded", "LoadStateLoading"):
        milvus.call("collections/load", **here)
        log(f"{where}: loads")


def fields_wanted(schema: Json) -> dict[str, str]:
    """What each field should be, in words that can be compared."""
    return {
        one["fieldName"]: in_words(
            one["dataType"],
            one.get("elementTypeParams") or {},
            primary=bool(one.get("isPrimary")),
            partition_key=bool(one.get("isPartitionKey")),
        )
        for one in schema["fields"]
    }


def fields_found(fields: list[Json]) -> dict[str, str]:
    """What each field is, in the same words."""
    return {
        one["name"]: in_words(
            one["type"],
            {pair["key"]: pair["value"] for pair in one.get("params") or ()},
            primary=bool(one.get("primaryKey")),
            partition_key=bool(one.get("partitionKey")),
        )
        for one in fields
    }


def in_words(kind: str, params: Json, *, primary: bool, partition_key: bool) -> str:
    """For example `VarChar(64) partition key`."""
    size = params.get("max_length", params.get("dim"))
    return " ".join(
        part
        for part in (
            kind if size is None else f"{kind}({size})",
            "primary key" if primary else "",
            "partition key" if partition_key else "",
        )
        if part
    )


def refuse_another(where: str, wanted: dict[str, str], found: dict[str, str]) -> None:
    """Refusal where a field differs: Milvus changes no field of a collection that is there."""
    differ = [
        f"{name} is {found.get(name, 'missing')}, wanted is {wanted.get(name, 'none')}"
        for name in sorted({*wanted, *found})
        if wanted.get(name) != found.get(name)
    ]
    if differ:
        raise Refusal(
            f"{where} differs: {'; '.join(differ)}. Give the new one another name and fill it, "
            "or drop this one with all its rows"
        )


def make_index(milvus: Milvus, where: str, here: Json, wanted: Json) -> None:
    """The index is there; its name holds its parameters, since Milvus does not say them here."""
    names: list[str] = milvus.call("indexes/list", **here) or []
    if not names:
        milvus.call("indexes/create", **here, indexParams=[wanted])
        log(f"{where}: index {wanted['indexName']} is built")
    elif wanted["indexName"] not in names:
        raise Refusal(
            f"{where} has the index {', '.join(names)}, wanted is {wanted['indexName']}. Searches stop while "
            "an index is replaced: release the collection and drop the index when that is right, then run this again"
        )


def make_user(milvus: Milvus, uri: str, wanted: Json, password: str) -> None:
    """The user is there with this password, and may do exactly what is said."""
    name, role = wanted["name"], MINE + wanted["name"]
    if name not in milvus.call("users/list"):
        milvus.call("users/create", userName=name, password=password)
        log(f"user {name}: made")
    elif not knows_password(uri, wanted, password):
        # Changing a password asks for the old one, which nobody has any more. What a user may do is its role's.
        milvus.call("users/drop", userName=name)
        milvus.call("users/create", userName=name, password=password)
        log(f"user {name}: has the new password")
    if role not in milvus.call("roles/list"):
        milvus.call("roles/create", roleName=role)
        log(f"role {role}: made")
    set_grants(milvus, role, wanted["grants"])
    if role not in (milvus.call("users/describe", userName=name) or ()):
        milvus.call("users/grant_role", userName=name, roleName=role)
        log(f"user {name}: has the role {role}")


def knows_password(uri: str, wanted: Json, password: str) -> bool:
    """Whether the user gets in with it; what it may do then is another question."""
    try:
        Milvus(uri, wanted["name"], password).call("collections/list", dbName=wanted["database"])
    except MilvusError as error:
        return error.code != NOT_AUTHENTICATED
    return True


def set_grants(milvus: Milvus, role: str, wanted: list[Json]) -> None:
    """The role may do what is wanted, and what it might do before and should not is taken away."""
    asked = {(one["privilege"], one["dbName"], one["collectionName"]) for one in wanted}
    # Of every database: without it Milvus says those in `default` alone (rootcoord, kv_catalog.go, ListGrant).
    found = {
        (one["privilege"], one.get("dbName") or "default", one.get("objectName") or "*")
        for one in milvus.call("roles/describe", roleName=role, dbName="*") or ()
    }
    for path, grants in (
        ("roles/grant_privilege_v2", asked - found),
        ("roles/revoke_privilege_v2", found - asked),
    ):
        for privilege, database, collection in sorted(grants):
            milvus.call(path, roleName=role, privilege=privilege, dbName=database, collectionName=collection)
            log(f"role {role}: {path.split('/')[1].split('_')[0]} {privilege} on {database}.{collection}")


def drop_left_users(milvus: Milvus, wanted: list[Json]) -> None:
    """Whoever is no longer wanted gets in no more; databases and their rows stay."""
    names = {one["name"] for one in wanted}
    users = milvus.call("users/list")
    for role in milvus.call("roles/list"):
        user = role.removeprefix(MINE)
        if role.startswith(MINE) and user not in names and user in users:
            milvus.call("users/drop", userName=user)
            log(f"user {user}: dropped, nobody wants it; its data stays")


def main() -> int:
    """Everything, in the order in which the parts need each other."""
    wanted = json.loads(Path(os.environ.get("WANTED", "wanted.json")).read_text())
    passwords = Path(os.environ["PASSWORDS"])
    uri = os.environ["MILVUS_URI"]
    milvus = Milvus(uri, "root", Path(os.environ["ROOT_PASSWORD_FILE"]).read_text().strip())
    refused: list[str] = []
    try:
        wait_for(milvus)
        for database in wanted["databases"]:
            make_database(milvus, database["name"])
            for collection in database["collections"]:
                try:
                    make_collection(milvus, database["name"], collection)
                except Refusal as refusal:
                    # The others are made all the same, and users get in.
                    refused.append(str(refusal))
        for user in wanted["users"]:
            make_user(milvus, uri, user, (passwords / user["name"]).read_text().strip())
        drop_left_users(milvus, wanted["users"])
    except (MilvusError, OSError) as error:
        log(f"failed: {error}")
        return 1
    for text in refused:
        log(f"refused: {text}")
    log("refused" if refused else "done")
    return REFUSED if refused else 0


if __name__ == "__main__":
    sys.exit(main())
