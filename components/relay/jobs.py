"""What runs beside the servers: tables before them, keys and budgets after, a question now and then."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

from pulumi_kubernetes.batch.v1 import JobSpecArgsDict

from components.charts import images
from components.charts.jobs import digest, job_spec
from components.relay.config import HOOK
from components.relay.names import (
    DATABASE_SECRET,
    GATEWAY_SECRET,
    GATEWAY_SECRET_KEY,
    OWN_SECRET,
    PROBE,
    TENANT_KEYS_SECRET,
)
from components.relay.pods import migrations_pod, probe_pod, setup_pod
from components.relay.render import DIRECTORY, KEYS, SCRIPTS, UID, URL
from components.relay.secrets import callers
from components.relay.spec import BudgetsSpec, RelaySpec

SCRIPT_FILES = ("setup.py", "probe.py", "batch.py")
WANTED_FILE, PROBE_FILE = "wanted.json", "probe.json"

Spec = dict[str, Any]


def wanted(spec: RelaySpec, tenants: Iterable[str]) -> dict[str, Spec]:
    """Budget by tenant, as LiteLLM is told; the probe has a small one of its own."""
    budgets: BudgetsSpec = spec.budgets
    by_tenant: dict[str, Spec] = {
        caller: {"max_budget": float(budgets.of(caller)), "budget_duration": budgets.every}
        for caller in callers(spec, tenants)
    }
    if PROBE in by_tenant:
        by_tenant[PROBE] = {"max_budget": float(spec.probe.usd), "budget_duration": "30d"}
    return by_tenant


def scripts(spec: RelaySpec, tenants: Iterable[str]) -> dict[str, str]:
    """The ConfigMap of the jobs: their scripts, and what these are told."""
    expected = {
        name: {"first_token_ms": model.first_token_ms, "answer_ms": model.answer_ms}
        for name, model in spec.models.items()
        if model.makes == "text"
    }
    told = {"tenant": PROBE, "tolerance": float(spec.probe.tolerance), "models": expected}
    return {
        WANTED_FILE: json.dumps(wanted(spec, tenants), sort_keys=True),
        PROBE_FILE: json.dumps(told, sort_keys=True),
        **{name: (HOOK / name).read_text() for name in SCRIPT_FILES},
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


def _from(variable: str, secret: str, key: str) -> Any:
    return {"name": variable, "value_from": {"secret_key_ref": {"name": secret, "key": key}}}
