"""The selection rules as CEL for the gateway, generated from the table that the relay runs."""

from __future__ import annotations

import json

from components.relay.hook.selection import DEFAULT, RULES, AtLeast, Below, OneOf

_NUMBER = r"^[0-9]+(\\.[0-9]+)?$"
_LONGEST = 16


def header(name: str) -> str:
    """A request's header, empty where there is none."""
    return f'default(request.headers[{json.dumps(name)}], "")'


def selected() -> str:
    """The model that the rules choose by a request's headers."""
    expression = json.dumps(DEFAULT)
    for rule in reversed(RULES):
        expression = f"({_condition(rule.when)} ? {json.dumps(rule.model)} : {expression})"
    return expression


def _condition(when: AtLeast | Below | OneOf) -> str:
    said = header(when.header)
    if isinstance(when, OneOf):
        return f"{said} in {json.dumps(list(when.words))}"
    # The right side is asked only where the left is true: `double` of a word would be an error.
    fits = f'(size({said}) <= {_LONGEST} && {said}.matches("{_NUMBER}"))'
    sign = ">=" if isinstance(when, AtLeast) else "<"
    return f"({fits} && double({said}) {sign} {float(when.bound)})"
