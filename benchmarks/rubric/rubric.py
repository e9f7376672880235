"""The bands of docs/rubric.md: an instructor's, from deeds alone, and the score's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from benchmarks.rubric.catalogue import Says
from twin.lesson import Score

Band = Literal["excellent", "pass", "fail", "fail for safety"]
BANDS: tuple[Band, ...] = ("excellent", "pass", "fail", "fail for safety")
#: So many faults are too many, and so many slips are a fault.
FAULTS, SLIPS = 3, 3
#: From this total on the score is called excellent.
EXCELLENT = 95


def by_deeds(deeds: Iterable[Says], *, reached: bool) -> Band:
    """What an instructor says of the deeds that happened, and of whether the goal was reached."""
    count = Counter(deeds)
    if count["unsafe"]:
        return "fail for safety"
    if not reached or count["left_out"] or count["fault"] + count["slip"] // SLIPS >= FAULTS:
        return "fail"
    return "excellent" if not count["fault"] and count["slip"] <= 1 else "pass"


def by_score(score: Score) -> Band:
    """What the score says."""
    if not score.passed:
        return "fail for safety" if any(item.kind == "never" for item in score.items) else "fail"
    return "excellent" if float(score.total) >= EXCELLENT else "pass"
