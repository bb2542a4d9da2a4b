"""Who may talk to whom: one table of flows, one renderer, and a reader that answers for the result."""
