"""A KMS key behind an alias: made once, found again after an interruption by the tag it was born with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from agentic.errors import OperatorError
from agentic.ops.steps import Step, error_code, unless_absent
from components.core.labels import DOMAIN, MANAGED_BY

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.type_defs import KeyMetadataTypeDef

ALIAS_TAG = f"{DOMAIN}/alias"
"""On the key: the alias it was made for. `CreateKey` and `CreateAlias` are two calls; this joins them."""


@dataclass(frozen=True, kw_only=True)
class EncryptionKey:
    """One symmetric key with yearly rotation, at most one per alias."""

    kms: KMSClient
    alias: str
    purpose: str

    def ensure(self, *, dry_run: bool) -> tuple[str | None, list[Step]]:
        """Return the key's ARN (None in a dry run where there is no key yet) and what was done."""
        named = self._by_alias()
        key = named or self._by_tag()
        if key is None and dry_run:
            return None, [Step(what, "would create") for what in self._steps]
        made = key is None
        key = key or self._create()
        self._refuse_unusable(key)
        arn, identifier = key.get("Arn", ""), key["KeyId"]
        key_step, alias_step, rotation_step = self._steps
        steps = [Step(key_step, "created" if made else "present", arn)]
        if named:
            steps.append(Step(alias_step, "present"))
        else:
            if not dry_run:
                self.kms.create_alias(AliasName=self.alias, TargetKeyId=identifier)
            steps.append(Step(alias_step, "would create" if dry_run else "created"))
        if self.kms.get_key_rotation_status(KeyId=identifier)["KeyRotationEnabled"]:
            return arn, [*steps, Step(rotation_step, "present")]
        if not dry_run:
            self.kms.enable_key_rotation(KeyId=identifier)
        return arn, [*steps, Step(rotation_step, "would change" if dry_run else "changed")]

    @property
    def _steps(self) -> tuple[str, str, str]:
        return f"key for {self.purpose}", self.alias, f"rotation of the key for {self.purpose}"

    def _by_alias(self) -> KeyMetadataTypeDef | None:
        answer = unless_absent(lambda: self.kms.describe_key(KeyId=self.alias), "NotFoundException")
        return answer and answer["KeyMetadata"]

    def _by_tag(self) -> KeyMetadataTypeDef | None:
        """Return the key of an interrupted run. Keys we may not look into are not ours."""
        for page in self.kms.get_paginator("list_keys").paginate():
            for entry in page["Keys"]:
                identifier = entry.get("KeyId", "")
                try:
                    tags = self.kms.list_resource_tags(KeyId=identifier)["Tags"]
                except ClientError as error:
                    if error_code(error) != "AccessDeniedException":
                        raise
                    continue
                if {"TagKey": ALIAS_TAG, "TagValue": self.alias} in tags:
                    key = self.kms.describe_key(KeyId=identifier)["KeyMetadata"]
                    if key.get("KeyState") == "Enabled":
                        return key
        return None

    def _create(self) -> KeyMetadataTypeDef:
        return self.kms.create_key(
            Description=f"agentic-platform: {self.purpose}",
            Tags=[
                {"TagKey": ALIAS_TAG, "TagValue": self.alias},
                {"TagKey": "ManagedBy", "TagValue": MANAGED_BY},
            ],
        )["KeyMetadata"]

    def _refuse_unusable(self, key: KeyMetadataTypeDef) -> None:
        state = key.get("KeyState", "Enabled")
        if state != "Enabled":
            raise OperatorError(
                f"{self.alias} names a key that is {state}: {key['KeyId']}",
                remedy="cancel its deletion or enable it; what is encrypted with it cannot be read otherwise",
            )
