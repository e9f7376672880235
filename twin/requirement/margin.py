"""How close a requirement that held came to being broken: by how much each of its limits could be tightened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from twin.errors import InputError
from twin.formula import Evaluation, Formula, Intervals
from twin.formula.interval import LAST

#: Halvings of the way between a limit that holds and one that does not.
_STEPS = 24
_COMPARE = frozenset({"<", "<=", ">", ">=", "between"})


@dataclass(frozen=True)
class Margin:
    """What is left of a limit.

    Args:
        text: the part of the rule with the limit. limit: as it is written, in ``unit``; ``s`` for a time.
        left: by how much it could be tightened and the rule still hold, in the same unit.
    """

    text: str
    limit: float
    left: float
    unit: str


def margins(rule: Formula, evaluation: Evaluation, t0_ns: int, t1_ns: int) -> list[Margin]:
    """The margin of each limit in a rule's ``then`` over a stretch in which the rule held.

    A limit is a number that something is compared with, or a bound in time. One that could be anything has no margin.

    Args:
        rule: ``when implies then``, as of ``RequirementSet``, stars filled in.
    """
    when, then = rule.parts
    held = evaluation.truth(when)

    def broken(changed: Formula) -> bool:
        return bool(len((held & ~evaluation.once(changed)).sure.clipped(t0_ns, t1_ns)))

    found = []
    for place in _limits(then):
        limit = place.value(then)
        if place.always_counts(then):
            nearest = _nearest(place, then, evaluation, held.sure.clipped(t0_ns, t1_ns))
            if nearest is not None:
                found.append(Margin(place.told(then), limit, nearest, place.unit(then)))
            continue
        reach = _reach(place, then, evaluation)
        # Which way is tighter follows from where the limit stands: it is tried.
        ways = [_tightened(partial(_moved, broken, then, place, sign), reach) for sign in (1.0, -1.0)]
        left = [one for one in ways if one is not None]
        if left:
            found.append(Margin(place.told(then), limit, min(left), place.unit(then)))
    return found


def _nearest(place: _Place, then: Formula, evaluation: Evaluation, held: Intervals) -> float | None:
    """How near the limit came what is compared with it, wherever it counts; None where it never did."""
    around = _Place(place.way[:-1], "").of(then)
    other = next(part for n, part in enumerate(around.parts) if n != place.way[-1] and part.op != "number")
    t_ns, values = evaluation.values(other, place.unit(then) or None)
    # Each sample stands until the next: it counts where that overlaps what is looked at.
    counts = Intervals(t_ns, np.append(t_ns[1:], LAST)).overlaps(held) & ~np.isnan(values)
    return float(np.abs(values[counts] - place.value(then)).min()) if counts.any() else None


def _moved(broken: Callable[[Formula], bool], then: Formula, place: _Place, sign: float, by: float) -> bool:
    """Whether the rule is broken with a limit moved."""
    return broken(place.put(then, place.value(then) + sign * by))


def _tightened(broken: Callable[[float], bool], reach: float) -> float | None:
    """The largest change that does not break the rule, found by halving; None when even the largest does not."""
    if not np.isfinite(reach) or not broken(reach):
        return None
    low, high = 0.0, reach
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if broken(middle) else (middle, high)
    return low


@dataclass(frozen=True)
class _Place:
    """Where a limit stands: the way from the root, and which field of the formula there it is."""

    way: tuple[int, ...]
    field: str

    def of(self, formula: Formula) -> Formula:
        for step in self.way:
            formula = formula.parts[step]
        return formula

    def always_counts(self, formula: Formula) -> bool:
        """Whether the rule is broken as soon as the comparison with this number is not met."""
        if self.field != "value":
            return False
        above = [_Place(self.way[:n], "").of(formula) for n in range(len(self.way))]
        compared = above[-1].parts
        return all(one.op == "and" for one in above[:-1]) and any(part.op != "number" for part in compared)

    def value(self, formula: Formula) -> float:
        found = self.of(formula)
        return float(found.value) if self.field == "value" else (found.until_ns or 0) / 1e9

    def put(self, formula: Formula, value: float) -> Formula:
        return _put(formula, self.way, self.field, value)

    def unit(self, formula: Formula) -> str:
        return self.of(formula).unit if self.field == "value" else "s"

    def told(self, formula: Formula) -> str:
        """The comparison around a number, or what is bounded in time."""
        return (_Place(self.way[:-1], "").of(formula) if self.field == "value" else self.of(formula)).text


def _put(formula: Formula, way: tuple[int, ...], field: str, value: float) -> Formula:
    if way:
        parts = list(formula.parts)
        parts[way[0]] = _put(parts[way[0]], way[1:], field, value)
        return replace(formula, parts=tuple(parts))
    if field == "value":
        return replace(formula, value=value)
    return replace(formula, until_ns=max(round(value * 1e9), formula.after_ns))


def _limits(formula: Formula, way: tuple[int, ...] = ()) -> Iterator[_Place]:
    if formula.op in _COMPARE:
        for n, part in enumerate(formula.parts):
            if part.op == "number":
                yield _Place((*way, n), "value")
    elif formula.until_ns is not None:
        yield _Place(way, "until_ns")
    for n, part in enumerate(formula.parts):
        yield from _limits(part, (*way, n))


def _reach(place: _Place, then: Formula, evaluation: Evaluation) -> float:
    """As far as a limit could be moved and matter: beyond all that it is compared with, or all of its time."""
    limit = place.value(then)
    if place.field != "value":
        return limit
    around = _Place(place.way[:-1], "").of(then)
    others = [part for n, part in enumerate(around.parts) if n != place.way[-1] and part.op != "number"]
    try:
        values = np.concatenate([evaluation.values(part, place.unit(then) or None)[1] for part in others])
    except (InputError, ValueError):
        return float("nan")
    values = values[np.isfinite(values)]
    return float(np.max(np.abs(values - limit))) + 1e-9 if len(values) else float("nan")
