from __future__ import annotations

import json
import os
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pulumi_kubernetes as k8s
import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from agentic.sandbox.providers.kubernetes.crds import CustomSchemas
from agentic.sandbox.providers.kubernetes.schemas import Schemas
from components.cache.spec import USERS, CacheUser, tenant_user
from components.core.aws import Place
from components.core.stateful import BackupOwner
from components.elasticache.elasticache import ElastiCache, ElastiCacheArgs
from components.elasticache.pods import pods
from components.elasticache.render import GROUP_LIMIT, files, password_setter, user_id
from components.elasticache.spec import ElastiCacheSpec, stateful

PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="eu-west-1",
    zones=("eu-west-1a", "eu-west-1b"),
    environment="dev",
    cluster_name="ai-dev",
)
GROUP = "aws:elasticache/replicationGroup:ReplicationGroup"
USER = "aws:elasticache/user:User"
JOB = "kubernetes:batch/v1:Job"
EXTERNAL = "kubernetes:external-secrets.io/v1:ExternalSecret"


def spec(**said: Any) -> ElastiCacheSpec:
    return ElastiCacheSpec.model_validate({"mode": "elasticache", **said})


def captured(
    capture: Capture,
    users: tuple[CacheUser, ...] = USERS,
    said: ElastiCacheSpec | None = None,
    *,
    kept: bool = False,
) -> Plan:
    def program() -> None:
        namespace = k8s.core.v1.Namespace("ai-data", metadata={"name": "ai-data"})
        ElastiCache(
            "elasticache",
            ElastiCacheArgs(
                place=PLACE,
                spec=said or spec(),
                users=users,
                cluster_name="ai-dev",
                namespace=namespace.metadata.name,
                vpc_id="vpc-1",
                subnet_ids=["subnet-1", "subnet-2"],
                client_cidrs=["10.0.0.0/18"],
                key_arn="arn:aws:kms:eu-west-1:111122223333:key/1",
                after=(namespace,),
                protect=kept,
                retain=kept,
            ),
        )

    return capture(program)


def test_no_password_is_an_input_of_anything(capture: Capture) -> None:
    plan = captured(capture)
    assert [one.name for one in plan if one.secrets] == []
    for user in plan.all(USER):
        assert user.inputs["authenticationMode"] == {"type": "iam"}
        assert not {"passwords", "passwordsWo", "noPasswordRequired"} & user.inputs.keys()
    assert not {"authToken", "authTokenWo"} & plan.one(GROUP).inputs.keys()


def test_what_the_job_sets_is_not_taken_back(capture: Capture) -> None:
    for user in captured(capture).all(USER):
        assert user.options["ignore_changes"] == ["authenticationMode"]


def test_a_user_is_named_as_its_id_or_iam_would_refuse_it(capture: Capture) -> None:
    for user in captured(capture).all(USER):
        assert user.inputs["userId"] == user.inputs["userName"]
        assert user.inputs["accessString"].startswith("on ~")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("transitEncryptionEnabled", True),
        ("transitEncryptionMode", "required"),
        ("atRestEncryptionEnabled", True),
        ("kmsKeyId", "arn:aws:kms:eu-west-1:111122223333:key/1"),
        ("multiAzEnabled", True),
        ("automaticFailoverEnabled", True),
        ("numCacheClusters", 2),
        ("snapshotRetentionLimit", 7),
        ("engine", "valkey"),
    ],
)
def test_the_group_is_encrypted_and_survives_a_zone(capture: Capture, setting: str, value: Any) -> None:
    assert captured(capture).one(GROUP).inputs[setting] == value


def test_memory_that_is_full_fails_writes_and_throws_nothing_away(capture: Capture) -> None:
    group = captured(capture).one("aws:elasticache/parameterGroup:ParameterGroup").inputs
    assert group["parameters"] == [{"name": "maxmemory-policy", "value": "noeviction"}]
    assert group["family"] == "valkey8"


def test_only_nodes_and_pods_reach_it(capture: Capture) -> None:
    (rule,) = captured(capture).all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"]) == ("10.0.0.0/18", 6379)


def test_one_node_has_nothing_to_fail_over_to(capture: Capture) -> None:
    alone = captured(capture, said=spec(replicas=0, multi_az=False)).one(GROUP).inputs
    assert (alone["numCacheClusters"], alone["automaticFailoverEnabled"]) == (1, False)


def test_zones_without_copies_are_refused() -> None:
    with pytest.raises(ValidationError) as said:
        spec(replicas=0)
    assert "multi_az needs a copy that can stand in another zone; set replicas to 1 or more" in str(
        said.value
    )


def test_an_engine_without_users_is_refused() -> None:
    with pytest.raises(ValidationError) as said:
        spec(engine_version="6.2")
    assert "engine_version 6.2 is no Valkey; use 7.2 or newer" in str(said.value)


def test_the_group_then_the_password_job_and_back_in_reverse(capture: Capture) -> None:
    plan = captured(capture)
    order = [plan.one(JOB).urn, plan.one(GROUP).urn, plan.all(USER)[0].urn]
    for first, second in pairwise(order):
        assert plan.deleted_before(first, second), (first, second)
    association = plan.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").urn
    assert plan.deleted_before(order[0], association)
    assert plan.deleted_before(order[0], plan.one(EXTERNAL).urn)


def test_data_is_kept_where_the_stack_says_so(capture: Capture) -> None:
    for kept in (True, False):
        group = captured(capture, kept=kept).one(GROUP)
        assert bool(group.options.get("protect")) is kept
        assert bool(group.options.get("retain_on_delete")) is kept
        assert ("finalSnapshotIdentifier" in group.inputs) is kept


def test_the_job_may_change_these_users_and_nothing_else() -> None:
    (statement,) = password_setter(PLACE, USERS[:1])["Statement"]
    assert statement["Resource"] == ["arn:aws:elasticache:eu-west-1:111122223333:user:ai-dev-langfuse"]
    assert statement["Action"] == ["elasticache:DescribeUsers", "elasticache:ModifyUser"]


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name)
def test_a_user_of_the_longest_cluster_fits(user: CacheUser) -> None:
    longest = Place(
        account_id="1" * 12,
        partition="aws",
        region="eu-west-1",
        zones=PLACE.zones,
        environment="dev",
        cluster_name="c" * 32,
    )
    assert len(user_id(longest, user)) <= GROUP_LIMIT


def test_a_name_that_does_not_fit_keeps_its_prefix_and_its_difference() -> None:
    made = {user_id(PLACE, tenant_user(f"{'n' * 50}-{last}")) for last in "ab"}
    assert len(made) == 2
    for name in made:
        assert len(name) == GROUP_LIMIT
        assert name.startswith("ai-dev-tenant-nnn")


def test_the_job_runs_again_for_a_user_more_or_a_generation_more(capture: Capture) -> None:
    def template(**more: Any) -> Any:
        return captured(capture, **more).one(JOB).inputs["spec"]["template"]["metadata"]["annotations"]

    first = template(users=USERS[:1])
    assert template(users=USERS[:1]) == first
    assert template(users=USERS[:2]) != first
    assert template(users=USERS[:1], said=spec(users_generation=2)) != first


def test_every_object_is_what_its_kind_accepts(
    capture: Capture, reference_crds: Path, tmp_path: Path
) -> None:
    schemas = Schemas("1.35", CustomSchemas(reference_crds, tmp_path))
    plan = captured(capture)
    for one in (plan.one(EXTERNAL), plan.one(JOB), plan.one("kubernetes:core/v1:ConfigMap")):
        assert schemas.faults(dict(one.inputs)) == [], one.name


def test_the_jobs_pod_is_the_one_declared(capture: Capture) -> None:
    (declared,) = pods()
    pod = captured(capture).one(JOB).inputs["spec"]["template"]
    assert pod["metadata"]["labels"] == dict(declared.labels)
    assert pod["spec"]["containers"][0]["image"] == declared.images[0].reference


def test_a_cache_without_users_has_no_job(capture: Capture) -> None:
    assert captured(capture, users=()).all(JOB) == []


def test_snapshots_bring_it_back(capture: Capture) -> None:
    (one,) = stateful()
    assert one.owner is BackupOwner.ELASTICACHE
    assert captured(capture).one(one.type, one.name)


FAKE = """#!/bin/sh
# Stands for the AWS command line: remembers what it was asked, and says that a user is at rest.
echo "$@" >> "$CALLS"
case "$2" in
  describe-users) echo active ;;
  modify-user) cat "${4#file://}" >> "$SENT"; echo >> "$SENT"; echo modifying ;;
esac
"""


def test_the_script_sends_each_password_as_a_file_and_never_as_an_argument(tmp_path: Path) -> None:
    """Proves the script's own part; that AWS takes the request is for an account to show."""
    for name, text in files(PLACE, USERS[:2]).items():
        (tmp_path / name).write_text(text)
    (command := tmp_path / "bin" / "aws").parent.mkdir()
    command.write_text(FAKE)
    command.chmod(0o755)
    (passwords := tmp_path / "passwords").mkdir()
    for user in USERS[:2]:
        (passwords / user.name).write_text(f"{user.name}Password0123456789")
    environment = {
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PASSWORDS": str(passwords),
        "CALLS": str(tmp_path / "calls"),
        "SENT": str(tmp_path / "sent"),
    }
    for _ in range(2):
        subprocess.run(["sh", "users.sh"], cwd=tmp_path, env=environment, check=True, capture_output=True)
    sent = [json.loads(line) for line in (tmp_path / "sent").read_text().splitlines()]
    assert sent[:2] == [
        {
            "UserId": f"ai-dev-{user.name}",
            "AuthenticationMode": {"Type": "password", "Passwords": [f"{user.name}Password0123456789"]},
        }
        for user in USERS[:2]
    ]
    assert sent[2:] == sent[:2]
    assert "Password0123456789" not in (tmp_path / "calls").read_text()
    assert not (tmp_path / "user.json").exists()
