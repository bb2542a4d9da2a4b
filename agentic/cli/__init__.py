"""The `agentic` command: argument parsing and printing, no decisions."""
