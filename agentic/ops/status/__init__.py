"""What runs, beside what the stack's own plan says should: one screen, three answers, no guess."""
