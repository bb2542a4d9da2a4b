"""The relay: one OpenAI-compatible API before every provider, with prices, budgets, failover and a cache."""
