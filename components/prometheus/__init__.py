"""Metrics: Prometheus and its operator, Alertmanager, Grafana, and the exporters of cluster and nodes."""
