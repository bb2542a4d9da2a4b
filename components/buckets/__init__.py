"""One bucket for each purpose, encrypted, versioned, closed, and shared out by prefix."""
