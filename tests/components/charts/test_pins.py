from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from components.charts import pins
from components.charts.pins import PINS, Crds, Pin, untested_on

SOURCE = Path(pins.__file__).read_text()
MARKER = re.compile(r"# renovate: datasource=(helm|docker) depName=(\S+)(?: registryUrl=(\S+))?$")


def test_every_version_has_an_update_marker_directly_above_it_that_names_the_same_chart() -> None:
    declared = list(
        re.finditer(r'chart="([^"]+)",\n(?:    repo="([^"]+)",\n)?    (#[^\n]+)\n    version=', SOURCE)
    )
    assert len(declared) == len(PINS), "a version without a comment directly above it"
    for match in declared:
        chart, repo, line = match.groups()
        marker = MARKER.search(line)
        assert marker is not None, line
        assert marker[1] == ("helm" if repo else "docker"), line
        assert marker[2] == chart.removeprefix("oci://"), line
        assert marker[3] == repo, line


def test_every_pin_of_the_file_is_in_the_list() -> None:
    declared = [value for value in vars(pins).values() if isinstance(value, Pin)]
    assert sorted(pin.name for pin in declared) == sorted(pin.name for pin in PINS)


def test_versions_are_exact() -> None:
    for pin in PINS:
        assert re.fullmatch(r"v?\d+\.\d+\.\d+", pin.version), f"{pin.name} floats: {pin.version}"


def test_karpenter_and_its_crds_move_together() -> None:
    assert pins.KARPENTER.version == pins.KARPENTER_CRD.version


def test_what_holds_crds_of_its_own_is_never_rolled_back() -> None:
    assert [pin.name for pin in PINS if pin.crds is Crds.ONLY] == ["karpenter-crd"]
    assert not pins.KARPENTER_CRD.atomic


def test_every_pin_says_how_long_it_lives_and_what_replaces_it() -> None:
    for pin in PINS:
        assert pin.support, pin.name
        assert pin.alternative, pin.name
        assert pin.released > date(2026, 1, 1), f"{pin.name} is old: look for a newer version"
        assert 60 <= pin.timeout_seconds <= 1800, pin.name


@pytest.mark.parametrize(
    ("chart", "repo"), [("oci://registry.example/chart", "https://charts.example"), ("chart", None)]
)
def test_a_chart_comes_from_a_repository_or_from_a_registry_and_not_from_both(
    chart: str, repo: str | None
) -> None:
    with pytest.raises(ValueError, match="give a repo, or an oci:// reference as chart, and not both"):
        replace(pins.METRICS_SERVER, chart=chart, repo=repo)


@pytest.mark.parametrize(
    ("version", "tested"), [("1.32", False), ("1.33", True), ("1.36", True), ("1.37", False)]
)
def test_a_range_includes_both_its_ends(version: str, tested: bool) -> None:
    assert pins.CERT_MANAGER.tested_on(version) is tested


def test_minors_are_compared_as_numbers() -> None:
    assert not replace(pins.METRICS_SERVER, kubernetes=("1.9", "1.10")).tested_on("1.35")
    assert replace(pins.METRICS_SERVER, kubernetes=("1.9", None)).tested_on("1.10")


def test_the_pins_that_the_default_kubernetes_is_untested_with_are_known() -> None:
    assert [pin.name for pin in untested_on("1.35")] == ["external-secrets"]
