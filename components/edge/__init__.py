"""A CDN with a firewall before the gateway, for frontends that run elsewhere."""
