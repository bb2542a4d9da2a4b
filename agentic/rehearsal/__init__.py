"""A plan before a real API server: what a cluster would refuse is known before there is one."""
