"""Bad input about nodes: modes that are mixed, pools without limits, parts that are off but needed."""

from __future__ import annotations

import pytest

from tests.stacks.project import Refused

# A sentence, what is replaced in the sound file, by what, and every fault that must be reported.
CASES = [
    (
        "an unknown key deep in a section",
        "limit_gpus: 8",
        "limit_gpus: 8, disk: {size: 500}",
        (
            "gpu_pools.l4.disk.size: no such key; did you mean 'size_gib'? "
            "known: iops, kms_key_arn, size_gib, throughput_mibps",
        ),
    ),
    (
        "a unit on a plain count",
        "limit_gpus: 8",
        "limit_gpus: 8Gi",
        (
            "gpu_pools.l4.limit_gpus: is not a whole number; "
            "GPUs of all nodes together; a burst can overrun it for a moment.",
        ),
    ),
    (
        "Karpenter settings in auto mode",
        "{mode: karpenter}",
        "{mode: auto, karpenter: {log_level: debug}, ami_alias: al2023@v20260714}",
        (
            "compute: ami_alias, karpenter: for mode karpenter only; in mode auto AWS runs Karpenter and its "
            "nodes; remove them, or set mode: karpenter",
        ),
    ),
    (
        "a node image for a pool whose nodes are AWS's",
        "{mode: karpenter}",
        "{mode: auto, cpu_pool: {ami_alias: al2023@v20260714}}",
        (
            "compute.cpu_pool.ami_alias: for compute.mode karpenter only: AWS owns the image; "
            "remove it, or set compute.mode: karpenter",
        ),
    ),
    (
        "a node image of another Kubernetes version",
        "{mode: karpenter}",
        "{mode: karpenter, bootstrap: {release_version: 1.34.2-20260714}}",
        (
            "compute.bootstrap.release_version: 1.34.2-20260714 is an image for another version than "
            "cluster.version 1.35; pin a release that starts with 1.35., or leave it out",
        ),
    ),
    (
        "a GPU pool without limit, and not the tenant that uses it",
        ", limit_gpus: 8",
        "",
        (
            "gpu_pools.l4.limit_gpus: is missing; "
            "GPUs of all nodes together; a burst can overrun it for a moment.",
        ),
    ),
    (
        "GPU readiness off while there are GPU pools",
        "    secrets:\n",
        "    services: {gpu_readiness: {enabled: false}}\n    secrets:\n",
        (
            "services.gpu_readiness.enabled: is false, but gpu_pools.l4 needs it: without the device plugin "
            "a GPU node never offers its GPUs; switch it on, or remove what needs it",
        ),
    ),
    (
        "a second load balancer controller in auto mode",
        "{mode: karpenter}\n",
        "{mode: auto}\n    services: {load_balancer_controller: {enabled: true}}\n",
        (
            "services.load_balancer_controller.enabled: is true, but compute.mode is auto and EKS Auto Mode "
            "runs a load balancer controller itself; remove it, or set it to false; two controllers would "
            "fight over the same load balancers",
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_it_is_refused_and_nothing_is_registered(
    refused: Refused, sound: str, old: str, new: str, faults: tuple[str, ...]
) -> None:
    assert old in sound
    refused(sound.replace(old, new, 1), *faults)
