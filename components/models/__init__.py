"""Model servers: which models the cluster serves itself, on which GPUs, and how many of them."""
