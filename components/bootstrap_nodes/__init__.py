"""Bootstrap nodes: where Karpenter and the cluster's own controllers run."""
