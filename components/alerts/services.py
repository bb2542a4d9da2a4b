"""Alerts about what serves the platform itself: gateway, scaling, names, load balancers, hand-over."""

from __future__ import annotations

from components.alerts.rules import Alert, Group
from components.alerts.spec import AlertsSpec


def _with(*parts: str) -> frozenset[str]:
    return frozenset({"prometheus", *parts})


def services(spec: AlertsSpec) -> Group:
    """One alert at least for each part that is scraped: what nobody would look at need not be exported."""
    by = "tenant"
    failed = f'sum by ({by}) (rate(agentgateway_requests_total{{status=~"5.."}}[5m]))'
    return Group(
        name="services",
        rules=(
            Alert(
                name="GatewayHighErrorRate",
                expr=(
                    f"{failed}\n  / sum by ({by}) (rate(agentgateway_requests_total[5m])) > "
                    f"{spec.agent_error_ratio:g}\n"
                    f"and on ({by}) sum by ({by}) (increase(agentgateway_requests_total[5m])) "
                    f">= {spec.minimum_requests}"
                ),
                hold="5m",
                severity="critical",
                summary=(
                    "{{ $value | humanizePercentage }} of the requests of {{ $labels.tenant }} end in a server error"
                ),
                needs=_with("gateway"),
            ),
            Alert(
                name="RateLimitsUnknown",
                expr="sum(increase(ratelimit_service_should_rate_limit_error[10m])) > 0",
                hold="10m",
                severity="warning",
                summary="The rate-limit service cannot ask its store: tenants are not limited, or are refused",
                needs=_with("gateway"),
            ),
            Alert(
                name="AgentsNotReconciled",
                expr=(
                    "sum by (namespace, controller) (increase(controller_runtime_reconcile_errors_total"
                    '{job="kagent-controller-metrics"}[15m])) > 0'
                ),
                hold="15m",
                severity="warning",
                summary=(
                    "kagent in {{ $labels.namespace }} cannot bring about what {{ $labels.controller }} objects say: "
                    "changes do not arrive"
                ),
                needs=_with("kagent"),
            ),
            Alert(
                name="ScalingFails",
                expr="sum by (namespace, scaledObject) (increase(keda_scaled_object_errors_total[10m])) > 0",
                hold="10m",
                severity="warning",
                summary="KEDA cannot scale {{ $labels.namespace }}/{{ $labels.scaledObject }}",
                needs=_with("keda"),
            ),
            Alert(
                name="ResourceMetricsMissing",
                expr='absent(up{job="metrics-server"} == 1)',
                hold="10m",
                severity="warning",
                summary="No metrics-server is up: nothing scales on CPU or memory",
                needs=_with("metrics_server"),
            ),
            Alert(
                name="DnsRecordsStale",
                expr=(
                    "time() - max(external_dns_controller_last_sync_timestamp_seconds) > 3600\n"
                    "  or max(external_dns_controller_consecutive_soft_errors) > 5"
                ),
                hold="15m",
                severity="warning",
                summary="DNS records are not what the cluster says: external-dns has not synced",
                needs=_with("external_dns"),
            ),
            Alert(
                name="TenantBudgetNearlyUsed",
                expr=(
                    "1 - max by (api_key_alias) (litellm_remaining_api_key_budget_metric)\n"
                    "  / max by (api_key_alias) (litellm_api_key_max_budget_metric) >= 0.8"
                ),
                hold="5m",
                severity="warning",
                summary="{{ $labels.api_key_alias }} has used {{ $value | humanizePercentage }} of its budget",
                needs=_with("relay"),
            ),
            Alert(
                name="RelayModelFailing",
                expr=(
                    "sum by (requested_model) (increase(litellm_deployment_failure_responses_total[10m]))\n"
                    "  > sum by (requested_model) (increase(litellm_deployment_success_responses_total[10m]))\n"
                    "  or (sum by (requested_model) (increase(litellm_deployment_failure_responses_total[10m])) > 5\n"
                    "      unless on (requested_model) litellm_deployment_success_responses_total)"
                ),
                hold="10m",
                severity="warning",
                summary="Provider of {{ $labels.requested_model }} answers more requests with an error than without",
                needs=_with("relay"),
            ),
            Alert(
                name="LoadBalancersNotReconciled",
                expr=(
                    "sum(increase(aws_api_call_permission_errors_total[15m])) > 0\n"
                    "  or sum(increase(aws_api_call_service_limit_exceeded_errors_total[15m])) > 0"
                ),
                hold="15m",
                severity="warning",
                summary="AWS refuses calls of the load balancer controller: rights or a limit are lacking",
                needs=_with("load_balancer_controller"),
            ),
            Alert(
                name="ApplicationDegraded",
                expr='sum by (name, project) (argocd_app_info{health_status=~"Degraded|Missing"}) > 0',
                hold="15m",
                severity="warning",
                summary="Application {{ $labels.name }} of {{ $labels.project }} is not healthy",
                needs=_with("argocd"),
            ),
            Alert(
                name="CostsNotMeasured",
                expr='absent(up{job="opencost"} == 1)',
                hold="30m",
                severity="warning",
                summary="OpenCost is down: what namespaces cost in this time will be missing from every report",
                needs=_with("opencost"),
            ),
        ),
    )
