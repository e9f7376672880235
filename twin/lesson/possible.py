"""Whether a condition can hold at all: a step that can be done only with what must never happen is a slip."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from itertools import product

from twin.formula import Formula
from twin.formula.constant import constant

_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
#: More ways than these to hold are not looked into.
_MOST_WAYS = 256
#: A condition, and whether it is to hold.
Literal = tuple[Formula, bool]
Way = frozenset[Literal]


def can_hold(formula: Formula) -> bool:
    """False where a condition surely never holds, whatever its signals say."""
    return any(_possible(way) for way in _ways(formula, True))


def only_with(done: Formula, never: Formula) -> bool:
    """Whether the one surely never holds without the other."""
    return not can_hold(Formula("and", (done, Formula("not", (never,)))))


def _ways(formula: Formula, holds: bool) -> list[Way]:
    """The sets of plain conditions that make it so: its disjunctive normal form."""
    op, parts = formula.op, formula.parts
    if op == "not":
        return _ways(parts[0], not holds)
    if op == "implies":
        return _ways(Formula("or", (Formula("not", (parts[0],)), parts[1])), holds)
    if op not in ("and", "or"):
        if not holds and op in _NEGATED:
            return [frozenset({(Formula(_NEGATED[op], parts), True)})]
        return [frozenset({(formula, holds)})]
    each = [_ways(part, holds) for part in parts]
    if (op == "or") is holds:
        return [way for ways in each for way in ways]
    if len(each[0]) * len(each[1]) > _MOST_WAYS:
        return [frozenset()]
    return [one | other for one, other in product(*each)]


def _possible(way: Way) -> bool:
    if any((formula, not holds) in way for formula, holds in way):
        return False
    if any(constant(formula) is (not holds) for formula, holds in way):
        return False
    held = [formula for formula, holds in way if holds]
    if not _words_agree(held):
        return False
    compared = [formula for formula in held if formula.op in _NEGATED or formula.op == "between"]
    return not compared or constant(reduce(lambda a, b: Formula("and", (a, b)), compared)) is not False


def _words_agree(held: Iterable[Formula]) -> bool:
    """Whether no signal is to say two words at once, or one that it must not say."""
    said: dict[Formula, str] = {}
    refused: set[tuple[Formula, str]] = set()
    for formula in held:
        if formula.op not in ("==", "!="):
            continue
        left, right = formula.parts
        what, word = (left, right) if right.op == "label" else (right, left)
        if word.op != "label" or what.op == "label":
            continue
        if formula.op == "!=":
            refused.add((what, word.name))
        elif said.setdefault(what, word.name) != word.name:
            return False
    return not any((what, word) in refused for what, word in said.items())
