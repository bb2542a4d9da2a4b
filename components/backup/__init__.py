"""Who brings back volumes and cluster objects: Velero in the cluster, or AWS Backup from outside."""
