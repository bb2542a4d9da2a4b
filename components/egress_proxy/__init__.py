"""The one way out for tools: to host names that are declared, by whoever declared them."""
