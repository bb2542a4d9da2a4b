"""`python -m agentic.sandbox.providers aws|eks|kubernetes` is the body of `pulumi-resource-<name>`."""

from __future__ import annotations

import sys

from agentic.sandbox.providers.settings import Settings

PACKAGES = ("aws", "eks", "kubernetes")


def main(arguments: list[str]) -> int:
    """Serve one package until the engine goes away."""
    if not arguments or arguments[0] not in PACKAGES:
        print(f"usage: python -m agentic.sandbox.providers {'|'.join(PACKAGES)}", file=sys.stderr)
        return 2
    try:
        settings = Settings.from_environment()
    except ValueError as error:
        print(f"pulumi-resource-{arguments[0]}: {error}", file=sys.stderr)
        return 2
    from agentic.sandbox.providers.packages import servicer_for
    from agentic.sandbox.providers.server import serve

    serve(servicer_for(arguments[0], settings))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
