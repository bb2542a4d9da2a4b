"""What the controller may do in AWS: the permissions of v3.5, kept to this account, region and cluster.

The published policy (docs/install/iam_policy.json of the same version) was the measure for which actions
and conditions it needs. Ours is narrower in two ways: resources name this account and region where the
published one says `*:*`, and where it asks for the tag of *any* cluster, ours asks for this cluster's. What
is off by default (Global Accelerator, certificates it makes itself, other accounts) is left out.
"""

from __future__ import annotations

from typing import Any

from components.core.aws import Place
from components.core.identity import PolicyDocument, document

CLUSTER_TAG = "elbv2.k8s.aws/cluster"
"""The controller puts it on everything it makes, with the cluster's name as value, and looks for it again."""

Statement = dict[str, Any]


def policies(place: Place) -> dict[str, PolicyDocument]:
    """Three policies by short name: one document would come close to the limit of 6,144 characters."""
    return {
        "discovery": document(_service_linked_role(place), _read_network_and_balancers(), *_integrations()),
        "firewall": document(*_security_groups(place)),
        "balancers": document(*_load_balancers(place)),
    }


def _allow(sid: str, actions: list[str], resource: str | list[str], **condition: Any) -> Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions,
        "Resource": resource,
        **({"Condition": condition} if condition else {}),
    }


def _made_by(place: Place) -> dict[str, dict[str, str]]:
    """The thing acted on carries this cluster's tag."""
    return {"StringEquals": {f"aws:ResourceTag/{CLUSTER_TAG}": place.cluster_name}}


def _making_for(place: Place) -> dict[str, dict[str, str]]:
    """The thing being made is given this cluster's tag."""
    return {"StringEquals": {f"aws:RequestTag/{CLUSTER_TAG}": place.cluster_name}}


def _retagging(place: Place) -> dict[str, dict[str, str]]:
    """The thing carries this cluster's tag, and the request does not touch that tag."""
    return {**_made_by(place), "Null": {f"aws:RequestTag/{CLUSTER_TAG}": "true"}}


def _service_linked_role(place: Place) -> Statement:
    service = "elasticloadbalancing.amazonaws.com"
    return _allow(
        "CreateLoadBalancingServiceRole",
        ["iam:CreateServiceLinkedRole"],
        place.arn("iam", f"role/aws-service-role/{service}/*", region=""),
        StringEquals={"iam:AWSServiceName": service},
    )


def _read_network_and_balancers() -> Statement:
    return _allow(
        "ReadNetworkAndLoadBalancers",
        [
            "ec2:DescribeAccountAttributes",
            "ec2:DescribeAddresses",
            "ec2:DescribeAvailabilityZones",
            "ec2:DescribeCoipPools",
            "ec2:DescribeInstances",
            "ec2:DescribeInternetGateways",
            "ec2:DescribeIpamPools",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeTags",
            "ec2:DescribeVpcPeeringConnections",
            "ec2:DescribeVpcs",
            "ec2:GetCoipPoolUsage",
            "ec2:GetSecurityGroupsForVpc",
            "elasticloadbalancing:DescribeCapacityReservation",
            "elasticloadbalancing:DescribeListenerAttributes",
            "elasticloadbalancing:DescribeListenerCertificates",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeLoadBalancerAttributes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeSSLPolicies",
            "elasticloadbalancing:DescribeTags",
            "elasticloadbalancing:DescribeTargetGroupAttributes",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
            "elasticloadbalancing:DescribeTrustStores",
        ],
        "*",  # EC2 and ELB Describe calls take no resource
    )


def _integrations() -> list[Statement]:
    return [
        _allow(
            "ReadCertificatesAndPools",
            [
                "acm:DescribeCertificate",
                "acm:ListCertificates",
                "cognito-idp:DescribeUserPoolClient",
                "iam:GetServerCertificate",
                "iam:ListServerCertificates",
            ],
            "*",  # the two List calls take no resource, and which certificate or pool is an Ingress's choice
        ),
        _allow(
            "AttachFirewallsAndShield",
            [
                "shield:CreateProtection",
                "shield:DeleteProtection",
                "shield:DescribeProtection",
                "shield:GetSubscriptionState",
                "waf-regional:AssociateWebACL",
                "waf-regional:DisassociateWebACL",
                "waf-regional:GetWebACL",
                "waf-regional:GetWebACLForResource",
                "wafv2:AssociateWebACL",
                "wafv2:DisassociateWebACL",
                "wafv2:GetWebACL",
                "wafv2:GetWebACLForResource",
            ],
            "*",  # shield:GetSubscriptionState takes none; the others would need every web ACL's own ARN
        ),
    ]


def _security_groups(place: Place) -> list[Statement]:
    groups = place.arn("ec2", "security-group/*")
    return [
        _allow(
            "OpenNodesToLoadBalancers",
            ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
            groups,  # the nodes' own group is EKS's: it never carries the controller's tag
        ),
        _allow(
            "CreateGroups",
            ["ec2:CreateSecurityGroup"],
            # A shared VPC belongs to another account, the group in it to this one.
            [groups, place.arn("ec2", "vpc/*", account="*")],
        ),
        _allow(
            "TagNewGroups",
            ["ec2:CreateTags"],
            groups,
            StringEquals={
                "ec2:CreateAction": "CreateSecurityGroup",
                **_making_for(place)["StringEquals"],
            },
        ),
        _allow("RetagOwnGroups", ["ec2:CreateTags", "ec2:DeleteTags"], groups, **_retagging(place)),
        _allow("DeleteOwnGroups", ["ec2:DeleteSecurityGroup"], groups, **_made_by(place)),
    ]


def _load_balancers(place: Place) -> list[Statement]:
    everything = place.arn("elasticloadbalancing", "*")
    target_groups = place.arn("elasticloadbalancing", "targetgroup/*/*")
    balancers_and_groups = [
        target_groups,
        place.arn("elasticloadbalancing", "loadbalancer/net/*/*"),
        place.arn("elasticloadbalancing", "loadbalancer/app/*/*"),
    ]
    listeners_and_rules = [
        place.arn("elasticloadbalancing", f"{kind}/{family}/*/*/*")
        for kind in ("listener", "listener-rule")
        for family in ("net", "app")
    ]
    return [
        _allow(
            "CreateBalancersForThisCluster",
            ["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"],
            everything,
            **_making_for(place),
        ),
        _allow(
            "ListenersAndRules",
            [
                "elasticloadbalancing:AddListenerCertificates",
                "elasticloadbalancing:CreateListener",
                "elasticloadbalancing:CreateRule",
                "elasticloadbalancing:DeleteListener",
                "elasticloadbalancing:DeleteRule",
                "elasticloadbalancing:ModifyListener",
                "elasticloadbalancing:ModifyRule",
                "elasticloadbalancing:RemoveListenerCertificates",
                "elasticloadbalancing:SetRulePriorities",
                "elasticloadbalancing:SetWebAcl",
            ],
            everything,  # the published policy asks for no tag: listeners and rules need not carry one
        ),
        _allow(
            "TagNewBalancers",
            ["elasticloadbalancing:AddTags"],
            balancers_and_groups,
            StringEquals={
                "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
                **_making_for(place)["StringEquals"],
            },
        ),
        _allow(
            "RetagOwnBalancers",
            ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
            balancers_and_groups,
            **_retagging(place),
        ),
        _allow(
            "TagListenersAndRules",
            ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
            listeners_and_rules,
        ),
        _allow(
            "ChangeOwnBalancers",
            [
                "elasticloadbalancing:DeleteLoadBalancer",
                "elasticloadbalancing:DeleteTargetGroup",
                "elasticloadbalancing:ModifyCapacityReservation",
                "elasticloadbalancing:ModifyIpPools",
                "elasticloadbalancing:ModifyListenerAttributes",
                "elasticloadbalancing:ModifyLoadBalancerAttributes",
                "elasticloadbalancing:ModifyTargetGroup",
                "elasticloadbalancing:ModifyTargetGroupAttributes",
                "elasticloadbalancing:SetIpAddressType",
                "elasticloadbalancing:SetSecurityGroups",
                "elasticloadbalancing:SetSubnets",
            ],
            everything,
            **_made_by(place),
        ),
        _allow(
            "RegisterTargets",
            ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
            target_groups,  # no tag: a TargetGroupBinding may name a group that somebody else made
        ),
    ]
