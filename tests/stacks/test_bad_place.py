"""Bad input about where the platform is: account, zones, network, cluster."""

from __future__ import annotations

import pytest

from tests.stacks.project import Refused

# A sentence, what is replaced in the sound file, by what, and every fault that must be reported.
CASES = [
    (
        "Services inside the VPC",
        "name: ai-dev",
        "name: ai-dev\n      service_cidr: 10.0.128.0/20",
        (
            "cluster.service_cidr: 10.0.128.0/20 overlaps network.cidr 10.0.0.0/16; choose a private block "
            "outside the VPC, such as 172.20.0.0/16 or 10.100.0.0/16",
        ),
    ),
    (
        "Services in a block that EKS refuses",
        "name: ai-dev",
        "name: ai-dev\n      service_cidr: 100.64.0.0/16",
        (
            "cluster.service_cidr: 100.64.0.0/16 cannot hold Services; EKS takes a /12 to /24 of 10.0.0.0/8, "
            "172.16.0.0/12, 192.168.0.0/16, for example 172.20.0.0/16",
        ),
    ),
    (
        "a VPC too small for pods",
        "cidr: 10.0.0.0/16",
        "cidr: 10.0.0.0/24",
        (
            "network.cidr: 10.0.0.0/24 is a /24; a VPC of the platform is between /16 (AWS's largest) and "
            "/20 (below, private subnets run out of pod addresses); write for example 10.0.0.0/16",
        ),
    ),
    (
        "a VPC larger than AWS makes",
        "cidr: 10.0.0.0/16",
        "cidr: 10.0.0.0/15",
        (
            "network.cidr: 10.0.0.0/15 is a /15; a VPC of the platform is between /16 (AWS's largest) and "
            "/20 (below, private subnets run out of pod addresses); write for example 10.0.0.0/16",
        ),
    ),
    (
        "a VPC block that is an address",
        "cidr: 10.0.0.0/16",
        "cidr: 10.0.0.1/16",
        (
            "network.cidr: '10.0.0.1/16' is not an IPv4 CIDR block (10.0.0.1/16 has host bits set); "
            "write for example 10.0.0.0/16",
        ),
    ),
    (
        "a VPC of public addresses",
        "cidr: 10.0.0.0/16",
        "cidr: 54.0.0.0/16",
        (
            "network.cidr: 54.0.0.0/16 holds public addresses, which nothing in the VPC could then reach; "
            "choose a block of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10",
        ),
    ),
    (
        "a VPC that is made and brought along",
        "{cidr: 10.0.0.0/16}",
        "{cidr: 10.0.0.0/16, vpc_id: vpc-0123456789abcdef0}",
        (
            "network: vpc_id: for mode existing only; a VPC is either made from a cidr or brought along by "
            "vpc_id: remove it, or set mode: existing",
        ),
    ),
    (
        "NAT gateways for a VPC that exists",
        "{cidr: 10.0.0.0/16}",
        "{mode: existing, cidr: 10.0.0.0/16, vpc_id: vpc-0123456789abcdef0, nat_gateways: single}",
        (
            "network: nat_gateways: for mode create only; a VPC is either made from a cidr or brought along "
            "by vpc_id: remove it, or set mode: create",
        ),
    ),
    (
        "a network of no kind",
        "{cidr: 10.0.0.0/16}",
        "{mode: adopt, cidr: 10.0.0.0/16}",
        ("network.mode: there is no such mode; choose one of 'create', 'existing'",),
    ),
    (
        "one zone",
        "[us-east-1a, us-east-1b]",
        "[us-east-1a]",
        (
            "aws.zones: has 1 of at least 2 entries; Two or three availability zones by name. EKS needs two; "
            "with three, quorum stores survive the loss of one.",
        ),
    ),
    (
        "one zone, twice",
        "[us-east-1a, us-east-1b]",
        "[us-east-1a, us-east-1a]",
        ("aws: a zone is named twice; name each zone once",),
    ),
    (
        "a zone of another region",
        "[us-east-1a, us-east-1b]",
        "[us-east-1a, eu-west-1b]",
        ("aws: zones eu-west-1b are not in region us-east-1; name zones of us-east-1",),
    ),
    (
        "a zone by the id of another account's",
        "[us-east-1a, us-east-1b]",
        "[us-east-1a, use1-az2]",
        ("aws.zones[1]: is not an availability zone; write for example us-east-1a",),
    ),
    (
        "a region of another partition",
        "region: us-east-1, zones: [us-east-1a, us-east-1b]",
        "region: cn-north-1, zones: [cn-north-1a, cn-north-1b]",
        ("aws: region cn-north-1 is in partition aws-cn, not aws; correct one of them",),
    ),
    (
        "an account id that is read as a number",
        'account_id: "111122223333"',
        "account_id: 111122223333",
        ("aws.account_id: is not text; put it in quotes",),
    ),
    (
        "an account id with a digit too few",
        'account_id: "111122223333"',
        'account_id: "11112222333"',
        ("aws.account_id: is not an account id; write its 12 digits, in quotes",),
    ),
    (
        "a Kubernetes version that is read as a number",
        'version: "1.35"',
        "version: 1.35",
        ("cluster.version: is not text; put it in quotes",),
    ),
    (
        "a Kubernetes version that no pinned chart supports",
        'version: "1.35"',
        'version: "1.29"',
        (
            "cluster.version: Kubernetes '1.29' is not supported; choose one of 1.34, 1.35, 1.36 "
            "(quoted: YAML reads 1.30 as the number 1.3)",
        ),
    ),
    (
        "an API server open to the internet",
        "name: ai-dev",
        "name: ai-dev\n      public_endpoint_cidrs: [0.0.0.0/0]",
        (
            "cluster.public_endpoint_cidrs[0]: 0.0.0.0/0 opens the API server to the internet; "
            "list the blocks of your offices or VPN",
        ),
    ),
    (
        "a private block for the public endpoint",
        "name: ai-dev",
        "name: ai-dev\n      public_endpoint_cidrs: [203.0.113.0/24, 10.0.0.0/8]",
        (
            "cluster.public_endpoint_cidrs[1]: 10.0.0.0/8 is a private block, which EKS refuses here: the "
            "public endpoint sees public addresses; list those that your offices or VPN show to the internet",
        ),
    ),
    (
        "a deployer that is a session and not a role",
        "arn:aws:iam::111122223333:role/deployer",
        "arn:aws:sts::111122223333:assumed-role/deployer/me",
        (
            "cluster.access.deployer_arn: is not the ARN of an IAM role or user; write for example "
            "arn:aws:iam::111122223333:role/deployer; for a session, the role behind it",
        ),
    ),
    (
        "a deployer of another partition",
        "arn:aws:iam::111122223333:role/deployer",
        "arn:aws-cn:iam::111122223333:role/deployer",
        (
            "cluster.access.deployer_arn: arn:aws-cn:iam::111122223333:role/deployer is not in partition "
            "aws; write arn:aws:iam::..., or correct aws.partition",
        ),
    ),
    (
        "a version for an add-on that is not installed",
        "name: ai-dev",
        "name: ai-dev\n      addon_versions: {vpc-cnii: v1.20.4-eksbuild.2}",
        (
            "cluster.addon_versions.vpc-cnii: this compute mode installs no such add-on; remove it; it "
            "installs aws-ebs-csi-driver, coredns, eks-pod-identity-agent, kube-proxy, snapshot-controller, "
            "vpc-cni",
        ),
    ),
    (
        "a cluster's name too long for what is derived from it",
        "name: ai-dev",
        f"name: {'a' * 33}",
        ("cluster.name: is longer than 32 characters; shorten it",),
    ),
    (
        "an environment's name too long for what is derived from it",
        "environment: dev",
        "environment: development-eu",
        ("environment: is longer than 12 characters; shorten it",),
    ),
    (
        "tags that are not the user's to set",
        "cost_center: r-and-d",
        "cost_center: r-and-d, tags: {owner: me}",
        ("ownership: tag owner is set by the platform or a controller; leave it out, or choose another key",),
    ),
    (
        "a discovery tag on everything",
        "cost_center: r-and-d",
        "cost_center: r-and-d, tags: {karpenter.sh/discovery: ai-dev}",
        (
            "ownership: tag karpenter.sh/discovery is set by the platform or a controller; "
            "leave it out, or choose another key",
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_it_is_refused_and_nothing_is_registered(
    refused: Refused, sound: str, old: str, new: str, faults: tuple[str, ...]
) -> None:
    assert old in sound
    refused(sound.replace(old, new, 1), *faults)
