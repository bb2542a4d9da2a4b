"""The stack: one typed object in, one platform out."""
