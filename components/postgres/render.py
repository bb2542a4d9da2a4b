"""What the database is set to, what its users are told, and what the set-up job is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pulumi import Input, Output
from pulumi_aws.rds import ParameterGroupParameterArgsDict
from pulumi_kubernetes.batch.v1 import JobSpecArgsDict

from components.charts.jobs import digest, job_spec
from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.core.labels import managed_labels
from components.core.names import bounded
from components.core.tenant_reader import TenantReader, credential_arn, reads
from components.postgres.bootstrap import PASSWORDS_MOUNT, SCRIPT_MOUNT, files
from components.postgres.pods import UID, job_name, job_pod
from components.postgres.spec import (
    PORT,
    TENANT_PART,
    DatabaseUser,
    PostgresSpec,
    credential_name,
    tenant_user,
)
from components.secrets.spec import Remote, read_back, remote_key

IDENTIFIER_LIMIT = 63  # RDS: DB instance identifier
CERTIFICATE_AUTHORITY = "rds-ca-rsa2048-g1"
LOGS = ("postgresql", "upgrade")
MASTER = "platform"
"""The master's name; `postgres` and `admin` are taken or reserved in RDS."""
MAINTENANCE_DATABASE = "postgres"

BOOTSTRAP = "postgres-bootstrap"
"""The job, its account, and the ConfigMap with its script."""
MASTER_READS = "postgres-master"
JOB_READS = "postgres-passwords"
MASTER_REFRESH = "5m0s"
"""AWS changes the master's password every week: a job that runs just then must not wait an hour."""

TLS = "sslmode=require"
"""Encrypted, and refused by the server otherwise. Clients do not check whose certificate it is: RDS signs with
an authority of its own that no image carries, and each client library wants its file in another place."""


def identifier(place: Place) -> str:
    """The instance's name, known at plan time."""
    return bounded(f"{place.cluster_name}-postgres", IDENTIFIER_LIMIT)


def log_group(place: Place, log: str) -> str:
    """The group RDS writes a log to: the name is RDS's, ours only to set retention before RDS makes it."""
    return f"/aws/rds/instance/{identifier(place)}/{log}"


def parameters() -> list[ParameterGroupParameterArgsDict]:
    """What differs from the family's defaults, or must not come to differ."""
    return [
        # The server refuses whoever does not speak TLS.
        {"name": "rds.force_ssl", "value": "1"},
        {"name": "log_min_duration_statement", "value": "1000"},
        {"name": "idle_in_transaction_session_timeout", "value": "600000"},
    ]


def master_reader(secret_arn: str) -> PolicyDocument:
    """Read the one secret that RDS made for this instance; its name is in no prefix of ours."""
    return document(
        {
            "Sid": "ReadMasterPassword",
            "Effect": "Allow",
            "Action": ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
            "Resource": secret_arn,
        }
    )


def master(secret_arn: Input[str], host: Input[str]) -> dict[str, Any]:
    """The spec of the ExternalSecret by which the job is the master; RDS keeps the value and changes it."""
    spec = read_back(
        MASTER_READS,
        {
            "username": Remote(key=secret_arn, property="username"),
            "password": Remote(key=secret_arn, property="password"),
        },
        template={"host": host},
    )
    return {**spec, "refreshInterval": MASTER_REFRESH}


def job_reads(tenant: str | None = None) -> str:
    """The Secret with the passwords that a job sets: the platform's users', or one tenant's."""
    return JOB_READS if tenant is None else f"{JOB_READS}-{tenant}"


def passwords(place: Place, users: Sequence[DatabaseUser], tenant: str | None = None) -> dict[str, Any]:
    """The spec of the ExternalSecret with the password of every user, a file each."""
    return read_back(
        job_reads(tenant),
        {
            user.name: Remote(key=remote_key(place, credential_name(user.name)), property="password")
            for user in users
        },
    )


def told(place: Place, user: DatabaseUser, host: Input[str]) -> dict[str, Any]:
    """The spec of the ExternalSecret that a user reads: `url` and its parts."""
    head = f"postgresql://{user.name}:{{{{ .password }}}}@"
    tail = f":{PORT}/{user.name}?{TLS}"
    return read_back(
        user.reads,
        {"password": Remote(key=remote_key(place, credential_name(user.name)), property="password")},
        template={
            # Passwords are letters and digits: nothing in one has to be escaped in a URL.
            "url": f"{head}{host}{tail}" if isinstance(host, str) else Output.concat(head, host, tail),
            "host": host,
            "port": str(PORT),
            "username": user.name,
            "database": user.name,
        },
    )


def tenant_reader(place: Place, tenant: str, host: Input[str]) -> TenantReader:
    """The same for a tenant's user, who reads its own password and nothing else."""
    user = tenant_user(tenant)
    return TenantReader(
        tenant=tenant,
        part=TENANT_PART,
        what="database password",
        policy="read-database-password",
        allows=reads(credential_arn(place, credential_name(user.name))),
        store=user.reads,
        store_resource=f"{tenant}-database-store",
        secrets={f"{tenant}-database-secret": told(place, user, host)},
        labels=managed_labels("postgres"),
    )


def job(spec: PostgresSpec, users: Sequence[DatabaseUser], tenant: str | None = None) -> JobSpecArgsDict:
    """The spec of the job that makes roles and databases; it runs again when users or script change."""

    def from_master(name: str, key: str) -> Any:
        return {"name": name, "value_from": {"secret_key_ref": {"name": MASTER_READS, "key": key}}}

    return job_spec(
        job_pod(tenant),
        command=["sh", "bootstrap.sh"],
        working_dir=SCRIPT_MOUNT,
        uid=UID,
        inputs=digest(files(users), spec.roles_generation),
        env=[
            from_master("PGHOST", "host"),
            from_master("PGUSER", "username"),
            from_master("PGPASSWORD", "password"),
            {"name": "PGPORT", "value": str(PORT)},
            {"name": "PGDATABASE", "value": MAINTENANCE_DATABASE},
            {"name": "PGSSLMODE", "value": "require"},
            {"name": "PASSWORDS", "value": PASSWORDS_MOUNT},
        ],
        volumes=[
            {"name": "script", "config_map": {"name": job_name(tenant)}},
            {"name": "passwords", "secret": {"secret_name": job_reads(tenant), "default_mode": 0o440}},
        ],
        mounts=[
            {"name": "script", "mount_path": SCRIPT_MOUNT, "read_only": True},
            {"name": "passwords", "mount_path": PASSWORDS_MOUNT, "read_only": True},
        ],
    )
