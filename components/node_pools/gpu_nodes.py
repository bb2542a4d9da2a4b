"""What a GPU node does before it joins: it shows a container those GPUs that the kubelet gave it, and no others."""

from __future__ import annotations

from components.core.user_data import SHELL, multipart, or_off

_ONLY_WHAT_THE_KUBELET_GIVES = """\
nvidia-ctk config --in-place \\
  --set accept-nvidia-visible-devices-envvar-when-unprivileged=false \\
  --set accept-nvidia-visible-devices-as-volume-mounts=true
"""
"""As the image has it, whoever sets NVIDIA_VISIBLE_DEVICES sees every GPU of the node, a pod that asked for none too:
most CUDA images say `all`. Now it is a mount of /dev/null by the kubelet that says which, and no pod at `restricted`
can bring one (NVIDIA/nvidia-container-toolkit v1.19.1, internal/config/image/cuda_image.go). The device plugin and the
exporter see all of them by CAP_SYS_ADMIN."""


def user_data() -> str:
    """The userData of every EC2NodeClass of GPUs; `deviceListStrategy` of the device plugin goes with it."""
    return multipart("gpu", (SHELL, or_off(_ONLY_WHAT_THE_KUBELET_GIVES)))
