"""What the set-up job runs: roles and databases that are missing are made, passwords are set, always.

Names and passwords never pass through SQL text of ours: psql quotes its variables, `format` quotes names on
the server, and `\\password` sends a hash, so that no password is in the server's log or its statistics.
"""

from __future__ import annotations

from collections.abc import Sequence

from components.postgres.spec import DatabaseUser

SCRIPT_MOUNT = "/script"
PASSWORDS_MOUNT = "/passwords"

ROLE_SQL = r"""
\set ON_ERROR_STOP on
SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role')
\gexec
-- The master is no superuser in RDS: to give a database away it has to be able to become the new owner.
SELECT format('GRANT %I TO CURRENT_USER', :'role')
\gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'role')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role')
\gexec
-- By default every role may connect to every database.
SELECT format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', :'role')
\gexec
"""

LOGIN_SQL = r"""
\set ON_ERROR_STOP on
\password :"role"
"""

EXTENSION_SQL = r"""
\set ON_ERROR_STOP on
CREATE EXTENSION IF NOT EXISTS :"extension";
"""

# `\password` asks twice, at the terminal, or where there is none at standard input.
SCRIPT = """\
set -eu
while read -r role extensions; do
  echo "$role: role and database"
  psql -X -q -v role="$role" -f role.sql
  echo "$role: password"
  password=$(cat "$PASSWORDS/$role")
  printf '%s\\n%s\\n' "$password" "$password" | psql -X -q -v role="$role" -f login.sql
  for extension in $extensions; do
    echo "$role: extension $extension"
    psql -X -q -d "$role" -v extension="$extension" -f extension.sql
  done
done < users
echo done
"""


def files(users: Sequence[DatabaseUser]) -> dict[str, str]:
    """The job's directory: the script, its SQL, and one line for each user."""
    return {
        "bootstrap.sh": SCRIPT,
        "role.sql": ROLE_SQL.lstrip(),
        "login.sql": LOGIN_SQL.lstrip(),
        "extension.sql": EXTENSION_SQL.lstrip(),
        "users": "".join(f"{' '.join((user.name, *user.extensions))}\n" for user in users),
    }
