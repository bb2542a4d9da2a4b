"""What a node does before it joins, as cloud-init reads it; a node where that fails does not join."""

from __future__ import annotations

SHELL = 'text/x-shellscript; charset="us-ascii"'
NODE_CONFIG = "application/node.eks.aws"
"""What nodeadm of AL2023 reads; Karpenter adds a part of its own."""

_OFF = """\
#!/bin/bash
# nodeadm starts when the scripts have ended, well or not: whatever fails here turns the machine off before that, and
# Karpenter replaces a machine that never registers.
set -euo pipefail
trap '[ $? -eq 0 ] || systemctl poweroff' EXIT
"""
"""`nodeadm-run.service` comes after `cloud-final.service` and does not require it (awslabs/amazon-eks-ami,
templates/al2023/runtime/rootfs/etc/systemd/system)."""


def or_off(commands: str) -> str:
    """A script that turns the machine off where one of its commands fails."""
    return f"{_OFF}{commands}"


def multipart(boundary: str, *parts: tuple[str, str]) -> str:
    """A MIME message of parts, each with its content type."""
    head = f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n'
    made = "".join(f"\n--{boundary}\nContent-Type: {kind}\n\n{text}" for kind, text in parts)
    return f"{head}{made}\n--{boundary}--\n"
