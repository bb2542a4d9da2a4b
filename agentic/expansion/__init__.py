"""What remote components register on the program's behalf: one table for the capture and for the sandbox."""
