"""Agent Overview: what agents are asked, how long they take, and how often they fail."""

from __future__ import annotations

from components.dashboards.panels import Dashboard, Panel, Query, Row, Variable

_OTEL = frozenset({"otel", "prometheus"})
_RECORDED = frozenset({"alerts", "otel", "prometheus"})
_PROMETHEUS = frozenset({"prometheus"})

_OF = '{tenant=~"$tenant", namespace=~"$namespace", agent=~"$agent"}'
_BY = "tenant, agent"
_NAME = "{{tenant}}/{{agent}}"


def _sum(name: str, by: str = _BY) -> str:
    return f"sum by ({by}) (rate({name}{_OF}[$__rate_interval]))"


def _quantile(q: float) -> Query:
    expr = f"histogram_quantile({q:g}, {_sum('agent_request_duration_seconds_bucket', f'le, {_BY}')})"
    return Query(expr, f"{_NAME} p{q * 100:g}")


_ERROR_RATIO = f"{_sum('agent_request_errors_total')} / ({_sum('agent_requests_total')} > 0)"

AGENT_OVERVIEW = Dashboard(
    uid="agent-overview",
    title="Agent Overview",
    about="Requests to agents, by agent and tenant, counted at their own pods.",
    variables=(
        Variable(name="tenant", label="Tenant", series="agent_requests_total", needs=_OTEL),
        Variable(name="namespace", label="Namespace", series="agent_requests_total", needs=_OTEL),
        Variable(name="agent", label="Agent", series="agent_requests_total", needs=_OTEL),
    ),
    rows=(
        Row(
            title="Requests",
            panels=(
                Panel(
                    title="Requests",
                    queries=(Query(_sum("agent_requests_total"), _NAME),),
                    unit="reqps",
                    needs=_OTEL,
                    stacked=True,
                ),
                Panel(
                    title="Failed requests",
                    queries=(Query(_ERROR_RATIO, _NAME),),
                    unit="percentunit",
                    needs=_OTEL,
                    about="Of those in the same interval; none where an agent was not asked.",
                ),
                Panel(
                    title="Latency",
                    queries=(_quantile(0.5), _quantile(0.95), _quantile(0.99)),
                    unit="s",
                    needs=_OTEL,
                    about="Until the last event of the answer; over all pods of an agent.",
                    width=24,
                ),
            ),
        ),
        Row(
            title="In this period",
            panels=(
                Panel(
                    title="Requests by agent",
                    queries=(
                        Query(f"sum by ({_BY}) (increase(agent_requests_total{_OF}[$__range]))", _NAME),
                    ),
                    unit="short",
                    needs=_OTEL,
                    kind="bargauge",
                    width=8,
                ),
                Panel(
                    title="Failures by agent",
                    queries=(
                        Query(f"sum by ({_BY}) (increase(agent_request_errors_total{_OF}[$__range]))", _NAME),
                    ),
                    unit="short",
                    needs=_OTEL,
                    kind="bargauge",
                    width=8,
                ),
                Panel(
                    title="Tokens by agent, last hour",
                    queries=(Query(f"tenant_namespace_agent:tokens:increase1h{_OF}", _NAME),),
                    unit="short",
                    needs=_RECORDED,
                    about="Input and output together. `none` is a program that is no agent.",
                    kind="bargauge",
                    width=8,
                ),
            ),
        ),
        Row(
            title="Pods",
            panels=(
                Panel(
                    title="Ready pods",
                    queries=(
                        Query(
                            "sum by (namespace) (kube_pod_status_ready"
                            '{namespace=~"$namespace", condition="true"})',
                            "{{namespace}}",
                        ),
                    ),
                    unit="short",
                    needs=_PROMETHEUS | _OTEL,
                ),
                Panel(
                    title="Restarts in an hour",
                    queries=(
                        Query(
                            "sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total"
                            '{namespace=~"$namespace"}[1h])) > 0',
                            "{{namespace}}/{{pod}}",
                        ),
                    ),
                    unit="short",
                    needs=_PROMETHEUS | _OTEL,
                ),
            ),
        ),
    ),
)
