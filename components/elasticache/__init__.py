"""Valkey as AWS runs it: several zones, failover by itself, users without passwords of ours."""
