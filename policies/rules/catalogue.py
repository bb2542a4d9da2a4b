"""All rules, in the order they are told."""

from __future__ import annotations

from policies.rules.backups import STATEFUL_HAS_BACKUP_OWNER
from policies.rules.definitions import DEFINITION_COMES_FIRST
from policies.rules.literals import NO_SECRET_IN_PLAN
from policies.rules.pinning import IMAGE_IS_PINNED
from policies.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    STATEFUL_HAS_BACKUP_OWNER,
    NO_SECRET_IN_PLAN,
    IMAGE_IS_PINNED,
    DEFINITION_COMES_FIRST,
)
