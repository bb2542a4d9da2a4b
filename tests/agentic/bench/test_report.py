from __future__ import annotations

from pathlib import Path

import pytest

from agentic.bench import report
from agentic.bench.report import Measured, Row, growth, verdicts


def measured(seconds: float, resources: int = 1000, peak: int = 200) -> Measured:
    return Measured(seconds=seconds, resources=resources, peak_mib=peak)


def row(tenants: int, seconds: float, resources: int) -> Row:
    return Row(
        tenants=tenants,
        capture=measured(seconds, resources),
        floor=measured(2 * seconds, resources),
        bare=measured(seconds / 2, resources),
    )


def test_a_row_tells_time_memory_and_both_ratios() -> None:
    assert row(200, 2.5, 2000).line() == (
        " 200 tenants   2000 resources    2.50 s   1.25 ms each   200 MiB  "
        "floor   5.00 s  0.50x  bare   1.25 s  2.00x"
    )


@pytest.mark.parametrize(("last", "expected"), [(3.0, 1.0), (5.0, 2.0)])
def test_growth_compares_the_cost_of_added_resources(last: float, expected: float) -> None:
    assert growth([row(1, 0.5, 500), row(10, 1.0, 1000), row(50, last, 3000)]) == pytest.approx(expected)


def test_two_rows_have_no_growth_to_compare() -> None:
    assert growth([row(1, 0.5, 500), row(10, 1.0, 1000)]) == 1.0


def test_verdicts_name_the_aim_beside_the_result() -> None:
    assert verdicts([row(1, 1.0, 500), row(10, 2.0, 1000), row(200, 4.0, 2000)]) == [
        "ratio at 200 tenants: 0.50x of the floor (aim: at most 1.0x)",
        "a registration: 2.00 ms (aim: under 3 ms)",
        "growth: the last tenants cost 1.00 times the earlier ones, a resource (linear is 1)",
    ]


def test_the_run_in_the_middle_counts_and_the_highest_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = iter([measured(9.0, peak=210), measured(1.0, peak=230), measured(2.0, peak=220)])
    monkeypatch.setattr(report, "_once", lambda *_: next(runs))
    assert report.middle("capture", 1, Path(), 3) == measured(2.0, peak=230)


def test_a_measurement_that_fails_shows_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"agentic.bench.worker capture 1"):
        report.main(tmp_path, [1], 1, say=lambda _: None)


def test_one_real_measurement_comes_out_as_a_table(request: pytest.FixtureRequest) -> None:
    said: list[str] = []
    rows = report.main(request.config.rootpath, [1], 1, say=said.append)
    assert [found.tenants for found in rows] == [1]
    assert rows[0].capture.resources == rows[0].floor.resources == rows[0].bare.resources
    assert any(line.startswith("   1 tenants ") for line in said)
