"""Alerts about telemetry on its way: what is lost here is missing everywhere else."""

from __future__ import annotations

from components.alerts.rules import Alert, Group

_OTEL = frozenset({"otel", "prometheus"})
_SIGNALS = ("spans", "log_records", "metric_points")


_WRITES = (
    "sum by (exporter) "
    '(rate(otelcol_exporter_{}_metric_points_total{{exporter=~"prometheusremotewrite/.*"}}[10m]))'
)


def _any(by: str, metric: str, condition: str, matcher: str = "") -> str:
    """True for the first signal that it is true for: one call for one collector, whatever it loses."""
    return "\n  or ".join(
        f"sum by ({by}) (rate({metric.format(signal)}{matcher}[10m])) {condition}" for signal in _SIGNALS
    )


COLLECTORS = Group(
    name="collectors",
    rules=(
        Alert(
            name="CollectorGatewayDown",
            # Absent too: a Service without pods has no target that could be down.
            expr='absent(up{job="otel-collector"} == 1)',
            hold="5m",
            severity="critical",
            summary="No collector gateway is up: logs wait on nodes, traces and agents' metrics are lost",
            needs=_OTEL,
        ),
        Alert(
            name="CollectorLosesData",
            expr=_any("job, exporter", "otelcol_exporter_send_failed_{}_total", "> 0")
            + "\n  or "
            + _any("job, exporter", "otelcol_exporter_enqueue_failed_{}_total", "> 0"),
            hold="10m",
            severity="critical",
            summary="{{ $labels.job }} gives up data for {{ $labels.exporter }}",
            needs=_OTEL,
        ),
        Alert(
            name="CollectorRefusesData",
            expr=_any("job, receiver", "otelcol_receiver_refused_{}_total", "> 0"),
            hold="10m",
            severity="warning",
            summary="{{ $labels.job }} refuses data on {{ $labels.receiver }}: it is near its memory limit",
            needs=_OTEL,
        ),
        Alert(
            name="CollectorQueueFilling",
            expr=(
                "max by (job, exporter) (otelcol_exporter_queue_size / (otelcol_exporter_queue_capacity > 0)) > 0.8"
            ),
            hold="10m",
            severity="warning",
            summary=(
                "The queue of {{ $labels.job }} for {{ $labels.exporter }} is {{ $value | humanizePercentage }} full"
            ),
            needs=_OTEL,
        ),
        Alert(
            name="RemoteWriteFailing",
            expr=(
                f"{_WRITES.format('send_failed')}\n"
                f"  / ({_WRITES.format('sent')} + {_WRITES.format('send_failed')}) > 0.01"
            ),
            hold="10m",
            severity="warning",
            summary="Prometheus refuses {{ $value | humanizePercentage }} of what {{ $labels.exporter }} writes",
            needs=_OTEL,
        ),
    ),
)
