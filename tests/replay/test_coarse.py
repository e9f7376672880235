"""Outputs beside a coarse log: what its samples cannot tell is no difference, what they can is one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.analysis.compared import shipped_rules
from twin.formula import Intervals
from twin.replay.coarse import Course, Said, off_where, sampled_differences
from twin.signals import Signal

SCAN_NS, LOOK = 20_000_000, 12
KEY = Signal("shuttle.lock_driver.cmd_lock", "bool")
STEPS = Signal("shuttle.sequence.seq_step", "enum", labels={0: "park", 1: "secure", 2: "lower", 3: "unlock"})
GOAL = Signal("shuttle.lift.sp_position_m", "real", "m")
RULES = shipped_rules()


def logged(signal: Signal, values: np.ndarray, look: int, phase: int, *, on_change: bool = True) -> Said:
    """What a log has that looks every so many scans."""
    rows = np.unique([0, *range(phase % look, len(values), look)])
    seen = values[rows]
    if on_change:
        rows = rows[np.concatenate([[True], seen[1:] != seen[:-1]])]
    return Said(signal, rows * SCAN_NS, values[rows].astype(float), look * SCAN_NS, len(values) * SCAN_NS)


def course(values: np.ndarray) -> Course:
    return Course(np.arange(len(values)) * SCAN_NS, values.astype(float), len(values) * SCAN_NS)


def off(said: Said, mine: np.ndarray, apart_ns: int = 0) -> Intervals:
    return off_where(said, course(mine), apart_ns, RULES)


runs = st.lists(st.tuples(st.sampled_from([0, 1, 2, 3]), st.integers(1, 60)), min_size=1, max_size=12)


def spread(found: list[tuple[int, int]], bits: bool = False) -> np.ndarray:
    return np.concatenate([np.full(n, v % 2 if bits else v) for v, n in found])


@given(runs, st.integers(1, 40), st.integers(0, 40), st.booleans(), st.integers(0, 10))
def test_what_the_log_was_made_of_differs_nowhere(
    found: list[tuple[int, int]], look: int, phase: int, bits: bool, late: int
) -> None:
    values = spread(found, bits)
    said = logged(KEY if bits else STEPS, values, look, phase)
    delayed = np.concatenate([np.full(late, values[0]), values])[: len(values)]
    assert not len(off(said, delayed, late * SCAN_NS))


@given(st.integers(1, 40), st.integers(0, 39), st.integers(0, 10), st.integers(1, 30))
def test_an_edge_later_than_looks_and_inputs_can_hide_is_found(look: int, phase: int, late: int, more: int) -> None:
    values = np.repeat([0, 1, 0], [60, 120, 60])
    said = logged(KEY, values, look, phase)
    by = late + look + more
    delayed = np.concatenate([np.zeros(by), values])[: len(values)]
    where = off(said, delayed, late * SCAN_NS)
    assert len(where) and where.start[0] >= 60 * SCAN_NS
    kinds = [one.kind for one in sampled_differences(said, course(delayed), where)]
    assert kinds[0] == "edge late"


def test_kinds() -> None:
    values = np.repeat([0, 1, 0, 0], 60)
    said = logged(KEY, values, LOOK, 5)
    for mine, kind in (
        (np.repeat([0, 0, 0, 0], 60), "edge missing"),
        (np.repeat([0, 1, 0, 1], 60), "edge extra"),
        (np.roll(values, -30), "edge early"),
        (np.roll(values, 30), "edge late"),
    ):
        where = off(said, mine)
        assert sampled_differences(said, course(mine), where)[0].kind == kind


def test_steps() -> None:
    values = np.repeat([0, 1, 2, 3], 60)
    said = logged(STEPS, values, LOOK, 5)
    for mine, kind, detail in (
        (np.repeat([0, 1, 1, 3], 60), "step missing", "lower"),
        (np.repeat([0, 1, 2, 3], [60, 90, 30, 60]), "step late", "lower"),
        (np.repeat([0, 1, 2, 3], [60, 30, 90, 60]), "step early", "lower"),
    ):
        where = off(said, mine)
        first = sampled_differences(said, course(mine), where)[0]
        assert (first.kind, first.detail) == (kind, detail)


def test_a_number_may_be_off_by_the_tolerance() -> None:
    values = np.repeat([0.1, 0.3], 60)
    said = logged(GOAL, values, LOOK, 5)
    assert not len(off(said, values + 0.0015))
    assert len(off(said, values + 0.0035))
    # A set point that comes late is the right one as long as the inputs can be so late.
    late = np.concatenate([np.full(9, 0.1), values])[:120]
    assert not len(off(said, late, 9 * SCAN_NS))


def test_silence_tells_nothing() -> None:
    said = Said(KEY, np.array([0, 10, 20]) * SCAN_NS, np.array([0.0, np.nan, 0.0]), SCAN_NS, 30 * SCAN_NS)
    mine = np.zeros(30)
    mine[12:18] = 1.0
    assert not len(off(said, mine))
