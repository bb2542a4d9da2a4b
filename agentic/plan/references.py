"""Symbolic references: readable stand-ins for values that only the cloud knows.

`@{aws:ec2/vpc:Vpc::network.id}` names a resource by type and name, and the attribute it will have.
IAM policy variables (`${aws:PrincipalTag/team}`) begin with a dollar sign and are not references.
"""

from __future__ import annotations

import re

OPENING = "@{"
_REFERENCE = re.compile(r"@\{([^{}]+::[^{}]+\.[^{}.]+[^{}]*)\}")


def reference(type_token: str, name: str, attribute: str) -> str:
    """The stand-in for one attribute of one resource."""
    return f"@{{{type_token}::{name}.{attribute}}}"


def references_in(text: str) -> list[str]:
    """Every reference in `text`, without its braces, in order and without repeats.

    Raises ValueError when something was done to a reference besides placing it whole into a string.
    """
    found = _REFERENCE.findall(text)
    if text.count(OPENING) != len(found):
        raise ValueError(text)
    return list(dict.fromkeys(found))
