"""The smoke test as a part of the stack: there from the first `up`, and quiet until somebody asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions

from components.charts.pods import PodClass
from components.core.labels import managed_labels
from components.isolation.ends import Flow
from components.isolation.surroundings import Surroundings
from components.smoke.expectations import expectations
from components.smoke.names import LABELS, SMOKE
from components.smoke.render import cron_job, files, service
from components.smoke.spec import PART, SmokeSpec, chosen

_LABELS = {**managed_labels(PART), **LABELS}


@dataclass(frozen=True, kw_only=True)
class SmokeArgs:
    """Which tenants stand for all, and what the stack has that they might reach."""

    spec: SmokeSpec
    tenants: Mapping[str, Input[str]]
    """The tenants' namespaces, by name. Two are used: policies are the same for every tenant."""
    pods: tuple[PodClass, ...]
    """Every pod the stack declares."""
    flows: tuple[Flow, ...]
    """From `in_force`."""
    around: Surroundings
    namespaces: Iterable[str]
    """The platform's, by name."""
    after: tuple[Resource, ...] = ()


class Smoke(ComponentResource):
    """Two tenants that try each other, their own, and every declared pod. Nothing where there are no two."""

    tested: tuple[str, ...]

    def __init__(self, name: str, args: SmokeArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:smoke:Smoke", name, None, opts)
        self.tested = chosen(args.spec, args.tenants)
        for tenant in self.tested:
            (other,) = (one for one in self.tested if one != tenant)
            self._in(name, args, tenant, other)
        self.register_outputs({"tested": list(self.tested)})

    def _in(self, name: str, args: SmokeArgs, tenant: str, other: str) -> None:
        expected = expectations((tenant, other), args.pods, args.flows, args.around, args.namespaces)
        child = ResourceOptions(parent=self, depends_on=list(args.after))
        metadata: k8s.meta.v1.ObjectMetaArgsDict = {
            "name": SMOKE,
            "namespace": args.tenants[tenant],
            "labels": _LABELS,
        }
        account = k8s.core.v1.ServiceAccount(
            f"{name}-{tenant}", metadata=metadata, automount_service_account_token=False, opts=child
        )
        script = k8s.core.v1.ConfigMap(
            f"{name}-{tenant}", metadata=metadata, data=files(expected), opts=child
        )
        k8s.core.v1.Service(
            f"{name}-{tenant}",
            # It has no pods but while the test runs, and the provider would wait for some.
            metadata={**metadata, "annotations": {"pulumi.com/skipAwait": "true"}},
            spec=cast("k8s.core.v1.ServiceSpecArgsDict", service()),
            opts=child,
        )
        k8s.batch.v1.CronJob(
            f"{name}-{tenant}",
            metadata=metadata,
            spec=cast("k8s.batch.v1.CronJobSpecArgsDict", cron_job(args.spec, tenant, [other], expected)),
            opts=ResourceOptions(parent=self, depends_on=[*args.after, account, script]),
        )
