"""What a model's tokens cost: dated data with its source, never a constant in code."""
