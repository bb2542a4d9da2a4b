"""Who may use the Kubernetes API: the deployer first, nobody twice, viewers without Secrets."""

from __future__ import annotations

import json

from components.cluster.access import ADMIN_POLICY, VIEW_POLICY, entries, policy_arn, principal_name
from components.cluster.kubeconfig import kubeconfig
from components.cluster.spec import AccessSpec
from components.core.aws import Place

ROLE = "arn:aws:iam::111122223333:role/"
PLACE = Place(
    account_id="111122223333",
    partition="aws",
    region="us-east-1",
    zones=("us-east-1a",),
    environment="dev",
    cluster_name="ai-dev",
)


def test_the_deployer_comes_first_and_administers() -> None:
    (first, *_) = entries(AccessSpec(deployer_arn=f"{ROLE}deployer", admin_arns=[f"{ROLE}break-glass"]))
    assert (first.name, first.policy) == ("deployer", ADMIN_POLICY)


def test_a_principal_named_twice_keeps_its_widest_access() -> None:
    spec = AccessSpec(
        deployer_arn=f"{ROLE}ci",
        admin_arns=[f"{ROLE}ops"],
        viewer_arns=[f"{ROLE}ci", f"{ROLE}ops", f"{ROLE}dev"],
    )
    assert [(entry.principal_arn.removeprefix(ROLE), entry.policy) for entry in entries(spec)] == [
        ("ci", ADMIN_POLICY),
        ("ops", ADMIN_POLICY),
        ("dev", VIEW_POLICY),
    ]


def test_viewers_get_the_policy_that_leaves_secrets_out() -> None:
    assert policy_arn(PLACE, VIEW_POLICY) == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


def test_a_role_of_the_account_is_named_by_its_name_and_a_namesake_elsewhere_is_not() -> None:
    home = "111122223333"
    assert principal_name(f"{ROLE}aws-reserved/sso.amazonaws.com/Admin", home) == "Admin"
    elsewhere = principal_name("arn:aws:iam::999999999999:role/Admin", home)
    assert elsewhere.startswith("Admin-")
    assert elsewhere != principal_name("arn:aws:iam::888888888888:role/Admin", home)


def test_a_kubeconfig_asks_for_a_token_and_holds_none() -> None:
    config = json.loads(kubeconfig(PLACE, "https://endpoint", "authority"))
    (user,) = config["users"]
    assert user["user"]["exec"]["args"] == [
        "--region",
        "us-east-1",
        "eks",
        "get-token",
        "--cluster-name",
        "ai-dev",
    ]
    assert "token" not in user["user"]
