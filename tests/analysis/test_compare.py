"""Two logs of the same movement at another pace are one; a difference is found where it begins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from twin.analysis.compare import Comparison, Stretch, compare
from twin.analysis.compared import parse_tolerance, shipped_rules
from twin.analysis.difference import differences
from twin.analysis.reach import free, reach
from twin.analysis.track import Track
from twin.analysis.warp import make_warp, matched, rising
from twin.errors import InputError
from twin.record import Record, RecordWriter
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

SCAN_NS = 20_000_000
X, Z = Signal("arm.x.pv_position_m", unit="m"), Signal("arm.z.pv_position_m", unit="m")
HOME, LOCKED = Signal("arm.x.st_home", "bool"), Signal("arm.lock.st_locked", "bool")
SPEED = Signal("arm.x.pv_speed_m_s", unit="m/s")
SIGNALS = [X, Z, HOME, LOCKED, SPEED]
Rows = np.ndarray
#: In which scan something happens after a rest of :func:`_swap`.
RESTS_END = np.array([50, 170, 200, 290, 300])


def _swap(seed: int = 0) -> Rows:
    """An arm that goes out, is locked, lifts, is unlocked and comes back, with rests between; (scans, signals)."""
    x = np.concatenate([np.zeros(50), np.linspace(0, 1, 100), np.ones(150), np.linspace(1, 0, 100), np.zeros(50)])
    z = np.concatenate(
        [np.zeros(200), np.linspace(0, 0.1, 60), np.full(60, 0.1), np.linspace(0.1, 0, 20), np.zeros(110)]
    )
    locked = np.zeros(450)
    locked[170:290] = 1
    noise = np.random.default_rng(seed).normal(0, 0.0001, 450)
    return np.stack([x + noise, z, x < 0.002, locked, np.gradient(x)], axis=1)


def _write(path: Path, t_ns: np.ndarray, rows: Rows, signals: list[Signal] = SIGNALS, **metadata: str) -> Stretch:
    with RecordWriter(
        path, metadata={"scan_ns": str(SCAN_NS), **metadata}, tables={"plc": SignalTable(signals)}
    ) as writer:
        for at, row in zip(t_ns.tolist(), rows.tolist(), strict=True):
            writer.row("plc", int(at), row)
    return Stretch.whole(Record.open(path))


def _at_pace(rows: Rows, paces: list[float]) -> tuple[np.ndarray, Rows, np.ndarray]:
    """Rows at another pace, sampled every scan: times, rows, and the time of each old row."""
    warped = (
        np.concatenate([[0.0], np.cumsum(np.repeat(paces, -(-len(rows) // len(paces)))[: len(rows) - 1])]) * SCAN_NS
    )
    t_ns = np.arange(0, int(warped[-1]) + 1, SCAN_NS)
    new = rows[np.searchsorted(warped, t_ns, side="right") - 1]
    for k, signal in enumerate(SIGNALS):
        if signal.type == "real":
            new[:, k] = np.interp(t_ns, warped, rows[:, k])
    return t_ns, new, warped


def _compared(folder: Path, change: Callable[[Rows], None], paces: list[float]) -> tuple[Comparison, np.ndarray]:
    rows, other = _swap(), _swap()
    change(other)
    t_ns, new, warped = _at_pace(other, paces)
    a = _write(folder / "a.mcap", np.arange(len(rows)) * SCAN_NS, rows)
    return compare(a, _write(folder / "b.mcap", t_ns, new)), warped


paces = st.lists(st.floats(0.7, 1.5), min_size=1, max_size=8)
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@quick
@given(paces=paces)
def test_another_pace_is_no_difference(tmp_path: Path, paces: list[float]) -> None:
    found, warped = _compared(tmp_path, lambda rows: None, paces)
    assert found.first is None
    assert found.ended is None
    assert differences(found) == []
    # Where the arm moves it is known which instant is which.
    moving = np.arange(60, 145)
    off = found.warp.to_b(moving * SCAN_NS) - warped[moving]
    assert np.abs(off).max() < 3 * SCAN_NS


@quick
@given(paces=paces, scan=st.integers(20, 430), which=st.sampled_from([0, 1, 2, 3]))
def test_a_difference_is_found_in_its_scan(tmp_path: Path, paces: list[float], scan: int, which: int) -> None:
    edges = np.flatnonzero(np.diff(_swap()[:, which])) if which > 1 else np.array([-100])
    assume(np.abs(edges - scan).min() > 30)  # a bit that comes while all rest may come earlier or later
    until_then = RESTS_END - scan
    assume(not ((until_then >= -3) & (until_then <= 20)).any())  # and so may what comes beside the end of a rest

    def change(rows: Rows) -> None:
        # Not a little farther, which could be a little earlier.
        rows[scan:, which] = 1 - rows[scan, which] if which > 1 else rows[scan:, which] + 2.0

    found, warped = _compared(tmp_path, change, paces)
    assert found.first is not None
    onset = {"a": scan * SCAN_NS, "b": warped[scan]}[found.first.by]
    at_ns = found.first.a_ns if found.first.by == "a" else found.first.b_ns
    assert abs(at_ns - onset) <= 2 * SCAN_NS
    assert found.first.signals[0].signal.device.startswith("arm.")


def test_what_does_not_come_is_found_where_it_is_due(tmp_path: Path) -> None:
    def never_locked(rows: Rows) -> None:
        rows[170:, :] = rows[169, :]  # it stands there for ever

    found, _ = _compared(tmp_path, never_locked, [1.0])
    assert found.first is not None
    assert found.first.by == "a"
    assert abs(found.first.a_ns - 170 * SCAN_NS) <= SCAN_NS
    assert [one.signal.name for one in found.first.signals if one.differs] == [LOCKED.name]


def test_waiting_longer_is_no_difference(tmp_path: Path) -> None:
    rows = _swap()
    longer = np.concatenate([rows[:180], np.repeat(rows[180:181], 300, axis=0), rows[180:]])
    a = _write(tmp_path / "a.mcap", np.arange(len(rows)) * SCAN_NS, rows)
    b = _write(tmp_path / "b.mcap", np.arange(len(longer)) * SCAN_NS, longer)
    assert compare(a, b).first is None


def test_half_a_swap_ends_before_the_other(tmp_path: Path) -> None:
    rows = _swap()
    a = _write(tmp_path / "a.mcap", np.arange(len(rows)) * SCAN_NS, rows)
    b = _write(tmp_path / "b.mcap", np.arange(230) * SCAN_NS, rows[:230])
    found = compare(a, b)
    assert found.first is None
    assert found.ended == "b"


def test_logs_without_a_common_signal(tmp_path: Path) -> None:
    other = [Signal("oven.hot.pv_temperature_c", unit="°C")]
    a = _write(tmp_path / "a.mcap", np.arange(3) * SCAN_NS, _swap()[:3])
    b = _write(tmp_path / "b.mcap", np.arange(3) * SCAN_NS, np.ones((3, 1)), other)
    with pytest.raises(InputError, match="two records with signals in common"):
        compare(a, b)


def test_who_it_is_makes_no_difference(tmp_path: Path) -> None:
    def log(path: Path, labels: dict[int, str], values: list[float]) -> Stretch:
        serial = Signal("slot.one.pv_pack_serial", "enum", labels=labels)
        moving = Signal("slot.one.st_latched", "bool")
        rows = np.stack([np.repeat(values, 10), np.repeat([0, 1, 0, 0], 10)], axis=1)
        return _write(path, np.arange(40) * SCAN_NS, rows, [serial, moving])

    a = log(tmp_path / "a.mcap", {0: "none", 1: "P-1", 2: "P-2"}, [1, 0, 2, 2])
    b = log(tmp_path / "b.mcap", {0: "none", 7: "P-7", 9: "P-9"}, [9, 0, 7, 7])
    again = log(tmp_path / "c.mcap", {0: "none", 7: "P-7", 9: "P-9"}, [9, 0, 9, 9])
    assert compare(a, b).first is None
    # The first pack comes back, where in A another one came.
    assert compare(a, again).first is not None


def test_the_shipped_swap_is_like_itself() -> None:
    swap = Stretch.whole(Record.open(shipped("assets", "recordings", "nominal_swap.mcap")))
    assert compare(swap, swap).first is None


def _track(low: list[list[float]]) -> Track:
    values = np.array(low, dtype=np.float64)
    none = np.zeros((len(values), 0))
    t = np.arange(len(values), dtype=np.int64)
    return Track(t, t + 1, values, values, none, none, none, np.ones(len(values), dtype=np.bool_))


points = st.lists(st.lists(st.integers(0, 3).map(float), min_size=2, max_size=2), min_size=1, max_size=9)


@given(points, points)
def test_reach_is_what_a_search_of_all_ways_finds(one: list[list[float]], other: list[list[float]]) -> None:
    a, b = _track(one), _track(other)
    reached: set[tuple[int, int]] = set()
    for i in range(len(a)):
        for j in np.flatnonzero(free(a, i, b, 0, len(b))).tolist():
            if (i, j) == (0, 0) or reached & {(i - 1, j), (i, j - 1), (i - 1, j - 1)}:
                reached.add((i, j))
    found = reach(a, b)
    assert found.last_a == max((i for i, _ in reached), default=-1)
    assert found.last_b == max((j for _, j in reached), default=-1)
    assert found.first_b == min((j for i, j in reached if i == found.last_a), default=-1)
    assert found.first_a == min((i for i, j in reached if j == found.last_b), default=-1)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=40))
def test_a_warp_rises_in_both(pairs: list[tuple[int, int]]) -> None:
    anchors = np.array(pairs, dtype=np.int64)
    warp = make_warp(anchors, (0, 0))
    assert (np.diff(warp.a_ns) > 0).all()
    assert (np.diff(warp.b_ns) > 0).all()
    assert np.array_equal(warp.to_b(warp.a_ns), warp.b_ns)
    assert np.array_equal(warp.to_a(warp.b_ns), warp.a_ns)
    assert len(rising(anchors[np.lexsort((anchors[:, 1], anchors[:, 0]))])) == len(warp.a_ns)


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_what_is_matched_is_the_same_and_in_order(one: list[str], other: list[str]) -> None:
    found = matched(list(enumerate(one)), list(enumerate(other)))
    assert all(one[i] == other[j] for i, j in found.tolist())
    assert (np.diff(found, axis=0) > 0).all()


def test_a_tolerance_is_a_number_with_a_unit() -> None:
    assert parse_tolerance("5 mm") == ("m", pytest.approx(0.005))
    for wrong in ("5", "mm", "5 apples", "-1 mm", "nan mm"):
        with pytest.raises(InputError, match="a number and its unit"):
            parse_tolerance(wrong)
    wide = shipped_rules().widened({"m": 0.5})
    assert wide.tolerance(X, np.zeros(3)) == pytest.approx(0.5)
