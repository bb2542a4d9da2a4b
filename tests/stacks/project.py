"""A sound stack file, and a project directory to break it in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from agentic.plan.capture import capture_stack
from agentic.plan.model import Plan
from agentic.plan.monitor import Monitor

Refused = Callable[..., None]
"""`refused(content, *faults)`."""

SOUND = """\
config:
  agentic-platform:platform:
    environment: dev
    profile: startup
    aws: {account_id: "111122223333", region: us-east-1, zones: [us-east-1a, us-east-1b]}
    ownership: {owner: platform-team, cost_center: r-and-d}
    network: {cidr: 10.0.0.0/16}
    cluster:
      name: ai-dev
      version: "1.35"
      access: {deployer_arn: "arn:aws:iam::111122223333:role/deployer"}
    compute: {mode: karpenter}
    gateway: {host: ai.example.com}
    gpu_pools:
      l4: {instance_types: [g6.12xlarge], limit_gpus: 8}
    secrets:
      openai: {arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:openai-AbCdEf"}
    tenants:
      tenant-a: {owner: team-a, cost_center: "4711", gpus: {l4: 4}, secrets: [openai]}
"""

EXISTING_NETWORK = """network:
      mode: existing
      vpc_id: vpc-0123456789abcdef0
      cidr: 10.0.0.0/16
      subnets:
        private:
          - {id: subnet-000000000000000a1, zone: us-east-1a, cidr: 10.0.0.0/20}
          - {id: subnet-000000000000000b1, zone: us-east-1b, cidr: 10.0.16.0/20}
        control_plane:
          - {id: subnet-000000000000000a2, zone: us-east-1a, cidr: 10.0.32.0/28}
          - {id: subnet-000000000000000b2, zone: us-east-1b, cidr: 10.0.32.16/28}
        data:
          - {id: subnet-000000000000000a3, zone: us-east-1a, cidr: 10.0.33.0/24}
          - {id: subnet-000000000000000b3, zone: us-east-1b, cidr: 10.0.34.0/24}
"""


@dataclass
class Project:
    """A copy of the project with one stack file, and every registration that capturing it made."""

    root: Path
    monitors: list[Monitor] = field(default_factory=list)

    @property
    def registered(self) -> list[str]:
        """URNs of every resource that any capture of this test registered."""
        return [urn for monitor in self.monitors for urn in monitor.resources]

    def write(self, content: str | bytes, stack: str = "dev") -> None:
        path = self.root / f"Pulumi.{stack}.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def capture(self, stack: str = "dev") -> Plan:
        return capture_stack(stack, self.root)
