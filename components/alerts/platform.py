"""Alerts about what the platform itself runs on: certificates, secrets, quotas, volumes, stores, backups."""

from __future__ import annotations

from components.alerts.rules import Alert, Group
from components.alerts.spec import AlertsSpec
from components.core.labels import TENANT_LABEL

_PROMETHEUS = frozenset({"prometheus"})
_CERTIFICATES = frozenset({"cert_manager", "prometheus"})
_SECRETS = frozenset({"external_secrets", "prometheus"})
_VELERO = frozenset({"prometheus", "velero"})

TENANT_OF_NAMESPACE = "label_" + TENANT_LABEL.replace(".", "_").replace("/", "_").replace("-", "_")
"""The tenant's label as kube-state-metrics writes it."""

TENANT_NAMESPACES = (
    f'max by (namespace, {TENANT_OF_NAMESPACE}) (kube_namespace_labels{{{TENANT_OF_NAMESPACE}!=""}})'
)
"""1 for each namespace of a tenant, with whose it is; to be joined by `namespace`."""

_OVERDUE = (
    "time() - certmanager_certificate_renewal_timestamp_seconds > 3600\n"
    # Zero until the first certificate is issued.
    "  and certmanager_certificate_renewal_timestamp_seconds > 0"
)

# `namespace` is the object's: these monitors honour the labels of what they scrape.
CREDENTIALS = Group(
    name="credentials",
    rules=(
        Alert(
            name="CertificateNotRenewed",
            expr=_OVERDUE,
            hold="30m",
            severity="warning",
            summary=(
                "Certificate {{ $labels.namespace }}/{{ $labels.name }} should have been renewed "
                "{{ $value | humanizeDuration }} ago"
            ),
            needs=_CERTIFICATES,
        ),
        Alert(
            name="CertificateExpiring",
            expr=(
                "certmanager_certificate_expiration_timestamp_seconds - time() < 3 * 86400\n"
                "  and certmanager_certificate_expiration_timestamp_seconds > 0\n"
                f"  and {_OVERDUE}"
            ),
            hold="15m",
            severity="critical",
            summary=(
                "Certificate {{ $labels.namespace }}/{{ $labels.name }} expires in "
                "{{ $value | humanizeDuration }} and is not renewed"
            ),
            needs=_CERTIFICATES,
        ),
        Alert(
            name="CertificateNotReady",
            expr='certmanager_certificate_ready_status{condition="True"} == 0',
            hold="30m",
            severity="warning",
            summary="Certificate {{ $labels.namespace }}/{{ $labels.name }} is not ready",
            needs=_CERTIFICATES,
        ),
        Alert(
            name="SecretStoreNotReady",
            expr='clustersecretstore_status_condition{condition="Ready", status="False"} == 1',
            hold="10m",
            severity="critical",
            summary="Secrets Manager cannot be read through {{ $labels.name }}: no secret of the platform is renewed",
            needs=_SECRETS,
        ),
        Alert(
            name="ExternalSecretNotSynced",
            expr='externalsecret_status_condition{condition="Ready", status="False"} == 1',
            hold="15m",
            severity="warning",
            summary="Secret {{ $labels.namespace }}/{{ $labels.name }} is not what Secrets Manager holds",
            needs=_SECRETS,
        ),
        Alert(
            name="SecretNotPushed",
            expr='pushsecret_status_condition{condition="Ready", status="False"} == 1',
            hold="15m",
            severity="warning",
            summary=(
                "Generated secret {{ $labels.namespace }}/{{ $labels.name }} is not in Secrets Manager: "
                "its only copy is in the cluster"
            ),
            needs=_SECRETS,
        ),
    ),
)


def capacity(spec: AlertsSpec) -> Group:
    """What fills up: quotas of tenants, volumes, the memory of Prometheus."""
    return Group(
        name="capacity",
        rules=(
            Alert(
                name="TenantQuotaNearlyFull",
                # Only tenants: of a namespace without the label the join keeps nothing.
                expr=(
                    'max by (namespace, resourcequota, resource) (kube_resourcequota{type="used"})\n'
                    '  / max by (namespace, resourcequota, resource) (kube_resourcequota{type="hard"} > 0)\n'
                    f"  * on (namespace) group_left ({TENANT_OF_NAMESPACE})\n"
                    f"    {TENANT_NAMESPACES}\n"
                    f"> {spec.quota_ratio:g}"
                ),
                hold="15m",
                severity="warning",
                summary=(
                    f"Tenant {{{{ $labels.{TENANT_OF_NAMESPACE} }}}} uses {{{{ $value | humanizePercentage }}}} of "
                    "its quota of {{ $labels.resource }}"
                ),
                needs=_PROMETHEUS,
            ),
            Alert(
                name="VolumeFillingUp",
                # Earlier than the chart's own alert: a volume of EBS can be enlarged only once in six hours.
                expr=(
                    "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.25\n"
                    "  and predict_linear(kubelet_volume_stats_available_bytes[12h], 7 * 86400) < 0"
                ),
                hold="1h",
                severity="warning",
                summary=(
                    "Volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has "
                    "{{ $value | humanizePercentage }} left and will be full within a week"
                ),
                needs=_PROMETHEUS,
            ),
            Alert(
                name="PrometheusNearMemoryLimit",
                expr=(
                    'max by (namespace, pod, container) (container_memory_working_set_bytes{container="prometheus"})\n'
                    "  / on (namespace, pod, container)\n"
                    "  max by (namespace, pod, container) "
                    '(kube_pod_container_resource_limits{container="prometheus", resource="memory"}) > 0.85'
                ),
                hold="15m",
                severity="warning",
                summary=(
                    "{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its memory: when it is killed, "
                    "no alert is evaluated"
                ),
                needs=_PROMETHEUS,
            ),
        ),
    )


BACKUPS = Group(
    name="backups",
    rules=(
        Alert(
            name="BackupTooOld",
            # Half an interval late: the schedule says how often, so that this rule need not.
            expr=(
                'time() - max by (schedule) (velero_backup_last_successful_timestamp{schedule!=""})\n'
                "  > 1.5 * max by (schedule) (velero_schedule_expected_interval_seconds)"
            ),
            hold="15m",
            severity="critical",
            summary="The last good backup of schedule {{ $labels.schedule }} is {{ $value | humanizeDuration }} old",
            needs=_VELERO,
        ),
        Alert(
            name="BackupStoreUnavailable",
            expr="min by (backup_location_name) (velero_backup_location_status_gauge) == 0",
            hold="15m",
            severity="critical",
            summary="Backups cannot be written to {{ $labels.backup_location_name }}",
            needs=_VELERO,
        ),
    ),
)
