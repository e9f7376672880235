"""What is found of a stream's order and of a tag's samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis.extent import Extent
from twin.analysis.finding import MOST_PLACES, NS, Finding, Findings
from twin.analysis.order import StreamOrder
from twin.analysis.quality import Expectation, TagQuality

SECOND = NS
DAY = 86_400 * NS
NO = np.zeros(0, dtype=bool)


def _tag(
    t_s: np.ndarray, values: np.ndarray, *, bad: np.ndarray = NO, words: np.ndarray = NO, cuts: list[int] | None = None,
    **expected: float,
) -> dict[str, Finding]:  # fmt: skip
    """Findings of one tag whose samples come in pieces."""
    findings = Findings()
    watch = TagQuality("s/a", findings, Expectation(**expected))
    t_ns = np.round(np.asarray(t_s) * NS).astype(np.int64)
    bad, words = (flags if len(flags) else np.zeros(len(t_ns), dtype=bool) for flags in (bad, words))
    for part in np.split(np.arange(len(t_ns)), sorted(cuts or [])):
        watch.look(t_ns[part], values[part], bad[part], words[part])
    watch.finish()
    return {finding.kind: finding for finding in findings}


def _noise(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(20.0, 0.1, count)


def test_a_clock_that_is_set_back_counts_once_for_all_tags_of_its_stream() -> None:
    findings = Findings()
    order = StreamOrder("s", findings)
    t = np.repeat(np.concatenate([np.arange(0, 1000), np.arange(400, 1500), np.arange(1200, 1800)]), 5) * SECOND
    order.look(t, np.tile(np.arange(5), len(t) // 5), np.arange(len(t)))
    order.finish()
    (found,) = [finding for finding in findings if finding.kind == "clock_set"]
    assert found.count == 2 and found.worst == pytest.approx(599)
    assert found.places == [(400 * SECOND, 999 * SECOND), (1200 * SECOND, 1499 * SECOND)]
    assert not [finding for finding in findings if finding.kind == "backward"]


def test_one_tag_that_comes_late_is_no_clock() -> None:
    findings = Findings()
    order = StreamOrder("s", findings)
    t = np.repeat(np.arange(0, 1000), 8) * SECOND
    tags = np.tile(np.arange(8), 1000)
    late = np.flatnonzero(tags == 3)[500:520]
    t[late] -= 300 * SECOND
    order.look(t, tags, np.arange(len(t)))
    order.finish()
    found = {finding.kind: finding for finding in findings}
    assert "clock_set" not in found
    assert found["backward"].count == 1 and found["backward"].worst == 299


def test_tags_in_blocks_are_out_of_line_and_in_order() -> None:
    findings = Findings()
    order = StreamOrder("s", findings)
    block = np.concatenate([np.arange(0, 50), np.arange(0, 50)]) * SECOND
    tags = np.repeat([0, 1], 50)
    for n in range(3):
        order.look(block + n * 50 * SECOND, tags, np.arange(n * 100, n * 100 + 100))
    order.finish()
    assert {finding.kind: finding.count for finding in findings} == {"unordered": 3}


def test_strays_are_outside_of_the_body_and_two_years_of_logs_are_not() -> None:
    extent = Extent()
    now = 20_000 * DAY
    extent.look(now + np.arange(10_000) * SECOND)
    extent.look(np.array([0, 5 * SECOND]))
    assert extent.body() == (now, now + 9_999 * SECOND)
    extent.look(now + 800 * DAY + np.arange(5_000) * SECOND)
    assert extent.body() == (now, now + 800 * DAY + 4_999 * SECOND)
    assert extent.within(*extent.body())[0] == 15_000


def test_a_value_that_always_moves_and_then_stands_is_frozen_over_any_border() -> None:
    values = _noise(6000)
    values[2500:3600] = values[2500]
    for cuts in ([], [1000, 2600, 3000, 3001, 5000]):
        found = _tag(np.arange(6000) * 0.25, values, cuts=cuts)["frozen"]
        assert found.count == 1
        assert found.places == [(625 * NS, round(899.75 * NS))]
        assert found.worst == pytest.approx(274.75)


def test_an_axis_that_waits_between_its_moves_is_not_frozen() -> None:
    move = np.minimum(np.maximum(np.arange(400) - 100, 0), 150) * 0.01
    values = np.concatenate([move, move[::-1]] * 5)
    assert "frozen" not in _tag(np.arange(len(values)) * 0.25, values)


def test_bad_samples_are_counted_one_by_one_and_placed_as_stretches() -> None:
    bad = np.zeros(3000, dtype=bool)
    bad[100:900] = bad[2000:2010] = True
    found = _tag(np.arange(3000) * 1.0, _noise(3000), bad=bad, cuts=[500, 1200])["bad_quality"]
    assert found.count == 810
    assert found.places == [(100 * NS, 899 * NS), (2000 * NS, 2009 * NS)]


def test_places_are_bounded_and_the_count_is_not() -> None:
    bad = np.arange(5000) % 2 == 0
    found = _tag(np.arange(5000) * 1.0, _noise(5000), bad=bad, cuts=[700])["bad_quality"]
    assert found.count == 2500 and len(found.places) == MOST_PLACES


def test_values_outside_of_the_maps_range() -> None:
    values = _noise(2000)
    values[700:703] = 99.0
    found = _tag(np.arange(2000) * 1.0, values, high=40.0)["out_of_range"]
    assert found.count == 3 and found.places == [(700 * NS, 702 * NS)]


@pytest.mark.parametrize("factor", [1000.0, 0.001, 50.0])
def test_another_unit_from_one_instant_on_is_a_changed_meaning(factor: float) -> None:
    values = 2.0 + np.sin(np.arange(4000) / 50) + _noise(4000) * 0.01
    values[1500:] *= factor
    found = _tag(np.arange(4000) * 1.0, values, cuts=[999, 1501])["changed_meaning"]
    assert found.count == 1
    start, end = found.places[0]
    assert start <= 1500 * NS <= end and end - start <= 110 * NS
    assert found.worst == pytest.approx(max(factor, 1 / factor), rel=0.1)


def test_a_pump_that_starts_and_stops_keeps_its_meaning() -> None:
    values = np.abs(_noise(6000)) * 0.001
    values[1000:3000] = _noise(2000)
    assert "changed_meaning" not in _tag(np.arange(6000) * 1.0, values)


def test_words_after_numbers_are_a_changed_meaning_and_a_few_words_between_are_not() -> None:
    values, words = _noise(500), np.zeros(500, dtype=bool)
    words[300:] = True
    values[300:] = np.nan
    found = _tag(np.arange(500) * 1.0, values, words=words)["changed_meaning"]
    assert found.places == [(299 * NS, 300 * NS)]
    values, words = _noise(500), np.arange(500) % 10 == 0
    values[words] = np.nan
    assert "changed_meaning" not in _tag(np.arange(500) * 1.0, values, words=words)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3999), max_size=8), st.integers(0, 10_000))
def test_where_a_piece_ends_changes_nothing(cuts: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 1, 4000).round(2)
    values[rng.integers(0, 3000) :][: rng.integers(5, 900)] = 7.0
    bad = np.repeat(rng.random(400) < 0.1, 10)
    t_s = np.cumsum(rng.choice([0.25, 0.25, 0.25, 0.0, 9.0], 4000, p=[0.5, 0.3, 0.18, 0.01, 0.01]))
    kinds = ("bad_quality", "frozen", "gap", "duplicate", "conflict")
    whole, pieces = _tag(t_s, values, bad=bad), _tag(t_s, values, bad=bad, cuts=cuts)
    for kind in kinds:
        a, b = whole.get(kind), pieces.get(kind)
        assert (a is None) == (b is None), kind
        if a is not None and b is not None:
            assert (a.count, a.places, a.worst) == (b.count, b.places, b.worst), kind
