from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from components.dashboards.catalogue import DASHBOARDS
from components.dashboards.panels import Dashboard
from components.dashboards.render import DATASOURCE, SCHEMA_VERSION, document

TEXTS = {dashboard.uid: document(dashboard, refresh_seconds=60) for dashboard in DASHBOARDS}
MADE: dict[str, dict[str, Any]] = {uid: json.loads(text) for uid, text in TEXTS.items()}


@pytest.mark.parametrize("uid", TEXTS)
def test_dashboards_are_the_reviewed_ones(uid: str, snapshot: SnapshotAssertion) -> None:
    assert snapshot == TEXTS[uid]


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda dashboard: dashboard.uid)
def test_the_same_dashboard_is_the_same_bytes(dashboard: Dashboard) -> None:
    again = Dashboard(
        uid=dashboard.uid,
        title=dashboard.title,
        about=dashboard.about,
        variables=tuple(dashboard.variables),
        rows=tuple(dashboard.rows),
    )
    assert document(again, refresh_seconds=60) == TEXTS[dashboard.uid]
    assert TEXTS[dashboard.uid].isascii()


@pytest.mark.parametrize("uid", MADE)
def test_no_two_panels_lie_on_each_other_or_outside(uid: str) -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in MADE[uid]["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        for cell in itertools.product(
            range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        ):
            assert cell not in taken, f"{panel['title']} lies on {taken[cell]}"
            taken[cell] = panel["title"]


@pytest.mark.parametrize("uid", MADE)
def test_ids_are_places_and_so_always_the_same(uid: str) -> None:
    assert [panel["id"] for panel in MADE[uid]["panels"]] == list(range(1, len(MADE[uid]["panels"]) + 1))


@pytest.mark.parametrize("uid", MADE)
def test_every_question_goes_to_the_one_data_source(uid: str) -> None:
    made = MADE[uid]
    asked = [panel for panel in made["panels"] if panel["type"] != "row"]
    assert all(panel["datasource"] == DATASOURCE for panel in asked)
    assert all(target["datasource"] == DATASOURCE for panel in asked for target in panel["targets"])
    assert all(variable["datasource"] == DATASOURCE for variable in made["templating"]["list"])
    assert DATASOURCE["uid"] == "prometheus"


@pytest.mark.parametrize("uid", MADE)
def test_a_dashboard_is_current_and_cannot_be_changed_in_the_browser(uid: str) -> None:
    assert MADE[uid]["schemaVersion"] == SCHEMA_VERSION == 42
    assert MADE[uid]["editable"] is False
    assert MADE[uid]["uid"] == uid
    assert "id" not in MADE[uid], "an id is the database's, and would clash with another"


def test_choices_begin_with_all_of_them() -> None:
    (tenant, *_) = MADE["agent-overview"]["templating"]["list"]
    assert tenant["query"]["query"] == "label_values(agent_requests_total, tenant)"
    assert (tenant["includeAll"], tenant["multi"], tenant["allValue"]) == (True, True, ".*")
    assert tenant["current"]["value"] == ["$__all"]


def test_a_number_is_asked_for_once_and_a_line_at_every_moment() -> None:
    panels = {panel["title"]: panel for panel in MADE["cost-tracking"]["panels"]}
    (line,) = panels["Token cost in an hour, by model"]["targets"]
    (table,) = panels["Token cost of thirty days at this pace"]["targets"]
    assert line["range"] is True
    assert (table["instant"], table["format"]) == (True, "table")


def test_every_series_has_a_name() -> None:
    for made in MADE.values():
        for panel in made["panels"]:
            for target in panel.get("targets", []):
                assert target["legendFormat"], panel["title"]
