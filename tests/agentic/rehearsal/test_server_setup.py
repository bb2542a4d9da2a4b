"""What is read of a server that is just starting."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentic.rehearsal import server_setup

WHOLE = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    ("certificate", "key", "whole"),
    [
        (None, None, False),
        ("", None, False),
        (WHOLE[:30], "key", False),
        (WHOLE, None, False),
        (WHOLE, "key", True),
    ],
    ids=["none yet", "made and empty", "half of it", "not all that follows", "written"],
)
def test_a_certificate_is_there_when_all_of_it_is_written(
    tmp_path: Path, certificate: str | None, key: str | None, *, whole: bool
) -> None:
    file = server_setup.certificate(tmp_path)
    file.parent.mkdir()
    if certificate is not None:
        file.write_text(certificate)
    if key is not None:
        file.with_suffix(".key").write_text(key)
    assert server_setup.has_certificate(tmp_path) is whole
