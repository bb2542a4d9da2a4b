"""The operator's command: capture a plan, read it, rehearse it, run it."""
