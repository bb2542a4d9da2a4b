from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from components.relay.hook import probe
from components.relay.hook.probe import Measured, judged, measure
from components.relay.jobs import probe_cron, scripts, wanted
from components.relay.spec import RelaySpec
from tests.components.relay.upstream import PAUSE_SECONDS, Upstream

EXPECTED = {"first_token_ms": 100, "answer_ms": 400}


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (Measured("m", 100, 400), None),
        (Measured("m", 300, 1200), None),
        (Measured("m", 301, 400), "m: first_token_ms 301, more than 3 times the expected 100"),
        (Measured("m", 10, 1201), "m: answer_ms 1201, more than 3 times the expected 400"),
        (Measured("m", None, None, "status 503"), "m: status 503"),
    ],
)
def test_what_counts_as_slow(found: Measured, says: str | None) -> None:
    assert judged(found, EXPECTED, 3) == says


def test_a_model_without_expectations_only_has_to_answer() -> None:
    assert judged(Measured("m", 9999, 9999), {"first_token_ms": None, "answer_ms": None}, 3) is None


def test_it_measures_the_first_piece_and_the_last(provider: Upstream) -> None:
    found = measure(provider.base.removesuffix("/v1"), "key", "relay-probe", "m")
    assert found.fault is None
    assert found.first_token_ms is not None
    assert found.answer_ms is not None
    assert found.answer_ms - found.first_token_ms > 2 * PAUSE_SECONDS * 1000
    assert provider.asked[-1]["stream"] is True
    assert 900 < len(provider.asked[-1]["messages"][0]["content"]) / 4 < 1100, "about 1,000 tokens"


def test_a_status_is_a_fault(provider: Upstream) -> None:
    provider.answers["gone"] = (503, "no")
    assert measure(provider.base.removesuffix("/v1"), "k", "t", "gone").fault == "status 503"


def test_nobody_there_is_a_fault() -> None:
    assert measure("http://127.0.0.1:9", "k", "t", "m").fault == "URLError"


def test_a_round_names_every_model_that_is_silent(
    provider: Upstream, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    provider.answers["gone"] = (500, "no")
    told: dict[str, Any] = {"tenant": "t", "tolerance": 3.0, "models": {"gone": {}, "here": {}}}
    (tmp_path / "probe.json").write_text(json.dumps(told))
    monkeypatch.setenv("RELAY_PROBE", str(tmp_path / "probe.json"))
    monkeypatch.setenv("RELAY_URL", provider.base.removesuffix("/v1"))
    monkeypatch.setenv("RELAY_GATEWAY_KEY", "key")
    with pytest.raises(SystemExit, match=r"^gone: status 500$"):
        probe.main()
    assert capsys.readouterr().out.count("[PROBE] ") == 2


def test_the_round_and_its_expectations_are_the_stacks(spec: RelaySpec) -> None:
    cron = probe_cron(spec)
    assert (cron["schedule"], cron["concurrency_policy"]) == ("*/15 * * * *", "Forbid")
    said = json.loads(scripts(spec, ())["probe.json"])
    assert said["models"]["gpt-4.1"] == {"first_token_ms": 180, "answer_ms": 420}
    assert "text-embedding-3-small" not in said["models"], "it has no text to be asked for"
    assert said["tenant"] == "relay-probe"


def test_what_the_round_costs_has_a_budget_of_its_own(spec: RelaySpec) -> None:
    told = spec.model_copy(update={"probe": spec.probe.model_copy(update={"usd": Decimal("1.5")})})
    assert wanted(told, ("tenant-a",))["relay-probe"] == {"max_budget": 1.5, "budget_duration": "30d"}
    assert wanted(told, ("tenant-a",))["tenant-a"]["max_budget"] == float(spec.budgets.of("tenant-a")) != 1.5
