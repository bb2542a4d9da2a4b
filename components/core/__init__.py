"""What every noun shares: model base, place, names, labels, quantities, workload identity."""
