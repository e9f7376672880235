"""Whether a tag means the same from its first sample to its last.

A key that is given to another node, a unit that is changed, a scale that is set anew: from one instant on, and for
good, the tag reads like another one. Looked for are words instead of numbers, and another order of magnitude.
"""

from __future__ import annotations

import numpy as np

from twin.analysis.finding import Findings, Flags, Numbers, Times

#: Samples whose size is taken together, and how many of these are kept before two become one.
_GROUP = 50
_MOST_GROUPS = 2048
#: Groups that must stand on either side, and how far apart the sizes before and after must be, at their nearest.
_LEAST_GROUPS = 3
_LEAST_RATIO = 10.0
#: Words after numbers, or numbers after words, at least.
_LEAST_WORDS = 20


class Meaning:
    """Watches one tag in the order of time."""

    def __init__(self, tag: str, findings: Findings) -> None:
        self._tag, self._findings = tag, findings
        self._numbers, self._words = _Extent(), _Extent()
        self._rest: Numbers = np.zeros(0)
        self._rest_ns: Times = np.zeros(0, dtype=np.int64)
        self._group = _GROUP
        #: Of each group: begin, end, smallest and largest size.
        self._groups: list[tuple[int, int, float, float]] = []

    def look(self, t_ns: Times, values: Numbers, words: Flags) -> None:
        """More samples: values as numbers, and which are words instead."""
        known = np.isfinite(values)
        self._numbers.look(t_ns, known)
        self._words.look(t_ns, words)
        # Zero is the same in every unit.
        sized = known & (values != 0)
        sizes = np.concatenate([self._rest, np.abs(values[sized])])
        times = np.concatenate([self._rest_ns, t_ns[sized]])
        whole = len(sizes) // self._group * self._group
        if whole:
            by_group, ns = sizes[:whole].reshape(-1, self._group), times[:whole].reshape(-1, self._group)
            # A few of a group may be anything: spikes are told apart.
            few = self._group // 10
            ranked = np.partition(by_group, [few, self._group - 1 - few], axis=1)
            low, high = ranked[:, few], ranked[:, -1 - few]
            self._groups += zip(ns[:, 0].tolist(), ns[:, -1].tolist(), low.tolist(), high.tolist(), strict=True)
            while len(self._groups) > _MOST_GROUPS:
                self._halve()
        self._rest, self._rest_ns = sizes[whole:], times[whole:]

    def finish(self) -> None:
        """Judge, once all was seen."""
        for before, after, note in (
            (self._numbers, self._words, ("words instead of numbers", "文字代替数字")),
            (self._words, self._numbers, ("numbers instead of words", "数字代替文字")),
        ):
            if min(before.count, after.count) >= _LEAST_WORDS and before.last_ns < after.first_ns:
                self._note(before.last_ns, after.first_ns, 0.0, note)
        if len(self._groups) > 2 * _LEAST_GROUPS:
            self._look_for_scale()

    def _look_for_scale(self) -> None:
        low, high = np.array([group[2] for group in self._groups]), np.array([group[3] for group in self._groups])
        least, most = np.minimum.accumulate(low), np.maximum.accumulate(high)
        least_after, most_after = np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high[::-1])[::-1]
        # How far apart all before and all behind a group are at their nearest; the group itself may hold the change.
        apart = np.maximum(least_after[2:] / most[:-2], least[:-2] / most_after[2:])
        apart[: _LEAST_GROUPS - 1] = apart[len(apart) - _LEAST_GROUPS + 1 :] = 0.0
        at = int(np.argmax(apart))
        if apart[at] < _LEAST_RATIO:
            return
        before, after = float(np.median(high[: at + 1])), float(np.median(high[at + 2 :]))
        sizes = f"|{before:.4g}| → |{after:.4g}|"
        self._note(self._groups[at][1], self._groups[at + 2][0], max(after / before, before / after), (sizes, sizes))

    def _note(self, start_ns: int, end_ns: int, ratio: float, note: tuple[str, str]) -> None:
        finding = self._findings.of("changed_meaning", self._tag, "×", note=note)
        finding.add(np.array([start_ns]), np.array([end_ns]), np.array([ratio]))

    def _halve(self) -> None:
        pairs = zip(self._groups[::2], self._groups[1::2], strict=False)
        self._groups = [(a[0], b[1], min(a[2], b[2]), max(a[3], b[3])) for a, b in pairs]
        self._group *= 2


class _Extent:
    """How many there are, and when the first and the last."""

    def __init__(self) -> None:
        self.count = self.first_ns = self.last_ns = 0

    def look(self, t_ns: Times, where: Flags) -> None:
        if where.any():
            mine = t_ns[where]
            self.first_ns = self.first_ns if self.count else int(mine[0])
            self.last_ns = int(mine[-1])
            self.count += len(mine)
