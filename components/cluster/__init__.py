"""The EKS cluster: control plane, who may do what, keys, add-ons, storage classes."""
