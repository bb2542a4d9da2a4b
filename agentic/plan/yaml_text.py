"""Plain data as YAML that every reader understands alike."""

from __future__ import annotations

from typing import Any

import yaml

_FAST: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_FAST):
    """A dumper that quotes whatever looks like a number to some version of YAML.

    PyYAML leaves `1e3` and `0o7` bare, because YAML 1.1 reads them as text; the readers in Go do not.
    """


def _text(dumper: Any, value: str) -> Any:
    style = "'" if value[:1] in tuple("+-.0123456789") else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(value: Any) -> str:
    """The value as block YAML with sorted keys; the same value always gives the same text."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=True, allow_unicode=True, default_flow_style=False, width=4096
    )
