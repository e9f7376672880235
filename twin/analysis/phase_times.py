"""What phases took: beside their targets, and beside what is usual in the same log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from twin.analysis.phase_table import PhaseTable
from twin.analysis.phases import Found, Swap


@dataclass(frozen=True)
class PhaseTime:
    """One phase over a whole log, s: how often it was seen from its beginning to its end, and how long it took."""

    name: str
    count: int
    median_s: float
    least_s: float
    most_s: float
    waiting_s: float | None
    target_s: float | None


def phase_times(found: Found) -> list[PhaseTime]:
    """The phases of a log in the order of their table; those that were never seen whole are left out."""
    times = []
    for name, phase in found.table.phases.items():
        spans = [p for swap in found.swaps for p in swap.phases if p.name == name and p.duration_s is not None]
        if spans:
            took = [p.duration_s for p in spans if p.duration_s is not None]
            waited = [p.waiting_ns / 1e9 for p in spans if p.waiting_ns is not None]
            target = None if phase.target_s is None else phase.target_s.value
            waiting = median(waited) if waited else None
            times.append(PhaseTime(name, len(took), median(took), min(took), max(took), waiting, target))
    return times


def target_s(swap: Swap, table: PhaseTable) -> float | None:
    """What the phases of a swap should take together; None when one of them has no target."""
    total = 0.0
    for name in (p.name for p in swap.phases):
        quantity = table.phases[name].target_s
        if quantity is None:
            return None
        total += quantity.value
    return total


def usual_s(swap: Swap, swaps: Sequence[Swap]) -> float | None:
    """The median time of the completed swaps of as many packs; None when there is none."""
    like = [s.duration_s for s in swaps if s.outcome == "completed" and s.packs == swap.packs and s.duration_s]
    return median(like) if like else None


def as_data(found: Found) -> dict[str, Any]:
    """Everything that was found, JSON-ready. Times are s since the start of the log; null is not in the log."""

    def seconds(t_ns: int | None) -> float | None:
        return None if t_ns is None else t_ns / 1e9

    table = found.table
    return {
        "swaps": [
            {
                "number": swap.number, "outcome": swap.outcome, "packs": swap.packs,
                "start_s": seconds(swap.start_ns), "end_s": seconds(swap.end_ns), "duration_s": swap.duration_s,
                "target_s": target_s(swap, table), "median_s": usual_s(swap, found.swaps),
                "phases": [
                    {
                        "name": p.name, "start_s": seconds(p.start_ns), "end_s": seconds(p.end_ns),
                        "duration_s": p.duration_s, "waiting_s": seconds(p.waiting_ns),
                        "seen_late_by_s": p.late_ns / 1e9, "not_seen_before": list(p.unseen),
                    }
                    for p in swap.phases
                ],
            }
            for swap in found.swaps
        ],
        "phases": [vars(time) | {"text": table.phases[time.name].text.model_dump()} for time in phase_times(found)],
        "limit_s": None if table.limit_s is None else table.limit_s.value,
        "cannot_be_seen": {name: list(signals) for name, signals in found.missing.items()},
    }  # fmt: skip
