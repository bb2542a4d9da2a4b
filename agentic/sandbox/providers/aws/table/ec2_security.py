"""Rows of security groups and their rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.row import Call, It, Look, Row, Setting
from agentic.sandbox.providers.aws.styles import by_tag, ec2_tags, ec2_tags_later, run
from agentic.sandbox.providers.aws.table.ec2_network import ec2_arn
from agentic.sandbox.providers.data import is_list, items_of

_PERMISSIONS = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}
_LISTS = {
    "cidrBlocks": ("IpRanges", "CidrIp"),
    "ipv6CidrBlocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefixListIds": ("PrefixListIds", "PrefixListId"),
    "securityGroups": ("UserIdGroupPairs", "GroupId"),
}


def _permission(rule: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Write an inline rule (or a legacy rule resource) as EC2's IpPermission."""
    protocol = str(rule["protocol"])
    out: dict[str, Any] = {"IpProtocol": {"all": "-1"}.get(protocol, protocol)}
    if out["IpProtocol"] != "-1":
        out |= {"FromPort": int(rule["fromPort"]), "ToPort": int(rule["toPort"])}
    note = {"Description": rule["description"]} if rule.get("description") else {}
    for name, (member, key) in _LISTS.items():
        values = [
            *rule.get(name, []),
            *(
                [rule["sourceSecurityGroupId"]]
                if name == "securityGroups" and rule.get("sourceSecurityGroupId")
                else []
            ),
        ]
        values += [group] if name == "securityGroups" and rule.get("self") else []
        if values:
            out[member] = [{key: value, **note} for value in values]
    return out


def _plain(permission: Mapping[str, Any], group: str) -> dict[str, Any]:
    """Write EC2's IpPermission as an inline rule."""
    protocol = permission["IpProtocol"]
    out: dict[str, Any] = {
        "protocol": protocol,
        "fromPort": permission.get("FromPort", 0),
        "toPort": permission.get("ToPort", 0),
    }
    for name, (member, key) in _LISTS.items():
        values = [entry[key] for entry in permission.get(member, []) if entry.get(key) not in (None, group)]
        if values:
            out[name] = values
    if any(entry.get("GroupId") == group for entry in permission.get("UserIdGroupPairs", [])):
        out["self"] = True
    return out


def _group(it: It) -> dict[str, Any]:
    return dict(run(it, "ec2", "describe_security_groups", GroupIds=[it.id])["SecurityGroups"][0])


def _set_rules(direction: str) -> Any:
    """Make a group's rules in one direction exactly those of its inline property."""

    def act(it: It) -> None:
        present = _group(it)[_PERMISSIONS[direction]]
        if present:
            run(it, "ec2", f"revoke_security_group_{direction}", GroupId=it.id, IpPermissions=present)
        wanted = [_permission(rule, it.id) for rule in items_of(it.get(direction))]
        if wanted:
            run(it, "ec2", f"authorize_security_group_{direction}", GroupId=it.id, IpPermissions=wanted)

    return act


def _see_rules(direction: str) -> Look:
    return lambda it, found: (
        [_plain(p, it.id) for p in found[_PERMISSIONS[direction]]] if direction in it.inputs else None
    )


def _no_rules_unless_stated(it: It) -> None:
    """The real provider takes away AWS's rule that lets everything out, and all of a default group's."""
    for direction in _PERMISSIONS:
        if direction not in it.inputs:
            _set_rules(direction)(it)


def _group_blockers(it: It) -> str | None:
    """AWS refuses while an interface uses the group or another group's rule names it; moto does not look."""
    endpoints = run(it, "ec2", "describe_vpc_endpoints")["VpcEndpoints"]
    left = [
        e["VpcEndpointId"]
        for e in endpoints
        if e["State"] != "deleted" and it.id in [g["GroupId"] for g in e.get("Groups", [])]
    ]
    for group in run(it, "ec2", "describe_security_groups")["SecurityGroups"]:
        pairs = [
            p
            for key in _PERMISSIONS.values()
            for entry in group[key]
            for p in entry.get("UserIdGroupPairs", [])
        ]
        if group["GroupId"] != it.id and any(pair.get("GroupId") == it.id for pair in pairs):
            left.append(group["GroupId"])
    return f"resource {it.id} has a dependent object: {', '.join(left)}" if left else None


def _modern_rule(it: It) -> dict[str, Any]:
    """Write a rule resource of the `vpc` module as an IpPermission with one target."""
    rule: dict[str, Any] = {"IpProtocol": str(it["ipProtocol"])}
    if it.get("fromPort") is not None:
        rule |= {"FromPort": int(it["fromPort"]), "ToPort": int(it["toPort"])}
    note = {"Description": it["description"]} if it.get("description") else {}
    targets = {
        "cidrIpv4": ("IpRanges", "CidrIp"),
        "cidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
        "prefixListId": ("PrefixListIds", "PrefixListId"),
        "referencedSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    }
    return rule | {
        member: [{key: it[name], **note}] for name, (member, key) in targets.items() if it.get(name)
    }


_RULE_SETTINGS = (
    "cidrIpv4 cidrIpv6 description fromPort ipProtocol prefixListId referencedSecurityGroupId toPort"
)


def _rule_row(direction: str) -> Row:
    kind = f"SecurityGroup{direction.capitalize()}Rule"

    def change(it: It) -> None:
        names = {"referencedSecurityGroupId": "ReferencedGroupId"}
        rule = {
            names.get(n, n[0].upper() + n[1:]): it[n] for n in _RULE_SETTINGS.split() if it.get(n) is not None
        }
        # moto wants ports for every protocol; -1 is every port.
        ports = {"FromPort": -1, "ToPort": -1}
        update = {"SecurityGroupRuleId": it.id, "SecurityGroupRule": {**ports, **rule}}
        run(
            it,
            "ec2",
            "modify_security_group_rules",
            GroupId=it["securityGroupId"],
            SecurityGroupRules=[update],
        )

    return Row(
        type=f"aws:vpc/{kind[0].lower()}{kind[1:]}:{kind}",
        service="ec2",
        create=Call(
            f"authorize_security_group_{direction}",
            # The request has members of the same names for a single rule; the list is what carries tags.
            lambda it: {
                "GroupId": it["securityGroupId"],
                "IpPermissions": [_modern_rule(it)],
                **dict.fromkeys(("IpProtocol", "FromPort", "ToPort")),
            },
        ),
        made="SecurityGroupRules[0].SecurityGroupRuleId",
        read=Call("describe_security_group_rules", lambda it: {"SecurityGroupRuleIds": [it.id]}),
        at="SecurityGroupRules[0]",
        delete=(
            Call(
                f"revoke_security_group_{direction}",
                lambda it: {"GroupId": it["securityGroupId"], "SecurityGroupRuleIds": [it.id]},
            ),
        ),
        settings=(Setting(_RULE_SETTINGS, change, later=True),),
        observe={
            "securityGroupId": "GroupId",
            "referencedSecurityGroupId": "ReferencedGroupInfo.GroupId",
            "cidrIpv4": "CidrIpv4",
            "cidrIpv6": "CidrIpv6",
        },
        outputs={"arn": ec2_arn("security-group-rule"), "securityGroupRuleId": "SecurityGroupRuleId"},
        tags=ec2_tags("security-group-rule"),
        search=by_tag("describe_security_group_rules", "SecurityGroupRules", "SecurityGroupRuleId"),
    )


def _legacy_id(inputs: Mapping[str, Any]) -> str:
    """A legacy rule has no id in AWS; ours holds all that is needed to find it again."""
    rule = {k: v for k, v in inputs.items() if k not in ("description", "region", "__defaults")}
    return json.dumps(rule, sort_keys=True, separators=(",", ":"))


def _legacy(it: It) -> tuple[str, str, dict[str, Any]]:
    rule = json.loads(it.id)
    return rule["type"], rule["securityGroupId"], _permission(rule, rule["securityGroupId"])


def _legacy_call(verb: str) -> Any:
    def act(it: It) -> None:
        direction, group, permission = _legacy(it)
        run(it, "ec2", f"{verb}_security_group_{direction}", GroupId=group, IpPermissions=[permission])

    return act


def _legacy_there(it: It, answer: Any) -> Any:
    direction, group, wanted = _legacy(it)
    rule = _plain(wanted, group)
    present = [_plain(p, group) for g in answer["SecurityGroups"] for p in g[_PERMISSIONS[direction]]]
    holds = any(_covers(have, rule) for have in present)
    return json.loads(it.id) if holds else None


def _covers(have: Mapping[str, Any], want: Mapping[str, Any]) -> bool:
    return all(
        set(value) <= set(have.get(key, [])) if is_list(value) else have.get(key) == value
        for key, value in want.items()
    )


_INLINE = (Setting("ingress", _set_rules("ingress")), Setting("egress", _set_rules("egress")))

ROWS = (
    Row(
        type="aws:ec2/securityGroup:SecurityGroup",
        service="ec2",
        create=Call("create_security_group", lambda it: {"GroupName": it["name"]}),
        made="GroupId",
        read=Call("describe_security_groups", lambda it: {"GroupIds": [it.id]}),
        at="SecurityGroups[0]",
        delete=(Call("delete_security_group", lambda it: {"GroupId": it.id}),),
        blocked=_group_blockers,
        settings=_INLINE,
        after_create=_no_rules_unless_stated,
        observe={"name": "GroupName", "ingress": _see_rules("ingress"), "egress": _see_rules("egress")},
        outputs={"arn": ec2_arn("security-group"), "ownerId": "OwnerId"},
        local="revokeRulesOnDelete",
        name="name",
        name_limit=255,
        defaults={"description": "Managed by Pulumi"},
        tags=ec2_tags("security-group"),
        search=by_tag("describe_security_groups", "SecurityGroups", "GroupId"),
    ),
    Row(
        type="aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        service="ec2",
        # Every VPC has one: it is taken over, and left behind empty, to go with its VPC.
        create=Call(
            "describe_security_groups",
            lambda it: {
                "Filters": [
                    {"Name": "vpc-id", "Values": [it["vpcId"]]},
                    {"Name": "group-name", "Values": ["default"]},
                ]
            },
        ),
        made="SecurityGroups[0].GroupId",
        read=Call("describe_security_groups", lambda it: {"GroupIds": [it.id]}),
        at="SecurityGroups[0]",
        delete=(),
        settings=_INLINE,
        after_create=_no_rules_unless_stated,
        observe={"vpcId": "VpcId", "ingress": _see_rules("ingress"), "egress": _see_rules("egress")},
        outputs={
            "arn": ec2_arn("security-group"),
            "description": "Description",
            "name": "GroupName",
            "ownerId": "OwnerId",
        },
        local="revokeRulesOnDelete",
        tags=ec2_tags_later(),
    ),
    _rule_row("ingress"),
    _rule_row("egress"),
    Row(
        type="aws:ec2/securityGroupRule:SecurityGroupRule",
        service="ec2",
        create=Call("describe_security_groups", lambda it: {"GroupIds": [it["securityGroupId"]]}),
        after_create=_legacy_call("authorize"),
        natural=_legacy_id,
        read=Call(
            "describe_security_groups", lambda it: {"GroupIds": [json.loads(it.id)["securityGroupId"]]}
        ),
        at=_legacy_there,
        delete=(_legacy_call("revoke"),),
        replace=(
            "type securityGroupId protocol fromPort toPort cidrBlocks ipv6CidrBlocks prefixListIds "
            "sourceSecurityGroupId self"
        ),
        local="description",
    ),
)
