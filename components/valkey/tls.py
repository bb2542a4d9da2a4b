"""Valkey's certificate: an authority of its own, which can sign for nobody else's namespace."""

from __future__ import annotations

from typing import Any

from pulumi_kubernetes.rbac.v1 import PolicyRuleArgsDict

from components.cache.spec import Authority
from components.core.labels import TENANT_LABEL
from components.valkey.spec import NAMESPACE, RELEASE

API_VERSION = "cert-manager.io/v1"
STORE_API_VERSION = "external-secrets.io/v1"

SELF_SIGNED = f"{RELEASE}-self-signed"
CA = f"{RELEASE}-ca"
SERVER = f"{RELEASE}-tls"
TRUST = f"{RELEASE}-trust"
"""The certificate, Secret, account and store by which other namespaces learn whom to trust."""

AUTHORITY = Authority(store=TRUST, secret=TRUST, property="ca.crt")

DAY_HOURS = 24
CA_YEARS = 10


def _hours(days: int) -> str:
    return f"{days * DAY_HOURS}h0m0s"


def self_signed_issuer() -> dict[str, Any]:
    """Signs the authority, once."""
    return {"selfSigned": {}}


def ca_certificate() -> dict[str, Any]:
    """The authority; its key stays when it is renewed, so that whoever trusts it goes on trusting it."""
    return {
        "isCA": True,
        "commonName": CA,
        "secretName": CA,
        "duration": _hours(365 * CA_YEARS),
        "renewBefore": _hours(365),
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Never"},
        "issuerRef": {"name": SELF_SIGNED, "kind": "Issuer", "group": "cert-manager.io"},
    }


def ca_issuer() -> dict[str, Any]:
    """Signs in this namespace only: with a ClusterIssuer any tenant could be Valkey."""
    return {"ca": {"secretName": CA}}


def server_names() -> list[str]:
    """Every name by which a pod or a Service of the release is called."""
    services = (RELEASE, f"{RELEASE}-read")
    suffixes = ("", f".{NAMESPACE}", f".{NAMESPACE}.svc", f".{NAMESPACE}.svc.cluster.local")
    return [
        "localhost",
        *(f"{service}{suffix}" for service in services for suffix in suffixes),
        f"*.{RELEASE}-headless.{NAMESPACE}.svc.cluster.local",
    ]


def server_certificate() -> dict[str, Any]:
    """The server's; renewed a month before its end, and read again by the server within the hour."""
    return {
        "secretName": SERVER,
        "duration": _hours(90),
        "renewBefore": _hours(30),
        "dnsNames": server_names(),
        "ipAddresses": ["127.0.0.1"],
        "usages": ["server auth", "client auth"],
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "issuerRef": {"name": CA, "kind": "Issuer", "group": "cert-manager.io"},
    }


def trust_certificate() -> dict[str, Any]:
    """A certificate that opens nothing, for the `ca.crt` beside it.

    The authority's own Secret holds its key, the server's holds the server's: neither is for reading by
    others, and a right to read is for a Secret as a whole.
    """
    return {
        "secretName": TRUST,
        "duration": _hours(90),
        "renewBefore": _hours(30),
        "dnsNames": [f"{TRUST}.invalid"],
        "usages": ["client auth"],
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "issuerRef": {"name": CA, "kind": "Issuer", "group": "cert-manager.io"},
    }


def trust_rules() -> list[PolicyRuleArgsDict]:
    """The rules of the Role by which the store reads that one Secret."""
    return [{"api_groups": [""], "resources": ["secrets"], "resource_names": [TRUST], "verbs": ["get"]}]


def trust_store(namespaces: list[str]) -> dict[str, Any]:
    """The spec of a ClusterSecretStore on Valkey's namespace, for the namespaces of its users.

    For every tenant by what all tenants carry: it does not change when one comes.
    """
    tenants = {"matchExpressions": [{"key": TENANT_LABEL, "operator": "Exists"}]}
    return {
        "conditions": [{"namespaces": sorted(set(namespaces))}, {"namespaceSelector": tenants}],
        "provider": {
            "kubernetes": {
                "remoteNamespace": NAMESPACE,
                # In every namespace there is this ConfigMap with the API's own authority.
                "server": {
                    "caProvider": {
                        "type": "ConfigMap",
                        "name": "kube-root-ca.crt",
                        "key": "ca.crt",
                        "namespace": NAMESPACE,
                    }
                },
                "auth": {"serviceAccount": {"name": TRUST, "namespace": NAMESPACE}},
            }
        },
    }
