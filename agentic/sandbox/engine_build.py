"""Builds the engine from its Go module, pinned in tools/go.mod, once per version and machine."""

from __future__ import annotations

from pathlib import Path

from agentic import go_tool
from agentic.go_tool import GoTool, Say, ToolMissing
from agentic.sandbox.errors import EngineMissing

MODULE = "github.com/pulumi/pulumi/pkg/v3"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def engine(tools: Path) -> GoTool:
    """The engine as a program that Go builds."""
    return GoTool(
        title="the engine",
        package=f"{MODULE}/cmd/pulumi",
        module=MODULE,
        root=tools.parent,
        directory=tools.name,
        duration="3 to 7 minutes once on two cores",
        # Measured: 1.8 GB of modules and 2.2 GB of compiled packages from empty caches, 0.3 GB of program.
        needed_gib=5,
        version_variable=VERSION_VARIABLE,
    )


def build(target: Path, version: str, tools: Path, say: Say) -> None:
    """Leave a working engine at `target`, or raise with the reason; concurrent builds wait for the first."""
    tool = engine(tools)
    try:
        pinned = tool.pinned_version()
        if pinned != version:
            raise ToolMissing(
                f"the engine cannot be built: tools/go.mod pins {pinned}, the SDK here is {version}",
                remedy=f"cd tools && go get {MODULE}@v{version}",
            )
        go_tool.build(tool, target, say)
    except ToolMissing as reason:
        raise EngineMissing(reason.problem, remedy=reason.remedy) from None
