"""Formulas as text: what may be written, and the tree it becomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args
from lark.exceptions import VisitError

from twin.errors import InputError

_NS_BY_TIME = {"ms": 1_000_000, "s": 1_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000}
#: What a call may be, and how many arguments it takes.
CALLS = {
    "rises": 1, "falls": 1, "changes": 1, "any": 1, "all": 1, "count": 1,
    "abs": 1, "rate": 1, "min": 2, "max": 2, "previous": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Node:
    """A part of a formula.

    Args:
        op: what it is: ``number``, ``signal``, ``source``, ``label``, an arithmetic or logical operator, a temporal
            one (``held``, ``lasts``, ``within``, ``throughout``, ``within_last``, ``until``), or a call.
        parts: what it is made of.
        value: of a number; of a label or a signal its text.
        unit: of a number that names one.
        after_ns, until_ns: of what is bounded in time.
        start, end: where it stands in the text.
    """

    op: str
    parts: tuple[Node, ...] = ()
    value: float | str = 0.0
    unit: str = ""
    after_ns: int = 0
    until_ns: int | None = None
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def walk(self) -> Iterator[Node]:
        """This and every part of it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def name(self) -> str:
        """The text of a signal, a source or a label."""
        return str(self.value)


@dataclass(frozen=True)
class Formula:
    """A formula: its text and its tree."""

    text: str
    root: Node

    def text_of(self, node: Node) -> str:
        """A part as it is written."""
        return self.text[node.start : node.end]


def parse(text: str) -> Formula:
    """Read a formula.

    Raises:
        InputError: it cannot be read; the message says where and what may stand there.
    """
    try:
        tree = _parser().parse(text)
        root: Node = _Build().transform(tree)
    except VisitError as error:
        raise error.orig_exc from None
    except UnexpectedInput as error:
        ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
        place = len(text) if ended else error.pos_in_stream or 0
        got = text[place : place + 20] or "the end"
        raise InputError(
            key="condition", expected=f"another word at character {place + 1}", got=got,
            hint="for example: shuttle.lift.pv_force_n > 12 kN and any(bracket1.lock*.st_locked) for 2 s",
        ) from None  # fmt: skip
    return Formula(text, root)


@cache
def _parser() -> Lark:
    grammar = files("twin.formula").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True)


@v_args(meta=True)
class _Build(Transformer[Token, Node]):
    """Lark's tree to nodes."""

    def duration(self, meta: Any, children: list[Any]) -> int:
        return round(float(children[0]) * _NS_BY_TIME[str(children[1])])

    def span(self, meta: Any, children: list[Any]) -> tuple[int, int]:
        first, last = (0, children[0]) if len(children) == 1 else (children[0], children[1])
        if last < first:
            raise InputError(
                key="condition", expected="a span whose end is not before its start", got=f"{first}..{last} ns"
            )
        return first, last

    def number(self, meta: Any, children: list[Any]) -> Node:
        return Node("number", value=float(children[0]), start=meta.start_pos, end=meta.end_pos)

    def quantity(self, meta: Any, children: list[Any]) -> Node:
        return Node("number", value=float(children[0]), unit=str(children[1]), start=meta.start_pos, end=meta.end_pos)

    def signal(self, meta: Any, children: list[Any]) -> Node:
        return Node("signal", value=str(children[0]), start=meta.start_pos, end=meta.end_pos)

    def source(self, meta: Any, children: list[Any]) -> Node:
        return Node("source", value=str(children[0])[1:-1], start=meta.start_pos, end=meta.end_pos)

    def label(self, meta: Any, children: list[Any]) -> Node:
        return Node("label", value=str(children[0])[1:-1], start=meta.start_pos, end=meta.end_pos)

    def word(self, meta: Any, children: list[Any]) -> Node:
        word = str(children[0])
        if word in ("true", "false"):
            return Node("number", value=float(word == "true"), start=meta.start_pos, end=meta.end_pos)
        return Node("label", value=word, start=meta.start_pos, end=meta.end_pos)

    def call(self, meta: Any, children: list[Any]) -> Node:
        name, parts = str(children[0]), tuple(children[1:])
        if name not in CALLS:
            raise InputError(key="condition", expected="one of " + ", ".join(CALLS), got=f"{name}(…)")
        if len(parts) != CALLS[name]:
            raise InputError(key=f"{name}(…)", expected=f"{CALLS[name]} in its brackets", got=len(parts))
        return Node(name, parts, start=meta.start_pos, end=meta.end_pos)

    def compare(self, meta: Any, children: list[Any]) -> Node:
        return Node(str(children[1]), (children[0], children[2]), start=meta.start_pos, end=meta.end_pos)

    def until(self, meta: Any, children: list[Any]) -> Node:
        first, last = children[2] if len(children) > 2 else (0, None)
        return Node("until", tuple(children[:2]), after_ns=first, until_ns=last, start=meta.start_pos, end=meta.end_pos)

    def __default__(self, data: Any, children: list[Any], meta: Any) -> Node:
        op = str(data).rstrip("_")
        after, until = 0, None
        if children and isinstance(children[-1], tuple):
            after, until = children.pop()
        elif children and isinstance(children[-1], int):
            until = children.pop()
        return Node(op, tuple(children), after_ns=after, until_ns=until, start=meta.start_pos, end=meta.end_pos)
