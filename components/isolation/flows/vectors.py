"""What the job needs that makes collections."""

from __future__ import annotations

from components.isolation.ends import Flow, Pods
from components.isolation.flows.milvus import MILVUS

VECTORS_JOB = Pods("ai-data", {"app.kubernetes.io/name": "vectors-bootstrap"})

# Tenants and agents reach Milvus by the flows to DATA. Said once more: the job has a policy of its own,
# and the namespace's may be narrowed one day.
VECTOR_FLOWS = (Flow(VECTORS_JOB, MILVUS, (19530,), "it makes collections, databases and users", "vectors"),)
