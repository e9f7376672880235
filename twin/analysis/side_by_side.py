"""Which two swaps are put side by side, and everything that is to be told of the two."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from twin.analysis.compare import Comparison, Differing, Divergence, Stretch, compare
from twin.analysis.compared import Rules
from twin.analysis.difference import Difference, differences
from twin.analysis.phase_table import PhaseTable, phase_table_of
from twin.analysis.phases import PhaseSpan, Swap, find_phases
from twin.errors import InputError, SwapTwinError
from twin.record import Record, is_record
from twin.signals import Signal

#: Files beside a log that are looked at for a swap of the same kind, newest first; and points of the time map told.
_MOST_BESIDE = 20
_MOST_POINTS = 500


@dataclass(frozen=True)
class Chosen:
    """A swap of a log, or all of a log in which no swap was found."""

    record: Record
    swap: Swap | None = None
    table: PhaseTable | None = field(default=None, compare=False)

    @property
    def stretch(self) -> Stretch:
        """From when to when: all of the log where the swap's own ends are not in it."""
        record, swap = self.record, self.swap
        start_ns = record.start_ns if swap is None or swap.start_ns is None else swap.start_ns
        end_ns = record.end_ns if swap is None or swap.end_ns is None else swap.end_ns
        return Stretch(record, start_ns, end_ns)

    @property
    def name(self) -> str:
        """The log, and which of its swaps where it holds more than one."""
        return self.record.path.name + (f"#{self.swap.number}" if self.swap is not None else "")


@dataclass(frozen=True)
class SideBySide:
    """Two swaps compared.

    Args:
        a, b: what was compared; A is the one that B is held against.
        why_a: how A was chosen where nobody named it.
    """

    a: Chosen
    b: Chosen
    comparison: Comparison
    differences: list[Difference]
    why_a: str = ""


def side_by_side(a: Chosen | None, b: Chosen, rules: Rules | None = None) -> SideBySide:
    """Compare two swaps; without the first, with the last completed swap of the same kind in B's log or beside it.

    Raises:
        InputError: no signals in common, or no such swap.
    """
    why = ""
    if a is None:
        a, why = _like(b)
    if share_past(a.record, b.record):
        comparison = compare(Stretch.whole(a.record), Stretch.whole(b.record), rules, one_clock=True)
    else:
        comparison = compare(a.stretch, b.stretch, rules, also=np.array(list(_boundaries(a, b)), dtype=np.int64))
    return SideBySide(a, b, comparison, differences(comparison), why)


def share_past(a: Record, b: Record) -> bool:
    """Whether one is a branch of the other, or both are of the same: until then they are one, on one clock."""
    branches = [record.metadata.get("branch_of") for record in (a, b)]
    origins = [branch or record.identity for branch, record in zip(branches, (a, b), strict=True)]
    return any(branches) and origins[0] == origins[1]


def choose(record: Record, number: int | None = None) -> Chosen:
    """A swap of a log: the one of a number, the only or the last one, or all of the log where none is found.

    Raises:
        InputError: there is no swap of this number.
    """
    swaps, table = _swaps(record)
    if number is None:
        return Chosen(record, swaps[-1] if swaps else None, table)
    if not 1 <= number <= len(swaps):
        expected = f"the number of a swap, one of {len(swaps)}" if swaps else "a log in which a swap is found"
        raise InputError(key=f"#{number}", expected=expected, got="none such", file=record.path)
    return Chosen(record, swaps[number - 1], table)


def _swaps(record: Record) -> tuple[tuple[Swap, ...], PhaseTable | None]:
    """The swaps of a log; none where its station has no table of phases, or it lacks the signals."""
    try:
        table = phase_table_of(record)
        return find_phases(record, table).swaps, table
    except InputError:
        return (), None


def _like(b: Chosen) -> tuple[Chosen, str]:
    """The last completed swap of as many packs before B's, in its log or in one beside it."""
    if b.swap is None:
        raise InputError(
            key="compare", expected="a log with a swap, or two logs", got="no swap found in it", file=b.record.path,
            hint="name the log that it is to be compared with: swaptwin compare A B",
        )  # fmt: skip
    # A swap that stopped shows fewer packs than it was to swap.
    packs = b.swap.packs if b.swap.outcome == "completed" else None
    for record, swaps, table in _logs_by(b):
        good = [swap for swap in swaps if swap.outcome == "completed" and packs in (None, swap.packs)]
        if good:
            where = "in the same log" if record is b.record else f"in {record.path.name}, which lies beside it"
            return Chosen(record, good[-1], table), f"the last completed swap of the same kind {where}"
    raise InputError(
        key="compare", expected="a completed swap of the same kind in the log or in one beside it", got="none",
        file=b.record.path, hint="name the log that it is to be compared with: swaptwin compare A B",
    )  # fmt: skip


def _logs_by(b: Chosen) -> Iterator[tuple[Record, list[Swap], PhaseTable | None]]:
    """B's own log up to B, then those beside it that are of its station, the newest first."""
    assert b.swap is not None
    mine, table = _swaps(b.record)
    yield b.record, [swap for swap in mine if swap.number < b.swap.number], table
    path = b.record.path.resolve()
    beside = [other for other in path.parent.glob("*.mcap") if other != path]
    beside.sort(key=lambda other: -other.stat().st_mtime)
    yield from filter(None, (_neighbour(other, b) for other in beside[:_MOST_BESIDE]))


def _neighbour(path: Path, b: Chosen) -> tuple[Record, list[Swap], PhaseTable | None] | None:
    """A log beside B's that is of the same station; None for any other, damaged ones too."""
    try:
        record = Record.open(path) if is_record(path) else None
        if record is None or record.metadata.get("station") != b.record.metadata.get("station"):
            return None
        swaps, table = _swaps(record)
    except (SwapTwinError, OSError):
        return None
    return record, list(swaps), table


def _boundaries(a: Chosen, b: Chosen) -> Iterator[tuple[int, int]]:
    """Instants at which the same phase begins in both, as long as they go through the same phases."""
    for mine, other in _paired(a, b):
        if mine is not None and other is not None and mine.start_ns is not None and other.start_ns is not None:
            yield mine.start_ns, other.start_ns


def _paired(a: Chosen, b: Chosen) -> list[tuple[PhaseSpan | None, PhaseSpan | None]]:
    """The phases of both swaps beside each other, in order; None where one has no such phase."""
    mine, other = (list(one.swap.phases) if one.swap is not None else [] for one in (a, b))
    pairs: list[tuple[PhaseSpan | None, PhaseSpan | None]] = []
    while mine or other:
        if mine and other and mine[0].name == other[0].name:
            pairs.append((mine.pop(0), other.pop(0)))
        elif mine and (not other or all(span.name != other[0].name for span in mine)):
            # What only B goes through comes when A has nothing like it any more.
            pairs.append((None, other.pop(0)) if other else (mine.pop(0), None))
        elif mine:
            pairs.append((mine.pop(0), None))
        else:
            pairs.append((None, other.pop(0)))
    return pairs


# -- as data ---------------------------------------------------------------------------------------------------------


def as_data(found: SideBySide) -> dict[str, Any]:
    """Everything that was found, JSON-ready. Times are ns of each log; null is not in the log."""
    comparison = found.comparison
    warp = comparison.warp
    keep = np.unique(np.linspace(0, len(warp.a_ns) - 1, min(len(warp.a_ns), _MOST_POINTS)).astype(int))
    return {
        "a": _chosen(found.a),
        "b": _chosen(found.b),
        "why_a": found.why_a,
        "compared": len(comparison.common.signals),
        "only_a": comparison.common.only_a,
        "only_b": comparison.common.only_b,
        "ended": comparison.ended,
        "first": None if comparison.first is None else _divergence(comparison.first),
        "divergences": [_divergence(one) for one in comparison.divergences],
        "differences": [_difference(one, found) for one in found.differences],
        "phases": [_phase(found.a.table, *pair) for pair in _paired(found.a, found.b)],
        "aligned": {"a_ns": warp.a_ns[keep].tolist(), "b_ns": warp.b_ns[keep].tolist()},
    }


def phase_at(chosen: Chosen, t_ns: int) -> str:
    """The phase that a swap is in at an instant; empty where that is not known."""
    spans = chosen.swap.phases if chosen.swap is not None else ()
    before = [span for span in spans if span.start_ns is None or span.start_ns <= t_ns]
    return before[-1].name if before and (before[-1].end_ns is None or t_ns <= before[-1].end_ns) else ""


def value_text(signal: Signal, value: float) -> str:
    """A value as a person reads it: with its unit, or by its label."""
    if not math.isfinite(value):
        return "–"
    if signal.type == "bool":
        return "true" if value else "false"
    if signal.labels:
        return signal.labels.get(int(value), f"{value:g}")
    return f"{value:.6g} {signal.unit}".strip()


def _chosen(one: Chosen) -> dict[str, Any]:
    stretch, swap = one.stretch, one.swap
    return {
        "log": one.record.path.name, "swap": None if swap is None else swap.number,
        "outcome": None if swap is None else swap.outcome, "packs": None if swap is None else swap.packs,
        "start_ns": stretch.start_ns, "end_ns": stretch.end_ns,
    }  # fmt: skip


def _divergence(one: Divergence) -> dict[str, Any]:
    return {
        "group": one.group, "by": one.by, "a_ns": one.a_ns, "b_ns": one.b_ns,
        "signals": [_differing(signal) for signal in one.signals],
    }  # fmt: skip


def _differing(one: Differing | Difference) -> dict[str, Any]:
    signal = one.signal
    return {
        "name": signal.name, "text": dict(signal.text), "source": signal.source, "unit": signal.unit,
        "a": _number(one.a), "b": _number(one.b), "a_text": value_text(signal, one.a),
        "b_text": value_text(signal, one.b), "tolerance": one.tolerance,
    }  # fmt: skip


def _difference(one: Difference, found: SideBySide) -> dict[str, Any]:
    warp = found.comparison.warp_of(one.signal)
    return {
        **_differing(one), "phase": phase_at(found.a, one.start_ns), "start_ns": one.start_ns, "end_ns": one.end_ns,
        "at_ns": one.at_ns, "b_start_ns": int(warp.to_b(one.start_ns)), "b_at_ns": int(warp.to_b(one.at_ns)),
    }  # fmt: skip


def _phase(table: PhaseTable | None, a: PhaseSpan | None, b: PhaseSpan | None) -> dict[str, Any]:
    name = (a or b).name  # type: ignore[union-attr]
    took_a, took_b = (None if span is None else span.duration_s for span in (a, b))
    text = table.phases[name].text if table is not None and name in table.phases else None
    return {
        "name": name,
        "text": {} if text is None else dict(text),
        "a": _span(a),
        "b": _span(b),
        "longer_s": None if took_a is None or took_b is None else took_b - took_a,
    }


def _span(span: PhaseSpan | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return {"start_ns": span.start_ns, "end_ns": span.end_ns, "took_s": span.duration_s, "waiting_ns": span.waiting_ns}


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def split_name(text: str) -> tuple[Path, int | None]:
    """``day.mcap#3`` as the log and the number of the swap."""
    name, mark, number = text.rpartition("#")
    if mark and number.isdecimal() and not Path(text).exists():
        return Path(name), int(number)
    return Path(text), None
