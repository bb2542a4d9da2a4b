"""The relay as objects: servers that share what they know in the cache, and the jobs around them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from pulumi_kubernetes.batch.v1 import JobSpecArgsDict

from components.charts import images
from components.charts.jobs import digest, job_spec
from components.charts.restricted import container_context, pod_context
from components.charts.scheduling import spread
from components.relay.config import (
    CACHE_FILES,
    CONFIG_FILE,
    HOOK,
    MODULES,
    PACKAGE,
    SETTINGS_FILE,
    CacheAddress,
    environment,
)
from components.relay.hook.batch import PATH
from components.relay.names import (
    CACHE_SECRET,
    DATABASE_SECRET,
    GATEWAY,
    GATEWAY_GROUP,
    GATEWAY_SECRET,
    GATEWAY_SECRET_KEY,
    LABELS,
    NAME,
    NAMESPACE,
    OWN_SECRET,
    PORT,
    PROBE,
    PROVIDERS_SECRET,
    TENANT_KEYS_SECRET,
)
from components.relay.pods import BATCH, batch_pod, migrations_pod, probe_pod, setup_pod
from components.relay.spec import BudgetsSpec, RelaySpec

UID = 65534
"""`nobody`, whose files the image's are (its Dockerfile.non_root)."""

URL = f"http://{NAME}.{NAMESPACE}.svc.cluster.local:{PORT}"
DIRECTORY, KEYS = "/etc/relay", "/keys"
SCRIPTS = "relay-scripts"
SCRIPT_FILES = ("setup.py", "probe.py", "batch.py")
WANTED_FILE, PROBE_FILE = "wanted.json", "probe.json"
CHECKSUM = "agentic.dev/config"
DRAIN_SECONDS = 60

Spec = dict[str, Any]


def wanted(spec: RelaySpec, tenants: Iterable[str]) -> dict[str, Spec]:
    """Budget by tenant, as LiteLLM is told; the probe has a small one of its own."""
    budgets: BudgetsSpec = spec.budgets
    by_tenant: dict[str, Spec] = {
        tenant: {"max_budget": float(budgets.of(tenant)), "budget_duration": budgets.every}
        for tenant in sorted(tenants)
    }
    if spec.probe.enabled:
        by_tenant[PROBE] = {"max_budget": float(spec.probe.usd), "budget_duration": "30d"}
    return by_tenant


def scripts(spec: RelaySpec, tenants: Iterable[str]) -> dict[str, str]:
    """The ConfigMap of the jobs: their scripts, and what these are told."""
    expected = {
        name: {"first_token_ms": model.first_token_ms, "answer_ms": model.answer_ms}
        for name, model in spec.models.items()
    }
    told = {"tenant": PROBE, "tolerance": float(spec.probe.tolerance), "models": expected}
    return {
        WANTED_FILE: json.dumps(wanted(spec, tenants), sort_keys=True),
        PROBE_FILE: json.dumps(told, sort_keys=True),
        **{name: (HOOK / name).read_text() for name in SCRIPT_FILES},
    }


def deployment(spec: RelaySpec, files: Mapping[str, str], cache: CacheAddress) -> Spec:
    """The spec of the Deployment; another configuration rolls it, another tenant does not."""
    text = json.dumps(files, sort_keys=True)
    mounts = [
        {"name": "config", "mountPath": DIRECTORY, "readOnly": True},
        {"name": "keys", "mountPath": KEYS, "readOnly": True},
        {"name": "scratch", "mountPath": "/tmp"},  # noqa: S108 - in the container
    ]
    items = [{"key": name, "path": f"{PACKAGE}/{name}"} for name in MODULES]
    items += [{"key": name, "path": name} for name in (CONFIG_FILE, SETTINGS_FILE)]
    volumes: list[Spec] = [
        {"name": "config", "configMap": {"name": NAME, "items": items}},
        {"name": "keys", "secret": {"secretName": TENANT_KEYS_SECRET, "defaultMode": 0o440}},
        {"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}},
    ]
    if cache.authority and not cache.by_url:
        mounts.append({"name": "cache", "mountPath": CACHE_FILES, "readOnly": True})
        volumes.append(_authority_volume())
    return {
        "replicas": spec.replicas,
        "selector": {"matchLabels": dict(LABELS)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {
            "metadata": {
                "labels": dict(LABELS),
                "annotations": {CHECKSUM: hashlib.sha256(text.encode()).hexdigest()[:16]},
            },
            "spec": {
                "serviceAccountName": NAME,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(LABELS),
                "terminationGracePeriodSeconds": DRAIN_SECONDS + 30,
                "containers": [
                    {
                        "name": NAME,
                        "image": images.LITELLM.reference,
                        "command": _command(),
                        "env": [
                            {"name": "PYTHONPATH", "value": DIRECTORY},
                            {"name": "CONFIG_FILE_PATH", "value": f"{DIRECTORY}/{CONFIG_FILE}"},
                            {"name": "RELAY_SETTINGS", "value": f"{DIRECTORY}/{SETTINGS_FILE}"},
                            {"name": "RELAY_KEYS", "value": KEYS},
                            *({"name": name, "value": value} for name, value in environment(spec).items()),
                            *_secrets(cache),
                        ],
                        "envFrom": [{"secretRef": {"name": PROVIDERS_SECRET}}],
                        "ports": [{"name": "http", "containerPort": PORT}],
                        # Two cores of it read a configuration for a minute; a database that is away, for longer.
                        "startupProbe": {**_probe("readiness"), "periodSeconds": 5, "failureThreshold": 60},
                        "readinessProbe": {**_probe("readiness"), "periodSeconds": 10, "timeoutSeconds": 5},
                        "livenessProbe": {
                            **_probe("liveliness"),
                            "periodSeconds": 20,
                            "timeoutSeconds": 5,
                            "failureThreshold": 5,
                        },
                        # Endpoints learn late: what still arrives is served.
                        "lifecycle": {"preStop": {"sleep": {"seconds": 10}}},
                        "resources": spec.resources.values(),
                        # Prisma's client writes beside itself; upstream supports no read-only root without it.
                        "securityContext": {**container_context(), "readOnlyRootFilesystem": False},
                        "volumeMounts": mounts,
                    }
                ],
                "volumes": volumes,
            },
        },
    }


def migrations_job() -> JobSpecArgsDict:
    """The spec of the Job that brings the database's tables up to the image's; it ends in error or all done."""
    pod = migrations_pod()
    spec = job_spec(
        pod,
        command=["litellm", "--skip_server_startup", "--enforce_prisma_migration_check"],
        working_dir="/app",
        uid=UID,
        inputs=digest(images.LITELLM.reference),
        env=[
            _from("DATABASE_URL", DATABASE_SECRET, "url"),
            {"name": "DISABLE_SCHEMA_UPDATE", "value": "false"},
        ],
    )
    container = cast("dict[str, Any]", cast("Any", spec)["template"]["spec"]["containers"][0])
    # What is baked into the image is under its own home.
    own = cast("list[dict[str, Any]]", container["env"])
    container["env"] = [one for one in own if one["name"] != "HOME"]
    container["security_context"] = {**container["security_context"], "read_only_root_filesystem": False}
    return spec


def setup_job(spec: RelaySpec, tenants: Iterable[str]) -> JobSpecArgsDict:
    """The spec of the Job that tells LiteLLM keys and budgets; it runs again when either changes."""
    names = tuple(tenants)
    return job_spec(
        setup_pod(),
        command=["python", f"{DIRECTORY}/setup.py"],
        working_dir=DIRECTORY,
        uid=UID,
        inputs=digest(wanted(spec, names), spec.keys_generation, (HOOK / "setup.py").read_text()),
        env=[
            {"name": "RELAY_URL", "value": URL},
            {"name": "RELAY_KEYS", "value": KEYS},
            {"name": "RELAY_WANTED", "value": f"{DIRECTORY}/{WANTED_FILE}"},
            _from("LITELLM_MASTER_KEY", OWN_SECRET, "master-key"),
        ],
        volumes=[
            {"name": "scripts", "config_map": {"name": SCRIPTS}},
            {"name": "keys", "secret": {"secret_name": TENANT_KEYS_SECRET, "default_mode": 0o440}},
        ],
        mounts=[
            {"name": "scripts", "mount_path": DIRECTORY, "read_only": True},
            {"name": "keys", "mount_path": KEYS, "read_only": True},
        ],
    )


def probe_cron(spec: RelaySpec) -> Spec:
    """The spec of the CronJob that asks; a round that is late is left out, two never run at once."""
    job = job_spec(
        probe_pod(),
        command=["python", f"{DIRECTORY}/probe.py"],
        working_dir=DIRECTORY,
        uid=UID,
        inputs=digest(scripts(spec, ())),
        env=[
            {"name": "RELAY_URL", "value": URL},
            {"name": "RELAY_PROBE", "value": f"{DIRECTORY}/{PROBE_FILE}"},
            _from("RELAY_GATEWAY_KEY", GATEWAY_SECRET, GATEWAY_SECRET_KEY),
        ],
        volumes=[{"name": "scripts", "config_map": {"name": SCRIPTS}}],
        mounts=[{"name": "scripts", "mount_path": DIRECTORY, "read_only": True}],
    )
    minutes = spec.probe.every_minutes
    return {
        "schedule": "0 * * * *" if minutes == 60 else f"*/{minutes} * * * *",
        "concurrency_policy": "Forbid",
        "starting_deadline_seconds": 60,
        "successful_jobs_history_limit": 1,
        "failed_jobs_history_limit": 3,
        # A question is asked once: its answer is about this moment.
        "job_template": {"spec": {**job, "backoff_limit": 0, "ttl_seconds_after_finished": 3600}},
    }


def batch_deployment(spec: RelaySpec, cache: CacheAddress) -> Spec:
    """The spec of the Deployment of workers, without a number of them: KEDA's window says how many.

    On Spot: what is taken away is leased, and done again.
    """
    scripts_mount = {"name": "scripts", "mountPath": DIRECTORY, "readOnly": True}
    files_mount = {"name": "cache", "mountPath": CACHE_FILES, "readOnly": True}
    authority = cache.authority and not cache.by_url
    pod = batch_pod()
    (container,) = pod.containers
    return {
        "selector": {"matchLabels": dict(pod.labels)},
        "template": {
            "metadata": {
                "labels": dict(pod.labels),
                "annotations": {CHECKSUM: digest((HOOK / "batch.py").read_text())},
            },
            "spec": {
                "serviceAccountName": NAME,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "nodeSelector": {"karpenter.sh/capacity-type": "spot"},
                "securityContext": pod_context(UID),
                "topologySpreadConstraints": spread(pod.labels),
                # Spot gives two minutes; what is not finished then is done again.
                "terminationGracePeriodSeconds": 110,
                "containers": [
                    {
                        "name": container.name,
                        "image": container.image.reference,
                        "command": ["python", f"{DIRECTORY}/batch.py"],
                        "env": [
                            {"name": "RELAY_URL", "value": URL},
                            _plain("RELAY_GATEWAY_KEY", GATEWAY_SECRET, GATEWAY_SECRET_KEY),
                            *_cache_secrets(cache),
                        ],
                        "resources": container.resources.values(),
                        "securityContext": container_context(),
                        "volumeMounts": [scripts_mount, *([files_mount] if authority else [])],
                    }
                ],
                "volumes": [
                    {"name": "scripts", "configMap": {"name": SCRIPTS}},
                    *([_authority_volume()] if authority else []),
                ],
            },
        },
    }


def batch_window(spec: RelaySpec) -> Spec:
    """The spec of the ScaledObject: workers from `start` to `end`, none at other times."""
    times = (spec.batch.start.split(":"), spec.batch.end.split(":"))
    start, end = (f"{int(minute)} {int(hour)} * * *" for hour, minute in times)
    return {
        "scaleTargetRef": {"name": BATCH},
        "minReplicaCount": 0,
        "maxReplicaCount": spec.batch.workers,
        "cooldownPeriod": 60,
        "triggers": [
            {
                "type": "cron",
                "metadata": {
                    "timezone": spec.batch.timezone,
                    "start": start,
                    "end": end,
                    "desiredReplicas": str(spec.batch.workers),
                },
            }
        ],
    }


def batch_route() -> Spec:
    """The spec of the HTTPRoute of requests that wait: to the relay as it is, since it answers with an id."""
    listeners = [
        {"group": GATEWAY_GROUP, "kind": "Gateway", "name": GATEWAY, "sectionName": name}
        for name in ("api", "internal")
    ]
    match = {"path": {"type": "PathPrefix", "value": PATH}}
    return {
        "parentRefs": listeners,
        "rules": [{"matches": [match], "backendRefs": [{"kind": "Service", "name": NAME, "port": PORT}]}],
    }


def batch_policy() -> Spec:
    """The spec of the policy by which the gateway shows its key on that route."""
    return {
        "targetRefs": [{"group": GATEWAY_GROUP, "kind": "HTTPRoute", "name": BATCH}],
        "backend": {"auth": {"secretRef": {"name": GATEWAY_SECRET, "key": GATEWAY_SECRET_KEY}}},
    }


def _command() -> list[str]:
    return [
        "python",
        "-m",
        "uvicorn",
        f"{PACKAGE}.server:app",
        "--host",
        "0.0.0.0",  # noqa: S104 - policies say who reaches it
        "--port",
        str(PORT),
        "--no-access-log",
        "--timeout-keep-alive",
        "75",
        "--timeout-graceful-shutdown",
        str(DRAIN_SECONDS),
    ]


def _authority_volume() -> Spec:
    certificate = [{"key": "ca.crt", "path": "ca.crt"}]
    return {"name": "cache", "secret": {"secretName": CACHE_SECRET, "items": certificate}}


def _cache_secrets(cache: CacheAddress) -> list[Spec]:
    where = ("url",) if cache.by_url else ("host", "port", "username", "password")
    authority = cache.authority and not cache.by_url
    return [
        *(_plain(f"REDIS_{key.upper()}", CACHE_SECRET, key) for key in where),
        *([{"name": "RELAY_CACHE_AUTHORITY", "value": f"{CACHE_FILES}/ca.crt"}] if authority else []),
    ]


def _secrets(cache: CacheAddress) -> list[Spec]:
    return [
        _plain("DATABASE_URL", DATABASE_SECRET, "url"),
        _plain("LITELLM_MASTER_KEY", OWN_SECRET, "master-key"),
        _plain("LITELLM_SALT_KEY", OWN_SECRET, "salt-key"),
        _plain("RELAY_GATEWAY_KEY", GATEWAY_SECRET, GATEWAY_SECRET_KEY),
        *_cache_secrets(cache),
    ]


def _plain(variable: str, secret: str, key: str) -> Spec:
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _from(variable: str, secret: str, key: str) -> Any:
    return {"name": variable, "value_from": {"secret_key_ref": {"name": secret, "key": key}}}


def _probe(what: str) -> Spec:
    return {"httpGet": {"path": f"/health/{what}", "port": "http"}}
