"""AWS Backup plans and selections: moto keeps deleted plans, changes none, and has no selections."""

# ruff: noqa: N803 - keyword arguments are boto3's

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from agentic.sandbox.providers.aws.own import AwsError, Moto, Records

_PLAN, _SELECTION = "backup-plan", "backup-selection"


class Operations:
    """The operations, named as boto3 names them; tags of plans are moto's."""

    def __init__(
        self, records: Records, _completions: Records, region: str, account: Callable[[], str], moto: Moto
    ) -> None:
        """Keep plans and selections in `records`, region by region."""
        self._records = records
        self._region = region
        self._account = account
        self._moto = moto

    def create_backup_plan(self, BackupPlan: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Refuse a second plan of one name, as moto does."""
        if any(
            plan["BackupPlan"]["BackupPlanName"] == BackupPlan["BackupPlanName"] for plan in self._plans()
        ):
            raise AwsError("AlreadyExistsException", "Backup plan with the same plan document already exists")
        identity = str(uuid.uuid4())
        plan = {
            "BackupPlanId": identity,
            "BackupPlanArn": f"arn:aws:backup:{self._region}:{self._account()}:backup-plan:{identity}",
            "VersionId": uuid.uuid4().hex,
            "BackupPlan": BackupPlan,
        }
        self._records.add(_PLAN, self._place(identity), plan)
        if more.get("BackupPlanTags"):
            self._moto(
                "backup", "tag_resource", ResourceArn=plan["BackupPlanArn"], Tags=more["BackupPlanTags"]
            )
        return _head(plan)

    def get_backup_plan(self, BackupPlanId: str) -> dict[str, Any]:
        """Give a plan."""
        return self._plan(BackupPlanId)

    def update_backup_plan(self, BackupPlanId: str, BackupPlan: dict[str, Any]) -> dict[str, Any]:
        """Replace a plan's document, under a new version."""
        plan = {**self._plan(BackupPlanId), "BackupPlan": BackupPlan, "VersionId": uuid.uuid4().hex}
        self._records.put(_PLAN, self._place(BackupPlanId), plan)
        return _head(plan)

    def delete_backup_plan(self, BackupPlanId: str) -> dict[str, Any]:
        """Refuse while it has selections."""
        plan = self._plan(BackupPlanId)
        if self._records.all(_SELECTION, f"{self._place(BackupPlanId)}|"):
            raise AwsError(
                "InvalidRequestException",
                "Related backup plan selections must be deleted prior to backup plan deletion",
            )
        self._records.drop(_PLAN, self._place(BackupPlanId))
        return _head(plan)

    def list_backup_plans(self, **_: Any) -> dict[str, Any]:
        """List plans."""
        return {"BackupPlansList": [_head(plan) for plan in self._plans()]}

    def create_backup_selection(
        self, BackupPlanId: str, BackupSelection: dict[str, Any], **_: Any
    ) -> dict[str, Any]:
        """Add a selection to a plan that is there."""
        self._plan(BackupPlanId)
        identity = str(uuid.uuid4())
        made = {
            "BackupPlanId": BackupPlanId,
            "SelectionId": identity,
            "BackupSelection": BackupSelection,
        }
        self._records.add(_SELECTION, self._place(BackupPlanId, identity), made)
        return {"BackupPlanId": BackupPlanId, "SelectionId": identity}

    def get_backup_selection(self, BackupPlanId: str, SelectionId: str) -> dict[str, Any]:
        """Give a selection."""
        found = self._records.get(_SELECTION, self._place(BackupPlanId, SelectionId))
        if found is None:
            raise AwsError("ResourceNotFoundException", f"Cannot find selection {SelectionId}")
        return found

    def delete_backup_selection(self, BackupPlanId: str, SelectionId: str) -> dict[str, Any]:
        """Remove a selection."""
        self.get_backup_selection(BackupPlanId, SelectionId)
        self._records.drop(_SELECTION, self._place(BackupPlanId, SelectionId))
        return {}

    def list_backup_selections(self, BackupPlanId: str, **_: Any) -> dict[str, Any]:
        """List the selections of a plan that is there."""
        self._plan(BackupPlanId)
        found = self._records.all(_SELECTION, f"{self._place(BackupPlanId)}|")
        return {
            "BackupSelectionsList": [
                {"SelectionId": one["SelectionId"], "SelectionName": one["BackupSelection"]["SelectionName"]}
                for one in found
            ]
        }

    def _plans(self) -> list[dict[str, Any]]:
        return self._records.all(_PLAN, f"{self._region}|")

    def _plan(self, identity: str) -> dict[str, Any]:
        plan = self._records.get(_PLAN, self._place(identity))
        if plan is None:
            raise AwsError("ResourceNotFoundException", "Failed reading Backup plan with provided version")
        return plan

    def _place(self, *parts: str) -> str:
        return "|".join((self._region, *parts))


def _head(plan: dict[str, Any]) -> dict[str, Any]:
    return {key: plan[key] for key in ("BackupPlanId", "BackupPlanArn", "VersionId")}
