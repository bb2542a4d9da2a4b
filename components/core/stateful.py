"""Things that hold data, and who brings the data back when it is lost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class BackupOwner(StrEnum):
    """Who can bring lost data back."""

    RDS = "RDS automated backups"
    ELASTICACHE = "ElastiCache snapshots"
    S3_VERSIONS = "S3 versioning"
    VOLUME_SNAPSHOTS = "EBS snapshots"
    REBUILT = "nobody: it is rebuilt from what others hold"


@dataclass(frozen=True, kw_only=True)
class Stateful:
    """One thing that holds data: what is lost with it, where it stands in a plan, who brings it back."""

    what: str
    type: str
    """The type of the resource that holds it: an AWS type, or PersistentVolumeClaim inside a release."""
    name: str
    """Its logical name, or `namespace/claim` (a prefix, where an ordinal follows)."""
    owner: BackupOwner
