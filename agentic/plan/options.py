"""Resource options of a registration, as plain data: only those that were set."""

from __future__ import annotations

from typing import Any

FLAGS = (
    ("protect", "protect"),
    ("retain_on_delete", "retainOnDelete"),
)
LISTS = (
    ("additional_secret_outputs", "additionalSecretOutputs"),
    ("hide_diffs", "hideDiffs"),
    ("ignore_changes", "ignoreChanges"),
    ("replace_on_changes", "replaceOnChanges"),
    ("replace_with", "replace_with"),
)
TEXTS = (
    ("deleted_with", "deletedWith"),
    ("import_id", "importId"),
    ("plugin_download_url", "pluginDownloadURL"),
    ("version", "version"),
)
TIMEOUTS = ("create", "update", "delete", "read")


def options(request: Any) -> dict[str, Any]:
    """Every option that differs from its default, by the SDK's name for it."""
    found: dict[str, Any] = {name: True for name, field in FLAGS if getattr(request, field)}
    for name, field in LISTS:
        if values := getattr(request, field):
            found[name] = sorted(values)
    for name, field in TEXTS:
        if text := getattr(request, field):
            found[name] = text
    if request.deleteBeforeReplaceDefined:
        found["delete_before_replace"] = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        timeouts = {key: getattr(request.customTimeouts, key) for key in TIMEOUTS}
        found["custom_timeouts"] = {key: value for key, value in timeouts.items() if value}
    return found
