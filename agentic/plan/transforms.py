"""Resource transforms, applied to a registration as the engine applies them, without a callback server."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message
from pulumi.runtime._callbacks import _CallbackServicer  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime.proto import callback_pb2, resource_pb2

PAIRS = (
    ("additional_secret_outputs", "additionalSecretOutputs"),
    ("aliases", "aliases"),
    ("custom_timeouts", "customTimeouts"),
    ("delete_before_replace", "deleteBeforeReplace"),
    ("deleted_with", "deletedWith"),
    ("depends_on", "dependencies"),
    ("hide_diff", "hideDiffs"),
    ("ignore_changes", "ignoreChanges"),
    ("plugin_download_url", "pluginDownloadURL"),
    ("protect", "protect"),
    ("provider", "provider"),
    ("providers", "providers"),
    ("replace_on_changes", "replaceOnChanges"),
    ("replace_with", "replace_with"),
    ("retain_on_delete", "retainOnDelete"),
    ("version", "version"),
)
"""Options of a transform, and the field of a registration each one is."""


class Transforms(_CallbackServicer):
    """The SDK's registry of callbacks, called in this process."""

    def __init__(self, monitor: Any) -> None:  # pyright: ignore[reportMissingSuperCall]
        # Not calling super: it opens a server on a port, for an engine in another process.
        self._callbacks = {}
        self._transforms = {}
        self._monitor = monitor
        self._target = "in-process"
        self._by_urn: dict[str, tuple[str, ...]] = {}
        self._parents: dict[str, str] = {}
        self._stack: list[str] = []

    def register_for_stack(self, callback: callback_pb2.Callback) -> None:
        """A transform for every registration from now on."""
        self._stack.append(callback.token)

    def remember(self, urn: str, request: Any) -> None:
        """Keep what the children of this resource inherit."""
        self._by_urn[urn] = tuple(callback.token for callback in request.transforms)
        self._parents[urn] = request.parent

    def concerning(self, request: Any) -> list[str]:
        """Callbacks for one registration in the engine's order: its own, its ancestors', the stack's."""
        tokens = [callback.token for callback in request.transforms]
        ancestor = request.parent
        while ancestor:
            tokens.extend(self._by_urn.get(ancestor, ()))
            ancestor = self._parents.get(ancestor, "")
        return tokens + self._stack

    async def apply(self, tokens: list[str], request: Any) -> None:
        """Change the registration in place, one callback after the other."""
        for token in tokens:
            asked = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options_of(request),
            )
            answer: Any = await self._callbacks[token](asked.SerializeToString())
            request.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                _set_options(request, answer.options)


def _options_of(request: Any) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions()
    for option, field in PAIRS:
        _copy(request, field, options, option)
    if not request.deleteBeforeReplaceDefined:
        options.ClearField("delete_before_replace")
    return options


def _set_options(request: Any, options: Any) -> None:
    for option, field in PAIRS:
        request.ClearField(field)
        _copy(options, option, request, field)
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")


def _copy(source: Message, source_field: str, target: Message, target_field: str) -> None:
    descriptor = source.DESCRIPTOR.fields_by_name[source_field]
    value = getattr(source, source_field)
    if descriptor.is_repeated:
        getattr(target, target_field).MergeFrom(value)
    elif descriptor.message_type is not None:
        if source.HasField(source_field):
            getattr(target, target_field).CopyFrom(value)
    elif not descriptor.has_presence or source.HasField(source_field):
        setattr(target, target_field, value)
