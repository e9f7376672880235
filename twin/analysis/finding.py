"""Findings: what is wrong or odd in a log, counted, and placed in time.

What each kind is called and means stands in ``assets/findings.json``, worst first; the page reads the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from twin.shipped import shipped

NS = 1_000_000_000
Kind = Literal[
    "clock_set", "stray_stamp", "changed_meaning", "missing_tag", "gap", "frozen", "skew", "server_clock",
    "bad_quality", "pack_nowhere", "pack_twice", "pack_appeared", "out_of_range", "impossible_step", "conflict",
    "backward", "duplicate", "no_number", "rounded", "time_format", "unordered",
]  # fmt: skip

#: Places kept of each kind of finding of a subject; the rest is only counted.
MOST_PLACES = 100

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass
class Finding:
    """Something about a stream or a tag.

    Args:
        subject: ``stream`` or ``stream/tag``.
        count: how often.
        places: the first :data:`MOST_PLACES` of them, (start, end) in ns since 1970.
        worst: the largest, in ``unit``; the meaning of "large" is the kind's.
        note: what else is to be said, in English and Chinese.
        data: numbers that belong to it, ready for JSON.
    """

    kind: Kind
    subject: str
    count: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)
    worst: float = 0.0
    unit: str = ""
    note: tuple[str, str] = ("", "")
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def stream(self) -> str:
        return self.subject.split("/", 1)[0]

    def add(self, starts: Times, ends: Times, sizes: Numbers | None = None, *, count: int | None = None) -> None:
        """Count more of it: one a place unless ``count`` says how many these places hold."""
        self.count += len(starts) if count is None else count
        room = max(0, MOST_PLACES - len(self.places))
        self.places += list(zip(starts[:room].tolist(), ends[:room].tolist(), strict=True))
        if sizes is not None and len(sizes):
            self.worst = max(self.worst, float(np.max(sizes)))


class Findings:
    """Findings by kind and subject, in the order in which they were first seen."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Finding] = {}

    def of(self, kind: Kind, subject: str, unit: str = "", note: tuple[str, str] = ("", "")) -> Finding:
        """The finding of a kind and subject, made when there is none."""
        return self._found.setdefault((kind, subject), Finding(kind, subject, unit=unit, note=note))

    def copy(self) -> Findings:
        """The same findings, which go on on their own."""
        other = Findings()
        other._found = {
            key: replace(finding, places=list(finding.places), data=dict(finding.data))
            for key, finding in self._found.items()
        }
        return other

    def __iter__(self) -> Iterator[Finding]:
        return iter(finding for finding in self._found.values() if finding.count)


@cache
def finding_words() -> dict[str, dict[str, tuple[str, str]]]:
    """Kind to ``name`` and ``means``, each in English and Chinese; worst kind first."""
    data = json.loads(shipped("assets", "findings.json").read_text(encoding="utf-8"))
    return {kind: {key: (pair[0], pair[1]) for key, pair in words.items()} for kind, words in data.items()}


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by how much they matter: what is missing or wrong before what is only untidy."""
    order = list(finding_words())
    return sorted(findings, key=lambda finding: (order.index(finding.kind), -finding.worst, -finding.count))
