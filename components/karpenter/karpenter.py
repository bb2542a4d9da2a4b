"""Karpenter: everything it needs to start nodes, in place before it and kept until it is gone."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi_kubernetes as k8s
from pulumi import ComponentResource, Input, Resource, ResourceOptions
from pulumi_kubernetes.flowcontrol.v1 import FlowSchemaSpecArgsDict

from components.charts import pins
from components.charts.release import release
from components.core.aws import Place
from components.core.identity import PodIdentityRole, PodIdentityRoleArgs
from components.core.labels import managed_labels
from components.core.names import queue_arn, role_arn, role_name
from components.karpenter import priority
from components.karpenter.interruption import QUEUE_PURPOSE, InterruptionQueue, InterruptionQueueArgs
from components.karpenter.node_role import NodeRole, NodeRoleArgs
from components.karpenter.pods import CRD_RELEASE, RELEASE
from components.karpenter.policy import controller_policies
from components.karpenter.spec import (
    CONTROLLER_PURPOSE,
    NODE_ROLE_PURPOSE,
    SERVICE_ACCOUNT,
    KarpenterSpec,
)
from components.karpenter.values import crd_values, values


@dataclass(frozen=True, kw_only=True)
class KarpenterArgs:
    """What was said about Karpenter, and what others made for it."""

    place: Place
    spec: KarpenterSpec
    cluster_name: Input[str]
    namespace: str
    """Made by others, with its policies; known by name, because policies and associations hold it."""
    after: tuple[Resource, ...]
    """The bootstrap nodes, the add-ons and the namespace: what has to outlive Karpenter on a destroy."""
    monitored: bool = False
    """Whether the ServiceMonitor kind exists; without it the release would fail."""


class Karpenter(ComponentResource):
    """A controller that finds its roles, queue and definitions ready, and loses none before it is gone."""

    node_role_name: str
    ready: tuple[Resource, ...]
    """What a node class or node pool depends on, so that Karpenter is there to finalize it."""

    def __init__(self, name: str, args: KarpenterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("agentic:karpenter:Karpenter", name, None, opts)
        child = ResourceOptions(parent=self)
        self.node_role_name = role_name(args.place, NODE_ROLE_PURPOSE)
        nodes = NodeRole(
            f"{name}-node", NodeRoleArgs(place=args.place, cluster_name=args.cluster_name), opts=child
        )
        queue = InterruptionQueue(f"{name}-interruption", InterruptionQueueArgs(place=args.place), opts=child)
        controller = PodIdentityRole(
            f"{name}-controller",
            PodIdentityRoleArgs(
                place=args.place,
                purpose=CONTROLLER_PURPOSE,
                namespace=args.namespace,
                service_account=SERVICE_ACCOUNT,
                policies=controller_policies(
                    args.place,
                    node_role_arn=role_arn(args.place, NODE_ROLE_PURPOSE),
                    queue_arn=queue_arn(args.place, QUEUE_PURPOSE),
                    zonal_shift=args.spec.zonal_shift,
                ),
                cluster_name=args.cluster_name,
            ),
            opts=child,
        )
        flows = [
            self._flow_schema(name, "leader-election", priority.leader_election(args.namespace)),
            self._flow_schema(name, "workload", priority.workload(args.namespace)),
        ]
        crds = release(
            CRD_RELEASE,
            pins.KARPENTER_CRD,
            namespace=args.namespace,
            values=crd_values(),
            opts=ResourceOptions(parent=self, depends_on=list(args.after)),
        )
        # Read backwards this is the order of a destroy: the controller goes first, and until it is gone it
        # keeps every permission its finalizers need (aws/karpenter-provider-aws#1268).
        installed = release(
            RELEASE,
            pins.KARPENTER,
            namespace=args.namespace,
            values=values(args.place, args.spec, monitored=args.monitored),
            skip_crds=True,
            opts=ResourceOptions(
                parent=self,
                depends_on=[*controller.ready, *queue.ready, *nodes.ready, *flows, crds, *args.after],
            ),
        )
        self.ready = (installed,)
        self.register_outputs({"node_role_name": self.node_role_name})

    def _flow_schema(self, name: str, role: str, spec: FlowSchemaSpecArgsDict) -> Resource:
        return k8s.flowcontrol.v1.FlowSchema(
            f"{name}-{role}",
            metadata={"name": f"{RELEASE}-{role}", "labels": managed_labels("karpenter")},
            spec=spec,
            opts=ResourceOptions(parent=self),
        )
