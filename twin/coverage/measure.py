"""Measures what a stretch of a log or of a replay exercised, from its signals and the controller's tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from twin.coverage.coverage import Coverage, Kind
from twin.coverage.table import Course, count_transitions, transition_names
from twin.errors import RecordError
from twin.formula import Intervals, Samples
from twin.record import Record
from twin.signals import Signal

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
#: A sequence's table by the sequence's name, as the attachment ``transitions.json`` holds it.
Tables = Mapping[str, Sequence[Mapping[str, Any]]]

STATE, MODE = "station.unit.seq_state", "station.unit.seq_mode"
_STEP = "{}.sequence.seq_step"
#: Interlocks that permit a way of an axis, and which way that is.
_WAYS = {"plus": 1.0, "minus": -1.0}
#: How an axis says where it is to go and where it is.
_SET, _IS = ("sp_position_m", "sp_position_rad"), ("pv_position_m", "pv_position_rad")
#: What is written at least so often is written in each scan.
_EACH_SCAN_NS = 50_000_000
#: A set point that moves less asks for nothing.
_LEAST = 1e-6


def tables_of(record: Record) -> Tables:
    """The tables of the controller that wrote a Record; none where it does not hold them."""
    try:
        found: Tables = json.loads(record.attachment("transitions.json"))
    except (RecordError, ValueError):
        return {}
    return found


def coverage(
    samples: Samples, tables: Tables, signals: Iterable[Signal] = (), stretches: Intervals | None = None
) -> Coverage:
    """What a log, or a replay's inputs and outputs, exercised.

    Args:
        samples: the signals, not known where the log is silent.
        tables: the controller's transitions, as ``Controller.transitions`` tells them.
        signals: all there are, so that what the log lacks is told as lacking; those of ``samples`` if none are given.
        stretches: where the log counts; all of its window if not given.
    """
    return _Measure(samples, tables, signals, stretches).coverage()


class _Measure:
    def __init__(
        self, samples: Samples, tables: Tables, signals: Iterable[Signal], stretches: Intervals | None
    ) -> None:
        self._samples, self._tables = samples, tables
        self._all = {signal.name: signal for signal in (*signals, *samples.signals.values())}
        wanted = [
            n for n, s in samples.signals.items() if s.kind in ("ilk", "alm", "op", "cmd", "sp") or n in self._enums
        ]
        samples.load(wanted)
        self._stretches = stretches
        self._truths: dict[str, Intervals | None] = {}
        self._counts: dict[Kind, dict[str, int]] = {}
        self._blind: dict[Kind, set[str]] = {}

    @cached_property
    def _enums(self) -> dict[str, Kind]:
        """Enumerations of which each label counts."""
        steps: dict[str, Kind] = {_STEP.format(name): "step" for name in self._tables}
        steps |= {name: "step" for name in self._samples.signals if name.endswith(".sequence.seq_step")}
        return {**steps, STATE: "state", MODE: "mode"}

    def coverage(self) -> Coverage:
        for name, kind in self._enums.items():
            if name in self._all:
                self._labels(name, kind)
        for name, table in self._tables.items():
            self._transitions(name, table)
        for signal in self._all.values():
            if signal.kind == "alm":
                self._count("alarm", signal.name, self._true(signal.name))
            elif signal.kind == "op":
                self._request(signal)
            elif signal.kind == "ilk":
                self._interlock(signal.name)
        blind = {kind: tuple(sorted(names)) for kind, names in self._blind.items()}
        return Coverage(counts=self._counts, blind=blind, cases=1, time_s=self._time_s())

    # -- counting ------------------------------------------------------------------------------------------------

    def _count(self, kind: Kind, name: str, found: Intervals | None) -> None:
        """So many stretches, of those that count; None: the log cannot tell."""
        self._put(kind, name, None if found is None else len(self._counting(found)))

    def _put(self, kind: Kind, name: str, count: int | None) -> None:
        self._counts.setdefault(kind, {})[name] = count or 0
        if count is None:
            self._blind.setdefault(kind, set()).add(name)

    def _counting(self, found: Intervals) -> Intervals:
        # A stretch that goes on beyond a place that does not count is one.
        return found if self._stretches is None else _overlapping(found, self._stretches)

    def _time_s(self) -> float:
        if self._stretches is not None:
            return float((self._stretches.end - self._stretches.start).sum()) / 1e9
        firsts = [int(t[0]) for t in (self._series(name)[0] for name in self._enums if self._has(name)) if len(t)]
        return max(self._samples.end_ns - min(firsts), 0) / 1e9 if firsts else 0.0

    def _has(self, name: str) -> bool:
        return name in self._samples.signals

    def _series(self, name: str) -> tuple[Times, Numbers]:
        return self._samples.series(name)

    def _where(self, name: str, holds: npt.NDArray[np.bool_]) -> Intervals:
        return Intervals.where(self._series(name)[0], holds, self._samples.end_ns)

    def _true(self, name: str) -> Intervals | None:
        """Where a signal is surely true; None: the log does not have it."""
        if name not in self._truths:
            has = self._has(name)
            self._truths[name] = self._where(name, np.nan_to_num(self._series(name)[1]) != 0) if has else None
        return self._truths[name]

    # -- kinds ---------------------------------------------------------------------------------------------------

    def _labels(self, name: str, kind: Kind) -> None:
        """Each label of an enumeration: steps, states and modes."""
        signal = self._all[name]
        if not self._has(name):
            for label in signal.labels.values():
                self._put(kind, _told(name, kind, label), None)
            return
        # The first of each run of equal values stands for it.
        t_ns, values = self._series(name)
        new = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
        runs = Intervals(t_ns[new], np.append(t_ns[new[1:]], self._samples.end_ns)) if len(new) else None
        codes = values[new]
        own = self._samples.signals[name].labels
        for label in dict.fromkeys((*signal.labels.values(), *own.values())):
            mine = np.isin(codes, [code for code, text in own.items() if text == label])
            found = 0 if runs is None else len(self._counting(Intervals(runs.start[mine], runs.end[mine])))
            self._put(kind, _told(name, kind, label), found)

    def _transitions(self, sequence: str, table: Sequence[Mapping[str, Any]]) -> None:
        name = _STEP.format(sequence)
        if not self._has(name):
            for told in transition_names(sequence, table):
                self._put("transition", told, None)
            return
        course = Course(*self._steps(name), self._raised, self._steps(STATE) if self._has(STATE) else None)
        found, jumps = count_transitions(sequence, table, course, self._instants)
        for told, count in found.items():
            self._put("transition", told, count)
        # Where a log looks rarely, short steps were passed unseen: what follows is no jump.
        if 0 < self._samples.period_ns(self._samples.signals[name]) <= _EACH_SCAN_NS:
            for told, count in jumps.items():
                self._put("jump", told, count)

    @cached_property
    def _raised(self) -> dict[str, Times]:
        """When each alarm of the log was raised."""
        found = {name: self._true(name) for name, signal in self._samples.signals.items() if signal.kind == "alm"}
        return {name: stretches.start for name, stretches in found.items() if stretches is not None}

    def _steps(self, name: str) -> tuple[Times, list[str]]:
        """When an enumeration took each of its labels, in order; "" while it is not known."""
        t_ns, values = self._series(name)
        new = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
        new = new[~(np.isnan(values[new]) & (new > 0) & np.isnan(values[new - 1]))]
        labels = self._samples.signals[name].labels
        return t_ns[new], ["" if np.isnan(v) else labels.get(int(v), f"{v:g}") for v in values[new].tolist()]

    def _instants(self, t_ns: Times) -> int:
        return len(t_ns) if self._stretches is None else int(self._stretches.contains(t_ns).sum())

    def _request(self, signal: Signal) -> None:
        if signal.type != "enum":
            self._count("request", signal.name, self._true(signal.name))
            return
        self._labels(signal.name, "request")

    def _interlock(self, name: str) -> None:
        device, what = name.rsplit(".ilk_", 1)
        way = _WAYS.get(what, 0.0)
        command = f"{device}.cmd_{'move' if way else what}"
        permitted, commanded = self._true(name), self._true(command)
        self._count("permitted", name, permitted)
        forbidden = None if permitted is None else self._where(name, self._series(name)[1] == 0)
        self._count("forbidden", name, forbidden)
        # What it permits may have no command of its own: then nothing tells what it stopped.
        if command in self._all:
            stopped = None
            if forbidden is not None and commanded is not None:
                stopped = self._stopped(device, what, forbidden, commanded)
            self._count("blocked", name, stopped)

    def _stopped(self, device: str, what: str, forbidden: Intervals, commanded: Intervals) -> Intervals:
        """The stretches in which an interlock surely forbade what was wanted.

        That is what stopped in the scan in which it was forbidden, what a set point newly asks for, and what a person
        asks for by hand.
        """
        way = _WAYS.get(what, 0.0)
        cut = commanded.end[np.isin(commanded.end, forbidden.start)]
        asked = np.empty(0, dtype=np.int64)
        target = self._first_of(device, _SET)
        if way and target:
            t_ns, sp = self._series(target)
            cut = cut[self._way(device, target, cut - 1) * way > _LEAST]
            new = np.abs(np.diff(sp, prepend=sp[:1])) > _LEAST
            asked = t_ns[new & ~commanded.contains(t_ns) & (self._way(device, target, t_ns) * way > _LEAST)]
        at = np.concatenate([cut, asked])
        return _overlapping(forbidden, Intervals.of(at, at + 1) | self._by_hand(device, what))

    def _way(self, device: str, target: str, t_ns: Times) -> Numbers:
        """From where an axis is to where it is to go, at instants; NaN where the log does not say."""
        position = self._first_of(device, _IS)
        return self._at(target, t_ns) - self._at(position, t_ns) if position else np.full(len(t_ns), np.nan)

    def _first_of(self, device: str, fields: Iterable[str]) -> str:
        return next((name for name in (f"{device}.{field}" for field in fields) if self._has(name)), "")

    def _at(self, name: str, t_ns: Times) -> Numbers:
        times, values = self._series(name)
        index = np.searchsorted(times, t_ns, side="right") - 1
        return np.append(values, np.nan)[np.where(index >= 0, index, len(values))]

    def _by_hand(self, device: str, what: str) -> Intervals:
        """Where a person asks for it by hand."""
        way = _WAYS.get(what, 0.0)
        axis, speed, button = (f"operator.panel.op_{field}" for field in ("jog_axis", "jog_speed_frac", what))
        if not all(map(self._has, (MODE, *((axis, speed) if way else (button,))))):
            return Intervals.of([], [])
        by_hand = self._is(MODE, ("manual", "maintenance"))
        if way:
            return by_hand & self._is(axis, (device,)) & self._where(speed, self._series(speed)[1] * way > 0)
        return by_hand & self._where(button, self._series(button)[1] > 0)

    def _is(self, name: str, labels: Sequence[str]) -> Intervals:
        codes = [code for code, label in self._samples.signals[name].labels.items() if label in labels]
        return self._where(name, np.isin(self._series(name)[1], codes))


def _overlapping(stretches: Intervals, others: Intervals) -> Intervals:
    """Those stretches that share an instant with any of the others."""
    mine = stretches.overlaps(others)
    return Intervals(stretches.start[mine], stretches.end[mine])


def _told(signal: str, kind: Kind, label: str) -> str:
    """A step and a request with whose it is; states and modes there is one of."""
    if kind == "step":
        return f"{signal.split('.')[0]}: {label}"
    return f"{signal} = {label}" if kind == "request" else label
