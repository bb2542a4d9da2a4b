"""What pods, namespaces and nodes cost by the hour."""
