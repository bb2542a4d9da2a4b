"""Secrets Manager entries as Kubernetes Secrets, each reader with no more than its own path."""
