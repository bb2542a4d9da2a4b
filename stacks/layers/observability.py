"""The layer that watches the others: metrics, traces, logs, GPUs."""

from __future__ import annotations

from dataclasses import dataclass

from pulumi import Resource

from components.alerts.alerts import Alerts, AlertsArgs
from components.dashboards.dashboards import Dashboards, DashboardsArgs
from components.dcgm_exporter.dcgm_exporter import DcgmExporter, DcgmExporterArgs
from components.langfuse.langfuse import Langfuse, LangfuseArgs
from components.langfuse.names import NAMESPACE as LANGFUSE_NAMESPACE
from components.langfuse.operator import ClickHouseOperator, ClickHouseOperatorArgs
from components.langfuse.secrets import COLLECTOR, collector_secret
from components.otel.gateway import Sinks
from components.otel.otel import Otel, OtelArgs
from components.prices.catalogue import priced_models, prices
from components.prometheus.prometheus import Prometheus, PrometheusArgs
from components.secrets.reader import SecretReader, SecretReaderArgs
from stacks.layers.controllers import Controllers
from stacks.layers.data import Data
from stacks.layers.ground import Ground


@dataclass(frozen=True, kw_only=True)
class Observability:
    """Where others send what they measure, and where they ask; None where the stack has no such part."""

    prometheus: Prometheus | None
    langfuse: Langfuse | None
    otel: Otel | None


def observability(
    ground: Ground, controllers: Controllers, data: Data, *, placed: tuple[Resource, ...]
) -> Observability:
    """Stores before those who write to them; `placed` is what their pods wait for."""
    prometheus = _prometheus(ground, after=(*placed, *controllers.secrets))
    langfuse = _langfuse(ground, controllers, data, placed=placed)
    otel = _otel(ground, prometheus, langfuse, after=(*placed, *controllers.secrets))
    if prometheus is not None:
        _alerts_and_dashboards(ground, after=(*ground.monitors, *prometheus.ready))
    if "dcgm_exporter" in ground.parts:
        DcgmExporter(
            "dcgm-exporter",
            DcgmExporterArgs(
                spec=ground.config.observability.dcgm_exporter,
                namespace=ground.namespaces["nvidia"],
                after=(*placed, *ground.monitors),
                monitored=ground.monitored,
            ),
            opts=ground.kubernetes,
        )
    return Observability(prometheus=prometheus, langfuse=langfuse, otel=otel)


def _prometheus(ground: Ground, *, after: tuple[Resource, ...]) -> Prometheus | None:
    if "prometheus" not in ground.parts:
        return None
    return Prometheus(
        "prometheus",
        PrometheusArgs(
            spec=ground.config.observability.prometheus,
            namespace=ground.namespaces["observability"],
            after=(*after, *ground.monitors),
        ),
        opts=ground.kubernetes,
    )


def _alerts_and_dashboards(ground: Ground, *, after: tuple[Resource, ...]) -> None:
    watching = ground.config.observability
    if "alerts" in ground.parts:
        Alerts(
            "alerts",
            AlertsArgs(
                spec=watching.alerts,
                namespace=ground.namespaces["observability"],
                parts=ground.parts,
                prices=prices(ground.config.prices),
                after=after,
            ),
            opts=ground.kubernetes,
        )
    if "dashboards" in ground.parts:
        Dashboards(
            "dashboards",
            DashboardsArgs(
                spec=watching.dashboards,
                namespace=ground.namespaces["observability"],
                parts=ground.parts,
                after=after,
            ),
            opts=ground.kubernetes,
        )


def _langfuse(
    ground: Ground, controllers: Controllers, data: Data, *, placed: tuple[Resource, ...]
) -> Langfuse | None:
    if "langfuse" not in ground.parts:
        return None
    operator = ClickHouseOperator(
        "clickhouse-operator",
        ClickHouseOperatorArgs(
            namespace=ground.namespaces["clickhouse-operator"],
            after=(*placed, *controllers.certificates, *ground.monitors),
            monitored=ground.monitored,
        ),
        opts=ground.kubernetes,
    )
    return Langfuse(
        "langfuse",
        LangfuseArgs(
            place=ground.place,
            spec=ground.config.observability.langfuse,
            cluster_name=ground.cluster_name,
            namespace=ground.namespaces["observability"],
            bucket=data.buckets.names["langfuse"],
            bucket_key_alias=data.buckets.key_alias,
            after=(*placed, *controllers.secrets, *data.buckets.ready, *data.stores_of("langfuse")),
            operator=operator.ready,
            cache_authority="valkey" in ground.parts,
            monitored=ground.monitored,
            protect=ground.protect,
            retain=ground.retain,
        ),
        opts=ground.both,
    )


def _otel(
    ground: Ground, prometheus: Prometheus | None, langfuse: Langfuse | None, *, after: tuple[Resource, ...]
) -> Otel | None:
    if "otel" not in ground.parts:
        return None
    waits = [*after, *ground.monitors]
    if langfuse is not None:
        header = SecretReader(
            "otel-langfuse",
            SecretReaderArgs(
                namespace=ground.namespaces[LANGFUSE_NAMESPACE],
                secret=COLLECTOR,
                spec=collector_secret(ground.place),
                after=after,
            ),
            opts=ground.kubernetes,
        )
        waits += [*header.ready, *langfuse.ready]
    if prometheus is not None:
        waits += prometheus.ready
    return Otel(
        "otel",
        OtelArgs(
            place=ground.place,
            spec=ground.config.observability.otel,
            cluster_name=ground.cluster_name,
            namespace=ground.namespaces["observability"],
            agent_namespace=ground.namespaces["node-monitoring"],
            sinks=Sinks(
                langfuse=langfuse.otlp_endpoint if langfuse else None,
                prometheus=prometheus.write_hosts if prometheus else (),
                models=priced_models(ground.config.prices),
            ),
            langfuse_secret=COLLECTOR if langfuse else None,
            after=tuple(waits),
            monitored=ground.monitored,
            retain=ground.retain,
        ),
        opts=ground.both,
    )
