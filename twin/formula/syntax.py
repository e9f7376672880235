"""Formulas as text: what may be written, and the tree it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
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
    "moving": 2, "starts": 2, "starts_up": 2, "starts_down": 2, "stops": 2,
    "event": 1,
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """A formula, or a part of one.

    Args:
        op: what it is: ``number``, ``signal``, ``source``, ``label``, an arithmetic or logical operator, a temporal
            one (``held``, ``lasts``, ``within``, ``throughout``, ``within_last``, ``until``), or a call.
        parts: what it is made of.
        value: of a number; of a label or a signal its text.
        unit: of a number that names one.
        after_ns, until_ns: of what is bounded in time.
        text: as it was written.
    """

    op: str
    parts: tuple[Formula, ...] = ()
    value: float | str = 0.0
    unit: str = ""
    after_ns: int = 0
    until_ns: int | None = None
    text: str = field(default="", compare=False)

    def walk(self) -> Iterator[Formula]:
        """This and every part of it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def __hash__(self) -> int:
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        # Without what is kept of it: another process hashes text differently.
        return Formula, (self.op, self.parts, self.value, self.unit, self.after_ns, self.until_ns, self.text)

    @cached_property
    def _hash(self) -> int:
        """Kept, for formulas are looked up by all that they hold."""
        return hash((self.op, self.parts, self.value, self.unit, self.after_ns, self.until_ns))

    @property
    def name(self) -> str:
        """The text of a signal, a source or a label."""
        return str(self.value)

    @property
    def called(self) -> str:
        """What an error calls it: by its name, or what it is."""
        return self.name if self.op in ("signal", "source", "label") else self.op


@lru_cache(maxsize=4096)
def parse(text: str) -> Formula:
    """Read a formula.

    Raises:
        InputError: it cannot be read; the message says where and what may stand there.
    """
    try:
        tree = _parser().parse(text)
        formula: Formula = _Build(text).transform(tree)
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
    return formula


@cache
def _parser() -> Lark:
    grammar = files("twin.formula").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True)


@v_args(meta=True)
class _Build(Transformer[Token, Formula]):
    """Lark's tree to nodes."""

    def __init__(self, whole: str) -> None:
        super().__init__()
        self._whole = whole

    def _text(self, meta: Any) -> str:
        return self._whole[meta.start_pos : meta.end_pos]

    def duration(self, meta: Any, children: list[Any]) -> int:
        return round(float(children[0]) * _NS_BY_TIME[str(children[1])])

    def span(self, meta: Any, children: list[Any]) -> tuple[int, int]:
        first, last = (0, children[0]) if len(children) == 1 else (children[0], children[1])
        if last < first:
            raise InputError(
                key="condition", expected="a span whose end is not before its start", got=f"{first}..{last} ns"
            )
        return first, last

    def number(self, meta: Any, children: list[Any]) -> Formula:
        return Formula("number", value=float(children[0]), text=self._text(meta))

    def quantity(self, meta: Any, children: list[Any]) -> Formula:
        return Formula("number", value=float(children[0]), unit=str(children[1]), text=self._text(meta))

    def signal(self, meta: Any, children: list[Any]) -> Formula:
        return Formula("signal", value=str(children[0]), text=self._text(meta))

    def source(self, meta: Any, children: list[Any]) -> Formula:
        return Formula("source", value=str(children[0])[1:-1], text=self._text(meta))

    def label(self, meta: Any, children: list[Any]) -> Formula:
        return Formula("label", value=str(children[0])[1:-1], text=self._text(meta))

    def word(self, meta: Any, children: list[Any]) -> Formula:
        word = str(children[0])
        if word in ("true", "false"):
            return Formula("number", value=float(word == "true"), text=self._text(meta))
        return Formula("label", value=word, text=self._text(meta))

    def call(self, meta: Any, children: list[Any]) -> Formula:
        name, parts = str(children[0]), tuple(children[1:])
        if name not in CALLS:
            raise InputError(key="condition", expected="one of " + ", ".join(CALLS), got=f"{name}(…)")
        if len(parts) != CALLS[name]:
            raise InputError(key=f"{name}(…)", expected=f"{CALLS[name]} in its brackets", got=len(parts))
        return Formula(name, parts, text=self._text(meta))

    def negative(self, meta: Any, children: list[Any]) -> Formula:
        part: Formula = children[0]
        if part.op == "number":
            return replace(part, value=-float(part.value), text=self._text(meta))
        return Formula("negative", (part,), text=self._text(meta))

    def compare(self, meta: Any, children: list[Any]) -> Formula:
        return Formula(str(children[1]), (children[0], children[2]), text=self._text(meta))

    def until(self, meta: Any, children: list[Any]) -> Formula:
        first, last = children[2] if len(children) > 2 else (0, None)
        return Formula("until", tuple(children[:2]), after_ns=first, until_ns=last, text=self._text(meta))

    def __default__(self, data: Any, children: list[Any], meta: Any) -> Formula:
        op = str(data).rstrip("_")
        after, until = 0, None
        if children and isinstance(children[-1], tuple):
            after, until = children.pop()
        elif children and isinstance(children[-1], int):
            until = children.pop()
        return Formula(op, tuple(children), after_ns=after, until_ns=until, text=self._text(meta))


def resolve(node: Formula, names: Mapping[str, Formula]) -> Formula:
    """A formula with the words that are names replaced by what they stand for; a word beside == or != is a label."""
    parts = []
    for part in node.parts:
        is_name = part.op == "label" and part.name in names and node.op not in ("==", "!=")
        parts.append(replace(names[part.name], text=part.text) if is_name else resolve(part, names))
    return replace(node, parts=tuple(parts))
