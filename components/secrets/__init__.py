"""Credentials that nobody types: generated in the cluster, kept in Secrets Manager, read from there."""
