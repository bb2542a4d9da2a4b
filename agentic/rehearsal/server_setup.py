"""The files and command lines of an API server that only this machine, and only this user, can reach.

Paths are relative: every program runs in the server's own directory. etcd listens on sockets there, which
no other user can open; a path below a long temporary directory would exceed what a socket's name may have.
"""

from __future__ import annotations

import json
import socket
from pathlib import Path

CERTIFICATES = "certificates"
TOKENS = "tokens.csv"
ACCOUNT_KEY = "service-accounts.key"
KUBECONFIG = "kubeconfig.json"
CLIENT_SOCKET = "unix://client.sock:0"
PEER_SOCKET = "unix://peer.sock:0"

# On by default, here and in EKS; named, so that no other default can drop them.
ADMISSION = (
    "LimitRanger",
    "NamespaceLifecycle",
    "PodSecurity",
    "Priority",
    "ResourceQuota",
    "RuntimeClass",
    "ServiceAccount",
    "ValidatingAdmissionPolicy",
)
# A plan's webhooks point at Services behind which nothing runs: each would refuse all it is asked about.
NO_ADMISSION = ("MutatingAdmissionWebhook", "ValidatingAdmissionWebhook")
CONTROLLERS = (
    "namespace-controller",
    # Admission marks every claim and volume as in use; who else would let it go?
    "persistentvolume-protection-controller",
    "persistentvolumeclaim-protection-controller",
    "resourcequota-controller",
    "serviceaccount-controller",
)


def write_credentials(directory: Path, token: str) -> None:
    """A token that may do anything, and the key that service account tokens are signed with."""
    # 70 ms, and only rehearsals need it.
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    (directory / TOKENS).write_text(f'{token},agentic,agentic,"system:masters"\n')
    key = ec.generate_private_key(ec.SECP256R1())
    (directory / ACCOUNT_KEY).write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )


def write_kubeconfig(directory: Path, url: str, token: str) -> None:
    """What the controller manager finds the server with."""
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {
                "name": "here",
                "cluster": {"server": url, "certificate-authority": str(certificate(Path()))},
            }
        ],
        "users": [{"name": "agentic", "user": {"token": token}}],
        "contexts": [{"name": "here", "context": {"cluster": "here", "user": "agentic"}}],
        "current-context": "here",
    }
    (directory / KUBECONFIG).write_text(json.dumps(config))


def etcd(program: Path) -> list[str]:
    """Nothing has to outlive the machine, so nothing waits for the disk."""
    return [
        str(program),
        "--name=here",
        "--data-dir=etcd",
        f"--listen-client-urls={CLIENT_SOCKET}",
        f"--advertise-client-urls={CLIENT_SOCKET}",
        f"--listen-peer-urls={PEER_SOCKET}",
        f"--initial-advertise-peer-urls={PEER_SOCKET}",
        f"--initial-cluster=here={PEER_SOCKET}",
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def api_server(program: Path, port: int, service_cidr: str) -> list[str]:
    """As EKS runs it where that decides what is accepted; only what is general availability is served."""
    return [
        str(program),
        f"--etcd-servers={CLIENT_SOCKET}",
        f"--cert-dir={CERTIFICATES}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        # A documentation address (RFC 5737): without one the server looks for a route, and there may be none.
        "--advertise-address=192.0.2.1",
        "--endpoint-reconciler-type=none",
        "--authorization-mode=RBAC",
        "--anonymous-auth=false",
        f"--token-auth-file={TOKENS}",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={ACCOUNT_KEY}",
        f"--service-account-signing-key-file={ACCOUNT_KEY}",
        f"--service-cluster-ip-range={service_cidr}",
        "--allow-privileged=true",
        f"--enable-admission-plugins={','.join(ADMISSION)}",
        f"--disable-admission-plugins={','.join(NO_ADMISSION)}",
        "--profiling=false",
    ]


def controller_manager(program: Path) -> list[str]:
    """Only the controllers that admission leans on."""
    return [
        str(program),
        f"--kubeconfig={KUBECONFIG}",
        f"--controllers={','.join(CONTROLLERS)}",
        "--leader-elect=false",
        "--secure-port=0",
        "--profiling=false",
    ]


def certificate(directory: Path) -> Path:
    """What the server signs for itself when it starts."""
    return directory / CERTIFICATES / "apiserver.crt"


def has_certificate(directory: Path) -> bool:
    """Whether all of it is written: the server makes the file, fills it, and then writes the key.

    Half of one, or none, would be an authority that trusts nobody, for as long as whoever read it lives.
    """
    key = certificate(directory).with_suffix(".key")
    return key.is_file() and certificate(directory).read_text().rstrip().endswith("-----END CERTIFICATE-----")


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
