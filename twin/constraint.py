"""What a model's field accepts, said to a person: type, range and unit."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from twin.units import symbol_of


@dataclass(frozen=True)
class Like:
    """Metadata of a text field: what its pattern asks for, shown by examples."""

    examples: str


_WORD_BY_TYPE = {float: "a number", int: "a whole number", bool: "true or false", str: "text"}


def describe_value(value: Any) -> str:
    """A value as it came, cut short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping with the keys " + ", ".join(map(str, value)) if value else "an empty mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def describe_field(model: type[BaseModel], loc: tuple[str | int, ...]) -> tuple[Mapping[str, FieldInfo], str]:
    """The fields beside a location of a model, and what the location itself accepts (empty when not known).

    A part of the location that names a member of a union stands for that member.
    """
    is_key = bool(loc) and loc[-1] == "[key]"
    loc = loc[:-2] if is_key else loc
    siblings: Mapping[str, FieldInfo] = model.model_fields
    kinds: list[tuple[Any, list[Any]]] = [(model, [])]
    name = ""
    for part in loc:
        step = _below(kinds, part)
        if step is None:
            # Below a plain value pydantic names the type it tried; the field takes any of its types.
            is_plain = all(kind in _WORD_BY_TYPE for kind, _ in kinds)
            return (siblings, _describe(kinds, name)) if is_plain else (_fields(kinds), "")
        siblings = _fields(kinds)
        if step is not kinds:
            kinds, name = step, str(part)
    if is_key:
        return siblings, "a key, " + _describe([k for kind, _ in kinds for k in _plain_types(get_args(kind)[0])], "")
    return siblings, _describe(kinds, name)


def _fields(kinds: list[tuple[Any, list[Any]]]) -> Mapping[str, FieldInfo]:
    fields: dict[str, FieldInfo] = {}
    for kind, _ in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields.update(kind.model_fields)
    return fields


def _below(kinds: list[tuple[Any, list[Any]]], part: str | int) -> list[tuple[Any, list[Any]]] | None:
    """The types below a part of a location; one member of a union when the part is its tag; None when unknown."""
    tagged = [
        (kind, meta) for kind, meta in kinds if any(getattr(m, "tag", None) == part for m in meta) or _tag(kind) == part
    ]
    if tagged and len(kinds) > 1:
        return tagged
    for kind, _ in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and part in kind.model_fields:
            info = kind.model_fields[str(part)]
            return [(k, [*info.metadata, *m]) for k, m in _plain_types(info.annotation)]
        if get_origin(kind) in (list, tuple) and isinstance(part, int):
            return _plain_types(get_args(kind)[0])
        if get_origin(kind) is dict and not tagged:
            return _plain_types(get_args(kind)[1])
    return tagged or None


def _tag(kind: Any) -> Any:
    """The name by which a tagged union knows a model (twin/event.py)."""
    return getattr(kind, "tag", None) if isinstance(kind, type) else None


def _plain_types(kind: Any) -> list[tuple[Any, list[Any]]]:
    """The members of an annotation, each with the metadata that bounds it."""
    if get_origin(kind) is Annotated:
        inner, *meta = get_args(kind)
        return [(k, [*meta, *m]) for k, m in _plain_types(inner)]
    if get_origin(kind) in (Union, types.UnionType):
        return [member for option in get_args(kind) for member in _plain_types(option)]
    return [] if kind is type(None) else [(kind, [])]


def _describe(kinds: list[tuple[Any, list[Any]]], name: str) -> str:
    tags = [_tag(kind) for kind, _ in kinds]
    if len(tags) > 1 and all(tags):
        return "a mapping with exactly one of " + ", ".join(tag.removeprefix("@") for tag in tags)
    return " or ".join(dict.fromkeys(_describe_one(kind, meta, name) for kind, meta in kinds))


def _describe_one(kind: Any, meta: list[Any], name: str) -> str:
    if get_origin(kind) is Literal:
        words = [str(option) for option in get_args(kind)]
        unit = symbol_of(name)
        return ("one of " if len(words) > 1 else "") + ", ".join(words) + (f" {unit}" if unit else "")
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "a mapping with the keys " + ", ".join(kind.model_fields) if kind.model_fields else "an empty mapping"
    if get_origin(kind) is dict:
        return "a mapping"
    if get_origin(kind) is list:
        return "a list"
    if kind is str:
        examples = next((m.examples for m in meta if isinstance(m, Like)), None)
        return f"text like {examples}" if examples else "text"
    return _WORD_BY_TYPE.get(kind, "a value") + _range(meta, symbol_of(name))


def _range(meta: list[Any], unit: str) -> str:
    """`` from -100 to 100 mm``, `` above 0 s``, or just the unit."""
    low = next((f"{m.ge:.10g}" for m in meta if isinstance(m, annotated_types.Ge)), None)
    above = next((f"{m.gt:.10g}" for m in meta if isinstance(m, annotated_types.Gt)), None)
    high = next((f"{m.le:.10g}" for m in meta if isinstance(m, annotated_types.Le)), None)
    below = next((f"{m.lt:.10g}" for m in meta if isinstance(m, annotated_types.Lt)), None)
    start = f"from {low}" if low is not None else f"above {above}" if above is not None else ""
    end = f"to {high}" if high is not None else f"below {below}" if below is not None else ""
    words = " ".join(word for word in (start, end, unit) if word)
    if not start or not end:
        return f" {words}" if start or end else f" in {unit}" if unit else ""
    if above is not None:
        return f" {start} and {'up ' if high is not None else ''}{end} {unit}".rstrip()
    return f" {words}"
