"""What pydantic found, in the words a reader of the stack file needs: the path, the rule, the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

_CLOSE_ENOUGH = 0.6


def fault_text(root: type[BaseModel], error: ErrorDetails) -> str:
    """One line for one error; the value itself is never repeated, it might be a secret in the wrong place."""
    path, model = _walk(root, error["loc"])
    where = ".".join(path).replace(".[", "[") or "platform"
    kind = error["type"]
    if kind == "extra_forbidden":
        return f"{where}: no such key; {_suggestion(path[-1], model)}"
    if kind == "missing":
        field = model.model_fields.get(path[-1]) if model else None
        return f"{where}: is missing; {(field and field.description) or 'write it'}"
    if kind == "union_tag_not_found":
        return f"{where}.mode: is missing; say which mode it is"
    if kind == "union_tag_invalid":
        tags = error.get("ctx", {}).get("expected_tags")
        return f"{where}.mode: there is no such mode; choose one of {tags}"
    message = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return f"{where}: {message[:1].lower() + message[1:] if message.startswith('Input') else message}"


def _suggestion(key: str, model: type[BaseModel] | None) -> str:
    known = sorted(model.model_fields) if model else []
    close = difflib.get_close_matches(key, known, n=1, cutoff=_CLOSE_ENOUGH)
    listed = f"known: {', '.join(known)}" if known else "remove it"
    return f"did you mean {close[0]!r}? {listed}" if close else listed


def _walk(root: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[list[str], type[BaseModel] | None]:
    """The path as a user writes it, without union tags, and the model its last step is in."""
    path: list[str] = []
    here: Any = root
    owner: type[BaseModel] | None = root
    for step in loc:
        tagged = _tagged(here, step)
        if tagged is not None:
            here = tagged
            continue
        owner = next(_models(here), None)
        path.append(f"[{step}]" if isinstance(step, int) else str(step))
        here = _next(here, step)
    return path, owner


def _tagged(annotation: Any, step: int | str) -> Any:
    """The member of a discriminated union that `step` is the tag of, if it is one."""
    members = list(_models(annotation))
    if len(members) < 2:
        return None
    return next((m for m in members if step in get_args(m.model_fields["mode"].annotation)), None)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for member in get_args(annotation):
            yield from _models(member)


def _next(annotation: Any, step: int | str) -> Any:
    for model in _models(annotation):
        if step in model.model_fields:
            return model.model_fields[str(step)].annotation
    for candidate in _containers(annotation):
        arguments = get_args(candidate)
        if arguments:
            return arguments[-1]
    return None


def _containers(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin in (Union, UnionType, Annotated):
        for member in get_args(annotation):
            yield from _containers(member)
    elif isinstance(origin, type) and issubclass(origin, (list, tuple, Mapping)):
        yield annotation
