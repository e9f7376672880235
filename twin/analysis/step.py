"""Where a controller stood at an instant: its step, what it waited for, and the row of its table that says so."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np

from twin.errors import RecordError
from twin.formula import Evaluation, Formula
from twin.record import Record
from twin.signals import Signal

STEP, WAITS_FOR = "shuttle.sequence.seq_step", "shuttle.sequence.seq_waits_for"
#: Attachment with the controller's tables, and the one of them that a swap follows.
TRANSITIONS, SEQUENCE = "transitions.json", "shuttle"


@dataclass(frozen=True)
class Guard:
    """A row of a step: the guard it waits for, its conditions, the step that follows, its timeout (s) and alarm."""

    name: str
    conditions: tuple[str, ...]
    next: str
    timeout_s: float | None
    alarm: str


@dataclass(frozen=True)
class AtStep:
    """The step at an instant and since when; the condition that was false and since when, where one was.

    ``guards`` is empty where the Record does not hold its controller's table.
    """

    name: str
    since_ns: int
    waits_for: str
    waits_since_ns: int | None
    guards: tuple[Guard, ...] = ()


def step_at(record: Record, evaluation: Evaluation, t_ns: int) -> AtStep | None:
    """The step of the swap's sequence at an instant; None where the log does not show it."""
    signals = {signal.name: signal for signal in record.signals}
    if STEP not in signals:
        return None
    found = _label_at(evaluation, signals[STEP], t_ns)
    if found is None:
        return None
    name, since_ns = found
    waits = _label_at(evaluation, signals[WAITS_FOR], t_ns) if WAITS_FOR in signals else None
    awaited, waits_since_ns = waits if waits is not None and waits[0] != "nothing" else ("", None)
    return AtStep(name, since_ns, awaited, waits_since_ns, _guards(record, name))


def _label_at(evaluation: Evaluation, signal: Signal, t_ns: int) -> tuple[str, int] | None:
    """What an enumeration says at an instant, and since when."""
    times, values = evaluation.values(Formula("signal", value=signal.name))
    at = int(np.searchsorted(times, t_ns, side="right")) - 1
    if at < 0 or np.isnan(values[at]):
        return None
    changes = np.flatnonzero(values[: at + 1] != values[at])
    first = int(changes[-1]) + 1 if len(changes) else 0
    return signal.labels.get(int(values[at]), f"{values[at]:g}"), int(times[first])


def _guards(record: Record, step: str) -> tuple[Guard, ...]:
    try:
        rows = json.loads(record.attachment(TRANSITIONS)).get(SEQUENCE, [])
    except (RecordError, ValueError):
        return ()
    return tuple(
        Guard(row["guard"], tuple(row["conditions"]), row["next"], row["timeout_s"], row["alarm"])
        for row in rows
        if row["step"] == step
    )
