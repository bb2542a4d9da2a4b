"""GPU metrics: what each GPU does, and for whom."""
