"""What an operator does to a real account, each command safe to repeat."""
