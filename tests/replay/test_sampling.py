"""What stands between a log's samples."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.replay.sampling import Samples

S = 10**9


def dead_band(t_s: list[float], values: list[float]) -> Samples:
    return Samples(np.array(t_s) * S, np.array(values), S, periodic=False, band=0.001, steps=False)


def test_what_is_silent_stands_and_leaves_less_than_a_look_before_it_is_written_again() -> None:
    log = dead_band([0, 10, 11, 12], [0.0, 0.2, 0.6, 0.8])
    scans = np.array([0, 5, 9.4, 10, 11], dtype=np.float64) * S
    # From 10 to 11 s it goes 0.4: it did its first 0.2 in half a second.
    np.testing.assert_allclose(log.at(scans.astype(np.int64)), [0.0, 0.0, 0.0, 0.2, 0.6])


def test_it_comes_to_its_stand_as_fast_as_it_was_before() -> None:
    log = dead_band([0, 10, 11, 12], [0.0, 0.2, 0.6, 0.8])
    np.testing.assert_allclose(log.at(np.array([11.25, 11.5, 12, 30]) * S), [0.7, 0.8, 0.8, 0.8])


def test_what_hardly_moves_after_it_left_took_a_whole_look() -> None:
    log = dead_band([0, 10, 11], [5.0, 0.0, 1e-310])
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(log.at(np.array([9, 9.5, 10]) * S), [5.0, 2.5, 0.0])


def test_a_bool_changes_at_its_own_stamp() -> None:
    log = Samples(np.array([0, 5 * S]), np.array([0.0, 1.0]), S, periodic=False, band=0.0, steps=True)
    np.testing.assert_array_equal(log.at(np.array([-1, 0, 5 * S - 1, 5 * S])), [np.nan, 0.0, 0.0, 1.0])


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=20), st.data())
def test_it_never_leaves_what_it_goes_between_and_keeps_every_sample(values: list[float], data: st.DataObject) -> None:
    looks = data.draw(st.lists(st.integers(1, 6), min_size=len(values) - 1, max_size=len(values) - 1))
    t_ns = np.concatenate([[0], np.cumsum(looks)]) * S
    log = Samples(t_ns, np.array(values), S, periodic=False, band=0.0, steps=False)
    np.testing.assert_allclose(log.at(t_ns), values, atol=1e-9)
    scans = np.arange(0, int(t_ns[-1]), S // 10)
    found = log.at(scans)
    before = np.searchsorted(t_ns, scans, side="right") - 1
    low, high = (f(np.array(values)[before], np.array(values)[before + 1]) for f in (np.minimum, np.maximum))
    assert ((found >= low - 1e-9) & (found <= high + 1e-9)).all()
