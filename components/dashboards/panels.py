"""Dashboards as typed data: questions with a unit, in rows, and who has to be there to answer."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

Unit = Literal[
    "none",
    "short",
    "percentunit",
    "s",
    "ms",
    "bytes",
    "reqps",
    "cores",
    "celsius",
    "watt",
    "currencyUSD",
    "tokens/s",
]
Kind = Literal["timeseries", "bargauge", "table"]
Width = Literal[6, 8, 12, 24]
"""Of 24 columns; widths that fill a row with their like."""

_UID = re.compile(r"[a-z][a-z0-9-]{2,39}")


@dataclass(frozen=True)
class Query:
    """One expression, and how each of its series is called."""

    expr: str
    legend: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One question and its answer's shape."""

    title: str
    queries: tuple[Query, ...]
    unit: Unit
    needs: frozenset[str]
    """The parts that export what the queries ask for."""
    about: str = ""
    """What the reader has to know to read it; empty where the title says it."""
    kind: Kind = "timeseries"
    width: Width = 12
    stacked: bool = False

    def __post_init__(self) -> None:
        """A panel asks something of somebody."""
        if not self.queries or not self.needs:
            raise ValueError(f"{self.title}: a panel has a query and names the parts that answer it")


@dataclass(frozen=True, kw_only=True)
class Row:
    """Panels that are read together."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, kw_only=True)
class Variable:
    """A choice at the top: the values that a label has."""

    name: str
    label: str
    series: str
    """The series whose label it is."""
    needs: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    """A page with an address that does not change."""

    uid: str
    title: str
    about: str
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        """The address is short, and no two panels have one title."""
        if _UID.fullmatch(self.uid) is None:
            raise ValueError(
                f"{self.uid!r} is no address: lower-case words with hyphens, 40 characters at most"
            )
        titles = [panel.title for row in self.rows for panel in row.panels]
        twice = sorted({title for title in titles if titles.count(title) > 1})
        if twice:
            raise ValueError(f"{self.uid}: two panels are called {', '.join(twice)}")

    def within(self, parts: Collection[str]) -> Dashboard:
        """The page as far as these parts carry it; rows without panels go."""
        present = frozenset(parts)
        rows = tuple(
            Row(title=row.title, panels=tuple(panel for panel in row.panels if panel.needs <= present))
            for row in self.rows
        )
        return replace(
            self,
            variables=tuple(variable for variable in self.variables if variable.needs <= present),
            rows=tuple(row for row in rows if row.panels),
        )
