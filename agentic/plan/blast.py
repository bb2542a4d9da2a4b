"""What a change can hurt: every resource is in exactly one group, the first that fits."""

from __future__ import annotations

from enum import StrEnum

from agentic.plan.model import Resource


class Blast(StrEnum):
    """Groups of resources, worst first."""

    DATA = "data-bearing"
    CLUSTER = "cluster identity"
    TENANT = "tenant-facing"
    OTHER = "other"


DATA_PREFIXES = (
    "aws:backup/",
    "aws:dynamodb/",
    "aws:ebs/",
    "aws:ec2/volume",
    "aws:efs/",
    "aws:elasticache/",
    "aws:fsx/",
    "aws:kms/key:",  # without its key everything encrypted with it is gone
    "aws:memorydb/",
    "aws:opensearch/",
    "aws:rds/",
    "aws:s3/bucket:",
    "aws:s3/bucketV2:",
    "aws:secretsmanager/",
)

# Deleting a namespace or a CRD deletes everything in it (pulumi/pulumi-kubernetes#2882, #619).
DATA_KINDS = frozenset(
    {"CustomResourceDefinition", "Namespace", "PersistentVolume", "PersistentVolumeClaim", "StatefulSet"}
)

CLUSTER_PREFIXES = (
    "aws:ec2/subnet:",
    "aws:ec2/vpc:",
    "aws:eks/accessEntry:",
    "aws:eks/accessPolicyAssociation:",
    "aws:eks/cluster:",
    "aws:eks/nodeGroup:",
    "aws:iam/openIdConnectProvider:",
    "pulumi:providers:",
)

TENANT_KINDS = frozenset({"Gateway", "GRPCRoute", "HTTPRoute", "Ingress", "TCPRoute", "TLSRoute"})


def blast(resource: Resource) -> Blast:
    """The worst group this resource belongs to."""
    kind = resource.type.rpartition(":")[2] if resource.type.startswith("kubernetes:") else ""
    if resource.type.startswith(DATA_PREFIXES) or kind in DATA_KINDS or _holds_state(resource, kind):
        return Blast.DATA
    if resource.type.startswith(CLUSTER_PREFIXES):
        return Blast.CLUSTER
    if "agentic:tenants:" in resource.urn or kind in TENANT_KINDS or _is_load_balancer(resource, kind):
        return Blast.TENANT
    return Blast.OTHER


def _holds_state(resource: Resource, kind: str) -> bool:
    """A release of CRDs, or one that is not atomic: rolling back a stateful release loses what it wrote."""
    if kind != "Release":
        return False
    chart = str(resource.inputs.get("chart", ""))
    return chart.endswith(("-crd", "-crds")) or resource.inputs.get("atomic") is not True


def _is_load_balancer(resource: Resource, kind: str) -> bool:
    return kind == "Service" and resource.section("spec").get("type") == "LoadBalancer"
