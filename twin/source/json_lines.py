"""Lines of JSON with their numbers, and the leaves of what stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from twin.source.sample import Damage

LONGEST_LINE = 1 << 20
#: Levels of a message that are looked into, values of one list, and values of one message.
_DEEPEST, _LONGEST_LIST, _MOST_LEAVES = 16, 64, 10_000
_PIECE_BYTES = 1 << 16
Scalar = bool | int | float | str


def json_lines(source: BinaryIO, stream: str) -> Iterator[tuple[int, Any] | Damage]:
    """Line number and value of every line of JSON; any other line is damage of its own, an empty one is passed over."""
    for number, line, ended in numbered_lines(source):
        if len(line) > LONGEST_LINE:
            yield Damage(stream, number, f"a line longer than {LONGEST_LINE} bytes", text=_start(line))
            continue
        text = line.strip()
        if not text:
            continue
        try:
            yield number, parse(text)
        except ValueError as error:
            what = f"no JSON: {error}" if ended else "the last line is cut off"
            yield Damage(stream, number, what, text=_start(text))


def parse(text: bytes | str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, or nested too deep.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8").removeprefix("\ufeff")
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None


def numbered_lines(source: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Line number, line, and whether a line break ends it; of a line longer than can be only the beginning."""
    number, part = 0, b""
    while piece := source.readline(LONGEST_LINE + 1):
        number += 1
        part, ended = piece, piece.endswith(b"\n")
        while not ended and (piece := source.readline(_PIECE_BYTES)):
            ended = piece.endswith(b"\n")
            if len(part) <= LONGEST_LINE:
                part += piece
        yield number, part, ended


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Scalar | None]]:
    """Path (``outer/inner/0``) and value of every leaf of a message; None for what is too long or too deep."""
    stack: list[tuple[str, Any, int]] = [(path, value, 0)]
    count = 0
    while stack:
        at, here, depth = stack.pop()
        inner: list[tuple[str, Any]] = []
        if isinstance(here, dict):
            inner = [(str(key), item) for key, item in here.items()]
        elif isinstance(here, list):
            inner = [(str(n), item) for n, item in enumerate(here[:_LONGEST_LIST])]
        elif here is not None:
            count += 1
            yield at, here
        too_long = isinstance(here, list) and len(here) > _LONGEST_LIST
        if too_long or (inner and depth == _DEEPEST) or count >= _MOST_LEAVES:
            yield at, None
        if depth < _DEEPEST and count < _MOST_LEAVES:
            stack += [(f"{at}/{key}" if at else key, item, depth + 1) for key, item in reversed(inner)]
        elif count >= _MOST_LEAVES:
            return


def text_of(value: Scalar) -> str:
    """A value as text: ``true`` and ``false`` as JSON has them, numbers with all their digits, no half characters."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return repr(value)


def _start(line: bytes) -> str:
    return line[:200].decode("utf-8", "replace")
