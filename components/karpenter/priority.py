"""Karpenter's place in the API server's queues, which only kube-system has by itself."""

from __future__ import annotations

from pulumi_kubernetes.flowcontrol.v1 import FlowSchemaSpecArgsDict, SubjectArgsDict

from components.karpenter.spec import SERVICE_ACCOUNT


def leader_election(namespace: str) -> FlowSchemaSpecArgsDict:
    """Lease renewals that a busy API server does not delay: a late one costs the leader its lead."""
    return {
        "priority_level_configuration": {"name": "leader-election"},
        "matching_precedence": 200,
        "distinguisher_method": {"type": "ByUser"},
        "rules": [
            {
                "subjects": _controller(namespace),
                "resource_rules": [
                    {
                        "api_groups": ["coordination.k8s.io"],
                        "resources": ["leases"],
                        "namespaces": ["*"],
                        "verbs": ["get", "create", "update"],
                    }
                ],
            }
        ],
    }


def workload(namespace: str) -> FlowSchemaSpecArgsDict:
    """Everything else Karpenter asks, ahead of ordinary workloads: no nodes means no recovery.

    The two objects are those of "Getting Started with Karpenter" v1.14 for any namespace but kube-system.
    """
    return {
        "priority_level_configuration": {"name": "workload-high"},
        "matching_precedence": 1000,
        "distinguisher_method": {"type": "ByUser"},
        "rules": [
            {
                "subjects": _controller(namespace),
                "resource_rules": [
                    {
                        "api_groups": ["*"],
                        "resources": ["*"],
                        "namespaces": ["*"],
                        "cluster_scope": True,
                        "verbs": ["*"],
                    }
                ],
                "non_resource_rules": [{"non_resource_urls": ["*"], "verbs": ["*"]}],
            }
        ],
    }


def _controller(namespace: str) -> list[SubjectArgsDict]:
    return [{"kind": "ServiceAccount", "service_account": {"name": SERVICE_ACCOUNT, "namespace": namespace}}]
