"""The one way in: who a caller is, what it may use, and which model answers."""
