"""Where code of models runs: nodes of its own, and a kernel between it and theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from components.core.labels import POOL_LABEL
from components.core.user_data import NODE_CONFIG, SHELL, multipart, or_off
from components.tools.names import CODE_POOL, CODE_TAINT
from components.tools.spec import SandboxSpec

NODE_POOL_API = "karpenter.sh/v1"
NODE_CLASS_API = "karpenter.k8s.aws/v1"
HANDLER = "runsc"
TAINT: Mapping[str, str] = {"key": CODE_TAINT, "effect": "NoSchedule"}
RELEASES = "https://storage.googleapis.com/gvisor/releases/release"

Spec = dict[str, Any]

_FETCH = """\
cd "$(mktemp -d)"
for file in runsc containerd-shim-runsc-v1; do
  for part in "$file" "$file.sha512"; do
    curl --fail --silent --show-error --location --retry 5 --remote-name "{releases}/{release}/$(uname -m)/$part"
  done
  sha512sum --check "$file.sha512"
  install --mode 0755 "$file" "/usr/local/bin/$file"
done
"""
"""containerd finds a shim on its PATH by the runtime's name. A node without gVisor must not become one: pods that ask
for it would wait there."""

_NODE_CONFIG = """\
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  containerd:
    config: |
      [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc]
      runtime_type = "io.containerd.runsc.v1"
"""


def user_data(spec: SandboxSpec) -> str:
    """What a node does before it joins: fetches gVisor, checks it, and tells containerd; Karpenter adds the rest."""
    fetch = _FETCH.format(releases=RELEASES, release=spec.gvisor_release)
    return multipart("gvisor", (SHELL, or_off(fetch)), (NODE_CONFIG, _NODE_CONFIG))


def node_class(base: Mapping[str, Any], spec: SandboxSpec) -> Spec:
    """The spec of the EC2NodeClass: that of any other pool, with gVisor."""
    return {**base, "userData": user_data(spec)}


def node_pool(base: Mapping[str, Any]) -> Spec:
    """The spec of the NodePool: that of the CPU pool with these machines, limits and budgets, but closed to others."""
    template = base["template"]
    spec = template["spec"]
    return {
        **base,
        "template": {
            "metadata": {"labels": {**template["metadata"]["labels"], POOL_LABEL: CODE_POOL}},
            "spec": {
                **spec,
                "nodeClassRef": {**spec["nodeClassRef"], "name": CODE_POOL},
                "taints": [dict(TAINT)],
            },
        },
    }


def runtime_class() -> Spec:
    """The body of the RuntimeClass: whoever asks for it is sent to the sandbox's nodes, and lands nowhere else."""
    return {
        "handler": HANDLER,
        "scheduling": {
            "nodeSelector": {POOL_LABEL: CODE_POOL},
            "tolerations": [{"key": CODE_TAINT, "operator": "Exists", "effect": "NoSchedule"}],
        },
        # The sentry beside each pod.
        "overhead": {"podFixed": {"cpu": "50m", "memory": "64Mi"}},
    }
