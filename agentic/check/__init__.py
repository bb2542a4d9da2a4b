"""The rules of `policies`, run over a plan."""
