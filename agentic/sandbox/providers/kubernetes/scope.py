"""Which kinds live outside namespaces, and which fields of a kind can never change in place."""

from __future__ import annotations

from typing import Final

CLUSTER_SCOPED: Final = frozenset(
    {
        "APIService", "CSIDriver", "CSINode", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition",
        "FlowSchema", "IngressClass", "MutatingWebhookConfiguration", "Namespace", "Node", "PersistentVolume",
        "PriorityClass", "PriorityLevelConfiguration", "RuntimeClass", "StorageClass", "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment",
        "VolumeAttributesClass",
    }
)  # fmt: skip
"""Core kinds. Custom kinds say it in their definition."""

ALWAYS_THERE: Final = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})
"""Namespaces a cluster has from its first minute."""

_EVERYWHERE: Final = ("apiVersion", "kind", "metadata.name", "metadata.namespace")
_BY_KIND: Final = {
    # pulumi-kubernetes 4.34 provider/pkg/provider/diff.go (forceNew), and the API's own "field is immutable".
    "CSIDriver": ("spec",),
    "ClusterRoleBinding": ("roleRef",),
    "ConfigMap": ("immutable",),
    "DaemonSet": ("spec.selector",),
    "Deployment": ("spec.selector",),
    "IngressClass": ("spec.controller",),
    "Job": ("spec.selector", "spec.template", "spec.completions", "spec.completionMode"),
    "PersistentVolumeClaim": (
        "spec.accessModes",
        "spec.storageClassName",
        "spec.volumeName",
        "spec.selector",
        "spec.volumeMode",
    ),
    "Pod": ("spec",),
    "PriorityClass": ("value", "preemptionPolicy"),
    "ReplicaSet": ("spec.selector",),
    "RoleBinding": ("roleRef",),
    "RuntimeClass": ("handler",),
    "Secret": ("type",),
    "Service": ("spec.clusterIP",),
    "StatefulSet": (
        "spec.selector",
        "spec.serviceName",
        "spec.podManagementPolicy",
        "spec.volumeClaimTemplates",
    ),
    "StorageClass": ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode", "allowedTopologies"),
}


def immutable_fields(kind: str) -> tuple[str, ...]:
    """List dotted patterns whose change needs another object."""
    return (*_EVERYWHERE, *_BY_KIND.get(kind, ()))
