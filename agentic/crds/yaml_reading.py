"""YAML as Kubernetes reads it: PyYAML's own reader has two types that JSON lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

# The C reader is ten times faster and missing where PyYAML was built without it.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """`=` and dates are text: Prometheus' definitions list `=` among their operators (yaml/pyyaml#89)."""


for _tag in ("value", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _Base.construct_yaml_str)


def documents(content: bytes) -> Iterator[Any]:
    """Every document of a file; raises yaml.YAMLError where it is not YAML."""
    yield from yaml.load_all(content, Loader=_Loader)
