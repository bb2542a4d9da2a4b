"""Dashboards as Grafana reads them from a file, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from components.dashboards.panels import Dashboard, Panel, Row, Variable

SCHEMA_VERSION = 42
"""The newest that Grafana 13 knows; an older one is migrated at every load."""

DATASOURCE: dict[str, str] = {"type": "prometheus", "uid": "prometheus"}
"""The one that the chart gives Grafana; its uid is fixed there."""

ANY = ".*"
_HEIGHT = 8
_COLUMNS = 24


def document(dashboard: Dashboard, *, refresh_seconds: int) -> str:
    """The JSON of a dashboard, keys sorted: a diff of two plans shows the panel that changed."""
    return json.dumps(model(dashboard, refresh_seconds=refresh_seconds), indent=1, sort_keys=True) + "\n"


def model(dashboard: Dashboard, *, refresh_seconds: int) -> dict[str, Any]:
    """What the JSON is made of."""
    return {
        "annotations": {"list": []},
        "description": dashboard.about,
        # A change in the browser would be lost with the next start of Grafana: it is refused instead.
        "editable": False,
        "fiscalYearStartMonth": 0,
        "graphTooltip": 1,
        "links": [],
        "panels": list(_panels(dashboard.rows)),
        "preload": False,
        "refresh": f"{refresh_seconds}s",
        "schemaVersion": SCHEMA_VERSION,
        "tags": ["agentic-platform"],
        "templating": {"list": [_variable(variable) for variable in dashboard.variables]},
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "utc",
        "title": dashboard.title,
        "uid": dashboard.uid,
    }


def _panels(rows: tuple[Row, ...]) -> Iterator[dict[str, Any]]:
    """Rows from top to bottom, panels from left to right; ids are places, and so always the same."""
    number, y = 0, 0
    for row in rows:
        number += 1
        yield {
            "collapsed": False,
            "gridPos": {"h": 1, "w": _COLUMNS, "x": 0, "y": y},
            "id": number,
            "panels": [],
            "title": row.title,
            "type": "row",
        }
        y, x = y + 1, 0
        for panel in row.panels:
            if x + panel.width > _COLUMNS:
                y, x = y + _HEIGHT, 0
            number += 1
            yield _panel(panel, number, x, y)
            x += panel.width
        y += _HEIGHT


def _panel(panel: Panel, number: int, x: int, y: int) -> dict[str, Any]:
    return {
        "datasource": DATASOURCE,
        **({"description": panel.about} if panel.about else {}),
        "fieldConfig": {
            "defaults": {"unit": _unit(panel), "min": 0, **_drawing(panel)},
            "overrides": [],
        },
        "gridPos": {"h": _HEIGHT, "w": panel.width, "x": x, "y": y},
        "id": number,
        "options": _options(panel),
        "targets": [
            {
                "datasource": DATASOURCE,
                "expr": query.expr,
                "legendFormat": query.legend,
                "refId": chr(ord("A") + index),
                **_asked(panel),
            }
            for index, query in enumerate(panel.queries)
        ],
        "title": panel.title,
        "type": panel.kind,
    }


def _unit(panel: Panel) -> str:
    # Grafana has no such units of its own; a suffix is one.
    return {"cores": "suffix: cores", "tokens/s": "suffix: tok/s"}.get(panel.unit, panel.unit)


def _drawing(panel: Panel) -> dict[str, Any]:
    if panel.kind != "timeseries":
        return {}
    stacking = {"group": "A", "mode": "normal" if panel.stacked else "none"}
    opacity = 30 if panel.stacked else 5
    return {"custom": {"fillOpacity": opacity, "lineWidth": 1, "showPoints": "never", "stacking": stacking}}


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "timeseries":
        return {
            "legend": {"calcs": ["lastNotNull", "max"], "displayMode": "table", "placement": "bottom"},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    if panel.kind == "table":
        return {"cellHeight": "sm", "showHeader": True}
    reduced = {"calcs": ["lastNotNull"], "fields": "", "values": False}
    return {"orientation": "horizontal", "reduceOptions": reduced}


def _asked(panel: Panel) -> dict[str, Any]:
    """A line needs every moment; a number is asked for once."""
    if panel.kind == "timeseries":
        return {"range": True}
    return {"instant": True, "range": False, **({"format": "table"} if panel.kind == "table" else {})}


def _variable(variable: Variable) -> dict[str, Any]:
    definition = f"label_values({variable.series}, {variable.name})"
    return {
        "allValue": ANY,
        "current": {"selected": True, "text": ["All"], "value": ["$__all"]},
        "datasource": DATASOURCE,
        "definition": definition,
        "includeAll": True,
        "label": variable.label,
        "multi": True,
        "name": variable.name,
        "query": {"query": definition, "refId": f"variable-{variable.name}"},
        # When the time range changes: a tenant of last month is a choice when last month is shown.
        "refresh": 2,
        "sort": 1,
        "type": "query",
    }
