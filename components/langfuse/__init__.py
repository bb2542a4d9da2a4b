"""LLM traces: Langfuse, the ClickHouse it writes to, and the operator that runs that ClickHouse."""
