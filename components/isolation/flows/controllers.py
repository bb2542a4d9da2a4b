"""What the cluster itself and its controllers need."""

from __future__ import annotations

from components.isolation.ends import (
    API_SERVER,
    DNS,
    POD_IDENTITY,
    VPC_RESOLVER,
    AwsApis,
    Flow,
)
from components.isolation.flows.places import (
    CERT_MANAGER,
    CERT_MANAGER_WEBHOOK,
    EXTERNAL_SECRETS,
    EXTERNAL_SECRETS_CONTROLLER,
    EXTERNAL_SECRETS_WEBHOOK,
    HTTPS,
    KARPENTER,
    KUBE_SYSTEM,
    NODES,
    NVIDIA,
    WEBHOOK,
)

# Add-ons of kube-system belong to EKS: their labels may change with a version, and a policy that loses
# CoreDNS takes the cluster's names with it. Every allowance there is therefore for the namespace as a whole.
# Host-network pods (VPC CNI, kube-proxy, Pod Identity agent) are not subject to policies at all.
KUBE_SYSTEM_FLOWS = (
    Flow(NODES, KUBE_SYSTEM, DNS, "CoreDNS answers every pod and node; cheaper than a peer for each pod"),
    Flow(KUBE_SYSTEM, VPC_RESOLVER, DNS, "CoreDNS forwards to the VPC's resolver"),
    Flow(KUBE_SYSTEM, API_SERVER, HTTPS, "add-ons watch the API"),
    Flow(KUBE_SYSTEM, POD_IDENTITY, (80,), "add-ons fetch their role's credentials"),
    Flow(KUBE_SYSTEM, AwsApis("ec2", "sts"), HTTPS, "the EBS CSI controller makes volumes", "karpenter"),
    Flow(API_SERVER, KUBE_SYSTEM, (10250,), "the metrics API is served by metrics-server", "metrics_server"),
    Flow(KUBE_SYSTEM, NODES, (10250,), "metrics-server reads kubelets", "metrics_server"),
    Flow(API_SERVER, KUBE_SYSTEM, (9443,), "load balancer webhooks", "load_balancer_controller"),
    Flow(
        KUBE_SYSTEM,
        AwsApis("ec2", "elasticloadbalancing", "sts", "acm", "wafv2", "wafv2-regional", "shield", "tagging"),
        HTTPS,
        "load balancers, their certificates and their protection",
        "load_balancer_controller",
    ),
)

CONTROLLER_FLOWS = (
    Flow(KARPENTER, API_SERVER, HTTPS, "Karpenter watches pods and nodes", "karpenter"),
    Flow(KARPENTER, POD_IDENTITY, (80,), "Karpenter fetches its role's credentials", "karpenter"),
    Flow(
        KARPENTER,
        AwsApis("ec2", "eks", "sts", "sqs", "ssm", "iam", "pricing"),
        HTTPS,
        "nodes, interruption queue, image ids, instance profiles, prices",
        "karpenter",
    ),
    Flow(CERT_MANAGER, API_SERVER, HTTPS, "certificates are API objects", "cert_manager"),
    Flow(API_SERVER, CERT_MANAGER_WEBHOOK, WEBHOOK, "admission of certificates", "cert_manager"),
    Flow(EXTERNAL_SECRETS, API_SERVER, HTTPS, "secrets are API objects", "external_secrets"),
    Flow(API_SERVER, EXTERNAL_SECRETS_WEBHOOK, WEBHOOK, "admission of secret stores", "external_secrets"),
    Flow(
        EXTERNAL_SECRETS_CONTROLLER,
        AwsApis("secretsmanager", "sts"),
        HTTPS,
        "values, by a role for each store",
        "external_secrets",
    ),
    Flow(
        EXTERNAL_SECRETS_CONTROLLER,
        POD_IDENTITY,
        (80,),
        "External Secrets fetches its role's credentials",
        "external_secrets",
    ),
    Flow(NVIDIA, API_SERVER, HTTPS, "device plugin and feature discovery label nodes", "gpu"),
)
