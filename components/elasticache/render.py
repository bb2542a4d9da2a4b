"""What the replication group is set to, who its users are, and how they come by their passwords.

A user is made with IAM authentication, which lets nobody in who has no role for it. Only then does a job in
the cluster give it the password that was generated there: AWS checks it, and neither the program nor its state
has ever seen it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input
from pulumi_aws.elasticache import ParameterGroupParameterArgsDict
from pulumi_kubernetes.batch.v1 import JobSpecArgsDict

from components.cache.spec import CacheEndpoint, CacheUser, credential_name
from components.charts.jobs import digest, job_spec
from components.core.aws import Place
from components.core.identity import PolicyDocument, document
from components.core.names import bounded
from components.elasticache.pods import UID, job_pod
from components.elasticache.spec import PORT, ElastiCacheSpec
from components.secrets.spec import Remote, read_back, remote_key

GROUP_LIMIT = 40  # ElastiCache: replication group id, user id
PREFIX_LIMIT = 27  # leaves twelve characters for a user's own name
JOB_READS = "cache-passwords"
SCRIPT_MOUNT = "/script"
PASSWORDS_MOUNT = "/passwords"


def group_id(place: Place) -> str:
    """The replication group's name, known at plan time."""
    return bounded(f"{place.cluster_name}-cache", GROUP_LIMIT)


def user_prefix(place: Place) -> str:
    """Before the name of each user: users belong to the account and not to a cache."""
    return f"{bounded(place.cluster_name, PREFIX_LIMIT)}-"


def endpoint(place: Place, host: Input[str]) -> CacheEndpoint:
    """How users are called, and where they connect."""
    return CacheEndpoint(host=host, port=PORT, user_prefix=user_prefix(place), name_limit=GROUP_LIMIT)


def user_id(place: Place, user: CacheUser) -> str:
    """The user's id, and its name as well: IAM authentication wants them equal."""
    return endpoint(place, "").username(user)


def access(user: CacheUser) -> str:
    """What the user may do; without `on` ElastiCache makes it a user that may do nothing."""
    return f"on {user.access}"


def family(spec: ElastiCacheSpec) -> str:
    """The parameter family, for example `valkey8`."""
    return f"valkey{spec.engine_version.partition('.')[0]}"


def parameters() -> list[ParameterGroupParameterArgsDict]:
    """A job that was thrown away is lost without a word; a write that fails is seen."""
    return [{"name": "maxmemory-policy", "value": "noeviction"}]


def password_setter(place: Place, users: Sequence[CacheUser]) -> PolicyDocument:
    """Set the passwords of these users, and see when that is done."""
    return document(
        {
            "Sid": "SetPasswords",
            "Effect": "Allow",
            "Action": ["elasticache:DescribeUsers", "elasticache:ModifyUser"],
            "Resource": [place.arn("elasticache", f"user:{user_id(place, user)}") for user in users],
        }
    )


def passwords(place: Place, users: Sequence[CacheUser]) -> dict[str, object]:
    """The spec of the ExternalSecret with the password of every user, a file each."""
    return read_back(
        JOB_READS,
        {
            user.name: Remote(key=remote_key(place, credential_name(user.name)), property="password")
            for user in users
        },
    )


# The password goes from file to file in memory: an argument could be seen in the list of processes.
SCRIPT = """\
set -eu
umask 077
settled() {
  until [ "$(aws elasticache describe-users --user-id "$1" --query 'Users[0].Status' --output text)" = active ]; do
    sleep 5
  done
}
while read -r user id <&3; do
  echo "$id"
  settled "$id"
  printf '{"UserId": "%s", "AuthenticationMode": {"Type": "password", "Passwords": ["%s"]}}' \\
    "$id" "$(cat "$PASSWORDS/$user")" > "$HOME/user.json"
  aws elasticache modify-user --cli-input-json "file://$HOME/user.json" --query Status --output text
  rm "$HOME/user.json"
  settled "$id"
done 3< users
echo done
"""


def files(place: Place, users: Sequence[CacheUser]) -> dict[str, str]:
    """The job's directory: the script, and one line for each user."""
    return {
        "users.sh": SCRIPT,
        "users": "".join(f"{user.name} {user_id(place, user)}\n" for user in users),
    }


def job(place: Place, spec: ElastiCacheSpec, users: Sequence[CacheUser]) -> JobSpecArgsDict:
    """The spec of the job that sets the passwords; it runs again when users or script change."""
    pod = job_pod()
    return job_spec(
        pod,
        command=["sh", "users.sh"],
        working_dir=SCRIPT_MOUNT,
        uid=UID,
        inputs=digest(files(place, users), spec.users_generation),
        env=[
            {"name": "AWS_REGION", "value": place.region},
            {"name": "PASSWORDS", "value": PASSWORDS_MOUNT},
        ],
        volumes=[
            {"name": "script", "config_map": {"name": pod.name}},
            {"name": "passwords", "secret": {"secret_name": JOB_READS, "default_mode": 0o440}},
        ],
        mounts=[
            {"name": "script", "mount_path": SCRIPT_MOUNT, "read_only": True},
            {"name": "passwords", "mount_path": PASSWORDS_MOUNT, "read_only": True},
        ],
    )
