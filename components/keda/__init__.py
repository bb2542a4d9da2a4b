"""Scaling by what waits: the length of a queue, or any number that Prometheus knows."""
