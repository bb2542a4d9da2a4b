"""Certificates inside the cluster: issuers, renewal, and the CA that webhooks trust."""
