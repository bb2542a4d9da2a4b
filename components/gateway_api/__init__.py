"""The kinds of the Gateway API, which no chart brings."""
