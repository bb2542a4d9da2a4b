"""Workers of queues as objects, and what may be said about a queue."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agentic.plan.capture import Capture
from agentic.plan.model import Plan
from components.agents.catalogue import everyone
from components.agents.queues import PACKAGE, PORT, deployment, pods, program, queues, scaled_object
from components.agents.spec import REPLIES, QueueTriggerSpec
from components.agents.worker.settings import Settings
from components.agents.worker.tasks import REPLIES as WORKERS_REPLIES
from components.agents.worker.worker import LONGEST_PAUSE
from components.cache.spec import USERS
from tests.components.agents import scene

NAME = "customer-support-agent"
EVERYONE = everyone(scene.AGENTS, scene.WORKFLOWS)
QUEUE = queues(EVERYONE)[NAME]


def template(*, authority: bool = True) -> dict[str, Any]:
    return deployment(NAME, QUEUE, authority=authority)["template"]["spec"]


@pytest.fixture(scope="module")
def plan(capture: Capture) -> Plan:
    return capture(scene.everything)


def test_only_agents_with_a_queue_have_workers() -> None:
    assert list(queues(EVERYONE)) == [NAME]
    (pod,) = pods(EVERYONE)
    assert (pod.name, pod.namespace, pod.replicas) == (f"queue-worker-{NAME}", "ai-agents", 20)


def test_a_worker_is_told_its_agent_its_list_and_its_limits() -> None:
    (container,) = template()["containers"]
    told = {one["name"]: one.get("value", "from the Secret") for one in container["env"]}
    settings = Settings.of(told)
    assert settings.agent_url == f"http://{NAME}:8080/"
    assert settings.queue == "agents:agent-task-queue"
    assert (settings.attempts, settings.timeout, settings.at_once) == (3, 300, 1)
    assert settings.port == PORT
    assert told["REDIS_URL"] == "from the Secret"


def test_what_it_runs_is_the_package_as_it_is_here() -> None:
    assert {"main.py", "queue.py", "worker.py"} <= set(program())
    assert "__init__.py" not in program()
    assert program()["main.py"] == (PACKAGE / "main.py").read_text(encoding="utf-8")
    (container,) = template()["containers"]
    mounted = {one["mountPath"] for one in container["volumeMounts"]}
    assert f"{container['workingDir']}/{PACKAGE.name}" in mounted, "the package by which it is started"
    assert container["command"][-1] == "worker.main"


def test_it_has_time_to_finish_and_no_way_to_the_api() -> None:
    pod = template()
    assert pod["terminationGracePeriodSeconds"] > QUEUE.timeout_seconds
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_caches_own_authority_is_mounted_only_where_there_is_one() -> None:
    assert "REDIS_CA_FILE" in str(template())
    assert "REDIS_CA_FILE" not in str(template(authority=False))
    assert "cache" not in {one["name"] for one in template(authority=False)["volumes"]}


def test_workers_follow_the_list_alone_within_the_agents_own_bounds() -> None:
    scaling = scene.AGENTS[NAME].scaling
    spec = scaled_object(NAME, scaling, scene.SOURCES)
    (trigger,) = spec["triggers"]
    assert trigger["metadata"]["listName"] == "agents:agent-task-queue"
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 20)
    assert "replicas" not in deployment(NAME, QUEUE, authority=True)


def test_every_key_is_within_what_the_cache_lets_agents_touch() -> None:
    (user,) = (one for one in USERS if one.name == "agents")
    assert REPLIES == WORKERS_REPLIES
    assert REPLIES.startswith(user.prefix)
    assert template()["containers"][0]["env"][2]["value"].startswith(user.prefix)


def test_workers_come_after_the_agent_they_ask_and_are_scraped(plan: Plan) -> None:
    workers = plan.one("kubernetes:apps/v1:Deployment", f"agents-queues-{NAME}")
    agent = plan.one("kubernetes:kagent.dev/v1alpha2:Agent", f"agents-{NAME}")
    assert agent.urn in workers.dependencies
    assert workers.inputs["spec"]["template"]["spec"]["serviceAccountName"] == "queue-workers"
    monitors = plan.all("kubernetes:monitoring.coreos.com/v1:ServiceMonitor")
    assert "queue-workers" in {one.inputs["metadata"]["name"] for one in monitors}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            {"result_ttl_seconds": 1200},
            "result_ttl_seconds 1200 is shorter than 3 attempts can take, 1800; raise it, or lower attempts or "
            "timeout_seconds",
        ),
        ({"name": "reply"}, "name reply is where replies are put"),
        ({"timeout_seconds": 3600}, "less than or equal to 1800"),
        ({"at_once": 0}, "greater than or equal to 1"),
        ({"attempts": 21}, "less than or equal to 20"),
    ],
)
def test_a_queue_that_could_not_work_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        QueueTriggerSpec.model_validate({"name": "tasks", **said})


def test_the_longest_pause_is_the_one_that_the_limits_count_with() -> None:
    shortest = 3 * (300 + LONGEST_PAUSE)
    assert QueueTriggerSpec(name="tasks", result_ttl_seconds=shortest)


def test_the_program_needs_nothing_but_python() -> None:
    for name, text in program().items():
        for line in text.splitlines():
            assert not line.startswith(("import valkey", "import redis", "from redis", "from components")), (
                name
            )
    assert Path(PACKAGE).is_dir()
