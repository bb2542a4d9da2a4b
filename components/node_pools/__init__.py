"""Node pools: one for CPU, one per accelerator class, rendered for Karpenter or for EKS Auto Mode."""
