"""What pydantic found, in the words a reader of the stack file needs: the path, the rule, the remedy."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from components.core.faults import FaultsError
from components.core.spec import SHAPES

_CLOSE_ENOUGH = 0.6
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_./-]+")
_KEY = "[key]"
"""How pydantic says that a map's key is at fault and not its value."""

_WRONG_KIND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "date_from_datetime_inexact": ("is a day with a time", "write the day alone: 2026-11-30"),
        "date_from_datetime_parsing": ("is not a day", "write it as 2026-11-30"),
        "date_parsing": ("is not a day", "write it as 2026-11-30"),
        "date_type": ("is not a day", "write it as 2026-11-30"),
        "decimal_max_digits": ("has more than {max_digits} digits", "round it"),
        "decimal_max_places": ("has more than {decimal_places} decimal places", "round it"),
        "decimal_parsing": ("is not a number", ""),
        "decimal_type": ("is not a number", ""),
        "decimal_whole_digits": ("has more than {whole_digits} digits before the point", ""),
        "bool_parsing": ("is neither true nor false", ""),
        "bool_type": ("is neither true nor false", ""),
        "dict_type": ("is not a mapping", "write its keys on lines of their own, indented"),
        "finite_number": ("is not a finite number", ""),
        "float_parsing": ("is not a number", ""),
        "float_type": ("is not a number", ""),
        "int_from_float": ("is not a whole number", ""),
        "int_parsing": ("is not a whole number", ""),
        "int_parsing_size": ("is too large a number", ""),
        "int_type": ("is not a whole number", ""),
        "invalid_key": ("is a key that is not text", "put it in quotes"),
        "list_type": ("is not a list", "write it as [a, b], or with one `- a` in each line"),
        "literal_error": ("is none of {expected}", "choose one"),
        "mapping_type": ("is not a mapping", "write its keys on lines of their own, indented"),
        "model_attributes_type": ("is not a mapping", "write its keys on lines of their own, indented"),
        "model_type": ("is not a mapping", "write its keys on lines of their own, indented"),
        "string_too_long": ("is longer than {max_length} characters", "shorten it"),
        "string_too_short": ("is shorter than {min_length} characters", ""),
        "string_type": ("is not text", "put it in quotes"),
        "string_unicode": ("holds half of a character", "type it again"),
        "too_long": ("has more than {max_length} entries", ""),
        "too_short": ("has {actual_length} of at least {min_length} entries", ""),
        "greater_than": ("is not above {gt}", ""),
        "greater_than_equal": ("is below {ge}", ""),
        "less_than": ("is not below {lt}", ""),
        "less_than_equal": ("is above {le}", ""),
    }
)
"""Rule and remedy for what pydantic says in terms of Python; where there is no remedy the field's description
stands, which says what belongs there."""


@dataclass(frozen=True)
class _Place:
    """Where a fault is: the path as a user writes it, the model around it, what the field is for."""

    path: tuple[str, ...]
    model: type[BaseModel] | None
    description: str
    is_key: bool

    def __str__(self) -> str:
        return ".".join(self.path).replace(".[", "[") or "platform"


def fault_texts(root: type[BaseModel], error: ErrorDetails) -> list[str]:
    """A line for each thing that is wrong: one, unless a model's own rule found several."""
    raised = error.get("ctx", {}).get("error")
    if not isinstance(raised, FaultsError):
        return [fault_text(root, error)]
    place = _walk(root, error["loc"])
    return [
        str(
            replace(
                fault, path=str(replace(place, path=(*place.path, fault.path) if fault.path else place.path))
            )
        )
        for fault in raised.faults
    ]


def fault_text(root: type[BaseModel], error: ErrorDetails) -> str:
    """One line for one error, with the path first; a value of the wrong kind or shape is not repeated."""
    place = _walk(root, error["loc"])
    kind = error["type"]
    context: dict[str, Any] = error.get("ctx", {})
    if kind == "extra_forbidden":
        return no_such_key(str(place), place.path[-1], place.model.model_fields if place.model else ())
    if kind == "missing":
        return f"{place}: is missing; {place.description or 'write it'}"
    if kind == "union_tag_not_found":
        tag = str(context.get("discriminator", "'mode'")).strip("'")
        return f"{place}.{tag}: is missing; say which {tag} it is"
    if kind == "union_tag_invalid":
        tag = str(context.get("discriminator", "'mode'")).strip("'")
        return f"{place}.{tag}: there is no such {tag}; choose one of {context.get('expected_tags')}"
    name = "the name " if place.is_key else ""
    if kind == "string_pattern_mismatch":
        rule, remedy = SHAPES.get(context["pattern"], (f"does not match {context['pattern']}", ""))
        return f"{place}: {name}{rule}; {remedy or place.description}"
    if kind in _WRONG_KIND:
        rule, remedy = _WRONG_KIND[kind]
        return f"{place}: {name}{rule.format_map(context)}; {remedy or place.description or 'correct it'}"
    return f"{place}: {error['msg'].removeprefix('Value error, ').removeprefix('Assertion failed, ')}"


def key_text(key: object) -> str:
    """A key as a reader can find it: itself, or in quotes and escaped where it holds odd characters."""
    text = str(key)
    return text if _PLAIN_KEY.fullmatch(text) else repr(text)


def no_such_key(where: str, key: str, known: Iterable[str]) -> str:
    """A key that nothing reads, and the one that was probably meant."""
    names = sorted(known)
    close = difflib.get_close_matches(key, names, n=1, cutoff=_CLOSE_ENOUGH)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return f"{where}: no such key; {meant}known: {', '.join(names)}"


def _walk(root: type[BaseModel], loc: tuple[int | str, ...]) -> _Place:
    """The path without union tags, and the model and the field its last step is in."""
    path: list[str] = []
    here: Any = root
    owner: type[BaseModel] | None = root
    description = ""
    is_key = bool(loc) and loc[-1] == _KEY
    for step in loc[:-1] if is_key else loc:
        tagged = _tagged(here, step)
        if tagged is not None:
            here = tagged
            continue
        owner = next(_models(here), None)
        path.append(f"[{step}]" if isinstance(step, int) else key_text(step))
        field = owner.model_fields.get(str(step)) if owner else None
        description = (field.description or "") if field else description
        here = field.annotation if field else _inside(here)
    return _Place(tuple(path), owner, description, is_key)


def _tagged(annotation: Any, step: int | str) -> Any:
    """The member of a discriminated union that `step` is the tag of, if it is one."""
    members = list(_models(annotation))
    if len(members) < 2:
        return None
    return next((m for m in members if any(step in _literals(f) for f in m.model_fields.values())), None)


def _literals(field: FieldInfo) -> tuple[Any, ...]:
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for member in get_args(annotation):
            yield from _models(member)


def _inside(annotation: Any) -> Any:
    """What a list or a map holds."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType, Annotated):
        found = (_inside(member) for member in get_args(annotation))
        return next((inner for inner in found if inner is not None), None)
    if isinstance(origin, type) and issubclass(origin, (list, tuple, Mapping)):
        return get_args(annotation)[-1]
    return None
