"""Rows of EC2 besides network and security groups: endpoints, flow logs, single tags, launch templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentic.sandbox.providers.aws.row import Call, It, Row, Setting
from agentic.sandbox.providers.aws.shapes import to_api
from agentic.sandbox.providers.aws.styles import by_tag, ec2_tags, look, run
from agentic.sandbox.providers.aws.table.ec2_network import ec2_arn
from agentic.sandbox.providers.aws.tags import from_pairs
from agentic.sandbox.providers.kinds import ResourceError

_ENDPOINT_LISTS = {
    "routeTableIds": "RouteTableIds",
    "subnetIds": "SubnetIds",
    "securityGroupIds": "SecurityGroupIds",
}


def _change_endpoint(it: It) -> None:
    change: dict[str, Any] = {"VpcEndpointId": it.id}
    for name, member in _ENDPOINT_LISTS.items():
        olds: Any = it.before.get(name) or []
        news: Any = it.get(name) or []
        change[f"Add{member}"] = [value for value in news if value not in olds]
        change[f"Remove{member}"] = [value for value in olds if value not in news]
    if it.get("policy") != it.before.get("policy"):
        change |= {"PolicyDocument": it["policy"]} if it.get("policy") else {"ResetPolicy": True}
    if it.get("privateDnsEnabled") != it.before.get("privateDnsEnabled"):
        change["PrivateDnsEnabled"] = bool(it.get("privateDnsEnabled"))
    run(it, "ec2", "modify_vpc_endpoint", **{name: value for name, value in change.items() if value != []})


def _gateway_routes(it: It) -> None:
    """AWS takes the endpoint's routes away with it; moto fails where it made none."""
    run(it, "ec2", "delete_vpc_endpoints", VpcEndpointIds=[it.id])


def _endpoint_tables(it: It, answer: Any) -> Any:
    wanted = it.parts("/")[1]
    return next((e for e in answer["VpcEndpoints"] if wanted in e.get("RouteTableIds", [])), None)


_FLOW_SOURCES = {
    "vpcId": "VPC",
    "subnetId": "Subnet",
    "eniId": "NetworkInterface",
    "transitGatewayId": "TransitGateway",
}


def _flow_source(it: It) -> dict[str, Any]:
    name = next(name for name in _FLOW_SOURCES if it.get(name))
    return {
        "ResourceIds": [it[name]],
        "ResourceType": _FLOW_SOURCES[name],
        "DeliverLogsPermissionArn": it.get("iamRoleArn"),
    }


def _flow_log_id(_: It, answer: Any) -> str:
    for failure in answer.get("Unsuccessful", []):
        raise ResourceError(failure["Error"]["Code"], failure["Error"]["Message"])
    return str(answer["FlowLogIds"][0])


def _template_data(it: It) -> dict[str, Any]:
    shape = it.aws.request_shape("ec2", "create_launch_template").members["LaunchTemplateData"]
    renamed = {"vpcSecurityGroupIds": "securityGroupIds", "securityGroupNames": "securityGroups"}
    # `tags` are the template's own; what its instances get is `tagSpecifications`.
    data = {
        renamed.get(k, k): v
        for k, v in it.inputs.items()
        if k not in ("tags", "tagsAll", "name", "description")
    }
    return dict(to_api(shape, data))


def _next_version(it: It) -> None:
    made = run(
        it,
        "ec2",
        "create_launch_template_version",
        LaunchTemplateId=it.id,
        LaunchTemplateData=_template_data(it),
        VersionDescription=it.get("description", ""),
    )
    if it.get("updateDefaultVersion"):
        number = str(made["LaunchTemplateVersion"]["VersionNumber"])
        run(it, "ec2", "modify_launch_template", LaunchTemplateId=it.id, DefaultVersion=number)


def _latest(it: It, name: str) -> Any:
    versions = look(
        it, "ec2", "describe_launch_template_versions", LaunchTemplateId=it.id, Versions=["$Latest"]
    )
    found: Any = versions.get("LaunchTemplateVersions") or [{}]
    return found[0].get("LaunchTemplateData", {}).get(name)


def _template_tags(it: It, _: Any) -> dict[str, str]:
    """Moto's answer about a template has the tags of its creation only."""
    mine = [{"Name": "resource-id", "Values": [it.id]}]
    return from_pairs(look(it, "ec2", "describe_tags", Filters=mine).get("Tags"))


_TEMPLATE_DATA = (
    "blockDeviceMappings capacityReservationSpecification cpuOptions creditSpecification disableApiStop "
    "disableApiTermination ebsOptimized enclaveOptions hibernationOptions iamInstanceProfile imageId "
    "instanceInitiatedShutdownBehavior instanceMarketOptions instanceRequirements instanceType kernelId keyName "
    "licenseSpecifications maintenanceOptions metadataOptions monitoring networkInterfaces placement "
    "privateDnsNameOptions ramDiskId securityGroupNames tagSpecifications userData vpcSecurityGroupIds"
)
# One look for each scalar that a program is likely to state; blocks are compared as the program wrote them.
_TEMPLATE_SCALARS: Mapping[str, str] = {
    "imageId": "ImageId",
    "instanceType": "InstanceType",
    "userData": "UserData",
}

ROWS = (
    Row(
        type="aws:ec2/vpcEndpoint:VpcEndpoint",
        service="ec2",
        create=Call("create_vpc_endpoint", lambda it: {"PolicyDocument": it.get("policy")}),
        made="VpcEndpoint.VpcEndpointId",
        read=Call("describe_vpc_endpoints", lambda it: {"VpcEndpointIds": [it.id]}),
        at="VpcEndpoints[?State!='deleted'] | [0]",
        delete=(_gateway_routes,),
        settings=(
            Setting(f"{' '.join(_ENDPOINT_LISTS)} policy privateDnsEnabled", _change_endpoint, later=True),
        ),
        observe={
            "securityGroupIds": "Groups[].GroupId",
            "policy": "PolicyDocument",
            # moto takes it at creation and ignores a change of it.
            "privateDnsEnabled": lambda _it, _found: None,
        },
        outputs={
            "arn": ec2_arn("vpc-endpoint"),
            "dnsEntries": "DnsEntries",
            "networkInterfaceIds": "NetworkInterfaceIds",
            "ownerId": "OwnerId",
            "state": "State",
        },
        local="autoAccept",
        tags=ec2_tags("vpc-endpoint"),
        search=by_tag("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    ),
    Row(
        type="aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        service="ec2",
        create=Call("modify_vpc_endpoint", lambda it: {"AddRouteTableIds": [it["routeTableId"]]}),
        natural=lambda inputs: f"{inputs['vpcEndpointId']}/{inputs['routeTableId']}",
        read=Call("describe_vpc_endpoints", lambda it: {"VpcEndpointIds": [it.parts("/")[0]]}),
        at=_endpoint_tables,
        delete=(
            Call(
                "modify_vpc_endpoint",
                lambda it: {"VpcEndpointId": it.parts("/")[0], "RemoveRouteTableIds": [it.parts("/")[1]]},
            ),
        ),
        observe={"routeTableId": lambda it, _: it.parts("/")[1]},
        replace="routeTableId vpcEndpointId",
    ),
    Row(
        type="aws:ec2/flowLog:FlowLog",
        service="ec2",
        create=Call("create_flow_logs", _flow_source),
        made=_flow_log_id,
        read=Call("describe_flow_logs", lambda it: {"FlowLogIds": [it.id]}),
        at="FlowLogs[0]",
        delete=(Call("delete_flow_logs", lambda it: {"FlowLogIds": [it.id]}),),
        observe={
            "iamRoleArn": "DeliverLogsPermissionArn",
            **{
                name: lambda it, found, name=name: found["ResourceId"] if name in it.inputs else None
                for name in _FLOW_SOURCES
            },
        },
        outputs={"arn": ec2_arn("vpc-flow-log")},
        tags=ec2_tags("vpc-flow-log"),
        search=by_tag("describe_flow_logs", "FlowLogs", "FlowLogId"),
    ),
    Row(
        type="aws:ec2/tag:Tag",
        service="ec2",
        create=Call(
            "create_tags",
            lambda it: {"Resources": [it["resourceId"]], "Tags": [{"Key": it["key"], "Value": it["value"]}]},
        ),
        natural=lambda inputs: f"{inputs['resourceId']},{inputs['key']}",
        read=Call(
            "describe_tags",
            lambda it: {
                "Filters": [
                    {"Name": "resource-id", "Values": [it.parts(",", 1)[0]]},
                    {"Name": "key", "Values": [it.parts(",", 1)[1]]},
                ]
            },
        ),
        at="Tags[0]",
        delete=(
            Call(
                "delete_tags",
                lambda it: {"Resources": [it.parts(",", 1)[0]], "Tags": [{"Key": it.parts(",", 1)[1]}]},
            ),
        ),
        settings=(
            Setting(
                "value",
                Call(
                    "create_tags",
                    lambda it: {
                        "Resources": [it["resourceId"]],
                        "Tags": [{"Key": it["key"], "Value": it["value"]}],
                    },
                ),
                later=True,
            ),
        ),
        observe={"resourceId": "ResourceId", "key": "Key"},
    ),
    Row(
        type="aws:ec2/launchTemplate:LaunchTemplate",
        service="ec2",
        create=Call(
            "create_launch_template",
            lambda it: {
                "LaunchTemplateName": it["name"],
                "LaunchTemplateData": _template_data(it),
                "VersionDescription": it.get("description"),
            },
        ),
        made="LaunchTemplate.LaunchTemplateId",
        read=Call("describe_launch_templates", lambda it: {"LaunchTemplateIds": [it.id]}),
        at="LaunchTemplates[0]",
        delete=(Call("delete_launch_template", lambda it: {"LaunchTemplateId": it.id}),),
        settings=(Setting(f"{_TEMPLATE_DATA} description updateDefaultVersion", _next_version, later=True),),
        observe={
            "name": "LaunchTemplateName",
            **{
                name: lambda it, _, member=member: _latest(it, member)
                for name, member in _TEMPLATE_SCALARS.items()
            },
        },
        outputs={
            "arn": ec2_arn("launch-template"),
            "defaultVersion": "DefaultVersionNumber",
            "latestVersion": "LatestVersionNumber",
        },
        name="name",
        name_limit=128,
        tags=replace(ec2_tags("launch-template"), read=_template_tags),
        search=by_tag("describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    ),
)
