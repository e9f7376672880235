"""Where an axis stands, starts and stops: known moves, sampled, noisy, full of holes and as a plant logs them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.formula.standing import moves

S = 1_000_000_000
D = 0.005


def course(t: np.ndarray, legs: list[tuple[float, float]], speed: float = 0.1) -> np.ndarray:
    """An axis that stands at 0 and goes by each ``length`` at a time, evenly."""
    x = np.zeros(len(t))
    for at, length in legs:
        x += np.clip((t - at) * speed, 0.0, abs(length)) * np.sign(length)
    return x


@pytest.mark.parametrize("period_s", [0.01, 0.02, 0.1, 0.25, 0.5, 1.0])
def test_starts_and_stops_of_two_moves(period_s: float) -> None:
    t = np.arange(0.0, 40.0, period_s)
    found = moves((t * S).astype(np.int64), course(t, [(5.03, 0.6), (25.0, -0.4)]), D, round(period_s * S), 40 * S)
    assert found.up.tolist() == [True, False]
    # 5 mm at 0.1 m/s are 50 ms.
    assert found.start_ns / S == pytest.approx([5.08, 25.05], abs=max(period_s, 0.02))
    assert found.stop_ns / S == pytest.approx([10.98, 28.95], abs=max(period_s, 0.02))


def test_a_log_on_change() -> None:
    """Nothing is written while it stands, and every half second while it moves."""
    t = np.array([0.0, 5.5, 6.0, 6.5, 7.0, 7.5, 30.0, 30.5])
    x = np.array([0.0, 0.05, 0.10, 0.15, 0.20, 0.21, 0.16, 0.11])
    found = moves((t * S).astype(np.int64), x, D, 0, 60 * S)
    assert (found.start_ns / S).tolist() == [5.5, 30.0]
    assert (found.stop_ns / S).tolist() == [7.5, 30.5]


@given(st.integers(0, 10_000), st.floats(0.0, 0.3), st.floats(0.02, 0.5), st.floats(0.03, 0.4))
@settings(deadline=None, max_examples=100)
def test_noise_and_holes_move_a_start_by_little(seed: int, dropped: float, length: float, speed: float) -> None:
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, 40.0, 0.02)[rng.random(2000) >= dropped]
    x = course(t, [(5.0, length), (30.0, -length)], speed) + rng.normal(0.0, 0.001, len(t))
    found = moves((t * S).astype(np.int64), x, D, 20_000_000, 40 * S)
    assert found.up.tolist() == [True, False]
    gap_s = float(np.diff(t).max())
    assert found.start_ns / S == pytest.approx([5.0 + D / speed, 30.0 + D / speed], abs=max(0.1, gap_s))


def test_noise_alone_is_no_move() -> None:
    t = np.arange(0.0, 600.0, 0.02)
    x = np.random.default_rng(3).normal(0.0, 0.001, len(t))
    assert len(moves((t * S).astype(np.int64), x, D, 20_000_000, 600 * S).up) == 0


def test_ends_that_the_log_does_not_hold() -> None:
    t = np.arange(0.0, 20.0, 0.02)
    found = moves((t * S).astype(np.int64), course(t, [(-1.0, 0.5), (18.0, 0.9)]), D, 20_000_000, 20 * S)
    assert found.start_ns[0] == -1 and found.stop_ns[-1] == -1 and len(found.up) == 2


def test_a_hole_in_a_move_is_no_stop() -> None:
    t = np.concatenate([np.arange(0.0, 7.0, 0.02), np.arange(8.5, 20.0, 0.02)])
    found = moves((t * S).astype(np.int64), course(t, [(5.0, 0.6)]), D, 20_000_000, 20 * S)
    assert len(found.up) == 1 and found.stop_ns[0] / S == pytest.approx(10.95, abs=0.03)


def test_too_few_samples() -> None:
    assert len(moves(np.array([0]), np.array([1.0]), D, 0, S).up) == 0
    assert len(moves(np.array([0, S]), np.array([1.0, 2.0]), D, 0, S + 1).up) == 0
