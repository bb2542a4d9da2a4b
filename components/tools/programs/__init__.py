"""What runs in pods of tools: read as text by the program, never imported by it."""
