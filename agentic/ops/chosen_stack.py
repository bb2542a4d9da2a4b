"""Which stack a command is about when nobody says: never a guess."""

from __future__ import annotations

from pathlib import Path

from agentic.errors import OperatorError
from stacks import stack_file
from stacks.config import PlatformConfig, parse


def config_of(root: Path, stack: str) -> PlatformConfig:
    """The checked config of a stack; ConfigError has every fault."""
    file = stack_file.read(root, stack)
    return parse(file.platform, file.path.name)


def chosen_stack(root: Path, stack: str | None) -> str:
    """The stack that was named, or the only one there is."""
    names = stack_file.stack_names(root)
    if stack is not None:
        return stack
    if len(names) == 1:
        return names[0]
    raise OperatorError(
        "which stack is meant is not said, and there are several" if names else "there is no stack",
        remedy=f"name one: {', '.join(names)}" if names else "write a Pulumi.<env>.yaml",
    )
