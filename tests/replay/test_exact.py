"""Differences on the same scans: of made-up columns, where it is known what was changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.replay.difference import Difference
from twin.replay.exact import column_differences
from twin.replay.pair import Pair
from twin.signals import Signal

SCAN_NS = 20_000_000
STEPS = Signal(
    "shuttle.sequence.seq_step", "enum", labels={0: "park", 1: "secure", 2: "lower", 3: "unlock", 4: "raise"}
)
KEY = Signal("shuttle.lock_driver.cmd_lock", "bool")
SPEED = Signal("shuttle.lift.sp_speed_m_s", "real", "m/s")


def compared(signal: Signal, new: list[float], expected: list[float]) -> list[Difference]:
    a, b = (np.array(side, dtype=float)[:, None] for side in (new, expected))
    pair = Pair(np.arange(len(a)) * SCAN_NS, SCAN_NS, [signal], a, b, [])
    off = pair.off
    return column_differences(pair, 0, off[0]) if off else []


def bits(text: str) -> list[float]:
    return [float(c) for c in text]


@pytest.mark.parametrize(
    ("new", "expected", "kind", "detail", "scans", "at"),
    [
        ("0000011100", "0011111100", "edge late", "rises", 3, 2),
        ("0011111100", "0000011100", "edge early", "rises", 3, 2),
        ("0011111110", "0011110000", "edge late", "falls", 3, 6),
        ("0011000000", "0011111000", "edge early", "falls", 3, 4),
        ("0000000000", "0011110000", "edge missing", "off", 4, 2),
        ("0011110000", "0000000000", "edge extra", "on", 4, 2),
        ("0011111111", "0000000000", "edge extra", "on", None, 2),
        ("0000000000", "0011111111", "edge missing", "off", None, 2),
        ("0000011000", "0110000000", "edge late", "rises", 4, 1),
        ("0110000000", "0000011000", "edge early", "rises", 4, 1),
    ],
)
def test_an_edge(new: str, expected: str, kind: str, detail: str, scans: int | None, at: int) -> None:
    (found,) = compared(KEY, bits(new), bits(expected))
    assert (found.kind, found.detail, found.by_scans, found.t_ns) == (kind, detail, scans, at * SCAN_NS)
    assert found.by_ns == (None if scans is None else scans * SCAN_NS)


def test_words_say_which_way_and_how_late() -> None:
    (found,) = compared(KEY, bits("0000011100"), bits("0011111100"))
    assert found.text["en"] == "shuttle.lock_driver.cmd_lock rises 3 scans, 60 ms late"
    assert found.text["zh"] == "shuttle.lock_driver.cmd_lock 上升延迟 3 个周期（60 ms）"


def test_chatter_is_one_difference() -> None:
    (found,) = compared(KEY, bits("0010101010100000"), bits("0" * 16))
    assert (found.kind, found.count, found.by_scans) == ("chatter", 10, 9)


@pytest.mark.parametrize(
    ("new", "expected", "kind", "detail"),
    [
        ("0001223344", "0011223344", "step late", "secure"),
        ("0111223344", "0011223344", "step early", "secure"),
        ("0011333344", "0011223344", "step missing", "lower"),
        ("0011223344", "0011333344", "step extra", "lower"),
        ("0011332244", "0011223344", "step order", "secure > unlock"),
        # One is a little longer in the step in which both are for a moment.
        ("0013332244", "0011223344", "step order", "secure > unlock"),
    ],
)
def test_steps_are_told_by_name(new: str, expected: str, kind: str, detail: str) -> None:
    found = compared(STEPS, bits(new), bits(expected))
    assert [(one.kind, one.detail) for one in found] == [(kind, detail)]


def test_a_way_without_a_step_is_told() -> None:
    (found,) = compared(STEPS, bits("0011333344"), bits("0011223344"))
    assert found.text["en"] == "shuttle.sequence.seq_step goes secure → unlock without lower"


def test_rounding_is_no_difference() -> None:
    assert not compared(SPEED, np.float32([0.1, 0.35, 0.013]).tolist(), [0.1, 0.35, 0.013])
    (found,) = compared(SPEED, [0.1, 0.351, 0.013], [0.1, 0.35, 0.013])
    assert (found.kind, found.value, found.expected) == ("value", 0.351, 0.35)


columns = st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=40)


@given(columns, columns)
def test_where_something_differs_a_difference_says_so(new: list[float], expected: list[float]) -> None:
    n = min(len(new), len(expected))
    new, expected = new[:n], expected[:n]
    found = compared(KEY, new, expected)
    off = [k * SCAN_NS for k in range(n) if new[k] != expected[k]]
    assert bool(found) == bool(off)
    assert all(any(one.t_ns <= t < one.end_ns for one in found) for t in off)
    assert all(one.t_ns in off for one in found)


@given(st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0]), min_size=2, max_size=30), st.data())
def test_where_steps_differ_a_difference_says_so(expected: list[float], data: st.DataObject) -> None:
    new = data.draw(
        st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0]), min_size=len(expected), max_size=len(expected))
    )
    found = compared(STEPS, new, expected)
    off = [k * SCAN_NS for k in range(len(new)) if new[k] != expected[k]]
    assert bool(found) == bool(off)
    assert all(any(one.t_ns <= t < one.end_ns for one in found) for t in off)
