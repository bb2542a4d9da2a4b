"""Rows of what stands before a stack: WAF's access lists and CloudFront's distributions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.row import URN_TAG, Call, It, Row, Setting, TagStyle
from agentic.sandbox.providers.aws.shapes import to_api
from agentic.sandbox.providers.aws.styles import look, run
from agentic.sandbox.providers.aws.tags import as_pairs, from_pairs, urn_mark
from agentic.sandbox.providers.data import is_list, is_map

_SCOPES = ("CLOUDFRONT", "REGIONAL")
_PAGE_LIMIT = 100


def _acl(it: It) -> dict[str, str]:
    """Name and scope of an access list, which every call wants besides its id."""
    for scope in _SCOPES:
        for one in run(it, "wafv2", "list_web_acls", Scope=scope, Limit=_PAGE_LIMIT)["WebACLs"]:
            if one["Id"] == it.id:
                return {"Name": one["Name"], "Scope": scope, "Id": it.id}
    return {"Name": "none", "Scope": str(it.get("scope", "REGIONAL")), "Id": it.id}


def _locked(it: It) -> dict[str, str]:
    place = _acl(it)
    return {**place, "LockToken": str(run(it, "wafv2", "get_web_acl", **place)["LockToken"])}


def _write_acl(it: It) -> None:
    said = dict(to_api(it.aws.request_shape("wafv2", "update_web_acl"), _untagged(it.inputs)))
    run(it, "wafv2", "update_web_acl", **{**said, **_locked(it)})


def _acl_arn(it: It) -> str:
    return str(run(it, "wafv2", "get_web_acl", **_acl(it))["WebACL"]["ARN"])


def _find_acl(it: It) -> list[str]:
    assert it.named is not None
    found = run(it, "wafv2", "list_web_acls", Scope=it["scope"], Limit=_PAGE_LIMIT)["WebACLs"]
    mark = urn_mark(it.named)
    return [
        str(one["Id"])
        for one in found
        if _pairs_of(look(it, "wafv2", "list_tags_for_resource", ResourceARN=one["ARN"])).get(URN_TAG) == mark
    ]


def _pairs_of(answer: Mapping[str, Any]) -> dict[str, str]:
    return from_pairs(answer.get("TagInfoForResource", {}).get("TagList"))


def _spelt_as_pulumi_does(value: Any) -> Any:
    """Undo the one member whose capitals do not say where its words end, and the one that is bytes."""
    if is_map(value):
        return {
            "CloudwatchMetricsEnabled" if key == "CloudWatchMetricsEnabled" else key: _spelt_as_pulumi_does(
                item
            )
            for key, item in value.items()
        }
    if is_list(value):
        return [_spelt_as_pulumi_does(item) for item in value]
    return _text(value) if isinstance(value, bytes) else value


def _text(value: bytes) -> str:
    """Read a search string; moto keeps what came over the wire, which is base64, and encodes it again."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        return value.decode()


def _untagged(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in ("tags", "tagsAll", "__defaults")}


# CloudFront writes a list as its length and its items, and wants every member of a configuration said.


def _without_gaps(value: Any) -> Any:
    if is_map(value):
        return {key: _without_gaps(item) for key, item in value.items() if item is not None}
    return [_without_gaps(item) for item in value] if is_list(value) else value


def _counted(items: list[Any]) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": items}


def _config(it: It) -> dict[str, Any]:
    behaviour: Mapping[str, Any] = it["defaultCacheBehavior"]
    certificate: Mapping[str, Any] = it["viewerCertificate"]
    said = {
        "CallerReference": _reference(it),
        "Comment": it.get("comment", ""),
        "Enabled": it["enabled"],
        "Aliases": _counted(list(it.get("aliases") or [])),
        "PriceClass": it.get("priceClass", "PriceClass_All"),
        "HttpVersion": it.get("httpVersion", "http2"),
        "IsIPV6Enabled": it.get("isIpv6Enabled", False),
        "WebACLId": it.get("webAclId", ""),
        "Origins": _counted([_origin(one) for one in it["origins"]]),
        "DefaultCacheBehavior": {
            "TargetOriginId": behaviour["targetOriginId"],
            "ViewerProtocolPolicy": behaviour["viewerProtocolPolicy"],
            "Compress": behaviour.get("compress", False),
            "CachePolicyId": behaviour.get("cachePolicyId"),
            "OriginRequestPolicyId": behaviour.get("originRequestPolicyId"),
            "AllowedMethods": {
                **_counted(list(behaviour["allowedMethods"])),
                "CachedMethods": _counted(list(behaviour["cachedMethods"])),
            },
        },
        "ViewerCertificate": {
            "ACMCertificateArn": certificate.get("acmCertificateArn"),
            "MinimumProtocolVersion": certificate.get("minimumProtocolVersion"),
            "SSLSupportMethod": certificate.get("sslSupportMethod"),
        },
        "Restrictions": {
            "GeoRestriction": {
                "RestrictionType": it["restrictions"]["geoRestriction"]["restrictionType"],
                "Quantity": 0,
            }
        },
    }
    return dict(_without_gaps(said))


def _origin(origin: Mapping[str, Any]) -> dict[str, Any]:
    custom: Mapping[str, Any] = origin["customOriginConfig"]
    return {
        "Id": origin["originId"],
        "DomainName": origin["domainName"],
        "CustomOriginConfig": {
            "HTTPPort": custom["httpPort"],
            "HTTPSPort": custom["httpsPort"],
            "OriginProtocolPolicy": custom["originProtocolPolicy"],
            "OriginSslProtocols": _counted(list(custom["originSslProtocols"])),
            "OriginReadTimeout": custom.get("originReadTimeout"),
            "OriginKeepaliveTimeout": custom.get("originKeepaliveTimeout"),
        },
    }


def _reference(it: It) -> str:
    """Give what tells CloudFront that a second call is about the same distribution."""
    if it.named is not None and not it.id:
        return urn_mark(it.named)
    found = run(it, "cloudfront", "get_distribution_config", Id=it.id)["DistributionConfig"]
    return str(found["CallerReference"])


def _write_distribution(it: It) -> None:
    tag = run(it, "cloudfront", "get_distribution_config", Id=it.id)["ETag"]
    run(it, "cloudfront", "update_distribution", Id=it.id, IfMatch=tag, DistributionConfig=_config(it))


def _delete_distribution(it: It) -> None:
    """Switch it off first: CloudFront removes no distribution that answers."""
    found = run(it, "cloudfront", "get_distribution_config", Id=it.id)
    off = {**found["DistributionConfig"], "Enabled": False}
    changed = run(
        it, "cloudfront", "update_distribution", Id=it.id, IfMatch=found["ETag"], DistributionConfig=off
    )
    run(it, "cloudfront", "delete_distribution", Id=it.id, IfMatch=changed["ETag"])


def _distribution_arn(it: It) -> str:
    return f"arn:aws:cloudfront::{it.aws.account}:distribution/{it.id}"


def _distribution_tags(it: It, _: Any) -> dict[str, str]:
    answer: Any = look(it, "cloudfront", "list_tags_for_resource", Resource=_distribution_arn(it))
    return from_pairs(answer.get("Tags", {}).get("Items"))


def _find_distribution(it: It) -> list[str]:
    assert it.named is not None
    found: list[dict[str, Any]] = (
        run(it, "cloudfront", "list_distributions")["DistributionList"].get("Items") or []
    )
    mark = urn_mark(it.named)
    return [
        str(one["Id"])
        for one in found
        if run(it, "cloudfront", "get_distribution_config", Id=one["Id"])["DistributionConfig"][
            "CallerReference"
        ]
        == mark
    ]


def _default_behaviour(_: It, found: Any) -> dict[str, Any]:
    seen: Any = found["DistributionConfig"]["DefaultCacheBehavior"]
    return {
        "targetOriginId": seen.get("TargetOriginId"),
        "viewerProtocolPolicy": seen.get("ViewerProtocolPolicy"),
        "cachePolicyId": seen.get("CachePolicyId"),
        "originRequestPolicyId": seen.get("OriginRequestPolicyId"),
        "compress": seen.get("Compress"),
    }


ROWS = (
    Row(
        type="aws:wafv2/webAcl:WebAcl",
        service="wafv2",
        create=Call("create_web_acl"),
        made="Summary.Id",
        read=Call("get_web_acl", _acl),
        at=lambda _, answer: _spelt_as_pulumi_does(answer["WebACL"]),
        delete=(Call("delete_web_acl", _locked),),
        settings=(Setting("defaultAction description rules visibilityConfig", _write_acl, later=True),),
        observe={"scope": lambda it, _: _acl(it)["Scope"]},
        outputs={"arn": "ARN", "capacity": "Capacity"},
        name="name",
        name_limit=128,
        tags=TagStyle(
            at_create=lambda tags: {"Tags": as_pairs(tags)},
            read=lambda it, found: _pairs_of(
                look(it, "wafv2", "list_tags_for_resource", ResourceARN=found["ARN"])
            ),
            put=lambda it, tags: run(
                it, "wafv2", "tag_resource", ResourceARN=_acl_arn(it), Tags=as_pairs(tags)
            ),
            drop=lambda it, keys: run(
                it, "wafv2", "untag_resource", ResourceARN=_acl_arn(it), TagKeys=list(keys)
            ),
        ),
        search=_find_acl,
    ),
    Row(
        type="aws:cloudfront/distribution:Distribution",
        service="cloudfront",
        create=Call("create_distribution", lambda it: {"DistributionConfig": _config(it)}),
        made="Distribution.Id",
        read=Call("get_distribution", lambda it: {"Id": it.id}),
        at="Distribution",
        delete=(_delete_distribution,),
        settings=(
            Setting(
                "aliases comment defaultCacheBehavior enabled httpVersion isIpv6Enabled origins priceClass "
                "restrictions viewerCertificate webAclId",
                _write_distribution,
                later=True,
            ),
        ),
        observe={
            "aliases": "DistributionConfig.Aliases.Items",
            "comment": "DistributionConfig.Comment",
            "enabled": "DistributionConfig.Enabled",
            "priceClass": "DistributionConfig.PriceClass",
            "webAclId": "DistributionConfig.WebACLId",
            "defaultCacheBehavior": _default_behaviour,
        },
        outputs={
            "arn": "ARN",
            "domainName": "DomainName",
            "hostedZoneId": lambda _it, _found: "Z2FDTNDATAQYW2",
        },
        tags=TagStyle(
            at_create=lambda _: {},
            read=_distribution_tags,
            put=lambda it, tags: run(
                it,
                "cloudfront",
                "tag_resource",
                Resource=_distribution_arn(it),
                Tags={"Items": as_pairs(tags)},
            ),
            drop=lambda it, keys: run(
                it,
                "cloudfront",
                "untag_resource",
                Resource=_distribution_arn(it),
                TagKeys={"Items": list(keys)},
            ),
        ),
        search=_find_distribution,
    ),
)
