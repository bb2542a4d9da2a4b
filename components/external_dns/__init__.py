"""Names in hosted zones, made from what Services and routes ask for."""
