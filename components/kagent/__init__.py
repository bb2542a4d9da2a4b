"""kagent: what turns agents, as objects, into pods, and keeps their sessions."""
