"""The stack as the engine will run it: the same file, the same reader and the same program as everywhere."""

from __future__ import annotations

import contextlib
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

from agentic.sandbox.workspace import Program
from stacks import config, stack_file


def of_stack(root: Path, stack: str) -> Program:
    """The program of one stack of a checkout; ConfigError, with every fault, before anything is started."""
    file = stack_file.read(root, stack)
    platform = config.parse(file.platform, file.path.name)
    return Program(
        project=stack_file.PROJECT,
        stack=stack,
        run=_main_of(root),
        config=file.engine_config(),
        account_id=platform.aws.account_id,
        region=platform.aws.region,
        kubernetes=platform.cluster.version,
        service_cidr=platform.cluster.service_cidr,
    )


def _main_of(root: Path) -> Callable[[], None]:
    def run() -> None:
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
        # As the engine does, which starts a program in the project's directory.
        with contextlib.chdir(root):
            runpy.run_path(str(root / "__main__.py"), run_name="__main__")

    return run
