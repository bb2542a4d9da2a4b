from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.backup.spec import BackupSpec, mode_faults


@pytest.mark.parametrize(
    ("every", "at", "hours"),
    [(24, 3, (3,)), (6, 3, (3, 9, 15, 21)), (12, 20, (8, 20)), (1, 0, tuple(range(24)))],
)
def test_backups_are_evenly_spread_over_the_day(every: int, at: int, hours: tuple[int, ...]) -> None:
    assert BackupSpec.model_validate({"every_hours": every, "at_hour": at}).hours == hours


def test_an_interval_that_does_not_divide_the_day_is_refused() -> None:
    with pytest.raises(ValidationError, match="Input should be 1, 2, 3, 4, 6, 8, 12 or 24"):
        BackupSpec.model_validate({"every_hours": 5})


def test_aws_backup_is_refused_where_it_may_not_see_volumes() -> None:
    (fault,) = mode_faults(BackupSpec(mode="aws_backup"), "auto")
    assert str(fault) == (
        "services.backup.mode: is aws_backup, which backs up volumes of the EBS CSI add-on; Auto Mode makes "
        "them by another driver; set velero"
    )
    assert mode_faults(BackupSpec(mode="aws_backup"), "karpenter") == []
    assert mode_faults(BackupSpec(), "auto") == []
