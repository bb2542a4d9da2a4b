"""Who may do what in Valkey: a file of users with the hashes of their passwords, made in the cluster.

The chart can write such a file itself, but only when a pod starts, from a Secret that holds every password,
and it leaves one of them on the volume. Ours is a Secret that holds hashes; a container beside the server
has it read again when it changes, so that neither a new user nor a new password takes the server down.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.cache.spec import CacheUser, credential_name
from components.core.aws import Place
from components.secrets.spec import Remote, read_back, remote_key
from components.valkey.spec import RELEASE

SECRET = f"{RELEASE}-access"
MOUNT = "/access"
USERS_FILE = "users.acl"
REPLICATION_FILE = "replication.conf"
EXPORTER_FILE = "exporter.json"
OPERATOR_FILE = "operator"

OPERATOR = "operator"
"""Whom probes, exporter and reloader are: none of them sees a key."""
REPLICATION = "replication"

OWN_USERS = (OPERATOR, REPLICATION)

# No CONFIG: it would show the replicas' password.
_OPERATOR_COMMANDS = (
    "-@all +ping +info +acl|load +client|setname +slowlog|len +slowlog|get +latency|latest +latency|histogram"
)
_REPLICATION_COMMANDS = "-@all +psync +replconf +ping"

LOCAL = "rediss://localhost:6379"


def access(place: Place, users: Sequence[CacheUser]) -> dict[str, Any]:
    """The spec of the ExternalSecret that Valkey's pods mount.

    The template replaces what was read: but for the operator's and the replicas' own, no password arrives.
    """
    names = (*OWN_USERS, *(user.name for user in users))
    spec = read_back(
        SECRET,
        {name: Remote(key=remote_key(place, credential_name(name)), property="password") for name in names},
    )
    spec["target"]["template"] = {
        "engineVersion": "v2",
        "mergePolicy": "Replace",
        "data": {
            USERS_FILE: acl(users),
            REPLICATION_FILE: f"masteruser {REPLICATION}\nmasterauth {_password(REPLICATION)}\n",
            # The exporter looks its password up under the address with the user in it.
            EXPORTER_FILE: f'{{"{LOCAL.replace("//", f"//{OPERATOR}@")}": "{_password(OPERATOR)}"}}',
            OPERATOR_FILE: _password(OPERATOR),
        },
    }
    return spec


def acl(users: Sequence[CacheUser]) -> str:
    """The file of users as a template: nobody is let in without a name."""
    return "".join(
        (
            "user default off resetchannels -@all\n",
            _line(OPERATOR, _OPERATOR_COMMANDS),
            _line(REPLICATION, _REPLICATION_COMMANDS),
            *(_line(user.name, user.access) for user in users),
        )
    )


def _line(name: str, allowed: str) -> str:
    return f'user {name} on #{{{{ index . "{name}" | toString | sha256sum }}}} resetchannels {allowed}\n'


def _password(name: str) -> str:
    return f'{{{{ index . "{name}" | toString }}}}'
