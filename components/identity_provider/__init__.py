"""Who callers are: a Cognito user pool with a client for each tenant, or somebody else's issuer."""
