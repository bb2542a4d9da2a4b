"""GPU readiness: what makes a node's GPUs visible to Kubernetes."""
