"""The eks package of the sandbox: `eks:index:Cluster` as the children a user would see."""
