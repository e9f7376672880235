"""The walk from instant to instant: order, where a log begins, and what a person moved by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.analysis.walk import Seen, Walk, walk

#: a → b → c (→ b again) → end; a and c tell by themselves.
AFTER = {"a": ["b"], "b": ["c"], "c": ["b", "end"]}
ANCHORS = ("a", "c", "end")


def seen(**t_ns: list[int]) -> dict[str, Seen]:
    given_ns = {name: np.array(t_ns.get(name, []), dtype=np.int64) for name in (*AFTER, "end")}
    return {n: Seen(t, t if n in ANCHORS else t[:0], n in ANCHORS) for n, t in given_ns.items()}


def told(walks: list[Walk]) -> list[tuple[list[tuple[str, int | None]], int | None, bool]]:
    return [([(s.name, s.t_ns) for s in w.steps], w.end_ns, w.cut_off) for w in walks]


def test_two_swaps_in_order() -> None:
    found = told(list(walk(seen(a=[0, 100], b=[10, 110], c=[20, 120], end=[50, 150]), AFTER, 200)))
    assert found == [
        ([("a", 0), ("b", 10), ("c", 20)], 50, False),
        ([("a", 100), ("b", 110), ("c", 120)], 150, False),
    ]


def test_a_log_that_begins_in_the_middle() -> None:
    # b came before the log: c is followed by b and c again, then the end.
    found = told(list(walk(seen(c=[20, 40], b=[30], end=[50]), AFTER, 200)))
    assert found == [([("b", None), ("c", 20), ("b", 30), ("c", 40)], 50, False)]


def test_what_is_seen_before_the_first_sure_instant_is_put_in_order() -> None:
    found = told(list(walk(seen(b=[5], c=[20], end=[50]), AFTER, 200)))
    assert found == [([("a", None), ("b", 5), ("c", 20)], 50, False)]


def test_a_phase_that_was_not_seen_is_named() -> None:
    first, *_ = walk(seen(a=[0], c=[20], end=[50]), AFTER, 200)
    assert [(s.name, s.unseen) for s in first.steps] == [("a", ()), ("c", ("b",))]


def test_a_swap_that_never_ends_and_one_that_another_cuts_off() -> None:
    found = told(list(walk(seen(a=[0, 100], b=[10, 110], c=[120]), AFTER, 200)))
    assert found == [([("a", 0), ("b", 10)], None, True), ([("a", 100), ("b", 110), ("c", 120)], None, False)]


def test_nothing_to_be_seen() -> None:
    assert list(walk(seen(), AFTER, 200)) == []
    assert list(walk(seen(b=[10, 20]), AFTER, 200)) == []


def test_a_phase_that_cannot_be_seen_is_passed_over() -> None:
    without = {name: one for name, one in seen(a=[0], c=[20], end=[50]).items() if name != "b"}
    found = told(list(walk(without, AFTER, 200)))
    assert found == [([("a", 0), ("c", 20)], 50, False)]


@given(st.dictionaries(st.sampled_from([*AFTER, "end"]), st.lists(st.integers(0, 100), unique=True, max_size=12)))
def test_any_instants_give_swaps_in_order(t_ns: dict[str, list[int]]) -> None:
    walks = list(walk(seen(**{name: sorted(times) for name, times in t_ns.items()}), AFTER, 101))
    last = -1
    for one in walks:
        times = [s.t_ns for s in one.steps if s.t_ns is not None] + ([one.end_ns] if one.end_ns is not None else [])
        assert times == sorted(times) and (not times or times[0] >= last)
        last = times[-1] if times else last
        assert all(s.t_ns is not None for s in one.steps[1:])
        for s in one.steps:
            assert s.t_ns is None or s.t_ns in t_ns[s.name]
