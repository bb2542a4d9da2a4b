"""The pods the AWS Load Balancer Controller brings."""

from __future__ import annotations

from components.charts import images
from components.charts.pods import Container, PodClass, PodSecurity, Port, Workload, labels
from components.load_balancer_controller.spec import LoadBalancerControllerSpec

RELEASE = "aws-load-balancer-controller"
NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "aws-load-balancer-controller"
LABELS = labels("aws-load-balancer-controller", RELEASE)


def pods(spec: LoadBalancerControllerSpec) -> tuple[PodClass, ...]:
    """The controller, whose webhooks the API server reaches on 9443."""
    return (
        PodClass(
            release=RELEASE,
            namespace=NAMESPACE,
            kind=Workload.DEPLOYMENT,
            name="aws-load-balancer-controller",
            labels=LABELS,
            ports=(Port("webhook-server", 9443), Port("metrics-server", 8080)),
            pod_security=PodSecurity.RESTRICTED,
            service_account=SERVICE_ACCOUNT,
            replicas=spec.replicas,
            containers=(
                Container(
                    name="aws-load-balancer-controller",
                    image=images.AWS_LOAD_BALANCER_CONTROLLER,
                    resources=spec.resources,
                ),
            ),
        ),
    )
