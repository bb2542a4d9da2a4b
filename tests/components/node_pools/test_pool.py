from __future__ import annotations

import pytest
from pydantic import ValidationError

from components.node_pools.pool import BudgetSpec, CapacityReservationSpec, PoolSpec


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        ({"capacity_types": ["spot"]}, "set spot_allowed: true if the work survives that, or leave spot out"),
        ({"capacity_types": ["reserved"]}, "reserved and capacity_reservations go together"),
        (
            {"capacity_reservations": [{"id": "cr-0abc"}]},
            "reserved and capacity_reservations go together",
        ),
        ({"capacity_types": ["on-demand", "on-demand"]}, "names a type twice"),
        ({"capacity_types": []}, "at least 1 item"),
        ({"capacity_types": ["cheap"]}, "Input should be 'reserved', 'on-demand' or 'spot'"),
        ({"weight": 101}, "less than or equal to 100"),
        ({"expire_after_hours": 1}, "greater than or equal to 24"),
        ({"termination_grace_minutes": 0}, "greater than or equal to 5"),
        ({"expireAfter": "720h"}, "Extra inputs are not permitted"),
    ],
)
def test_a_pool_that_contradicts_itself_is_refused(pool: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        PoolSpec.model_validate(pool)
    assert said in str(refused.value)


def test_spot_is_for_those_who_say_that_they_survive_it() -> None:
    pool = PoolSpec(capacity_types=["spot", "on-demand"], spot_allowed=True)
    assert pool.capacity_types == ["spot", "on-demand"]


def test_reserved_capacity_names_its_reservations() -> None:
    pool = PoolSpec(
        capacity_types=["reserved", "on-demand"],
        capacity_reservations=[CapacityReservationSpec(tags={"purpose": "inference"})],
    )
    assert pool.capacity_reservations[0].tags == {"purpose": "inference"}


@pytest.mark.parametrize(
    "reservation", [{}, {"id": "cr-0abc", "tags": {"purpose": "inference"}}], ids=["nothing", "both"]
)
def test_a_reservation_is_named_in_one_way(reservation: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="is named by id or by tags; write exactly one of them"):
        CapacityReservationSpec.model_validate(reservation)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"nodes": "1", "schedule": "0 8 * * mon-fri"}, "schedule and duration_hours go together"),
        ({"nodes": "1", "duration_hours": 2}, "schedule and duration_hours go together"),
        ({"nodes": "150%"}, "should match pattern"),
        ({"nodes": "1", "reasons": ["Expired"]}, "'Underutilized', 'Empty' or 'Drifted'"),
        ({"nodes": "1", "schedule": "every monday", "duration_hours": 2}, "should match pattern"),
    ],
)
def test_a_budget_that_karpenter_would_refuse_is_refused_here(budget: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        BudgetSpec.model_validate(budget)
    assert said in str(refused.value)
