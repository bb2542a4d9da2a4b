"""The series of the exporter beside each server; without CONFIG, which it may not ask."""

from __future__ import annotations

from components.charts.metrics import MetricSource
from components.valkey.spec import RELEASE

COMPONENT = "valkey"

METRICS: tuple[MetricSource, ...] = (
    MetricSource(
        component=COMPONENT,
        job=f"{RELEASE}-metrics",
        names=frozenset(
            {
                "up",
                "redis_aof_last_bgrewrite_status",
                "redis_aof_last_write_status",
                "redis_blocked_clients",
                "redis_commands_processed_total",
                "redis_connected_clients",
                "redis_connected_slaves",
                "redis_db_keys",
                "redis_db_keys_expiring",
                "redis_evicted_keys_total",
                "redis_expired_keys_total",
                "redis_exporter_last_scrape_error",
                "redis_instance_info",
                "redis_keyspace_hits_total",
                "redis_keyspace_misses_total",
                "redis_master_link_up",
                "redis_mem_fragmentation_ratio",
                "redis_memory_max_bytes",
                "redis_memory_used_bytes",
                "redis_rejected_connections_total",
                "redis_slowlog_length",
                "redis_up",
                "redis_uptime_in_seconds",
            }
        ),
    ),
)
