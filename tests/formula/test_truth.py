"""Truth over time against the definitions, instant by instant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.formula import Truth

END = 24
#: Instants at which both are asked, outside the window too.
INSTANTS = range(-6, END + 6)
Steps = dict[int, float]

steps = st.dictionaries(st.integers(0, END - 1), st.sampled_from([0.0, 1.0, np.nan]), min_size=0, max_size=8)
spans = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (min(pair), max(pair)))


def truth(of: Steps) -> Truth:
    t_ns = np.array(sorted(of), dtype=np.int64)
    return Truth.of_values(t_ns, np.array([of[t] for t in sorted(of)], dtype=float), END)


def value(of: Steps, t: int) -> int:
    """1 true, 0 unknown, -1 false."""
    before = [of[s] for s in sorted(of) if s <= t]
    if not before or t >= END or np.isnan(before[-1]):
        return 0
    return 1 if before[-1] else -1


def told(of: Truth) -> list[int]:
    return [{1: 1, 0: -1, -1: 0}[int(v)] for v in of.at(np.array(INSTANTS))]


@given(steps, steps)
def test_stretches_that_share_an_instant_with_others(a: Steps, b: Steps) -> None:
    mine, others = truth(a).sure, truth(b).sure
    shared = [any((others.start < end) & (start < others.end)) for start, end in zip(mine.start, mine.end, strict=True)]
    assert mine.overlaps(others).tolist() == shared


@given(steps, steps)
def test_and_or_not(a: Steps, b: Steps) -> None:
    assert told(truth(a) & truth(b)) == [min(value(a, t), value(b, t)) for t in INSTANTS]
    assert told(truth(a) | truth(b)) == [max(value(a, t), value(b, t)) for t in INSTANTS]
    assert told(~truth(a)) == [-value(a, t) for t in INSTANTS]


@given(steps, spans)
def test_within_and_throughout(a: Steps, span: tuple[int, int]) -> None:
    first, last = span
    windows = [[value(a, s) for s in range(t + first, t + last + 1)] for t in INSTANTS]
    assert told(truth(a).within(first, last)) == [max(window) for window in windows]
    assert told(truth(a).throughout(first, last)) == [min(window) for window in windows]


@given(steps, st.integers(0, 6))
def test_looking_back(a: Steps, span: int) -> None:
    windows = [[value(a, s) for s in range(t - span, t + 1)] for t in INSTANTS]
    assert told(truth(a).within_last(span)) == [max(window) for window in windows]
    assert told(truth(a).held(span)) == [min(window) for window in windows]


@given(steps, steps, spans)
def test_until(a: Steps, b: Steps, span: tuple[int, int]) -> None:
    def at(t: int) -> int:
        ends = (min([value(b, s), *(value(a, r) for r in range(t, s))]) for s in range(t + span[0], t + span[1] + 1))
        return max(ends)

    assert told(truth(a).until(truth(b), *span)) == [at(t) for t in INSTANTS]


@given(steps, steps)
def test_until_without_a_bound(a: Steps, b: Steps) -> None:
    def at(t: int) -> int:
        return max(min([value(b, s), *(value(a, r) for r in range(t, s))]) for s in range(t, END + 8))

    assert told(truth(a).until(truth(b))) == [at(t) for t in INSTANTS]


@given(steps, st.integers(1, 8))
def test_lasting(a: Steps, span: int) -> None:
    def at(t: int) -> int:
        found = -1
        for low in (1, 0):  # surely, then possibly
            if value(a, t) >= low:
                first = last = t
                while first > t - span and value(a, first - 1) >= low:
                    first -= 1
                while last < t + span and value(a, last + 1) >= low:
                    last += 1
                if last - first + 1 >= span:
                    found = max(found, low)
        return found

    assert told(truth(a).lasting(span)) == [at(t) for t in INSTANTS]


@given(steps)
def test_edges(a: Steps) -> None:
    rises, falls = told(truth(a).rises()), told(truth(a).falls())
    for n, t in enumerate(INSTANTS):
        before, now = value(a, t - 1), value(a, t)
        assert (rises[n] == 1) == (before == -1 and now == 1)
        assert (falls[n] == 1) == (before == 1 and now == -1)
        if before == now != 0:
            assert rises[n] == falls[n] == -1


def test_what_is_sure_is_possible_and_nothing_is_known_of_nothing() -> None:
    assert told(Truth.unknown()) == [0] * len(INSTANTS)
    assert told(Truth.always(True)) == [1] * len(INSTANTS)
    assert told(Truth.always(True).within(2, 5)) == [1] * len(INSTANTS)
    assert told(Truth.always(False).until(Truth.always(False))) == [-1] * len(INSTANTS)


@pytest.mark.slow
def test_ten_million_changes_take_seconds() -> None:
    count = 10_000_000
    t_ns = np.arange(count, dtype=np.int64) * 20_000_000
    values = (np.arange(count) % 7 < 3).astype(float)
    found = ~Truth.of_values(t_ns, values, int(t_ns[-1]) + 1).rises() | Truth.of_values(
        t_ns, 1 - values, int(t_ns[-1]) + 1
    ).within(0, 100_000_000)
    assert found.at(t_ns[1000:2000]).all()
