"""The worker's own process, on a real Valkey as the user it has there, and an agent that answers as it is told."""

from __future__ import annotations

import json
import signal
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from components.agents.metrics import METRICS
from components.agents.worker import worker as module
from components.agents.worker.settings import Settings
from components.agents.worker.worker import Worker, pause_after
from tests.components.agents.worker.stage import (
    QUEUE,
    Agent,
    Store,
    completed,
    environment,
    length,
    running,
    threads,
    until,
)


def worked(store: Store, agent: Agent, **said: Any) -> Worker:
    """Everything that waits, worked off in this process."""
    worker = Worker(Settings.of(environment(store, agent, **said)))
    queue = worker.queue()
    while worker.work(queue):
        pass
    queue.close()
    return worker


def test_a_task_is_asked_over_a2a_and_its_answer_is_found_under_its_id(
    store: Store, agent: Agent, home: Path
) -> None:
    store.put(
        {
            "id": "t1",
            "message": "Where is my parcel? 안녕",
            "context_id": "c-9",
            "reply_to": "agents:reply:me",
        }
    )
    with running(home, environment(store, agent)):
        found = until(lambda: store.result("t1"))
    (asked,) = agent.asked
    assert asked["method"] == "message/send"
    assert asked["headers"]["X-User-Id"] == "agent-queue"
    assert asked["params"]["configuration"]["blocking"] is True
    message = asked["params"]["message"]
    assert message["parts"] == [{"kind": "text", "text": "Where is my parcel? 안녕"}]
    assert (message["role"], message["messageId"], message["contextId"]) == ("user", "t1", "c-9")
    assert found == {
        "id": "t1",
        "status": "done",
        "text": "answer to t1",
        "context_id": "c-1",
        "attempts": 1,
    }
    assert json.loads(str(store.wire.do("LPOP", "agents:reply:me"))) == found
    assert 0 < length(store.wire.do("TTL", f"{QUEUE}:result:t1")) <= 600
    assert store.taken() == 0


def test_the_oldest_comes_first_and_the_rest_stay_where_keda_counts_them(
    store: Store, agent: Agent, home: Path
) -> None:
    agent.hold.clear()
    store.put(*({"id": f"t{number}", "message": "x"} for number in range(6)))
    with running(home, environment(store, agent, AT_ONCE=2)):
        until(lambda: len(agent.asked) == 2)
        assert sorted(agent.ids) == ["t0", "t1"]
        assert store.wire.do("LLEN", QUEUE) == 4
        agent.hold.set()
        until(lambda: all(store.result(f"t{number}") for number in range(6)))
    assert agent.most_at_once == 2


def test_what_passes_is_tried_again_after_a_pause_and_then_given_up(
    store: Store, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent.answers = lambda _name, times: (503, {}) if times < 3 else (200, completed("at last"))
    store.put({"id": "t1", "message": "x"})
    worked(store, agent)
    assert store.result("t1") is None
    assert length(store.wire.do("ZCARD", f"{QUEUE}:later")) == 1
    queue = Worker(Settings.of(environment(store, agent))).queue()
    assert queue.due() == 0, "its pause is not over"
    late = module.time.time() + 3600
    monkeypatch.setattr(module.time, "time", lambda: late)
    for _ in range(2):
        again = Worker(Settings.of(environment(store, agent)))
        taker = again.queue()
        store.wire.do("ZADD", f"{QUEUE}:later", "1", json.dumps({"id": "t1", "message": "x"}))
        assert taker.due() == 1
        assert again.work(taker)
        taker.close()
    queue.close()
    found = store.result("t1")
    assert found is not None
    assert (found["text"], found["attempts"]) == ("at last", 3)


def test_pauses_double_and_end() -> None:
    assert [pause_after(attempt) for attempt in (1, 2, 3, 10)] == [10, 20, 40, 300]


def test_the_last_attempt_leaves_a_reason_where_people_and_askers_look(store: Store, agent: Agent) -> None:
    agent.answers = lambda _name, _times: (200, completed("the model was not there", "failed"))
    store.put({"id": "t1", "message": "x", "reply_to": "agents:reply:me"})
    worker = worked(store, agent, ATTEMPTS=1)
    found = store.result("t1")
    assert found is not None
    assert found["status"] == "failed"
    assert found["reason"] == "the agent's task is failed: the model was not there"
    (dead,) = store.dead()
    assert dead["reason"] == found["reason"]
    assert json.loads(dead["task"])["id"] == "t1"
    assert length(store.wire.do("LLEN", "agents:reply:me")) == 1
    assert worker.outcomes == {"dead": 1}


@pytest.mark.parametrize(
    ("status", "said", "reason"),
    [
        (404, {}, "the agent answered 404"),
        (200, {"error": {"code": -32602, "message": "no such part"}}, "-32602: no such part"),
        (200, completed("not mine", "rejected"), "the agent rejects it: not mine"),
    ],
)
def test_what_would_be_refused_again_is_given_up_at_once(
    store: Store, agent: Agent, status: int, said: dict[str, Any], reason: str
) -> None:
    agent.answers = lambda _name, _times: (status, said)
    store.put({"id": "t1", "message": "x"})
    worked(store, agent)
    assert [one["reason"] for one in store.dead()] == [reason]
    assert len(agent.asked) == 1


def test_a_question_back_is_a_result_since_nobody_is_here_to_answer(store: Store, agent: Agent) -> None:
    agent.answers = lambda _name, _times: (200, completed("May I refund it?", "input-required"))
    store.put({"id": "t1", "message": "x"})
    worked(store, agent)
    found = store.result("t1")
    assert found is not None
    assert (found["status"], found["text"], found["context_id"]) == (
        "needs_input",
        "May I refund it?",
        "c-1",
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("not json", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[1]", "is not a JSON object"),
        ('{"message": "x"}', "has no id"),
        ('{"id": "a b", "message": "x"}', "has a id that is not [A-Za-z0-9_-]{1,64}"),
        ('{"id": "t"}', "has no message: a text, or a list of A2A's parts, each with its kind"),
        ('{"id": "t", "message": []}', "has no message"),
        ('{"id": "t", "message": "x", "urgent": true}', "has unknown fields: urgent"),
        (
            '{"id": "t", "message": "x", "reply_to": "agents:other"}',
            "has a reply_to that is not agents:reply:",
        ),
        ('{"id": "t", "message": "' + "x" * 2_000_000 + '"}', "is longer than 1048576 characters"),
        ("\udcff\udcfe", "is not JSON"),
    ],
)
def test_what_is_no_task_is_put_aside_with_a_reason_and_the_next_one_is_done(
    store: Store, agent: Agent, raw: str, reason: str
) -> None:
    store.put(raw, {"id": "good", "message": "x"})
    worker = worked(store, agent)
    (dead,) = store.dead()
    assert reason in dead["reason"]
    assert len(dead["task"]) <= 20_000
    assert store.result("good")
    assert worker.outcomes == {"malformed": 1, "done": 1}
    assert store.taken() == 0


def test_an_answer_of_no_known_form_does_not_end_the_worker(store: Store, agent: Agent) -> None:
    agent.answers = lambda _name, _times: (
        200,
        {"result": {"kind": "task", "artifacts": ["?"], "status": {}}},
    )
    store.put({"id": "t1", "message": "x"})
    worked(store, agent, ATTEMPTS=1)
    assert "AttributeError" in store.dead()[0]["reason"]


def test_half_a_character_of_a_model_is_written_down_like_any_other(store: Store, agent: Agent) -> None:
    agent.answers = lambda _name, _times: (200, completed("\ud83d"))
    store.put({"id": "t1", "message": "\ud83d"})
    worked(store, agent)
    found = store.result("t1")
    assert found is not None
    assert found["text"] == "\ud83d"


def test_an_id_that_came_twice_is_asked_once_and_has_one_result(store: Store, agent: Agent) -> None:
    task = {"id": "t1", "message": "x", "reply_to": "agents:reply:me"}
    store.put(task, task)
    worker = worked(store, agent)
    assert agent.ids == ["t1"]
    assert worker.outcomes == {"done": 1, "duplicate": 1}
    assert length(store.wire.do("LLEN", "agents:reply:me")) == 1
    assert store.taken() == 0


def test_two_that_finish_the_same_id_leave_the_first_result(store: Store, agent: Agent) -> None:
    """As where a worker was taken for gone and was not."""
    worker = Worker(Settings.of(environment(store, agent)))
    one, other = worker.queue(), worker.queue()
    store.put(
        {"id": "t1", "message": "x", "reply_to": "agents:reply:me"},
        {"id": "t1", "message": "x", "reply_to": "agents:reply:me"},
    )
    raw = one.take()
    assert raw == other.take()
    task = module.read(raw or "")
    assert other.finish(task, {"text": "second taker"})
    assert not one.finish(task, {"text": "first taker"})
    assert store.result("t1") == {"text": "second taker"}
    assert length(store.wire.do("LLEN", "agents:reply:me")) == 1
    assert store.taken() == 0
    one.close()
    other.close()


def test_a_worker_that_is_killed_loses_nothing_and_its_task_is_done_by_another(
    store: Store, agent: Agent, home: Path
) -> None:
    agent.hold.clear()
    store.put({"id": "t1", "message": "x"})
    with running(home, environment(store, agent)) as process:
        until(lambda: agent.asked)
        process.kill()
        process.wait()
    assert store.taken() == 1
    agent.hold.set()
    with running(home, environment(store, agent)):
        until(lambda: len([one for one in store.names() if ":alive:" in one]) == 2)
        assert store.result("t1") is None, "it is still leased"
        for key in store.names():
            if ":alive:" in key:
                store.wire.do("PEXPIRE", key, 1)
        found = until(lambda: store.result("t1"))
    assert found["attempts"] == 2
    assert store.taken() == 0


def test_whoever_is_gone_each_time_uses_up_the_attempts(store: Store, agent: Agent) -> None:
    store.put({"id": "t1", "message": "x"})
    store.wire.do("SET", f"{QUEUE}:attempts:t1", "3")
    worked(store, agent)
    assert agent.asked == []
    (dead,) = store.dead()
    assert dead["reason"] == "whoever had it in hand was gone each time"
    found = store.result("t1")
    assert found is not None
    assert found["attempts"] == 3, "it was not asked a fourth time"


def test_told_to_end_it_finishes_what_is_in_hand_and_takes_no_more(
    store: Store, agent: Agent, home: Path
) -> None:
    agent.hold.clear()
    store.put({"id": "t1", "message": "x"}, {"id": "t2", "message": "x"})
    with running(home, environment(store, agent)) as process:
        until(lambda: agent.asked)
        process.send_signal(signal.SIGTERM)
        # Heard, since its keeper has ended: an answer before that would leave it time to take the next.
        until(lambda: threads(process.pid) == 3)
        agent.hold.set()
        assert process.wait(timeout=60) == 0
    assert store.result("t1")
    assert store.result("t2") is None
    assert store.wire.do("LRANGE", QUEUE, 0, -1) == [json.dumps({"id": "t2", "message": "x"})]
    assert store.taken() == 0


def test_an_agent_that_does_not_answer_in_time_is_left(store: Store, agent: Agent) -> None:
    agent.hold.clear()
    store.put({"id": "t1", "message": "x"})
    worked(store, agent, TIMEOUT_SECONDS=1, ATTEMPTS=1)
    assert store.dead()[0]["reason"] == "no answer within 1 seconds"


def test_a_connection_that_is_lost_while_the_agent_thinks_loses_no_answer(store: Store, agent: Agent) -> None:
    def answers(_name: str, _times: int) -> tuple[int, dict[str, Any]]:
        store.wire.do("CLIENT", "KILL", "USER", "agents")
        return 200, completed("worth keeping")

    agent.answers = answers
    store.put({"id": "t1", "message": "x"})
    worked(store, agent)
    found = store.result("t1")
    assert found is not None
    assert found["text"] == "worth keeping"
    assert agent.ids == ["t1"]


def test_a_store_that_is_away_is_waited_for(store: Store, agent: Agent, home: Path) -> None:
    with running(home, environment(store, agent)) as process:
        until(lambda: any(":alive:" in one for one in store.names()))
        store.wire.do("CLIENT", "KILL", "USER", "agents")
        store.put({"id": "t1", "message": "x"})
        until(lambda: store.result("t1"))
        assert process.poll() is None


def test_it_says_how_it_fares(store: Store, agent: Agent, home: Path) -> None:
    told = environment(store, agent)
    store.put("no task", {"id": "t1", "message": "x"})

    def said(path: str) -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{told['PORT']}{path}", timeout=10) as answer:
                return answer.read().decode() or str(answer.status)
        except OSError:
            return ""

    with running(home, told):
        assert until(lambda: said("/healthz")) == "200"
        series = until(
            lambda: (
                text
                if "agent_queue_dead_tasks" in (text := said("/metrics")) and 'outcome="done"' in text
                else ""
            )
        )
    lines = dict(line.rsplit(" ", 1) for line in series.splitlines() if not line.startswith("#"))
    who = 'agent="customer-support-agent"'
    assert lines[f'agent_queue_tasks_total{{{who},outcome="malformed"}}'] == "1"
    assert lines[f'agent_queue_tasks_total{{{who},outcome="done"}}'] == "1"
    assert {line.partition("{")[0] for line in lines} | {"up"} == METRICS[0].names


def test_nothing_is_said_of_what_is_in_a_task(
    store: Store, agent: Agent, capsys: pytest.CaptureFixture[str]
) -> None:
    store.put({"id": "t1", "message": "my card is 4111"})
    worked(store, agent)
    assert "4111" not in capsys.readouterr().out
