from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]


def test_what_was_skipped_or_left_out_is_said_last(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    tier = pytester.mkpydir("engine")
    (tier / "test_a.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('n', [1, 2])\n"
        "def test_one(n): pytest.skip('no engine on PATH')\n"
        "def test_two(): pass\n"
        "def test_slow(): pass\n"
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-k", "not slow")
    result.assert_outcomes(skipped=2, passed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "*= not tested =*",
            "engine/test_a.py: 2 skipped: no engine on PATH",
            "engine/test_a.py: 1 left out by the options of this run",
        ]
    )


def test_nothing_is_said_when_everything_was_tested(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text())
    pytester.makepyfile("def test_one(): pass")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.no_fnmatch_line("*not tested*")
