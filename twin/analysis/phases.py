"""Finds swaps and their phases in a log, from signals alone (docs/phases.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from twin.analysis.phase_table import END, PhaseTable
from twin.analysis.samples import GAP_PERIODS, RecordSamples
from twin.analysis.walk import Seen, Walk, walk
from twin.errors import InputError
from twin.formula import Evaluation, Formula, Samples
from twin.record import Record

#: ``completed``: the new pack was locked, and the truck left. ``not_completed``: it left without. ``cut_off``: another
#: truck came before this one was seen to leave. ``open``: the log ends first. ``unknown``: it left, and what had been
#: done was before the log.
Outcome = Literal["completed", "not_completed", "cut_off", "open", "unknown"]


@dataclass(frozen=True)
class PhaseSpan:
    """One phase of one swap.

    Args:
        start_ns, end_ns: None where the log does not hold it.
        late_ns: how much earlier it may have begun: its signals were silent before the sample that shows it.
        waiting_ns: how much of it nothing moved; None where the log does not tell.
        unseen: phases that should have come before it and were not seen.
    """

    name: str
    start_ns: int | None
    end_ns: int | None
    late_ns: int = 0
    waiting_ns: int | None = None
    unseen: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float | None:
        """None where one of its ends is not in the log."""
        return None if self.start_ns is None or self.end_ns is None else (self.end_ns - self.start_ns) / 1e9


@dataclass(frozen=True)
class Swap:
    """One truck's swap. ``packs`` is how many were swapped, as far as the log shows."""

    number: int
    phases: tuple[PhaseSpan, ...]
    outcome: Outcome
    packs: int

    @property
    def start_ns(self) -> int | None:
        """None when it began before the log."""
        return self.phases[0].start_ns

    @property
    def end_ns(self) -> int | None:
        """None when the log ends first, or another truck came in between."""
        return self.phases[-1].end_ns

    @property
    def duration_s(self) -> float | None:
        """None where the log does not hold all of it."""
        return None if self.start_ns is None or self.end_ns is None else (self.end_ns - self.start_ns) / 1e9


@dataclass(frozen=True)
class Found:
    """What was found. ``missing``: phases that cannot be seen, and the signals that they need."""

    table: PhaseTable
    swaps: tuple[Swap, ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def events(self) -> list[tuple[int, str]]:
        """All boundaries in order: when, and which phase begins (``end``: the swap's end)."""
        found = [(p.start_ns, p.name) for swap in self.swaps for p in swap.phases if p.start_ns is not None]
        found += [(s.end_ns, END) for s in self.swaps if s.end_ns is not None and s.outcome not in ("cut_off", "open")]
        return sorted(found)


def find_phases(record: Record, table: PhaseTable, t0_ns: int | None = None, t1_ns: int | None = None) -> Found:
    """The swaps of a log, or of a window of it.

    Raises:
        InputError: the log lacks the signals by which a swap's place in it is found.
    """
    return find_in(RecordSamples(record, t0_ns, t1_ns, bridged=True), table)


def find_in(samples: Samples, table: PhaseTable) -> Found:
    """As :func:`find_phases`, of samples whose values stand until the next that is known."""
    evaluation = Evaluation(samples)
    seen, missing = _see(evaluation, table)
    if not any(one.can_anchor for one in seen.values()):
        lacking = dict.fromkeys(name for names in missing.values() for name in names)
        raise InputError(key="phases", expected="signals that show swaps: " + ", ".join(lacking), got="none of them")
    moving = None if evaluation.missing(f := table.formula(table.moving)) else evaluation.truth(f).sure
    late = _Late(evaluation, samples, table)
    swaps: list[Swap] = []
    for one in walk(seen, {name: phase.next for name, phase in table.phases.items()}, samples.end_ns):
        spans = []
        for step, after in zip(one.steps, [*one.steps[1:], None], strict=True):
            end_ns = one.end_ns if after is None else after.t_ns
            waiting = None
            if moving is not None and step.t_ns is not None and end_ns is not None:
                moved = moving.clipped(step.t_ns, end_ns)
                waiting = end_ns - step.t_ns - int((moved.end - moved.start).sum())
            spans.append(PhaseSpan(step.name, step.t_ns, end_ns, late.of(step.name, step.t_ns), waiting, step.unseen))
        swaps.append(Swap(len(swaps) + 1, tuple(spans), _outcome(one, table), _count(spans, table.counted)))
    return Found(table, tuple(swaps), missing)


def _see(evaluation: Evaluation, table: PhaseTable) -> tuple[dict[str, Seen], dict[str, tuple[str, ...]]]:
    """At which instants each phase may begin, and which phases cannot be seen."""
    seen, missing = {}, {}
    for name in [*table.phases, END]:
        begins, anchor = table.begins(name), table.anchor(name)
        lacking = evaluation.missing(begins)
        if lacking:
            missing[name] = tuple(lacking)
            continue
        t_ns = evaluation.truth(begins).sure.start
        tells = anchor is not None and not evaluation.missing(anchor)
        anchors = t_ns[evaluation.truth(anchor).at(t_ns) == 1] if anchor is not None and tells else t_ns[:0]
        seen[name] = Seen(t_ns, anchors, tells)
    return seen, missing


class _Late:
    """How long the signals of a boundary were silent before it."""

    def __init__(self, evaluation: Evaluation, samples: Samples, table: PhaseTable) -> None:
        self._evaluation, self._samples, self._table = evaluation, samples, table
        self._names: dict[str, list[str]] = {}

    def of(self, phase: str, t_ns: int | None) -> int:
        if t_ns is None:
            return 0
        if phase not in self._names:
            self._names[phase] = self._evaluation.signals(self._table.begins(phase))
        return max((self._silence_ns(name, t_ns) for name in self._names[phase]), default=0)

    def _silence_ns(self, name: str, t_ns: int) -> int:
        period_ns = self._samples.period_ns(self._samples.signals[name])
        t, _ = self._evaluation.values(Formula("signal", value=name))
        before = int(np.searchsorted(t, t_ns, side="left")) - 1
        if not period_ns or before < 0:
            return 0
        silence_ns = t_ns - int(t[before])
        return silence_ns if silence_ns > GAP_PERIODS * period_ns else 0


def _outcome(one: Walk, table: PhaseTable) -> Outcome:
    if one.cut_off:
        return "cut_off"
    if one.end_ns is None:
        return "open"
    if any(step.name == table.completed for step in one.steps):
        return "completed"
    order = list(table.phases)
    late = one.steps[0].t_ns is None and order.index(one.steps[0].name) > order.index(table.completed)
    return "unknown" if late else "not_completed"


def _count(spans: Sequence[PhaseSpan], name: str) -> int:
    return sum(span.name == name and span.start_ns is not None for span in spans)
