"""Which rows of a transition table fired, told from the steps that followed each other and the alarms raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
#: When an enumeration took each of its labels; "" where it is not known.
Labels = tuple[Times, list[str]]
Table = Sequence[Mapping[str, Any]]

HOLD, SUSPEND, DONE = "HOLD", "SUSPEND", "DONE"
#: The states that follow where a row of no alarm ends so.
_STATE_BY_END = {HOLD: "Holding", SUSPEND: "Suspending"}
#: In these a sequence does not go on, and the time of its step stands still.
_STILL = frozenset({"Holding", "Held", "Unholding", "Suspending", "Suspended", "Unsuspending"})


@dataclass(frozen=True)
class Course:
    """What was seen of one sequence: its steps, when each alarm was raised, and the station's states if they are."""

    t_ns: Times
    steps: list[str]
    alarms: Mapping[str, Times]
    states: Labels | None = None


def transition_names(sequence: str, table: Table) -> list[str]:
    """Every transition of a table: its rows, and of those with a timeout the timeout. Rows of one way are one."""
    return list(dict.fromkeys(name for name, _, _ in _rows(sequence, table)))


def count_transitions(
    sequence: str, table: Table, course: Course, counting: Callable[[Times], int]
) -> tuple[dict[str, int], dict[str, int]]:
    """How often each transition fired, and how often a step followed by no row (a retry, a resumption).

    Args:
        counting: how many of some instants count.
    """
    first = table[0]["step"] if table else ""
    edges: dict[tuple[str, str], list[int]] = {}
    for at, before, after in zip(course.t_ns[1:].tolist(), course.steps[:-1], course.steps[1:], strict=True):
        if before and after:
            edges.setdefault((before, after), []).append(at)
    limits = {row["step"]: row["timeout_s"] * 1e9 for row in table if row.get("timeout_s") is not None}
    found: dict[str, int] = {}
    for name, row, end in _rows(sequence, table):
        if end in (HOLD, SUSPEND, "timeout"):
            at = _ended(row, end, course, limits.get(row["step"]))
        else:
            at = np.array(edges.pop((row["step"], first if end == DONE else end), []), dtype=np.int64)
        found[name] = found.get(name, 0) + counting(at)
    jumps = {f"{sequence}: {a} -> {b}": counting(np.array(t, dtype=np.int64)) for (a, b), t in edges.items()}
    return found, {name: count for name, count in jumps.items() if count}


def _rows(sequence: str, table: Table) -> list[tuple[str, Mapping[str, Any], str]]:
    """Name, row and end of every transition; rows that lead the same way cannot be told apart from outside."""
    guards: dict[tuple[str, str], list[str]] = {}
    for row in table:
        guards.setdefault((row["step"], row["next"]), []).append(row["guard"])
    found: dict[str, tuple[str, Mapping[str, Any], str]] = {}
    for row in table:
        step, following = row["step"], row["next"]
        name = f"{sequence}: {step} -> {following} ({' or '.join(guards[step, following])})"
        found.setdefault(name, (name, row, following))
        if row.get("timeout_s") is not None:
            late = f"{sequence}: {step} timeout ({row['alarm']})"
            found.setdefault(late, (late, row, "timeout"))
    return list(found.values())


def _ended(row: Mapping[str, Any], end: str, course: Course, limit_ns: float | None) -> Times:
    """When a row held or suspended, or its time ran out: an alarm of it came while its step stood."""
    at = _signs(row["alarm"], end, course)
    index = np.searchsorted(course.t_ns, at, side="right") - 1
    mine = [i >= 0 and course.steps[i] == row["step"] for i in index.tolist()]
    at, index = _picked(at, mine), _picked(index, mine)
    if limit_ns is None:
        return at
    # A row that holds does it before the step's time is over.
    pairs = zip(index.tolist(), at.tolist(), strict=True)
    wanted = [(_spent_ns(course, i, t_ns) >= limit_ns) == (end == "timeout") for i, t_ns in pairs]
    return _picked(at, wanted)


def _signs(alarm: str, end: str, course: Course) -> Times:
    """When a sequence may have stopped: an alarm was raised, several at once being one; without one, by the state."""
    if alarm:
        name = re.compile(re.escape(alarm).replace(r"\*", "[a-z0-9_.]*"))
        raised = [t_ns for known, t_ns in course.alarms.items() if name.fullmatch(known)]
        return np.unique(np.concatenate(raised)) if raised else np.empty(0, dtype=np.int64)
    if course.states is None:
        return np.empty(0, dtype=np.int64)
    t_ns, states = course.states
    return _picked(t_ns, [state == _STATE_BY_END.get(end) for state in states])


def _picked(t_ns: Times, wanted: list[bool]) -> Times:
    picked: Times = t_ns[np.array(wanted, dtype=bool)]
    return picked


def _spent_ns(course: Course, index: int, t_ns: int) -> int:
    """Time in a step until an instant, holds left out."""
    since = int(course.t_ns[index])
    if course.states is None:
        return t_ns - since
    times, states = course.states
    spent = t_ns - since
    for begin, end, state in zip(times.tolist(), [*times[1:].tolist(), t_ns], states, strict=True):
        if state in _STILL:
            spent -= max(0, min(end, t_ns) - max(begin, since))
    return spent
