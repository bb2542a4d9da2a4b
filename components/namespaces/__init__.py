"""The platform's namespaces: labels, quotas, defaults and policies, all in place before anything runs."""
