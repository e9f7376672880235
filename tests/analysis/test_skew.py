"""Clocks of two streams: found where they can be, and never told wrong."""

from __future__ import annotations

import numpy as np
import pytest

from twin.analysis.skew import NS, Events, Skew, estimate, events_of

HOUR = 3600.0


def _edges(rng: np.random.Generator, count: int, span_s: float) -> np.ndarray:
    return np.sort(rng.uniform(0, span_s, count))


def _seen(edges_s: np.ndarray, period_s: float, phase_s: float, tag: str) -> Events:
    """A bit that turns at each edge, as a logger samples it."""
    t = np.arange(phase_s, edges_s[-1] + 60, period_s)
    values = (np.searchsorted(edges_s, t) % 2).astype(float)
    return events_of(tag, np.round(t * NS).astype(np.int64), values, round(period_s * NS))


def _late(events: Events, offset_s: float, drift_ppm: float = 0.0) -> Events:
    """As a clock writes it that is behind by an offset, and runs slow."""
    t = events.t_ns - round(offset_s * NS) - np.round(events.t_ns * drift_ppm * 1e-6).astype(np.int64)
    return Events(events.tag, t, events.tolerance_ns)


@pytest.mark.parametrize("offset_s", [0.9, -12.3, 61.8, -8 * HOUR])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_an_offset_is_found_within_its_error(offset_s: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    edges = _edges(rng, 80, HOUR)
    a, b = _seen(edges, 0.25, 0.0, "a"), _late(_seen(edges, 0.3, 0.11, "b"), offset_s)
    skew = estimate("A", "B", [a], [b])
    assert skew.known and skew.matters and skew.confidence == "medium"
    assert abs(skew.offset_s - offset_s) <= max(skew.error_s, 0.03)
    assert skew.error_s < 0.2 and skew.drift_ppm == 0.0


def test_a_drift_is_found_over_hours() -> None:
    rng = np.random.default_rng(5)
    edges = _edges(rng, 300, 12 * HOUR)
    a, b = _seen(edges, 0.25, 0.0, "a"), _late(_seen(edges, 0.25, 0.1, "b"), 3.0, 80.0)
    skew = estimate("A", "B", [a], [b])
    assert skew.known and skew.drift_ppm == pytest.approx(80.0, rel=0.1)
    assert skew.offset_s == pytest.approx(3.0, abs=0.3)


def test_clocks_that_agree_are_known_and_do_not_matter() -> None:
    edges = _edges(np.random.default_rng(6), 80, HOUR)
    skew = estimate("A", "B", [_seen(edges, 0.25, 0.0, "a")], [_seen(edges, 0.25, 0.13, "b")])
    assert skew.known and not skew.matters


def test_events_that_some_miss_and_some_have_more_of() -> None:
    rng = np.random.default_rng(7)
    edges = _edges(rng, 120, HOUR)
    a = Events("a", np.round(edges[rng.random(120) < 0.85] * NS).astype(np.int64), NS // 4)
    more = np.sort(np.concatenate([edges[rng.random(120) < 0.9], rng.uniform(0, HOUR, 12)]))
    b = Events("b", np.round((more - 5.5) * NS).astype(np.int64), NS // 4)
    assert estimate("A", "B", [a], [b]).offset_s == pytest.approx(5.5, abs=0.1)


def test_unrelated_streams_never_tell() -> None:
    told = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        streams = [
            [_seen(_edges(rng, int(rng.integers(10, 200)), HOUR), 0.25, 0.0, f"{side}{k}") for k in range(3)]
            for side in "ab"
        ]
        skew = estimate("A", "B", *streams)
        told.append(skew.known)
    assert not any(told)


def test_what_repeats_evenly_cannot_tell() -> None:
    edges = np.arange(0, HOUR, 30.0)
    skew = estimate("A", "B", [_seen(edges, 0.25, 0.0, "a")], [_late(_seen(edges, 0.25, 0.1, "b"), 7.0)])
    assert not skew.known and skew.reason


def test_unrelated_cycles_cannot_tell() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        a = np.cumsum(rng.normal(60, 1.0, 60))
        b = np.cumsum(rng.normal(60, 1.0, 60)) + rng.uniform(0, 60)
        assert not estimate("A", "B", [_seen(a, 0.25, 0.0, "a")], [_seen(b, 0.25, 0.1, "b")]).known


def test_too_few_events_cannot_tell() -> None:
    few = Events("a", np.arange(5) * NS, NS // 50)
    assert estimate("A", "B", [few], [few]) == Skew("A", "B", reason="few_events")


def test_a_moving_value_tells_by_crossing_its_middle() -> None:
    rng = np.random.default_rng(8)
    knots = np.cumsum(rng.uniform(20, 90, 80))
    t = np.arange(0, knots[-1], 0.25)
    x = np.interp(t, np.repeat(knots, 2) + np.tile([-4.0, 4.0], 80), np.tile([0.0, 1.0, 1.0, 0.0], 40))
    a = events_of("a", np.round(t * NS).astype(np.int64), x + rng.normal(0, 1e-4, len(t)), NS // 4)
    b = events_of("b", np.round((t - 2.2) * NS).astype(np.int64), 40 - 25 * x + rng.normal(0, 1e-3, len(t)), NS // 4)
    assert estimate("A", "B", [a], [b]).offset_s == pytest.approx(2.2, abs=0.05)
