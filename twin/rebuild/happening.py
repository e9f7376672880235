"""What happened to a station in a log that no controller did, and how a signal's course is read for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from twin import event as events
from twin.analysis.samples import RecordSamples
from twin.formula.document import Sentence
from twin.rebuild.aligned import standing
from twin.rebuild.known import How, Known

NS = 1_000_000_000


@dataclass(frozen=True)
class Until:
    """A signal comes above or below a value."""

    signal: str
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Happening:
    """Something that happened at an instant; None: it was so from the beginning.

    Args:
        how: ``logged`` or ``estimated``; when it happens again follows from what it answered.
        ends: when it ended, at what, and what ends it; None where it needs no end.
    """

    t_ns: int | None
    action: events.Action
    what: str
    how: How
    text: Sentence
    error: str = ""
    ends: tuple[int, Until, events.Action] | None = None


@dataclass
class Happenings:
    """All of a stretch, in order of time, and what could not be told."""

    found: list[Happening] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


def changes(samples: RecordSamples, name: str, start_ns: int, end_ns: int) -> Iterator[tuple[int, float]]:
    """Each change of a signal within a stretch: when, and to what."""
    t_ns, values = samples.series(name)
    for n in np.flatnonzero(values[1:] != values[:-1]) + 1:
        if start_ns <= t_ns[n] <= end_ns:
            yield int(t_ns[n]), float(values[n])


def value_at(samples: RecordSamples, name: str, t_ns: int) -> float:
    """What a signal says at an instant; NaN before its first sample."""
    return float(standing(samples.series(name), np.array([t_ns]))[0])
