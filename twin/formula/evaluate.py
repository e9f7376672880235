"""Formulas over the signals of a log: what they mean.

A value holds from its sample until the next. A signal is not known before its first sample, where it has no value,
and where its source is silent though it should speak; :class:`Samples` says so with NaN.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from twin.errors import InputError, did_you_mean
from twin.formula.interval import Intervals, Times
from twin.formula.standing import Moves, moves
from twin.formula.syntax import Formula
from twin.formula.truth import Truth
from twin.signals import Signal
from twin.units import convert, same_dimension

Numbers = npt.NDArray[np.float64]
#: When a constant began to be what it is.
_EVER = np.iinfo(np.int64).min
#: Samples of a periodic signal that lie so many periods apart lack one between; stamps may be off by a quarter period.
_ONE_MISSING = 1.5
_ARITHMETIC: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "min": np.minimum,
    "max": np.maximum,
}  # fmt: skip
_COMPARE: Mapping[str, Callable[[Numbers, Numbers], npt.NDArray[np.bool_]]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
_MOTION = frozenset({"moving", "starts", "starts_up", "starts_down", "stops"})
_LOGIC = frozenset(
    {"and", "or", "not", "implies", "held", "lasts", "within", "throughout", "within_last", "until", "rises", "falls",
     "changes", "any", "all", "between", *_COMPARE}
)  # fmt: skip


class Samples(Protocol):
    """The signals a formula is about, over a window of time."""

    @property
    def signals(self) -> Mapping[str, Signal]: ...

    @property
    def end_ns(self) -> int:
        """End of the window: the instant after its last."""

    def load(self, names: Iterable[str]) -> None:
        """Get ready for these signals: what is read together need not be read twice."""

    def series(self, name: str) -> tuple[Times, Numbers]:
        """Samples of a signal in the window and the one that stood before it; NaN where there is none."""

    def period_ns(self, signal: Signal) -> int:
        """How often the log writes a signal; 0 when it is written as it changes."""

    def events(self, text: str) -> Times:
        """Instants in the window at which something of this name, code, kind or text happened; ``*`` is any text.

        Raises:
            InputError: the log has no such event.
        """


@dataclass(frozen=True)
class _Series:
    """Numbers over time, each holding until the next, and their unit (None: a pure number, or given without one)."""

    t_ns: Times
    values: Numbers
    unit: str | None = None
    labels: Mapping[int, str] | None = None

    @property
    def is_constant(self) -> bool:
        return len(self.t_ns) == 1 and self.t_ns[0] == _EVER

    def at(self, t_ns: Times) -> Numbers:
        """The values that stand at instants; of a constant the one value, for all of them."""
        if t_ns is self.t_ns or self.is_constant:
            return self.values
        index = np.searchsorted(self.t_ns, t_ns, side="right") - 1
        held = self.values[np.maximum(index, 0)] if len(self.values) else np.full(len(t_ns), np.nan)
        return np.where(index >= 0, held, np.nan)


class Evaluation:
    """Evaluates formulas over one window of a log; what two formulas share is worked out once."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._truths: dict[Formula, Truth] = {}
        self._series: dict[str, _Series] = {}
        self._worked_out: dict[Formula, _Series] = {}
        self._times: dict[tuple[int, int, int], list[Times]] = {}
        self._matches: dict[str, dict[str, tuple[str, ...]]] = {}
        self._expanded: dict[Formula, list[tuple[str, Formula]]] = {}
        self._moves: dict[tuple[Formula, ...], tuple[Moves, Intervals, Intervals]] = {}

    def over(self, samples: Samples) -> Evaluation:
        """An evaluation over another window of the same signals; which signals stars match is known already."""
        other = Evaluation(samples)
        other._matches, other._expanded = self._matches, self._expanded
        return other

    def truth(self, formula: Formula) -> Truth:
        """Where a formula, or a part of one, holds.

        Raises:
            InputError: a signal that is not there, a label its signal does not have, units that do not fit, or a number
                where a condition is expected.
        """
        if formula not in self._truths:
            self._truths[formula] = self._truth(formula)
        return self._truths[formula]

    def once(self, formula: Formula) -> Truth:
        """As :meth:`truth`, of a formula that is not asked for again."""
        known = dict(self._truths), dict(self._worked_out)
        found = self.truth(formula)
        self._truths, self._worked_out = known
        return found

    def values(self, formula: Formula, unit: str | None = None) -> tuple[Times, Numbers]:
        """A number over time, in a unit or in its own: for showing what a comparison compared."""
        series = self._in_unit(self._number(formula), unit)
        return series.t_ns, series.values

    def load(self, formulas: Iterable[Formula]) -> None:
        """Get ready for these formulas: all their signals are read at once."""
        names = dict.fromkeys(name for formula in formulas for name in _names(formula))
        self._samples.load(dict.fromkeys(known for name in names for known in self._matching(name)))

    def value_at(self, name: str, t_ns: int) -> float:
        """What a signal says at an instant; NaN where nothing is known."""
        return float(self._signal(name).at(np.array([t_ns]))[0])

    def missing(self, formula: Formula) -> list[str]:
        """Signals, or patterns of signals, that a formula needs and the log lacks, and labels that its signals lack."""
        lacking = [name for name in _names(formula) if not self._matching(name)]
        for part in formula.walk():
            if part.op in ("==", "!="):
                label, signal = part.parts if part.parts[0].op == "label" else part.parts[::-1]
                while signal.op == "previous":
                    (signal,) = signal.parts
                if label.op == "label" and signal.op == "signal":
                    known = [self._samples.signals[name].labels.values() for name in self._matching(signal.name)]
                    if any(label.name not in labels for labels in known):
                        lacking.append(f"{signal.name} = {label.name}")
        return list(dict.fromkeys(lacking))

    def signals(self, formula: Formula) -> list[str]:
        """The signals of the log that a formula reads."""
        found = {known for name in _names(formula) for known in self._matching(name)}
        return [name for name in self._samples.signals if name in found]

    def each(self, formula: Formula) -> list[tuple[str, Formula]]:
        """A formula once for each device that its stars outside any, all and count match, and what they stand for."""
        if not any("*" in name for name in _open_names(formula)):
            return [("", formula)]
        return self._expand(formula)

    # -- truths --------------------------------------------------------------------------------------------------

    def _truth(self, node: Formula) -> Truth:
        op, parts = node.op, node.parts
        if op in ("any", "all"):
            return self._over_all(node)
        if op in _COMPARE:
            return self._compared(op, *parts)
        if op == "between":
            return self._compared(">=", parts[0], parts[1]) & self._compared("<=", parts[0], parts[2])
        if op == "changes":
            return self._changes(parts[0])
        if op in _MOTION:
            return self._motion(op, parts)
        if op == "event":
            return self._events(parts[0])
        if op not in _LOGIC:
            return self._as_truth(node)
        truths = [self.truth(part) for part in parts]
        first = truths[0]
        after, until = node.after_ns, node.until_ns
        if op == "until":
            return first.until(truths[1], after) if until is None else first.until(truths[1], after, until)
        if op in ("and", "or", "implies"):
            return {"and": first & truths[1], "or": first | truths[1], "implies": ~first | truths[1]}[op]
        if op in ("not", "rises", "falls"):
            return {"not": first.__invert__, "rises": first.rises, "falls": first.falls}[op]()
        assert until is not None
        if op in ("within", "throughout"):
            return first.within(after, until) if op == "within" else first.throughout(after, until)
        return {"held": first.held, "lasts": first.lasting, "within_last": first.within_last}[op](until)

    def _as_truth(self, node: Formula) -> Truth:
        """A signal of truth values, or the words true and false."""
        if node.op == "number":
            return Truth.always(bool(node.value))
        if node.op not in ("signal", "source"):
            raise InputError(key="condition", expected="a condition that is true or false", got=_told(node))
        series = self._number(node)
        return Truth.of_values(series.t_ns, series.values, self._samples.end_ns)

    def _compared(self, op: str, left: Formula, right: Formula) -> Truth:
        a, b = self._pair(left, right)
        t_ns = _grid(a, b)
        x, y = a.at(t_ns), b.at(t_ns)
        with np.errstate(invalid="ignore"):
            holds = _COMPARE[op](x, y).astype(np.float64)
        holds[np.isnan(x) | np.isnan(y)] = np.nan
        return Truth.of_values(t_ns, holds, self._samples.end_ns)

    def _pair(self, left: Formula, right: Formula) -> tuple[_Series, _Series]:
        """Both sides of a comparison in one unit; a label means the number it stands for on the other side."""
        if left.op == "label":
            b, a = self._pair(right, left)
            return a, b
        a = self._number(left)
        if right.op == "label":
            return a, _constant(_code(a, right), None)
        b = self._number(right)
        if a.unit is None and b.unit is not None:
            return self._in_unit(a, None), b
        return a, self._in_unit(b, a.unit)

    def _events(self, node: Formula) -> Truth:
        """The instants of events: alarms, journal entries, what a run notes."""
        if node.op not in ("signal", "source", "label"):
            raise InputError(key="event(…)", expected="the name, code or text of an event", got=_told(node))
        t_ns = self._samples.events(node.name)
        sure = Intervals.of(t_ns, t_ns + 1)
        return Truth(sure, sure)

    def _changes(self, node: Formula) -> Truth:
        series = self._number(node)
        before = np.concatenate([[np.nan], series.values[:-1]])
        # Where the value is not known, and at the sample after, it may have changed.
        unknown = np.where(np.isnan(before) | np.isnan(series.values), np.nan, 0.0)
        possible = Truth.of_values(series.t_ns, unknown, self._samples.end_ns).possible
        with np.errstate(invalid="ignore"):
            t_ns = series.t_ns[np.abs(series.values - before) > 0]
        sure = Intervals.of(t_ns, t_ns + 1)
        return Truth(sure, possible | sure)

    def _motion(self, op: str, parts: tuple[Formula, ...]) -> Truth:
        if parts not in self._moves:
            self._moves[parts] = self._moves_of(*parts)
        found, moving, unknown = self._moves[parts]
        if op == "moving":
            sure = moving
        else:
            t_ns = found.stop_ns if op == "stops" else found.start_ns
            mine = found.up if op == "starts_up" else ~found.up if op == "starts_down" else np.ones_like(found.up)
            at = t_ns[mine & (t_ns >= 0)]
            sure = Intervals.of(at, at + 1)
        return Truth(sure, sure | unknown)

    def _moves_of(self, axis: Formula, distance: Formula) -> tuple[Moves, Intervals, Intervals]:
        """Moves of an axis, stretch by stretch of known samples; where it moves, and where that is not known."""
        series, far = self._number(axis), self._number(distance)
        if distance.op != "number" or not far.values[0] > 0:
            raise InputError(key=_told(axis), expected="a distance above 0, such as 5 mm", got=_told(distance))
        d = float(self._in_unit(far, series.unit).values[0])
        known = ~np.isnan(series.values)
        period_ns = self._period_ns(axis)
        edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(np.int8)))
        found, since, until = [], [], []
        for first, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            end_ns = int(series.t_ns[stop]) if stop < len(known) else self._samples.end_ns
            one = moves(series.t_ns[first:stop], series.values[first:stop], d, period_ns, end_ns)
            found.append(one)
            since.append(np.where(one.start_ns < 0, series.t_ns[first], one.start_ns))
            until.append(np.where(one.stop_ns < 0, end_ns, one.stop_ns))
        unknown = ~Truth.of_values(series.t_ns, np.where(known, 1.0, np.nan), self._samples.end_ns).sure
        if not found:
            return moves(series.t_ns[:0], series.values[:0], d, 0, 0), Intervals.of([], []), unknown
        columns = zip(*((m.start_ns, m.stop_ns, m.up) for m in found), strict=True)
        moving = Intervals.of(np.concatenate(since), np.concatenate(until))
        return Moves(*(np.concatenate(column) for column in columns)), moving, unknown

    def _over_all(self, node: Formula) -> Truth:
        truths = [self.truth(part) for _, part in self._expand(node.parts[0])]
        found = truths[0]
        for truth in truths[1:]:
            found = found | truth if node.op == "any" else found & truth
        return found

    # -- numbers -------------------------------------------------------------------------------------------------

    def _number(self, node: Formula) -> _Series:
        op = node.op
        if op == "number":
            return _constant(float(node.value), node.unit or None)
        if op == "signal":
            return self._signal(node.name)
        if op == "source":
            return self._signal(self.source(node.name))
        if node not in self._worked_out:
            self._worked_out[node] = self._work_out(node)
        return self._worked_out[node]

    def _work_out(self, node: Formula) -> _Series:
        op = node.op
        if op in _ARITHMETIC:
            return self._arithmetic(op, *(self._number(part) for part in node.parts))
        if op == "count":
            return self._count(node)
        if op == "previous":
            return _previous(self._number(node.parts[0]), self._period_ns(node.parts[0]))
        if op in ("negative", "abs", "rate"):
            return _of_one(op, self._number(node.parts[0]))
        raise InputError(key="condition", expected="a number or a signal", got=_told(node))

    def _period_ns(self, node: Formula) -> int:
        """How often the log writes a signal; 0 when it is written as it changes, and of anything that is no signal."""
        signal = self._samples.signals.get(node.name) if node.op == "signal" else None
        return self._samples.period_ns(signal) if signal else 0

    def _signal(self, name: str) -> _Series:
        if name not in self._series:
            signal = find_signal(name, self._samples.signals)
            t_ns, values = self._samples.series(name)
            self._series[name] = _Series(self._same(t_ns), values, signal.unit, signal.labels)
        return self._series[name]

    def _same(self, t_ns: Times) -> Times:
        """Times that are those of another signal too: the same array, so that the two need no merging."""
        if not len(t_ns):
            return t_ns
        alike = self._times.setdefault((len(t_ns), int(t_ns[0]), int(t_ns[-1])), [])
        found = next((known for known in alike if np.array_equal(known, t_ns)), None)
        if found is None:
            alike.append(found := t_ns)
        return found

    def source(self, text: str) -> str:
        """The signal that a log calls so, or whose text says so."""
        found = [
            name
            for name, signal in self._samples.signals.items()
            if text in (signal.source, signal.source.rpartition("/")[2], *signal.text.values())
        ]
        if len(found) != 1:
            expected = "the source name or the text of one signal"
            raise InputError(key=f"`{text}`", expected=expected, got="none" if not found else ", ".join(found[:5]))
        return found[0]

    def _arithmetic(self, op: str, a: _Series, b: _Series) -> _Series:
        if op in ("add", "subtract", "min", "max"):
            a, b = (self._in_unit(a, b.unit), b) if a.unit is None else (a, self._in_unit(b, a.unit))
            unit = a.unit or b.unit
        else:
            if op == "divide" and same_dimension(a.unit or "", b.unit or ""):
                b = self._in_unit(b, a.unit)
            unit = _product(op, a.unit, b.unit)
        t_ns = _grid(a, b)
        with np.errstate(invalid="ignore", divide="ignore"):
            return _Series(t_ns, _ARITHMETIC[op](a.at(t_ns), b.at(t_ns)), unit)

    def _in_unit(self, series: _Series, unit: str | None) -> _Series:
        """A series in another unit; a number without one takes the other's."""
        if series.unit is None or unit is None or series.unit == unit:
            return series
        return replace(series, values=convert(series.values, series.unit, unit), unit=unit)

    def _count(self, node: Formula) -> _Series:
        truths = [self.truth(part) for _, part in self._expand(node.parts[0])]
        edges = [edge for truth in truths for edge in (truth.sure, truth.possible)]
        t_ns = np.unique(np.concatenate([t for edge in edges for t in (edge.start, edge.end)]))
        counts = np.zeros(len(t_ns))
        for truth in truths:
            state = truth.at(t_ns)
            counts += np.where(state < 0, np.nan, state)
        return _Series(t_ns, counts)

    def _expand(self, formula: Formula) -> list[tuple[str, Formula]]:
        """A formula once for each match of its first open name with stars; the same stars stand for the same text."""
        if formula not in self._expanded:
            self._expanded[formula] = self._matches_of(formula)
        return self._expanded[formula]

    def _matches_of(self, formula: Formula) -> list[tuple[str, Formula]]:
        patterns = [name for name in _open_names(formula) if "*" in name]
        if not patterns:
            expected = "a name with * in any, all or count"
            raise InputError(key="condition", expected=expected, got=_told(formula))
        matches = self._matching(patterns[0])
        if not matches:
            raise InputError(key=patterns[0], expected="a pattern that some signal matches", got="none does")
        return [(", ".join(groups), _filled(formula, groups)) for groups in matches.values()]

    def _matching(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """The signals that a name, or a name with stars, stands for, and what its stars stand for in each."""
        if "*" not in name:
            return {name: ()} if name in self._samples.signals else {}
        if name not in self._matches:
            pattern = _pattern(name)
            found = ((known, pattern.fullmatch(known)) for known in self._samples.signals)
            self._matches[name] = {known: match.groups() for known, match in found if match}
        return self._matches[name]


def _pattern(name: str) -> re.Pattern[str]:
    """A name whose stars stand for any text within a part of it."""
    return re.compile(re.escape(name).replace(r"\*", "([a-z0-9_]*)"))


def _names(formula: Formula) -> list[str]:
    """The signals, with their stars, that a formula names, each once."""
    return list(dict.fromkeys(part.name for part in formula.walk() if part.op == "signal"))


def _open_names(formula: Formula) -> list[str]:
    """The signals of a formula that stand in no any, all or count of it."""
    if formula.op == "signal":
        return [formula.name]
    return [name for part in formula.parts if part.op not in ("any", "all", "count") for name in _open_names(part)]


def find_signal(name: str, signals: Mapping[str, Signal]) -> Signal:
    """The signal of a name.

    Raises:
        InputError: there is none; the message names one that is alike.
    """
    if name in signals:
        return signals[name]
    hint = did_you_mean(name, signals) or "`swaptwin info LOG` lists them"
    raise InputError(key=name, expected="a signal of this log", got="none of this name", hint=hint)


def _filled(node: Formula, texts: Sequence[str]) -> Formula:
    """A formula with the stars of its open names replaced, in what it says too."""
    if node.op == "signal":
        name = _starless(node.name, texts)
        return replace(node, value=name, text=node.text.replace(node.name, name))
    if node.op in ("any", "all", "count"):
        return node
    text = node.text
    for name in dict.fromkeys(_open_names(node)):
        text = text.replace(name, _starless(name, texts))
    return replace(node, parts=tuple(_filled(part, texts) for part in node.parts), text=text)


def _starless(name: str, texts: Sequence[str]) -> str:
    for text in texts:
        name = name.replace("*", text, 1)
    return name


def _product(op: str, a: str | None, b: str | None) -> str | None:
    """The unit of a product or a quotient; one that is not told by a symbol of its own goes into no other."""
    if not b:
        return a
    if op == "divide":
        return "" if a == b else f"{a or 1}/{b}"
    return f"{a}·{b}" if a else b


def _constant(value: float, unit: str | None) -> _Series:
    return _Series(np.array([_EVER]), np.array([value]), unit)


def _grid(*series: _Series) -> Times:
    """The instants at which any of them takes a value."""
    several = [one.t_ns for one in series if not one.is_constant]
    if several and all(t_ns is several[0] or np.array_equal(t_ns, several[0]) for t_ns in several):
        return several[0]
    if not several:
        return series[0].t_ns
    # Merged, for each is in order already.
    t_ns = np.concatenate(several)
    t_ns.sort(kind="stable")
    return t_ns[np.append(True, t_ns[1:] != t_ns[:-1])] if len(t_ns) else t_ns


def _of_one(op: str, a: _Series) -> _Series:
    if op == "negative":
        return replace(a, values=-a.values, labels=None)
    if op == "abs":
        return replace(a, values=np.abs(a.values), labels=None)
    before = np.concatenate([[np.nan], a.values[:-1]])
    dt_s = np.diff(a.t_ns, prepend=a.t_ns[:1]) / 1e9
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(dt_s > 0, (a.values - before) / dt_s, np.nan)
    return _Series(a.t_ns, rate, None if a.unit is None else f"{a.unit}/s")


def _previous(a: _Series, period_ns: int) -> _Series:
    """The sample before; not known where one was due between and is missing."""
    before = np.concatenate([[np.nan], a.values[:-1]])
    if period_ns:
        before[np.diff(a.t_ns, prepend=a.t_ns[:1]) > _ONE_MISSING * period_ns] = np.nan
    return replace(a, values=before)


def _code(series: _Series, label: Formula) -> float:
    for value, text in (series.labels or {}).items():
        if text == label.name:
            return float(value)
    known = list((series.labels or {}).values())
    if not known:
        raise InputError(key=label.name, expected="a number, for the other side has no words", got=label.name)
    raise InputError(key=label.name, expected="one of " + ", ".join(known[:20]), got=label.name)


def _told(node: Formula) -> str:
    return node.name if node.op in ("signal", "source", "label") else node.op
