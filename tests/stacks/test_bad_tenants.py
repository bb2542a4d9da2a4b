"""Bad input about tenants, quotas and secrets."""

from __future__ import annotations

import pytest

from components.namespaces.catalogue import NAMESPACES
from tests.stacks.project import Refused

QUOTA = "gpus: {l4: 4}, quota: "

# A sentence, what is replaced in the sound file, by what, and every fault that must be reported.
CASES = [
    (
        "a decimal unit where memory is counted in binary ones",
        "gpus: {l4: 4}",
        f"{QUOTA}{{cpu: 20, memory: 40GB, limits_cpu: 40, limits_memory: 80Gi}}",
        (
            "tenants.tenant-a.quota.memory: '40GB' is not an amount of memory; "
            "write a binary unit: 512Mi, 40Gi, 1Ti",
        ),
    ),
    (
        "memory without a unit, and CPU with a word for one",
        "gpus: {l4: 4}",
        f"{QUOTA}{{cpu: 20 cores, memory: 40, limits_cpu: 40, limits_memory: 80Gi}}",
        (
            "tenants.tenant-a.quota.cpu: '20 cores' is not an amount of CPU; "
            "write cores (2) or millicores (500m)",
            "tenants.tenant-a.quota.memory: is not text; put it in quotes",
        ),
    ),
    (
        "a tenant on an unknown pool",
        "gpus: {l4: 4}",
        "gpus: {h100: 4}",
        ("tenants.tenant-a.gpus.h100: names no GPU pool; the stack has: l4; add gpu_pools.h100, or drop it",),
    ),
    (
        "GPU quotas above the pool's limit",
        "gpus: {l4: 4}",
        "gpus: {l4: 12}",
        (
            "gpu_pools.l4: quotas promise 12 GPUs (tenants.tenant-a.gpus 12), the pool grants 8; "
            "lower a quota, raise limit_gpus, or state an overcommit",
        ),
    ),
    (
        "GPU quotas that are too much only together",
        "    tenants:\n",
        '    tenants:\n      tenant-b: {owner: team-b, cost_center: "4712", gpus: {l4: 6}}\n',
        (
            "gpu_pools.l4: quotas promise 10 GPUs (tenants.tenant-a.gpus 4 + tenants.tenant-b.gpus 6), "
            "the pool grants 8; lower a quota, raise limit_gpus, or state an overcommit",
        ),
    ),
    (
        "a quota without limits",
        "gpus: {l4: 4}",
        f"{QUOTA}{{cpu: 20, memory: 40Gi}}",
        (
            "tenants.tenant-a.quota: a quota on requests needs one on limits too: limits_cpu and "
            "limits_memory missing; write them, or leave the quota out for the default",
        ),
    ),
    (
        "limits below what is requested",
        "gpus: {l4: 4}",
        f"{QUOTA}{{cpu: 20, memory: 40Gi, limits_cpu: 10, limits_memory: 80Gi}}",
        (
            "tenants.tenant-a.quota.limits_cpu: is 10, below cpu 20: never used up; "
            "raise limits_cpu to at least 20",
        ),
    ),
    (
        "a tenant's name too long for its role",
        "tenant-a:",
        f"{'a' * 52}:",
        (
            f"tenants.{'a' * 52}: has 52 characters; its key at the gateway leaves room for 28; give it a "
            "shorter name",
            f"tenants.{'a' * 52}: its IAM role ai-dev-tenant-{'a' * 52} has 66 characters, IAM allows 64; "
            "shorten the tenant's name to 50 characters",
        ),
    ),
    (
        "a tenant's name too long for a namespace",
        "tenant-a:",
        f"{'a' * 64}:",
        (f"tenants.{'a' * 64}: the name is longer than 63 characters; shorten it",),
    ),
    (
        "a tenant's name that is no DNS label",
        "tenant-a:",
        "Tenant_A:",
        (
            "tenants.Tenant_A: the name is not a DNS label; use lower-case letters, digits and hyphens, "
            "with a letter first and no hyphen last",
        ),
    ),
    (
        "a tenant named like a namespace of the platform",
        "tenant-a:",
        "ai-agents:",
        ("tenants.ai-agents: ai-agents is a namespace of the platform; choose another name",),
    ),
    (
        "a tenant named like a namespace of Kubernetes",
        "tenant-a:",
        "kube-system:",
        ("tenants.kube-system: kube-system is a namespace of the platform; choose another name",),
    ),
    (
        "a tenant that would share a name with another one's secret",
        "    tenants:\n",
        '    tenants:\n      tenant: {owner: team-b, cost_center: "4712", secrets: [a-openai]}\n',
        (
            "tenants.tenant-a: its ExternalSecret tenant-a-openai would have the name of one of tenant "
            "tenant; rename the tenant",
            "tenants.tenant.secrets[0]: nothing provides the secret 'a-openai'; "
            "declare it under secrets with its arn; declared: openai",
        ),
    ),
    (
        "a secret of a tenant's with the name of one that it is given",
        "secrets: [openai]}",
        "secrets: [gateway-key-tenant-a]}",
        (
            "tenants.tenant-a.secrets[0]: 'gateway-key-tenant-a' is the name of a Secret that the platform puts into "
            "the tenant's namespace; give the secret another name under secrets",
            "tenants.tenant-a.secrets[0]: nothing provides the secret 'gateway-key-tenant-a'; declare it under "
            "secrets with its arn; declared: openai",
        ),
    ),
    (
        "a namespace that the platform does not have",
        "    tenants:\n",
        "    namespaces: {ai-agent: {}}\n    tenants:\n",
        (f"namespaces.ai-agent: is not a namespace of the platform; use one of {', '.join(NAMESPACES)}",),
    ),
    (
        "External Secrets off while a tenant has a secret",
        "    secrets:\n",
        "    services: {external_secrets: {enabled: false}}\n    secrets:\n",
        (
            "data.cache: its passwords come through External Secrets, which is off; set "
            "services.external_secrets.enabled: true, or data.cache.mode: off",
            "data.postgres: its passwords come through External Secrets, which is off; set "
            "services.external_secrets.enabled: true, or data.postgres.enabled: false",
            "services.external_secrets.enabled: is false, but data.milvus, observability.langfuse, "
            "observability.prometheus, services.opencost needs it: it is what makes their passwords and "
            "keeps them; switch it on, or remove what needs it",
            "services.external_secrets.enabled: is false, but gateway needs it: it is what makes callers' keys "
            "and keeps them; switch it on, or remove what needs it",
            "services.external_secrets.enabled: is false, but tenants.tenant-a.secrets needs it: it is what "
            "brings a secret into a namespace; switch it on, or remove what needs it",
            "services.external_secrets.enabled: is false, but vectors needs it: it is what makes its users' "
            "passwords; switch it on, or remove what needs it",
        ),
    ),
    (
        "a secret nobody provides",
        "[openai]",
        "[openai, anthropic]",
        (
            "tenants.tenant-a.secrets[1]: nothing provides the secret 'anthropic'; declare it under secrets "
            "with its arn; declared: openai",
        ),
    ),
    (
        "a secret asked for twice",
        "[openai]",
        "[openai, openai]",
        ("tenants.tenant-a.secrets: asks for openai 2 times; write it once",),
    ),
    (
        "a secret's name in place of its ARN, and not the tenant that asks for it",
        "arn:aws:secretsmanager:us-east-1:111122223333:secret:openai-AbCdEf",
        "openai",
        (
            "secrets.openai.arn: is not the ARN of a secret in Secrets Manager; write the reference, never "
            "the value: arn:aws:secretsmanager:<region>:<account>:secret:<name>",
        ),
    ),
    (
        "a secret in a region that its consumers do not ask",
        "secretsmanager:us-east-1",
        "secretsmanager:eu-west-1",
        (
            "secrets.openai.arn: is in aws/eu-west-1, the stack is in aws/us-east-1; "
            "replicate the secret to us-east-1 and write the replica's arn",
        ),
    ),
]


@pytest.mark.parametrize(("old", "new", "faults"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_it_is_refused_and_nothing_is_registered(
    refused: Refused, sound: str, old: str, new: str, faults: tuple[str, ...]
) -> None:
    assert old in sound
    refused(sound.replace(old, new, 1), *faults)
