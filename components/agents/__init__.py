"""Agents and workflows: said in the stack's config, compiled to what kagent runs."""
