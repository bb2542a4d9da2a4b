"""Milvus, with the identity it reads its bucket by, and what keeps its pods apart from each other's loss."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.apiextensions import CustomResource

from components.charts.pins import MILVUS
from components.charts.release import release
from components.core.aws import Place
from components.core.labels import managed_labels
from components.core.web_identity import IrsaRole, IrsaRoleArgs
from components.milvus.etcd import metrics_labels, metrics_service, monitor_labels, service_monitor
from components.milvus.names import SERVICE_ACCOUNT, etcd_metrics
from components.milvus.pods import disruption_budgets
from components.milvus.policy import bucket_access
from components.milvus.spec import SHARED, Instance, MilvusSpec
from components.milvus.values import values

_LABELS = managed_labels("milvus")


@dataclass(frozen=True, kw_only=True)
class MilvusArgs:
    """What Milvus needs to know; its first user's password it finds by the Secret of `credentials`."""

    place: Place
    spec: MilvusSpec
    namespace: Input[str]
    """`instance`'s, as an output: what is made in it comes after it."""
    instance: Instance = SHARED
    bucket: str
    """By its name, which is known now; nobody else uses it."""
    bucket_key_alias: str | None = None
    """The alias of the KMS key that encrypts the bucket; None: S3's own key, which needs no permission."""
    issuer: Input[str]
    provider_arn: Input[str]
    """`WebIdentity`'s: whose tokens the role is given for."""
    after: tuple[Resource, ...]
    """Nodes, storage class, bucket, identity provider, the Secret, quotas and policies."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""
    protect: bool = False
    retain: bool = False
    """Whether etcd's volumes outlive the release."""


class Milvus(ComponentResource):
    """Vectors that survive their pods, behind users that have to say who they are."""

    uri: str
    """What clients connect to; a name known at plan time."""
    ready: tuple[Resource, ...]

    def __init__(self, name: str, args: MilvusArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:milvus:Milvus", name, None, opts)
        self._name, self._args = name, args
        child = ResourceOptions(parent=self)
        # IRSA, where everything else has Pod Identity: query nodes read S3 through the C++ SDK, which finds
        # no credentials at the Pod Identity agent and ends the process (milvus-io/milvus#42547).
        identity = IrsaRole(
            name,
            IrsaRoleArgs(
                place=args.place,
                purpose=args.instance.name,
                namespace=args.instance.namespace,
                service_account=SERVICE_ACCOUNT,
                policies={"bucket": bucket_access(args.place, args.bucket, args.bucket_key_alias)},
                issuer=args.issuer,
                provider_arn=args.provider_arn,
            ),
            opts=child,
        )
        account = k8s.core.v1.ServiceAccount(
            name,
            metadata={
                "name": SERVICE_ACCOUNT,
                "namespace": args.namespace,
                "annotations": dict(identity.annotations),
                "labels": _LABELS,
            },
            # Milvus never asks the API; the token for AWS is another one, and is mounted anyway.
            automount_service_account_token=False,
            opts=child,
        )
        installed = release(
            args.instance.name,
            MILVUS,
            namespace=args.namespace,
            values=values(
                args.place,
                args.spec,
                bucket=args.bucket,
                monitored=args.monitored,
                retain=args.retain,
                instance=args.instance,
            ),
            # EKS's webhook looks at the annotation when a pod is made, and at no other time.
            opts=ResourceOptions(
                parent=self, depends_on=[*args.after, *identity.ready, account], protect=args.protect
            ),
        )
        self._budgets()
        if args.monitored:
            self._etcd_metrics(installed)
        self.uri = args.instance.uri
        self.ready = (installed,)
        self.register_outputs({"release": installed.name, "uri": self.uri})

    def _budgets(self) -> None:
        for pod, labels in disruption_budgets(self._args.spec, self._args.instance).items():
            k8s.policy.v1.PodDisruptionBudget(
                f"{self._name}-{pod}",
                metadata={"name": pod, "namespace": self._args.namespace, "labels": _LABELS},
                spec={
                    "max_unavailable": 1,
                    "selector": {"match_labels": dict(labels)},
                    # A pod that is down already keeps no node from being drained.
                    "unhealthy_pod_eviction_policy": "AlwaysAllow",
                },
                opts=ResourceOptions(parent=self),
            )

    def _etcd_metrics(self, installed: Resource) -> None:
        instance = self._args.instance
        service = k8s.core.v1.Service(
            f"{self._name}-etcd-metrics",
            metadata={
                "name": etcd_metrics(instance),
                "namespace": self._args.namespace,
                "labels": {**_LABELS, **metrics_labels(instance)},
            },
            spec=metrics_service(instance),
            # The provider waits until a Service has pods behind it.
            opts=ResourceOptions(parent=self, depends_on=[installed]),
        )
        CustomResource(
            f"{self._name}-etcd-metrics",
            api_version="monitoring.coreos.com/v1",
            kind="ServiceMonitor",
            metadata={
                "name": etcd_metrics(instance),
                "namespace": self._args.namespace,
                "labels": {**_LABELS, **monitor_labels(instance)},
            },
            spec=service_monitor(instance),
            # The kind comes with a release that `after` names.
            opts=ResourceOptions(parent=self, depends_on=[service, *self._args.after]),
        )
