"""The platform's parts, one package per noun: what may be said, what it means, what is registered."""
