"""Typed documents: a YAML file checked against a pydantic model, with errors that name file, line and key.

Scenarios, stations and assets are all read here. YAML is read as version 1.2 says for plain values (``yes`` is a
word, ``1e3`` a number, ``1:30`` a word), and a key given twice is an error. Overrides (``a.b.c=value``) are put into
the data before it is checked, so they meet the same checks as the file.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from twin.constraint import describe_field, describe_value
from twin.errors import InputError, did_you_mean
from twin.units import suffix_of, symbol_of
from twin.yaml_node import Key, YamlError, read_yaml

M = TypeVar("M", bound="Document")


class Document(BaseModel):
    """Base of everything that a file may hold: strict types, no unknown key, no infinity or NaN, never changed."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Quantity(Document):
    """A number of an asset with where it comes from. Its unit is the suffix of its key.

    ``confidence``: H high, M medium, L low, D derived, EE engineering estimate. ``range`` holds the value.
    """

    value: float
    source: str
    confidence: Literal["H", "M", "L", "D", "EE"]
    range: tuple[float, float]
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _range_as_tuple(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and isinstance(data.get("range"), list):
            return {**data, "range": tuple(data["range"])}
        return data

    @model_validator(mode="after")
    def _value_in_range(self) -> Quantity:
        low, high = self.range
        if not low <= self.value <= high:
            reject(expected=f"a value within its range {low:g} to {high:g}", got=f"{self.value:g}")
        return self


def reject(*, expected: str, got: object, hint: str = "", at: tuple[Key, ...] = ()) -> NoReturn:
    """Refuse a value from inside a validator, with the words of an InputError.

    ``at`` is the path of the culprit below the value that is being validated.
    """
    words = {"expected": expected, "got": str(got), "hint": hint, "at": at}
    raise PydanticCustomError("rejected", "expected {expected}, got {got}", words)


@dataclass
class _Source:
    """Raw data with the place each value came from: a line of the file, or an override."""

    file: Path
    data: Any
    lines: dict[tuple[Key, ...], int]
    overrides: dict[tuple[Key, ...], str] = field(default_factory=dict)

    def place(self, path: tuple[Key, ...]) -> tuple[str | Path, int | None]:
        """File and line of a path, or the override that wrote it; the nearest parent when it is not there itself."""
        for n in range(len(path), -1, -1):
            if path[:n] in self.overrides:
                return f"--set {self.overrides[path[:n]]}", None
            if path[:n] in self.lines:
                return self.file, self.lines[path[:n]]
        return self.file, None


def load_document(path: str | Path, model: type[M], overrides: Sequence[str] = ()) -> M:
    """Read a YAML file into a model.

    Args:
        path: the file.
        model: the document's type.
        overrides: ``a.b.c=value`` each; list items by number or by their ``id``; values are YAML.

    Raises:
        InputError: a file that is missing or not YAML, or the first value that the model refuses.
    """
    file = Path(path)
    return parse_document(_read_text(file), model, file=file, overrides=overrides)


def parse_document(text: str, model: type[M], *, file: str | Path = "text", overrides: Sequence[str] = ()) -> M:
    """As :func:`load_document`, of a text at hand; ``file`` is what errors call it."""
    file = Path(file)
    try:
        data, lines = read_yaml(text)
    except YamlError as problem:
        raise InputError(
            key=problem.key or file.name, expected=problem.expected, got=problem.got, file=file, line=problem.line
        ) from None
    source = _Source(file, data, lines)
    if not isinstance(data, dict):
        raise InputError(
            key=file.name, expected="a mapping of keys to values", got=describe_value(data), file=file, line=1
        )
    for text_of_override in overrides:
        _apply_override(source, model, text_of_override)
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise _first_error(error, source, model) from None


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        siblings = [p.name for p in file.parent.glob("*.yaml")] if file.parent.is_dir() else []
        raise InputError(
            key=file.name, expected="a file", got="no such file", file=file, hint=did_you_mean(file.name, siblings)
        ) from None
    except UnicodeDecodeError as error:
        raise InputError(
            key=file.name, expected="text in UTF-8", got=f"bytes that are not ({error.reason})", file=file
        ) from None
    except OSError as error:
        raise InputError(key=file.name, expected="a readable file", got=str(error.strerror), file=file) from None


# ---------------------------------------------------------------------------------------------------- overrides


def _apply_override(source: _Source, model: type[BaseModel], text: str) -> None:
    """Write one ``a.b.c=value`` into the raw data."""
    dotted, equals, value_text = text.partition("=")
    dotted = dotted.strip()
    place = f"--set {text}"
    if not equals or not all(dotted.split(".")):
        raise InputError(key=dotted or text, expected="key.path=value", got=repr(text), file=place)
    try:
        value, _ = read_yaml(value_text)
    except YamlError as problem:
        raise InputError(key=dotted, expected=problem.expected, got=problem.got, file=place) from None
    container, kind = source.data, model
    path: tuple[Key, ...] = ()
    parts = dotted.split(".")
    while True:
        key, parts = _next_key(container, parts, kind, dotted, place)
        path = (*path, key)
        kind = _member_type(kind, key)
        if not parts:
            container[key] = value
            source.overrides[path] = text
            return
        child = container.get(key) if isinstance(container, dict) else container[key]
        if not isinstance(child, dict | list):
            if child is not None and not _takes_keys(kind):
                raise InputError(
                    key=dotted,
                    expected=f"a key; {'.'.join(map(str, path))} holds a value, not keys",
                    got=parts[0],
                    file=place,
                )
            child = container[key] = {}
        container = child


def _next_key(container: Any, parts: list[str], kind: Any, dotted: str, place: str) -> tuple[Any, list[str]]:
    """The key of the container that the next parts name, and the parts after it. A key may hold dots itself."""
    if isinstance(container, list):
        ids = {item["id"]: n for n, item in enumerate(container) if isinstance(item, dict) and "id" in item}
        if parts[0] in ids:
            return ids[parts[0]], parts[1:]
        if parts[0].isdigit() and int(parts[0]) < len(container):
            return int(parts[0]), parts[1:]
        expected = f"an item 0 to {len(container) - 1}" if container else "an item, but the list is empty"
        raise InputError(
            key=dotted, expected=expected + (" or an id of " + ", ".join(ids) if ids else ""), got=parts[0], file=place
        )
    for n in range(len(parts), 0, -1):
        if ".".join(parts[:n]) in container:
            return ".".join(parts[:n]), parts[n:]
    if not _is_free_mapping(kind):
        return parts[0], parts[1:]
    # A new key of a free mapping (`inventory.rack.slot5.soc_frac`): what is left belongs to the value's fields.
    value_kind = _member_type(kind, parts[0])
    for n in range(1, len(parts)):
        if isinstance(value_kind, type) and issubclass(value_kind, BaseModel) and parts[n] in value_kind.model_fields:
            return ".".join(parts[:n]), parts[n:]
    return ".".join(parts), []


def _strip(kind: Any) -> list[Any]:
    """The plain types that an annotation stands for: without Annotated, None and unions."""
    if get_origin(kind) is Annotated:
        return _strip(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return [inner for member in get_args(kind) for inner in _strip(member)]
    return [] if kind is type(None) else [kind]


def _is_free_mapping(kind: Any) -> bool:
    return any(get_origin(k) is dict for k in _strip(kind))


def _takes_keys(kind: Any) -> bool:
    return any(
        get_origin(k) in (dict, list) or (isinstance(k, type) and issubclass(k, BaseModel)) for k in _strip(kind)
    )


def _member_type(kind: Any, key: Any) -> Any:
    """The declared type below a key, or None when the model does not say."""
    for plain in _strip(kind):
        if get_origin(plain) is dict:
            return get_args(plain)[1]
        if get_origin(plain) is list:
            return get_args(plain)[0]
        if isinstance(plain, type) and issubclass(plain, BaseModel) and key in plain.model_fields:
            return plain.model_fields[key].annotation
    return None


# ------------------------------------------------------------------------------------------------------- errors


def _first_error(error: ValidationError, source: _Source, model: type[BaseModel]) -> InputError:
    """The first refused value in the order of the file, in the words of an InputError."""

    def order(item: tuple[tuple[Key, ...], ErrorDetails]) -> tuple[int, bool]:
        # A misspelt key is also a missing one: the misspelling comes first.
        line = source.place(item[0])[1]
        return (-1 if line is None else line, item[1]["type"] == "missing")

    located = [(_path(detail, source.data), detail) for detail in error.errors()]
    path, detail = min(located, key=order)
    key = ".".join(str(part) for part in path) or source.file.name
    file, line = source.place(path)
    expected, got, hint = _words(detail, path, model)
    return InputError(key=key, expected=expected, got=got, file=file, line=line, hint=hint)


def _culprit(detail: ErrorDetails) -> tuple[Key, ...]:
    at: tuple[Key, ...] = detail.get("ctx", {}).get("at", ()) if detail["type"] == "rejected" else ()
    return at


def _path(detail: ErrorDetails, data: Any) -> tuple[Key, ...]:
    """A refusal's location as a path of the file: without the names of union members, which are no keys."""
    path: list[Key] = []
    loc = detail["loc"]
    for n, part in enumerate(loc[:-1] if loc and loc[-1] == "[key]" else loc):
        is_item = isinstance(data, list) and isinstance(part, int) and part < len(data)
        if is_item or (isinstance(data, dict) and part in data):
            data = data[part]
            path.append(part)
        elif detail["type"] == "missing" and n == len(loc) - 1:
            path.append(part)
    return (*path, *_culprit(detail))


def _words(detail: ErrorDetails, path: tuple[Key, ...], model: type[BaseModel]) -> tuple[str, str, str]:
    """Expected, got and hint of one refusal."""
    context: Mapping[str, Any] = detail.get("ctx", {})
    name = str(path[-1]) if path else ""
    owner, info = describe_field(model, detail["loc"])
    match detail["type"]:
        case "rejected":
            return context["expected"], context["got"], context["hint"]
        case "extra_forbidden":
            known = sorted(owner) if owner else []
            return (
                "one of the keys " + ", ".join(known) if known else "no further key",
                f"unknown key {name!r}",
                _unit_hint(name, known) or did_you_mean(name, known),
            )
        case "missing":
            return info or "a value", "nothing; the key is missing", ""
        case "union_tag_not_found":
            return info, describe_value(detail["input"]), ""
        case "union_tag_invalid":
            tags = [tag.strip(" '@") for tag in str(context["expected_tags"]).split(",")]
            got = str(context["tag"]).replace("@", "")
            return "exactly one of " + ", ".join(tags), got, did_you_mean(got, tags)
    unit = symbol_of(name)
    hint = f"give a bare number; the key says {unit}" if unit and isinstance(detail["input"], str) else ""
    return info or _plain(detail["msg"]), describe_value(detail["input"]), hint


def _unit_hint(name: str, known: Sequence[str]) -> str:
    """A hint when a known key differs from this one by its unit alone."""
    stem = name.removesuffix(f"_{suffix_of(name)}")
    for other in known:
        if suffix_of(other) and other.removesuffix(f"_{suffix_of(other)}") == stem:
            return f"did you mean {other}? It is given in {symbol_of(other) or 'parts of 1'}"
    return ""


def _plain(message: str) -> str:
    """A pydantic message as the object of `expected`: `Input should be a valid number` → `a valid number`."""
    return message.removeprefix("Input should be ").removeprefix("Value error, ")
