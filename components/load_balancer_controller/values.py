"""What the AWS Load Balancer Controller's chart is told."""

from __future__ import annotations

from typing import Any

from components.charts.images import AWS_LOAD_BALANCER_CONTROLLER
from components.charts.scheduling import MONITOR_LABELS, spread, tolerations
from components.core.aws import Place
from components.core.labels import CLUSTER_TAG
from components.load_balancer_controller.pods import LABELS, SERVICE_ACCOUNT
from components.load_balancer_controller.spec import LoadBalancerControllerSpec


def values(
    place: Place, spec: LoadBalancerControllerSpec, *, vpc_id: str | None, monitored: bool
) -> dict[str, Any]:
    """A controller that finds region and VPC without instance metadata, and that passes `restricted`.

    `vpc_id` is the literal id of an existing VPC. A VPC of ours has an id only AWS knows, so the controller
    looks it up by the tag that every resource of the cluster carries.
    """
    return {
        "clusterName": place.cluster_name,
        # Pods cannot ask instance metadata (Karpenter sets hop limit 1), and without region and VPC the
        # controller exits at start.
        "region": place.region,
        **({"vpcId": vpc_id} if vpc_id else {"vpcTags": {CLUSTER_TAG: place.cluster_name}}),
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "image": {"tag": AWS_LOAD_BALANCER_CONTROLLER.pinned_tag},
        "replicaCount": spec.replicas,
        # Load balancers are billed like everything else: same owner, same cost centre.
        "defaultTags": dict(place.tags),
        # The default, instance, sends traffic through node ports and a second hop.
        "defaultTargetType": "ip",
        # On by default, and fails closed: while the controller is down no Service in the whole cluster could
        # be created. Services that want a load balancer set `loadBalancerClass: service.k8s.aws/nlb`.
        "enableServiceMutatorWebhook": False,
        # The chart makes new webhook certificates on every upgrade, which pods take a minute to notice.
        "keepTLSSecret": True,
        # On by default wherever Gateway API kinds exist; here another controller owns them.
        "controllerConfig": {"featureGates": {"ALBGatewayAPI": False, "NLBGatewayAPI": False}},
        # The chart's own contexts pass `baseline` only: seccomp and dropped capabilities are missing.
        "podSecurityContext": {"fsGroup": 65534, "seccompProfile": {"type": "RuntimeDefault"}},
        "securityContext": {
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": spec.resources.values(),
        "tolerations": tolerations(),
        "topologySpreadConstraints": spread(LABELS),
        # The chart leaves it out by itself where there is a single pod.
        "podDisruptionBudget": {"maxUnavailable": 1},
        "serviceMonitor": {
            "enabled": monitored,
            **({"additionalLabels": dict(MONITOR_LABELS)} if monitored else {}),
        },
    }
