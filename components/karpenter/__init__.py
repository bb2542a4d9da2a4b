"""Karpenter: its identity, its interruption queue and its releases."""
