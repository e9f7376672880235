"""Where in a log a condition holds: stretches and instants, with what its signals say there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from twin.analysis.samples import RecordSamples
from twin.formula import Evaluation, Formula, find_signal, parse
from twin.record import Record
from twin.signals import Signal

#: Hits that are looked into one by one; more are only counted.
MOST_HITS = 10_000
#: Signals of which the values are told.
_MOST_SIGNALS = 6


@dataclass(frozen=True)
class Hit:
    """A stretch, or an instant, at which the condition surely holds.

    Args:
        start_ns, end_ns: the end exclusive; an instant's is 1 ns after its start.
        values: of each signal the value at the start, the smallest and the largest; NaN where none is known.
    """

    start_ns: int
    end_ns: int
    values: dict[str, tuple[float, float, float]]

    @property
    def is_instant(self) -> bool:
        return self.end_ns - self.start_ns <= 1

    @property
    def duration_s(self) -> float:
        return 0.0 if self.is_instant else (self.end_ns - self.start_ns) / 1e9


@dataclass(frozen=True)
class Search:
    """What came of a search.

    Args:
        signals: those whose values the hits tell.
        count: how many hits there are; the first :data:`MOST_HITS` of them are listed.
        unknown_s: how long it is not known whether the condition holds.
    """

    text: str
    signals: list[Signal]
    hits: list[Hit]
    count: int
    unknown_s: float


def search(record: Record, text: str) -> Search:
    """Look for a condition in a log.

    Raises:
        InputError: the condition cannot be read, or names what the log does not have.
    """
    formula = parse(text)
    samples = RecordSamples(record)
    evaluation = Evaluation(samples)
    evaluation.load([formula])
    truth = evaluation.truth(formula)
    sure = truth.sure.clipped(samples.start_ns, samples.end_ns)
    maybe = (truth.possible & ~truth.sure).clipped(samples.start_ns, samples.end_ns)
    names = _names(formula, evaluation, samples)
    starts, ends = sure.start[:MOST_HITS].tolist(), sure.end[:MOST_HITS].tolist()
    hits = [
        Hit(start, end, {name: _values(samples, name, start, end) for name in names})
        for start, end in zip(starts, ends, strict=True)
    ]
    unknown_s = float((maybe.end - maybe.start).sum()) / 1e9
    return Search(text, [samples.signals[name] for name in names], hits, len(sure), unknown_s)


def as_data(found: Search) -> dict[str, Any]:
    """Everything that was found, JSON-ready. Times are ns since the start of the log; null is not known."""
    return {
        "condition": found.text,
        "count": found.count,
        "unknown_s": found.unknown_s,
        "signals": [signal.to_dict() for signal in found.signals],
        "hits": [
            {
                "start_ns": hit.start_ns,
                "end_ns": hit.end_ns,
                "instant": hit.is_instant,
                "duration_s": hit.duration_s,
                "values": {
                    name: {key: None if np.isnan(v) else v for key, v in zip(("at", "low", "high"), three, strict=True)}
                    for name, three in hit.values.items()
                },
            }
            for hit in found.hits
        ],
    }


def _names(formula: Formula, evaluation: Evaluation, samples: RecordSamples) -> list[str]:
    """The signals whose values are told: those that the condition names, as long as they are few."""
    within = {id(part) for one in formula.walk() if one.op == "event" for part in one.parts}
    named = [part for part in formula.walk() if id(part) not in within]
    sources = [evaluation.source(part.name) for part in named if part.op == "source"]
    plain = [part.name for part in named if part.op == "signal" and "*" not in part.name]
    return list(dict.fromkeys(find_signal(name, samples.signals).name for name in [*plain, *sources]))[:_MOST_SIGNALS]


def _values(samples: RecordSamples, name: str, start_ns: int, end_ns: int) -> tuple[float, float, float]:
    t, v = samples.series(name)
    first = int(np.searchsorted(t, start_ns, side="right")) - 1
    stop = max(int(np.searchsorted(t, end_ns, side="left")), first + 1)
    within = v[max(first, 0) : stop]
    known = within[np.isfinite(within)]
    at = float(v[first]) if first >= 0 else float("nan")
    return (at, float(known.min()), float(known.max())) if len(known) else (at, float("nan"), float("nan"))
