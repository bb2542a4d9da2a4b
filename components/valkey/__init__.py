"""Valkey in the cluster: a primary that writes everything down, and copies that follow it."""
