"""The firewall's rules and the distribution as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.edge.spec import EdgeSpec

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
"""CloudFront's managed policies CachingDisabled and AllViewerExceptHostHeader: the origin knows its own name."""

BODY_RULES = ("CrossSiteScripting_BODY", "GenericLFI_BODY", "GenericRFI_BODY", "SizeRestrictions_BODY")
"""Rules about bodies: prompts hold markup, paths and addresses, and are long."""

Rule = dict[str, Any]


def rules(spec: EdgeSpec, origins: Sequence[str]) -> list[Rule]:
    """Managed rules, a rate for each address, and browsers of allowed pages only."""
    found: list[Rule] = [
        _managed("AWSManagedRulesAmazonIpReputationList"),
        _managed("AWSManagedRulesKnownBadInputsRuleSet"),
        _managed("AWSManagedRulesCommonRuleSet", counted=BODY_RULES),
        {
            "name": "requests-of-one-address",
            "action": {"block": {}},
            "statement": {
                "rate_based_statement": {"limit": spec.requests_per_5_minutes, "aggregate_key_type": "IP"}
            },
        },
    ]
    if origins:
        found.append(
            {"name": "other-origins", "action": {"block": {}}, "statement": _from_elsewhere(origins)}
        )
    return [
        {**rule, "priority": priority, "visibility_config": visibility(rule["name"])}
        for priority, rule in enumerate(found)
    ]


def visibility(name: str) -> dict[str, Any]:
    """Counted in CloudWatch; single requests are not kept: they hold prompts."""
    return {
        "cloudwatch_metrics_enabled": True,
        "metric_name": name,
        "sampled_requests_enabled": False,
    }


def distribution(spec: EdgeSpec, origin: str) -> dict[str, Any]:
    """Everything but the firewall's address."""
    return {
        "enabled": True,
        "comment": f"{spec.host} to {origin}",
        "aliases": [spec.host],
        "http_version": "http2and3",
        "is_ipv6_enabled": True,
        "price_class": spec.price_class,
        "origins": [
            {
                "origin_id": "gateway",
                "domain_name": origin,
                "custom_origin_config": {
                    "http_port": 80,
                    "https_port": 443,
                    "origin_protocol_policy": "https-only",
                    "origin_ssl_protocols": ["TLSv1.2"],
                    "origin_read_timeout": spec.first_byte_seconds,
                    "origin_keepalive_timeout": 60,
                },
            }
        ],
        "default_cache_behavior": {
            "target_origin_id": "gateway",
            "viewer_protocol_policy": "redirect-to-https",
            "allowed_methods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
            "cached_methods": ["GET", "HEAD"],
            "cache_policy_id": CACHING_DISABLED,
            "origin_request_policy_id": ALL_BUT_HOST,
            # Compressing would hold back a stream until there is enough of it.
            "compress": False,
        },
        "restrictions": {"geo_restriction": {"restriction_type": "none"}},
        "viewer_certificate": {
            "acm_certificate_arn": spec.certificate_arn,
            "minimum_protocol_version": "TLSv1.2_2021",
            "ssl_support_method": "sni-only",
        },
    }


def _managed(name: str, *, counted: Sequence[str] = ()) -> Rule:
    overrides: list[Rule] = [{"name": rule, "action_to_use": {"count": {}}} for rule in counted]
    group: dict[str, Any] = {"vendor_name": "AWS", "name": name}
    if overrides:
        group["rule_action_overrides"] = overrides
    return {
        "name": name,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": group},
    }


def _from_elsewhere(origins: Sequence[str]) -> dict[str, Any]:
    """A request that says where it comes from, and says none of these; programs say nothing."""
    exact = [_origin_is(origin) for origin in origins]
    allowed = exact[0] if len(exact) == 1 else {"or_statement": {"statements": exact}}
    said = {
        "size_constraint_statement": {
            "comparison_operator": "GT",
            "size": 0,
            **_origin_header(),
        }
    }
    return {"and_statement": {"statements": [said, {"not_statement": {"statement": allowed}}]}}


def _origin_is(origin: str) -> dict[str, Any]:
    return {
        "byte_match_statement": {
            "search_string": origin,
            "positional_constraint": "EXACTLY",
            **_origin_header(),
        }
    }


def _origin_header() -> dict[str, Any]:
    return {
        "field_to_match": {"single_header": {"name": "origin"}},
        "text_transformations": [{"priority": 0, "type": "LOWERCASE"}],
    }
