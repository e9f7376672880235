"""What a formula says whatever its signals are: a rule that can never come, or never be broken, is a slip."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping

from twin.formula.syntax import Formula

_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
_OF_ONE = frozenset({"within", "throughout", "held", "lasts", "within_last", "any", "all"})


def constant(formula: Formula) -> bool | None:
    """True or False where no signal can change it; None where they can, or where it is not seen that they cannot."""
    op, parts = formula.op, formula.parts
    if op == "number":
        return bool(formula.value)
    if op in (*_COMPARE, "between"):
        return _compared(op, parts)
    if op == "not":
        inner = constant(parts[0])
        return None if inner is None else not inner
    if op == "and":
        return _all(constant(part) for part in parts) if _possible(formula) else False
    if op in ("or", "implies"):
        first, second = constant(parts[0]), constant(parts[1])
        if op == "implies" and first is not None:
            first = not first
        return True if first or second else False if first is second is False else None
    if op in ("rises", "falls"):
        return None if constant(parts[0]) is None else False
    if op == "until" and constant(parts[1]) is False:
        return False
    return constant(parts[0]) if op in _OF_ONE else None


def _all(values: Iterator[bool | None]) -> bool | None:
    known = list(values)
    return False if False in known else None if None in known else True


def _compared(op: str, parts: tuple[Formula, ...]) -> bool | None:
    """Of numbers in one unit."""
    if any(part.op != "number" or part.unit != parts[-1].unit for part in parts[-2:]):
        return None
    first, last = (float(part.value) for part in parts[-2:])
    if op == "between":
        return False if first > last else None
    return _COMPARE[op](first, last)


def _possible(formula: Formula) -> bool:
    """Whether what is asked of each number at once leaves it any value."""
    ranges: dict[tuple[Formula, str], list[tuple[float, bool, float, bool]]] = {}
    for part in _joined(formula):
        for what, unit, found in _range(part):
            ranges.setdefault((what, unit), []).append(found)
    for several in ranges.values():
        low, open_low = max((low, open_low) for low, open_low, _, _ in several)
        high, shut_high = min((high, not open_high) for _, _, high, open_high in several)
        if low > high or (low == high and (open_low or not shut_high)):
            return False
    return True


def _joined(formula: Formula) -> Iterator[Formula]:
    if formula.op == "and":
        for part in formula.parts:
            yield from _joined(part)
    else:
        yield formula


def _range(part: Formula) -> Iterator[tuple[Formula, str, tuple[float, bool, float, bool]]]:
    """What a comparison with a number leaves: low, whether that is left out, high, whether that is."""
    infinite = float("inf")
    if part.op == "between" and part.parts[1].op == part.parts[2].op == "number":
        low, high = part.parts[1], part.parts[2]
        if low.unit == high.unit:
            yield part.parts[0], low.unit, (float(low.value), False, float(high.value), False)
    if part.op not in _TURNED:
        return
    left, right = part.parts
    op, what, limit = (part.op, left, right) if right.op == "number" else (_TURNED[part.op], right, left)
    if limit.op != "number" or what.op == "number":
        return
    value = float(limit.value)
    low_of = (value, op == ">") if op in (">", ">=", "==") else (-infinite, False)
    high_of = (value, op == "<") if op in ("<", "<=", "==") else (infinite, False)
    yield what, limit.unit, (*low_of, *high_of)
