"""Prometheus' own judge, the platform's rules as files, and every source of series that there is."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agentic.promtool import Promtool, locate
from components.alerts.catalogue import catalogue
from components.alerts.render import rule_file
from components.alerts.rules import Group
from components.alerts.spec import AlertsSpec
from components.charts.metrics import MetricSource
from components.milvus.spec import ClusterMilvus, StandaloneMilvus
from components.prices.catalogue import Price, prices
from components.prices.spec import PricesSpec

ROOT = Path(__file__).parents[3]
SPEC = AlertsSpec()
PRICES: tuple[Price, ...] = prices(PricesSpec())
CATALOGUE: tuple[Group, ...] = catalogue(SPEC, PRICES)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "promtool: evaluates rules with Prometheus' own code")


def sources() -> tuple[MetricSource, ...]:
    """What every component of the platform declares to export, found where components keep it."""
    found: dict[tuple[str, str, frozenset[str]], MetricSource] = {}
    for path in sorted((ROOT / "components").glob("*/metrics.py")):
        module = importlib.import_module(f"components.{path.parent.name}.metrics")
        for source in (*_sources_in(vars(module).values()), *_of_every_mode(module)):
            found[source.component, source.job, source.names] = source
    return tuple(found.values())


def _sources_in(values: Iterable[Any]) -> Iterator[MetricSource]:
    for value in values:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, MetricSource):
                yield one


def _of_every_mode(module: ModuleType) -> Iterator[MetricSource]:
    """Of a component whose series depend on what is asked of it: those of every way to ask."""
    made: Callable[[Any], tuple[MetricSource, ...]] | None = getattr(module, "sources", None)
    if made is not None:
        for spec in MODES[module.__name__.split(".")[1]]:
            yield from made(spec)


MODES: dict[str, tuple[Any, ...]] = {
    "milvus": (StandaloneMilvus(mode="standalone"), ClusterMilvus(mode="cluster"))
}
SOURCES = sources()


@dataclass(frozen=True)
class Evaluated:
    """Runs unit tests of rules: series in, alerts or samples out."""

    promtool: Promtool
    directory: Path

    def hold(self, *cases: dict[str, Any], groups: tuple[Group, ...] = CATALOGUE) -> None:
        """RulesRefused, with what was expected and what was found, where a case does not hold."""
        self.promtool.test_rules(self._written("rules", groups, cases))

    def each_holds(self, cases: dict[str, tuple[dict[str, Any], ...]]) -> None:
        """The same for each alert with its own cases: it alone is evaluated, in one run for all of them."""
        files: list[Path] = []
        for name, own in cases.items():
            alone = [rule for group in CATALOGUE for rule in group.rules if rule.name == name]
            files.append(self._written(name, (Group(name="alone", rules=tuple(alone)),), own))
        self.promtool.test_rules(*files)

    def _written(self, name: str, groups: tuple[Group, ...], cases: tuple[dict[str, Any], ...]) -> Path:
        rules = self.directory / f"{name}.rules.yaml"
        rules.write_text(json.dumps(_bare(rule_file(SPEC, groups))))
        test = self.directory / f"{name}.test.yaml"
        made = [{"interval": "1m", **case} for case in cases]
        test.write_text(json.dumps({"rule_files": [rules.name], "evaluation_interval": "1m", "tests": made}))
        return test


def _bare(file: dict[str, Any]) -> dict[str, Any]:
    """Without annotations: a case says which labels it expects, and not how the sentence goes."""
    for group in file["groups"]:
        for rule in group["rules"]:
            rule.pop("annotations", None)
    return file


@pytest.fixture(scope="session")
def promtool() -> Promtool:
    """The program, found but never built here: `make test` does that first and says how long it takes."""
    found = locate(ROOT)
    if found is None:
        reason = "no promtool: `make promtool` builds it where there is Go"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def rules(promtool: Promtool, tmp_path: Path) -> Evaluated:
    """`rules.hold({"input_series": [...], "alert_rule_test": [...]})`."""
    return Evaluated(promtool, tmp_path)


def series(values: dict[str, str]) -> list[dict[str, str]]:
    """Input series by name and labels."""
    return [{"series": name, "values": value} for name, value in values.items()]


def fires(alert: str, at: str, *labels: dict[str, str], severity: str) -> dict[str, Any]:
    """Expects exactly these alerts, whatever their annotations say; none where no labels are given."""
    return {
        "eval_time": at,
        "alertname": alert,
        "exp_alerts": [{"exp_labels": {**one, "severity": severity}} for one in labels],
    }
