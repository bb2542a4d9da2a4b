"""The smoke test: pods in tenants' namespaces that try what must be allowed and what must be denied."""
