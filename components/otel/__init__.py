"""Telemetry on its way: collectors on every node, and a gateway that decides what goes where."""
