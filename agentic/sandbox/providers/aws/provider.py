"""The aws provider: its own inputs, and a kind for every row of the table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agentic.sandbox.providers.aws.calls import Aws
from agentic.sandbox.providers.aws.kind import RowKind
from agentic.sandbox.providers.aws.own import OwnStore
from agentic.sandbox.providers.aws.table import rows
from agentic.sandbox.providers.changes import Change
from agentic.sandbox.providers.database import Database
from agentic.sandbox.providers.faults import Faults
from agentic.sandbox.providers.kinds import Properties, ResourceError, ResourceKind
from agentic.sandbox.providers.settings import Settings
from agentic.sandbox.providers.wire import has_unknown


class AwsProvider:
    """Answers for `aws:*` from moto."""

    package = "aws"

    def __init__(self, settings: Settings, database: Database, faults: Faults) -> None:
        """Wait for `configure` before talking to moto."""
        self._settings = settings
        self._database = database
        self._faults = faults
        self._aws: Aws | None = None
        self._default_tags: Mapping[str, str] = {}
        self._kinds: dict[str, RowKind] = {}

    def check_config(self, news: Properties) -> list[tuple[str, str]]:
        """Ask for a region: without one the real provider looks at the machine it runs on."""
        return [] if news.get("region") else [("region", "the provider needs a region")]

    def config_replaces(self, change: Change, olds: Properties, news: Properties) -> bool:
        """Move everything when the region or the account changes."""
        return change.touches("region")

    def configure(self, inputs: Properties) -> None:
        """Take region and default tags; refuse an account that is not on the list."""
        self._aws = Aws(self._settings.moto, str(inputs["region"]), self._faults, OwnStore(self._database))
        tags: Any = _parsed(inputs.get("defaultTags")) or {}
        self._default_tags = {} if has_unknown(tags) else tags.get("tags", {})
        allowed = _parsed(inputs.get("allowedAccountIds"))
        if allowed and not has_unknown(allowed) and self._aws.account not in allowed:
            raise ResourceError("AccountNotAllowed", f"AWS account ID not allowed: {self._aws.account}")

    def construct(self, request: Any) -> Any:
        """Refuse: the package has no remote component."""
        raise ResourceError("UnknownType", f"the sandbox does not know the component {request.type}")

    def kind(self, token: str) -> ResourceKind:
        """Give the kind of a row."""
        if self._aws is None:
            raise ResourceError("NotConfigured", "the aws provider has no region yet")
        row = rows().get(token)
        if row is None:
            raise ResourceError(
                "UnknownType",
                f"the sandbox has no row for {token}; add one in agentic/sandbox/providers/aws/table",
            )
        return self._kinds.setdefault(token, RowKind(row, self._aws, self._default_tags))


def _parsed(value: Any) -> Any:
    """Provider inputs that are not strings travel as JSON text."""
    return json.loads(value) if isinstance(value, str) else value
