"""oauth2-proxy as objects; it only answers who somebody is, and no page passes through it."""

from __future__ import annotations

from typing import Any

from pulumi import Input

from components.charts import images
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.identity_provider.spec import Login
from components.login.spec import LABELS, NAMESPACE, PORT, SERVICE, LoginSpec
from components.secrets.spec import Consumer, Credential, Key, Remote, read_back

METRICS_PORT = 44180
COOKIE_KEY = "cookie-secret"
SESSION = Credential(
    name="login-session",
    # oauth2-proxy takes 16, 24 or 32 bytes; a new value ends every session.
    keys=(Key(name=COOKIE_KEY, length=32),),
    home=NAMESPACE,
    consumers=(Consumer(namespace=NAMESPACE),),
)
CLIENT_SECRET = "login-client"  # noqa: S105 - the name of a Secret
CLIENT_KEY = "client-secret"
_MOUNT = "/etc/login"
NO_SECRET = "/dev/null"  # noqa: S105 - a file
"""oauth2-proxy wants a file even for a public client, and leaves an empty secret out of what it sends
(oauth2-proxy/oauth2-proxy#1714)."""

Spec = dict[str, Any]


def credentials() -> tuple[Credential, ...]:
    """What is generated for the login, once."""
    return (SESSION,)


def client_secret(arn: str) -> Spec:
    """The spec of the ExternalSecret by which a confidential client's secret comes from Secrets Manager."""
    return read_back(CLIENT_SECRET, {CLIENT_KEY: Remote(key=arn, property=CLIENT_KEY)})


def arguments(spec: LoginSpec, login: Login, *, host: str, domain: str) -> list[Input[str]]:
    """What oauth2-proxy is started with."""
    secret = f"{_MOUNT}/{CLIENT_KEY}" if login.client_secret_arn else NO_SECRET
    plain: dict[str, Input[str]] = {
        "provider": "oidc",
        "code-challenge-method": "S256",
        "client-secret-file": secret,
        "redirect-url": f"https://{host}/oauth2/callback",
        "scope": "openid email profile",
        "oidc-groups-claim": login.groups_claim,
        # Who may log in is the provider's business, and of the groups below.
        "email-domain": "*",
        "cookie-name": "__Secure-login",
        "cookie-domain": f".{domain}",
        "whitelist-domain": f".{domain}",
        "cookie-secure": "true",
        "cookie-samesite": "lax",
        "cookie-expire": f"{spec.session_hours}h",
        "cookie-refresh": "30m",
        "set-xauthrequest": "true",
        "set-authorization-header": "true",
        "reverse-proxy": "true",
        "skip-provider-button": "true",
        "silence-ping-logging": "true",
        "upstream": "static://202",
        "http-address": f"0.0.0.0:{PORT}",
        "metrics-address": f"0.0.0.0:{METRICS_PORT}",
    }
    return [
        *(f"--{name}={value}" for name, value in plain.items()),
        *(f"--allowed-group={group}" for group in spec.allowed_groups),
    ]


def deployment(spec: LoginSpec, login: Login, *, host: str, domain: str) -> Spec:
    """The spec of the Deployment, whose pods pass `restricted`."""
    mounted = (
        {
            "volumeMounts": [{"name": "client", "mountPath": _MOUNT, "readOnly": True}],
        }
        if login.client_secret_arn
        else {}
    )
    volumes = (
        {"volumes": [{"name": "client", "secret": {"secretName": CLIENT_SECRET}}]}
        if login.client_secret_arn
        else {}
    )
    probe = {"httpGet": {"path": "/ping", "port": "http"}, "periodSeconds": 10}
    return {
        "replicas": spec.replicas,
        "selector": {"matchLabels": dict(LABELS)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {"labels": dict(LABELS)},
            "spec": {
                "serviceAccountName": SERVICE,
                "automountServiceAccountToken": False,
                "securityContext": pod_context(),
                "topologySpreadConstraints": spread(LABELS),
                "containers": [
                    {
                        "name": "oauth2-proxy",
                        "image": images.OAUTH2_PROXY.reference,
                        "args": arguments(spec, login, host=host, domain=domain),
                        "env": [
                            # Only the cloud knows them: they would hide every other argument from a preview.
                            {"name": "OAUTH2_PROXY_OIDC_ISSUER_URL", "value": login.issuer},
                            {"name": "OAUTH2_PROXY_CLIENT_ID", "value": login.client_id},
                            {
                                "name": "OAUTH2_PROXY_COOKIE_SECRET",
                                "valueFrom": {"secretKeyRef": {"name": SESSION.name, "key": COOKIE_KEY}},
                            },
                        ],
                        "ports": [
                            {"name": "http", "containerPort": PORT},
                            {"name": "metrics", "containerPort": METRICS_PORT},
                        ],
                        "readinessProbe": {**probe, "httpGet": {"path": "/ready", "port": "http"}},
                        "livenessProbe": probe,
                        "resources": spec.resources.values(),
                        "securityContext": container_context(),
                        **mounted,
                    }
                ],
                **volumes,
            },
        },
    }
