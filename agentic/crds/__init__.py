"""Schemas of custom resources: where they come from, and a directory full of them."""
