"""One login for every page: oauth2-proxy, which the gateway asks about each request."""
