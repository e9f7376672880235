"""Judging a log as it comes: the same is said as of the whole, however it is cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.analysis.samples import period_of, with_silence
from twin.document import parse_document
from twin.errors import InputError
from twin.requirement import Judgement, Monitor, RequirementSet, judge
from twin.requirement.tally import MOST_VIOLATIONS
from twin.signals import Signal

MS = 1_000_000
Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
#: Two tables: one that is written every 4 ms, one that is written as it changes.
EVERY, CHANGED = ("area.one.pv_x", "area.two.pv_x", "area.one.st_on"), ("area.two.st_on", "area.three.st_on")
SIGNALS = {
    name: Signal(name, "bool" if ".st_" in name else "real", period_s=0.004 if name in EVERY else 0.0)
    for name in (*EVERY, *CHANGED)
}
END_NS = 120 * MS
Table = tuple[tuple[str, ...], Times, Numbers]


class Log:
    """Tables held in memory; silence is not known."""

    def __init__(self, tables: Iterable[Table], end_ns: int = END_NS) -> None:
        self.tables, self.end_ns = list(tables), end_ns
        self.signals: Mapping[str, Signal] = SIGNALS

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def period_ns(self, signal: Signal) -> int:
        return period_of(signal, 0)

    def series(self, name: str) -> tuple[Times, Numbers]:
        for names, t_ns, values in self.tables:
            if name in names:
                column = values[:, names.index(name)]
                return with_silence(t_ns, column, self.period_ns(SIGNALS[name]), self.end_ns)
        raise AssertionError(name)

    def events(self, text: str) -> Times:
        raise AssertionError(text)


numbers = st.sampled_from([0.0, 1.0, 2.0, 3.0, np.nan])
truths = st.sampled_from([0.0, 1.0, 1.0, 0.0, np.nan])


@st.composite
def tables(draw: st.DrawFn) -> list[Table]:
    found = []
    for names, step in ((EVERY, st.sampled_from([4, 4, 4, 4, 3, 5, 9, 13, 30])), (CHANGED, st.integers(1, 40))):
        gaps = draw(st.lists(step, min_size=0, max_size=25))
        t_ms = [t for t in np.cumsum([draw(st.integers(0, 9)), *gaps]).tolist() if t < END_NS // MS]
        rows = [[draw(numbers if ".pv_" in name else truths) for name in names] for _ in t_ms]
        values = np.array(rows, dtype=float).reshape(len(t_ms), len(names))
        found.append((names, np.array(t_ms, dtype=np.int64) * MS, values))
    return found


number = st.one_of(
    st.sampled_from(["area.one.pv_x", "area.two.pv_x", "(area.one.pv_x - area.two.pv_x)", "previous(area.one.pv_x)",
                     "abs(area.one.pv_x - previous(area.two.pv_x))", "previous(previous(area.two.pv_x))",
                     "count(area.*.st_on)", "rate(area.one.pv_x)"]),
)  # fmt: skip
leaf = st.one_of(
    st.builds("{} {} {}".format, number, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(0, 3)),
    st.sampled_from(["area.one.st_on", "area.two.st_on", "area.three.st_on", "true", "changes(area.one.pv_x)",
                     "any(area.*.st_on)", "all(area.*.st_on)", "changes(area.two.st_on)",
                     "area.one.pv_x between 1 and 2"]),
)  # fmt: skip
span = st.integers(0, 25).map("{} ms".format)
both = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(lambda p: f"{min(p)} ms to {max(p)} ms")
formula = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or", "implies"]), inner),
        st.builds("not ({})".format, inner),
        st.builds("{}({})".format, st.sampled_from(["rises", "falls"]), inner),
        st.builds("(({}) {} {})".format, inner, st.sampled_from(["for", "lasts", "within last"]), span),
        st.builds("(({}) {} {})".format, inner, st.sampled_from(["within", "throughout"]), st.one_of(span, both)),
        st.builds("(({}) until ({}) by {})".format, inner, inner, st.one_of(span, both)),
        st.builds("(({}) until ({}))".format, inner, inner),
    ),
    max_leaves=5,
)


def rules(*pairs: tuple[str, str]) -> RequirementSet:
    lines = "".join(
        f"  r{n}: {{when: {when!r}, then: {then!r}, severity: safety, text: {{en: e, zh: z}}}}\n"
        for n, (when, then) in enumerate(pairs)
    )
    return parse_document(f"text: {{en: Some, zh: 若干}}\nrequirements:\n{lines}", RequirementSet)


def streamed(of: RequirementSet, log: Log, cuts: Iterable[int], start_ns: int, least_ns: int = 0) -> list[Judgement]:
    """What a monitor says at the end, and that what it told before was so."""
    monitor = Monitor(of, SIGNALS.values(), start_ns=start_ns, least_ns=least_ns)
    told = []
    before = 0
    for cut in [*sorted(cuts), log.end_ns]:
        for names, t_ns, values in log.tables:
            mine = (t_ns >= before) & (t_ns < cut)
            monitor.feed(names, t_ns[mine], values[mine])
        told += monitor.advance(cut)
        before = cut
    found = monitor.finish(log.end_ns)
    for alert in told:
        wrong = next(j for j in found if j.name == alert.name)
        of_device = [v for v in wrong.violations if v.device == alert.device]
        assert any(v.start_ns <= alert.t_ns < v.end_ns for v in of_device) or wrong.count > MOST_VIOLATIONS
    return found


pairs = st.lists(st.tuples(st.one_of(st.just("true"), leaf, formula), formula), min_size=1, max_size=3)
cuts = st.lists(st.integers(1, END_NS // MS - 1).map(lambda t: t * MS), max_size=12)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), pairs, cuts, st.integers(0, 30), st.booleans())
def test_what_is_said_of_a_log_as_it_comes_is_what_is_said_of_it_all(
    given_tables: list[Table], rule_pairs: list[tuple[str, str]], at: list[int], start_ms: int, lazy: bool
) -> None:
    try:
        of = rules(*rule_pairs)
    except InputError as error:  # what no signal can change is no rule
        assert "never holds" in str(error) or "always true" in str(error)
        return
    log, start_ns = Log(given_tables), start_ms * MS
    least_ns = 20 * MS if lazy else 0
    try:
        found = streamed(of, log, at, start_ns, least_ns)
    except InputError as error:  # how often something changed is no matter of a part of a log
        assert "a part of a log" in str(error)
        return
    whole = judge(of, log, start_ns)
    for one, other in zip(found, whole, strict=True):
        assert (one.status, one.exercised, one.known, one.count) == (
            other.status, other.exercised, other.known, other.count
        )  # fmt: skip
        # NaN is not itself: values are compared as they are told.
        assert repr(one.violations) == repr(other.violations)


def regular() -> Log:
    """Everything is written in time, and the first is above 1 from 20 ms on."""
    every_ms, changed_ms = np.arange(0, 120, 4), np.arange(0, 120, 10)
    x = np.where(every_ms >= 20, 2.0, 0.0)
    every = np.column_stack([x, every_ms % 3, (every_ms // 12) % 2])
    changed = np.column_stack([(changed_ms // 20) % 2, changed_ms >= 80])
    return Log([(EVERY, every_ms * MS, every.astype(float)), (CHANGED, changed_ms * MS, changed.astype(float))])


@pytest.mark.parametrize(
    ("when", "then", "count"),
    [
        ("area.one.pv_x > 1 for 50 ms", "not area.three.st_on", 1),
        ("rises(area.one.st_on)", "area.one.pv_x > 1 throughout 8 ms", 1),
        ("area.one.st_on within last 9 ms", "area.three.st_on", 3),
        ("area.one.pv_x > 1 lasts 60 ms", "area.three.st_on", 1),
        ("true", "not rises(area.two.st_on)", 3),
        ("rises(area.two.st_on)", "area.two.st_on until (area.three.st_on and area.one.st_on)", 2),
    ],
)
def test_rules_that_look_far_are_judged_in_small_parts(when: str, then: str, count: int) -> None:
    of, log = rules((when, then)), regular()
    (found,), (whole,) = streamed(of, log, range(MS, END_NS, MS), 0), judge(of, log, 0)
    assert found.count == count
    assert repr(found.violations) == repr(whole.violations)
    # Since when a condition held is known though what was then is forgotten.
    assert all(reason.since_ns is not None for one in found.violations for reason in one.reasons)


def test_what_came_before_the_start_counts_though_nothing_had_come_at_the_first_look() -> None:
    t_ns = np.array([1, 5, 9]) * MS
    log = Log([(EVERY, t_ns, np.ones((3, len(EVERY)))), (CHANGED, t_ns, np.ones((3, len(CHANGED))))])
    of = rules(("true", "area.one.pv_x < 0"))
    (found,), (whole,) = streamed(of, log, [MS], 6 * MS), judge(of, log, 6 * MS)
    assert repr(found.violations) == repr(whole.violations)
    assert found.violations[0].reasons[0].since_ns == MS


def test_what_is_late_is_no_sample_that_another_is_previous_to() -> None:
    t_ns = np.array([9, 12, 17, 21]) * MS
    log = Log([(EVERY, t_ns, np.zeros((4, len(EVERY)))), (CHANGED, t_ns[:1], np.zeros((1, len(CHANGED))))])
    of = rules(("true", "previous(previous(area.two.pv_x)) < 0"))
    (found,), (whole,) = streamed(of, log, [17 * MS], 0), judge(of, log, 0)
    assert repr(found.violations) == repr(whole.violations)
    assert found.violations[0].start_ns == 17 * MS


def test_it_is_told_as_soon_as_it_is_known_and_judged_when_nothing_can_change_it() -> None:
    of = rules(("rises(area.two.st_on)", "area.three.st_on within 30 ms"), ("true", "not area.three.st_on"))
    monitor = Monitor(of, SIGNALS.values())
    (names, t_ns, values) = regular().tables[1]
    told: dict[str, tuple[int, int]] = {}
    for n in range(len(t_ns)):
        monitor.feed(names, t_ns[n : n + 1], values[n : n + 1])
        for alert in monitor.advance(int(t_ns[n]) + 1):
            told.setdefault(alert.name, (int(t_ns[n]), alert.t_ns))
    # At 20 ms a switch rose, and 30 ms later it is late; what is forbidden at once is told at once.
    assert told == {"r0": (50 * MS, 20 * MS), "r1": (80 * MS, 80 * MS)}
    assert (monitor.latency_ns("r0"), monitor.latency_ns("r1")) == (30 * MS, 0)


def test_memory_does_not_grow_with_the_log() -> None:
    monitor = Monitor(rules(("area.one.pv_x > 1 for 50 ms", "area.one.st_on within 40 ms")), SIGNALS.values())
    for n in range(20_000):
        monitor.feed(EVERY, np.array([n * 4 * MS]), np.array([[2.0, 0.0, float(n % 7 == 0)]]))
        if n % 10 == 9:
            assert monitor.advance(n * 4 * MS + 1) == []
    rows = next(iter(monitor._tables.place.values()))[0]
    assert len(rows._t_ns) < 3000
    assert monitor.finish(80_000 * MS)[0].status == "held"


@pytest.mark.parametrize("then", ["moving(area.one.pv_x, 1)", "event(`stop`)", "previous(count(area.*.st_on)) > 1"])
def test_what_no_part_of_a_log_can_tell_is_refused(then: str) -> None:
    with pytest.raises(InputError, match="a part of a log can tell"):
        Monitor(rules(("true", then)), SIGNALS.values())


def test_a_rule_that_means_nothing_is_refused_before_anything_comes() -> None:
    with pytest.raises(InputError, match="true or false"):
        Monitor(rules(("true", "area.one.pv_x + 1")), SIGNALS.values())


def test_a_rule_whose_signals_are_not_there_is_not_applicable() -> None:
    (found,) = Monitor(rules(("true", "area.four.st_on")), SIGNALS.values()).finish(END_NS)
    assert (found.status, found.missing) == ("not_applicable", ["area.four.st_on"])
