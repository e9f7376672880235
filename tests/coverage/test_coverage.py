"""Coverage: what was exercised is counted, what no log could tell is said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.coverage import KINDS, Coverage, Kind, Never, coverage, known_ways, rules_exercised
from twin.formula import Intervals
from twin.scenario import load_scenario
from twin.shipped import scenario_paths
from twin.signals import Signal

S = 1_000_000_000
STEPS = {0: "none.wait", 1: "seat.press", 2: "seat.settle", 3: "leave.clear"}
STATES = {2: "Idle", 4: "Execute", 14: "Holding", 15: "Held", 16: "Unholding", 11: "Suspending"}
TABLES = {
    "shuttle": [
        {"step": "none.wait", "guard": "truck", "conditions": [], "next": "seat.press", "timeout_s": None, "alarm": ""},
        {"step": "seat.press", "guard": "seated", "conditions": [], "next": "seat.settle", "timeout_s": 5.0,
         "alarm": "bracket*.seat.alm_not_seated"},
        {"step": "seat.press", "guard": "limit", "conditions": [], "next": "HOLD", "timeout_s": None,
         "alarm": "bracket*.seat.alm_not_seated"},
        {"step": "seat.settle", "guard": "settled", "conditions": [], "next": "leave.clear", "timeout_s": None,
         "alarm": ""},
        {"step": "seat.settle", "guard": "quiet", "conditions": [], "next": "leave.clear", "timeout_s": None,
         "alarm": ""},
        {"step": "seat.settle", "guard": "degraded", "conditions": [], "next": "SUSPEND", "timeout_s": None,
         "alarm": ""},
        {"step": "leave.clear", "guard": "clear", "conditions": [], "next": "DONE", "timeout_s": None, "alarm": ""},
    ]
}  # fmt: skip
#: A hold after 2 s, a second trial whose time runs out, a retry by hand, and the end.
LOG: dict[str, list[tuple[float, float]]] = {
    "shuttle.sequence.seq_step": [(0, 0), (1, 1), (20, 0), (21, 1), (22, 2), (23, 3), (24, 0)],
    "station.unit.seq_state": [(0, 2), (1, 4), (3, 14), (4, 15), (8, 16), (9, 4), (12.5, 14), (13, 15),
                                (20, 4), (24, 2)],
    "bracket2.seat.alm_not_seated": [(0, 0), (3, 1), (8, 0), (12.5, 1), (20, 0)],
    "shuttle.lift.ilk_plus": [(0, 0), (1, 1), (3, 0), (9, 1), (14, 0), (20, 1)],
    "shuttle.lift.cmd_move": [(0, 0), (1, 1), (3, 0), (9, 1), (12, 0), (20, 1), (23, 0)],
    "shuttle.lift.sp_position_m": [(0, 0), (1, 0.4)],
    "shuttle.lift.pv_position_m": [(0, 0), (2, 0.3), (21, 0.4)],
    "operator.panel.op_confirm": [(0, 0), (8, 1), (8.5, 0)],
}  # fmt: skip


class Log:
    end_ns = 30 * S
    step_ns = 20_000_000

    def __init__(self, series: Mapping[str, list[tuple[float, float]]] = LOG) -> None:
        self._series = series
        labels = {"seq_step": STEPS, "seq_state": STATES}
        self.signals = {
            name: Signal(name, "enum", labels=labels[name.rsplit(".", 1)[1]])
            if ".seq_" in name
            else Signal(name, "real" if name.endswith("_m") else "bool")
            for name in series
        }

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def series(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        t_s, values = zip(*self._series[name], strict=True)
        return np.round(np.array(t_s) * S).astype(np.int64), np.array(values, dtype=float)

    def period_ns(self, signal: Signal) -> int:
        return self.step_ns

    def events(self, text: str) -> npt.NDArray[np.int64]:
        return np.empty(0, dtype=np.int64)


def without(*names: str) -> Log:
    return Log({name: series for name, series in LOG.items() if name not in names})


def test_transitions_of_one_step_are_told_apart() -> None:
    found = coverage(Log(), TABLES).counts
    assert found["transition"] == {
        "shuttle: none.wait -> seat.press (truck)": 2,
        "shuttle: seat.press -> seat.settle (seated)": 1,
        # The first alarm came 2 s into the step, the second after 2 s, a hold and 3.5 s more.
        "shuttle: seat.press timeout (bracket*.seat.alm_not_seated)": 1,
        "shuttle: seat.press -> HOLD (limit)": 1,
        # Nobody can tell from outside which of the two it was.
        "shuttle: seat.settle -> leave.clear (settled or quiet)": 1,
        "shuttle: seat.settle -> SUSPEND (degraded)": 0,
        "shuttle: leave.clear -> DONE (clear)": 1,
    }
    assert found["jump"] == {"shuttle: seat.press -> none.wait": 1}


def test_a_log_that_looks_rarely_tells_of_no_jump() -> None:
    rare = Log()
    rare.step_ns = 500_000_000
    assert "jump" not in coverage(rare, TABLES).counts


def test_what_lasts_is_counted_in_stretches() -> None:
    found = coverage(Log(), TABLES).counts
    assert found["step"]["shuttle: seat.press"] == 2
    assert (found["state"]["Held"], found["state"]["Suspending"]) == (2, 0)
    assert found["alarm"] == {"bracket2.seat.alm_not_seated": 2}
    assert found["request"] == {"operator.panel.op_confirm": 1}
    assert (found["permitted"], found["forbidden"]) == ({"shuttle.lift.ilk_plus": 3}, {"shuttle.lift.ilk_plus": 3})


def test_an_interlock_that_stopped_something_is_told_from_one_that_was_false() -> None:
    # It ended the motion at 3 s; at 14 s nothing was wanted.
    assert coverage(Log(), TABLES).counts["blocked"] == {"shuttle.lift.ilk_plus": 1}
    # The way it went was the other one.
    away = Log({**LOG, "shuttle.lift.pv_position_m": [(0, 0.9)]})
    assert coverage(away, TABLES).counts["blocked"] == {"shuttle.lift.ilk_plus": 0}


def test_a_set_point_that_is_not_followed_for_an_interlock_counts() -> None:
    asked = Log(
        {**LOG, "shuttle.lift.cmd_move": [(0, 0)], "shuttle.lift.sp_position_m": [(0, 0.4), (15, 0.5), (25, 0.7)]}
    )
    assert coverage(asked, TABLES).counts["blocked"] == {"shuttle.lift.ilk_plus": 1}


def test_only_what_counts_is_counted() -> None:
    found = coverage(Log(), TABLES, stretches=Intervals.of([0, 21 * S], [4 * S, 30 * S]))
    assert found.time_s == 13
    assert found.counts["transition"]["shuttle: none.wait -> seat.press (truck)"] == 2
    assert found.counts["transition"]["shuttle: seat.press timeout (bracket*.seat.alm_not_seated)"] == 0
    assert found.counts["state"]["Held"] == 0
    assert "jump" not in found.counts


@pytest.mark.parametrize(
    ("lacking", "kind", "name"),
    [
        ("shuttle.sequence.seq_step", "transition", "shuttle: leave.clear -> DONE (clear)"),
        ("shuttle.sequence.seq_step", "step", "shuttle: seat.press"),
        ("shuttle.lift.ilk_plus", "blocked", "shuttle.lift.ilk_plus"),
        ("shuttle.lift.cmd_move", "blocked", "shuttle.lift.ilk_plus"),
        ("bracket2.seat.alm_not_seated", "alarm", "bracket2.seat.alm_not_seated"),
        ("operator.panel.op_confirm", "request", "operator.panel.op_confirm"),
    ],
)
def test_what_a_log_cannot_tell_is_not_exercised_and_said_so(lacking: str, kind: str, name: str) -> None:
    poor = coverage(without(lacking), TABLES, Log().signals.values())
    assert Never(kind, name, (), blind=True) in poor.never()  # type: ignore[arg-type]
    both = poor + coverage(Log(), TABLES)
    assert not any(one.name == name and one.blind for one in both.never())


def test_rules_and_ways() -> None:
    total = coverage(Log(), TABLES) + rules_exercised({"kept": 3, "never": 0, "unasked": None})
    assert total.exercised("rule") == (1, 3)
    assert Never("rule", "unasked", (), True) in total.never()
    assert Never("state", "Suspending", ("stock_short",)) in total.never({"Suspending": ["stock_short"]})
    # Most telling first.
    kinds = [one.kind for one in total.never()]
    assert kinds == sorted(kinds, key=list(KINDS).index)


def test_shipped_scenarios_say_what_they_exercise() -> None:
    ways = known_ways({"freed": load_scenario(scenario_paths()["recover_lock_stuck"])})
    assert set(ways) >= {
        "bracket2.lock3.alm_not_released", "Unholding", "manual", "operator.panel.op_confirm",
        "operator.panel.op_mode = manual", "operator.panel.op_jog_axis = shuttle.lift",
    }  # fmt: skip
    assert set(ways.values()) == {("freed",)}
    # What they say is what coverage calls it.
    assert Never("request", "operator.panel.op_confirm", ("freed",)) in Coverage(
        counts={"request": {"operator.panel.op_confirm": 0}}
    ).never(ways)


counts = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), max_size=4)


def made(found: dict[Kind, dict[str, int]], blind: frozenset[str], cases: int) -> Coverage:
    lacking = {kind: tuple(sorted(n for n in names if n in blind and not names[n])) for kind, names in found.items()}
    return Coverage(
        counts={kind: names for kind, names in found.items() if names},
        blind={kind: names for kind, names in lacking.items() if names}, cases=cases, time_s=float(cases),
    )  # fmt: skip


coverages = st.builds(
    made, st.dictionaries(st.sampled_from(list(KINDS)), counts, max_size=3), st.frozensets(st.sampled_from("abcd")),
    st.integers(0, 5),
)  # fmt: skip


@given(coverages, coverages, coverages)
def test_coverages_add_up_in_any_order_and_travel_as_json(a: Coverage, b: Coverage, c: Coverage) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + Coverage() == a
    assert Coverage.total([a, b, c]) == a + b + c
    assert Coverage.model_validate_json((a + b).model_dump_json()) == a + b
