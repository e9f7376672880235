"""How well something is known over time, and joints between their samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.motion import INFERRED, MEASURED, UNKNOWN, JointSource, Known
from twin.motion.joint import known_of, positions, samples
from twin.motion.known import together

ROWS = st.lists(
    st.tuples(st.integers(0, 50), st.sampled_from([0, 1, 2]), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8
)


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4), st.lists(st.integers(0, 60), min_size=1, max_size=20))
def test_what_hangs_on_many_is_as_the_worst_of_them_with_their_errors_added(rows: list, at: list[int]) -> None:
    parts = [Known.of(part) for part in rows]
    both, t_ns = together(parts), np.array(sorted(at))
    assert (np.diff(both.t_ns) > 0).all()
    assert both.state[both.at(t_ns)].tolist() == np.max([p.state[p.at(t_ns)] for p in parts], axis=0).tolist()
    np.testing.assert_allclose(both.m[both.at(t_ns)], np.sum([p.m[p.at(t_ns)] for p in parts], axis=0))


@settings(deadline=None)
@given(ROWS, st.integers(0, 60), st.integers(0, 60))
def test_a_window_begins_as_it_stood_at_its_start(rows: list, a: int, b: int) -> None:
    t0, t1 = min(a, b), max(a, b)
    whole = Known.of(rows)
    part, inside = whole.within(t0, t1), np.arange(t0, t1 + 1)
    assert part.t_ns[0] == t0 and part.t_ns[-1] <= t1
    assert part.state[part.at(inside)].tolist() == whole.state[whole.at(inside)].tolist()


def test_a_periodic_axis_moves_evenly_and_is_held_over_a_gap() -> None:
    source = JointSource("m.x", "m.x.pv_position_m", period_s=1e-9, error=0.001)
    t, q = np.array([10, 12, 30]), np.array([1.0, 2.0, 3.0])
    assert positions(source, t, q, np.array([5, 10, 11, 12, 20, 30, 40])).tolist() == [1, 1, 1.5, 2, 2, 3, 3]
    known = known_of(source, t, q, 5, span=4.0, turns=False)
    assert known.t_ns.tolist() == [5, 10, 12, 13, 30, 33]
    assert known.state.tolist() == [UNKNOWN, MEASURED, MEASURED, INFERRED, MEASURED, INFERRED]
    # It may have begun to move between its first two samples, and not gone evenly.
    assert known.m.tolist() == pytest.approx([4.0, 0.251, 0.001, 1.001, 0.001, 4.0])


class _Log:
    """A record of one signal."""

    def __init__(self, t_ns: list[int], values: list[float]) -> None:
        self._rows = np.array(t_ns), np.array(values)

    def signal(self, name: str, t0_ns: int, t1_ns: int, *, before: bool) -> tuple[np.ndarray, np.ndarray]:
        return self._rows


def test_an_axis_logged_in_a_dead_band_stands_until_one_period_before_its_next_sample() -> None:
    source = JointSource("m.x", "m.x.pv_position_m", period_s=4e-9, logged="dead_band")
    t, q = samples(_Log([0, 20], [1.0, 2.0]), source, 0, 30)  # type: ignore[arg-type]
    assert positions(source, t, q, np.array([10, 16, 18, 20])).tolist() == [1.0, 1.0, 1.5, 2.0]
    known = known_of(source, t, q, 0, span=4.0, turns=False)
    assert known.state[known.at(np.array([10, 18, 25]))].tolist() == [MEASURED] * 3
    # It may have begun late and gone fast: while it moves it is known less well.
    assert known.m[known.at(np.array([10, 18, 25]))].tolist() == [0.0, 0.25, 0.0]


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=30, unique=True), st.sampled_from(["periodic", "dead_band"]))
def test_a_joint_is_where_its_samples_are_and_between_them_in_between(times: list[int], logged: str) -> None:
    t = np.array(sorted(times))
    q = np.sin(t.astype(float))
    source = JointSource("m.x", "m.x.pv_position_m", period_s=20e-9, logged=logged)  # type: ignore[arg-type]
    assert positions(source, t, q, t) == pytest.approx(q)
    at = np.arange(0, 1001)
    found = positions(source, t, q, at)
    low, high = np.searchsorted(t, at, side="right") - 1, np.searchsorted(t, at, side="left")
    a, b = q[np.clip(low, 0, len(t) - 1)], q[np.clip(high, 0, len(t) - 1)]
    assert (found >= np.minimum(a, b) - 1e-9).all() and (found <= np.maximum(a, b) + 1e-9).all()
