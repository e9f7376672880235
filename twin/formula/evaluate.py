"""Formulas over the signals of a log: what they mean.

A value holds from its sample until the next. A signal is not known before its first sample, where it has no value,
and where its source is silent though it should speak; :class:`Samples` says so with NaN.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np

from twin.errors import InputError
from twin.formula.interval import Intervals, Times
from twin.formula.naming import Naming, find_signal
from twin.formula.series import ARITHMETIC, COMPARE, OF_ONE, Numbers, Series, combined, compared, previous
from twin.formula.standing import Moves, moves
from twin.formula.syntax import Formula
from twin.formula.truth import Truth
from twin.signals import Signal

_MOTION = frozenset({"moving", "starts", "starts_up", "starts_down", "stops"})
_LOGIC = frozenset(
    {"and", "or", "not", "implies", "held", "lasts", "within", "throughout", "within_last", "until", "rises", "falls"}
)


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


class Evaluation:
    """Evaluates formulas over one window of a log; what two formulas share is worked out once."""

    def __init__(self, samples: Samples) -> None:
        self._samples = samples
        self._naming = Naming(samples.signals)
        self._truths: dict[Formula, Truth] = {}
        self._series: dict[str, Series] = {}
        self._worked_out: dict[Formula, Series] = {}
        self._times: dict[tuple[int, int, int], list[Times]] = {}
        self._moves: dict[tuple[Formula, ...], tuple[Moves, Intervals, Intervals]] = {}

    def over(self, samples: Samples) -> Evaluation:
        """An evaluation over another window of the same signals; which signals stars match is known already."""
        other = Evaluation(samples)
        other._naming = self._naming
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
        series = self._number(formula).in_unit(unit)
        return series.t_ns, series.values

    def load(self, formulas: Iterable[Formula]) -> None:
        """Get ready for these formulas: all their signals are read at once."""
        self._samples.load(dict.fromkeys(name for formula in formulas for name in self._naming.read(formula)))

    def value_at(self, name: str, t_ns: int) -> float:
        """What a signal says at an instant; NaN where nothing is known."""
        return float(self._signal(name).at(np.array([t_ns]))[0])

    def missing(self, formula: Formula) -> list[str]:
        """Signals, or patterns of signals, that a formula needs and the log lacks, and labels that its signals lack."""
        return self._naming.missing(formula)

    def signals(self, formula: Formula) -> list[str]:
        """The signals of the log that a formula reads."""
        return self._naming.read(formula)

    def each(self, formula: Formula) -> list[tuple[str, Formula]]:
        """A formula once for each device that its stars outside any, all and count match, and what they stand for."""
        return self._naming.each(formula)

    def source(self, text: str) -> str:
        """The signal that a log calls so, or whose text says so.

        Raises:
            InputError: none, or more than one.
        """
        return self._naming.source(text)

    # -- truths --------------------------------------------------------------------------------------------------

    def _truth(self, node: Formula) -> Truth:
        op, parts = node.op, node.parts
        if op in ("any", "all"):
            return self._over_all(node)
        if op in COMPARE:
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
        if op in ("and", "or"):
            return first & truths[1] if op == "and" else first | truths[1]
        if op == "implies":
            return ~first | truths[1]
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
            raise InputError(key="condition", expected="a condition that is true or false", got=node.called)
        series = self._number(node)
        return Truth.of_values(series.t_ns, series.values, self._samples.end_ns)

    def _compared(self, op: str, left: Formula, right: Formula) -> Truth:
        a, b = self._pair(left, right)
        return Truth.of_values(*compared(op, a, b), self._samples.end_ns)

    def _pair(self, left: Formula, right: Formula) -> tuple[Series, Series]:
        """Both sides of a comparison in one unit; a label means the number it stands for on the other side."""
        if left.op == "label":
            b, a = self._pair(right, left)
            return a, b
        a = self._number(left)
        if right.op == "label":
            return a, Series.constant(a.code(right.name))
        return a, self._number(right).in_unit(a.unit)

    def _events(self, node: Formula) -> Truth:
        """The instants of events: alarms, journal entries, what a run notes."""
        if node.op not in ("signal", "source", "label"):
            raise InputError(key="event(…)", expected="the name, code or text of an event", got=node.called)
        t_ns = self._samples.events(node.name)
        sure = Intervals.of(t_ns, t_ns + 1)
        return Truth(sure, sure)

    def _changes(self, node: Formula) -> Truth:
        series = self._number(node)
        before = series.before
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
            raise InputError(key=axis.called, expected="a distance above 0, such as 5 mm", got=distance.called)
        d = float(far.in_unit(series.unit).values[0])
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
        truths = [self.truth(part) for _, part in self._naming.expand(node.parts[0])]
        found = truths[0]
        for truth in truths[1:]:
            found = found | truth if node.op == "any" else found & truth
        return found

    # -- numbers -------------------------------------------------------------------------------------------------

    def _number(self, node: Formula) -> Series:
        op = node.op
        if op == "number":
            return Series.constant(float(node.value), node.unit or None)
        if op == "signal":
            return self._signal(node.name)
        if op == "source":
            return self._signal(self._naming.source(node.name))
        if node not in self._worked_out:
            self._worked_out[node] = self._work_out(node)
        return self._worked_out[node]

    def _work_out(self, node: Formula) -> Series:
        op = node.op
        if op in ARITHMETIC:
            return combined(op, *(self._number(part) for part in node.parts))
        if op == "count":
            return self._count(node)
        if op == "previous":
            return previous(self._number(node.parts[0]), self._period_ns(node.parts[0]))
        if op in OF_ONE:
            return OF_ONE[op](self._number(node.parts[0]))
        raise InputError(key="condition", expected="a number or a signal", got=node.called)

    def _period_ns(self, node: Formula) -> int:
        """How often the log writes a signal; 0 when it is written as it changes, and of anything that is no signal."""
        signal = self._samples.signals.get(node.name) if node.op == "signal" else None
        return self._samples.period_ns(signal) if signal else 0

    def _signal(self, name: str) -> Series:
        if name not in self._series:
            signal = find_signal(name, self._samples.signals)
            t_ns, values = self._samples.series(name)
            self._series[name] = Series(self._same(t_ns), values, signal.unit, signal.labels)
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

    def _count(self, node: Formula) -> Series:
        truths = [self.truth(part) for _, part in self._naming.expand(node.parts[0])]
        edges = [edge for truth in truths for edge in (truth.sure, truth.possible)]
        t_ns = np.unique(np.concatenate([t for edge in edges for t in (edge.start, edge.end)]))
        counts = np.zeros(len(t_ns))
        for truth in truths:
            state = truth.at(t_ns)
            counts += np.where(state < 0, np.nan, state)
        return Series(t_ns, counts)
