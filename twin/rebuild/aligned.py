"""A log and a run of its situation, aligned at the beginnings of their phases."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twin.analysis.phase_table import phase_table_of
from twin.analysis.phases import Swap, find_in
from twin.analysis.samples import RecordSamples
from twin.record import Record

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Series = tuple[Times, Numbers]


@dataclass(frozen=True)
class Pair:
    """A phase of the log and the same of the run; an end that is not there is None. ``late_ns``: of its boundaries."""

    name: str
    a0_ns: int
    a1_ns: int | None
    b0_ns: int
    b1_ns: int | None
    late_ns: int


def swap_of(samples: RecordSamples, record: Record, start_ns: int | None) -> Swap | None:
    """The swap that begins at an instant, or the first."""
    swaps = find_in(samples, phase_table_of(record)).swaps
    if start_ns is None:
        return swaps[0] if swaps else None
    mine = [swap for swap in swaps if (swap.start_ns or record.start_ns) == start_ns]
    return mine[0] if mine else None


def pairs_of(a: Swap, b: Swap, stop_ns: int) -> list[Pair]:
    """Phases of both, name by name in their order, as long as they come in the same order."""
    seen = [span for span in a.phases if span.start_ns is not None and span.start_ns < stop_ns]
    others = [span for span in b.phases if span.start_ns is not None]
    if a.start_ns is None and seen:
        # The log begins in mid-swap: the run's part from the same phase on, with as many phases behind it.
        first = [n for n, span in enumerate(others) if span.name == seen[0].name]
        others = others[first[0] :] if first else []
    pairs: list[Pair] = []
    rest = iter(others)
    for number, mine in enumerate(seen):
        other = next(rest, None)
        while other is not None and other.name != mine.name and other.name in mine.unseen:
            # The log did not see it: what came before lasts that much longer in both.
            other = next(rest, None)
        if other is None or other.name != mine.name:
            break
        assert mine.start_ns is not None and other.start_ns is not None
        if pairs and pairs[-1].b1_ns != other.start_ns:
            pairs[-1] = replace(pairs[-1], b1_ns=other.start_ns)
        late = mine.late_ns + (seen[number + 1].late_ns if number + 1 < len(seen) else 0)
        pairs.append(Pair(mine.name, mine.start_ns, mine.end_ns, other.start_ns, other.end_ns, late))
    return pairs


class Grid:
    """From the log's time to the run's: linear within each phase."""

    def __init__(self, pairs: list[Pair], stop_ns: int, b_end_ns: int) -> None:
        a: list[int] = []
        b: list[int] = []
        for pair in pairs:
            a.append(pair.a0_ns)
            b.append(pair.b0_ns)
        last = pairs[-1]
        if last.a1_ns is not None and last.b1_ns is not None:
            a.append(last.a1_ns)
            b.append(last.b1_ns)
        else:
            # The last phase has no end: both go on at their own pace, one as the other.
            rest = max(min(stop_ns - a[-1], b_end_ns - b[-1]), 1)
            a.append(a[-1] + rest)
            b.append(b[-1] + rest)
        keep = np.concatenate([[True], np.diff(a) > 0])
        self.a = np.array(a, dtype=np.float64)[keep]
        self.b = np.array(b, dtype=np.float64)[keep]
        self.start_ns, self.stop_ns = int(self.a[0]), min(stop_ns, int(self.a[-1]))

    def to_b(self, t_ns: Times) -> Times:
        """Instants of the run."""
        return np.asarray(np.interp(t_ns, self.a, self.b), dtype=np.int64)


def standing(series: Series, t_ns: Times) -> Numbers:
    """The values that stand at instants; NaN before the first."""
    times, values = series
    if not len(times):
        return np.full(len(t_ns), np.nan)
    rows = np.searchsorted(times, t_ns, side="right") - 1
    return np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)
