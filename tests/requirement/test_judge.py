"""Judging: what is wrong is found with its reasons, what cannot be told is said so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pytest

from twin.document import parse_document
from twin.errors import InputError
from twin.requirement import Judgement, RequirementSet, judge
from twin.signals import Signal

S = 1_000_000_000
LOG: dict[str, list[tuple[float, float]]] = {
    "bay.sensor.st_truck_present": [(0, 0), (1, 1), (9, 0)],
    "bay.clamp.st_closed": [(0, 0), (2, 1), (8, 0)],
    "shuttle.lift.cmd_move": [(0, 0), (3, 1), (4, 0), (8.5, 1), (8.8, 0)],
    "shuttle.lift.pv_force_n": [(0, 0), (3, 12_000), (5, np.nan), (9, 0)],
    "rack.slot1.st_smoke": [(0, 0), (5, 1)],
    "rack.slot1.cmd_charge": [(0, 1), (5.05, 0)],
    "rack.slot2.st_smoke": [(0, 0), (6, 1)],
    "rack.slot2.cmd_charge": [(0, 1), (6.5, 0)],
}


class Log:
    end_ns = 10 * S

    def __init__(self, series: Mapping[str, list[tuple[float, float]]] = LOG) -> None:
        self._series = series
        unit = {"n": "N"}
        self.signals = {
            name: Signal(
                name, "real" if name.endswith("_n") else "bool", unit.get(name[-1:], "") if "_n" in name else ""
            )
            for name in series
        }

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def series(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        t_s, values = zip(*self._series[name], strict=True)
        return np.round(np.array(t_s) * S).astype(np.int64), np.array(values, dtype=float)


def rules(**texts: tuple[str, str]) -> RequirementSet:
    words = "words: {secured: bay.clamp.st_closed and bay.sensor.st_truck_present, alone: not secured}\n"
    lines = "".join(
        f"  {name}: {{when: {when!r}, then: {then!r}, severity: safety, text: {{en: e, zh: z}}}}\n"
        for name, (when, then) in texts.items()
    )
    return parse_document(f"text: {{en: Some, zh: 若干}}\n{words}requirements:\n{lines}", RequirementSet)


def judged(when: str, then: str) -> Judgement:
    return judge(rules(rule=(when, then)), Log(), 0)[0]


def test_a_rule_that_holds() -> None:
    found = judged("shuttle.lift.cmd_move", "bay.sensor.st_truck_present")
    assert (found.status, found.exercised, found.known, found.count) == ("held", 2, 2, 0)


def test_a_rule_that_is_broken_says_where_and_why() -> None:
    found = judged("shuttle.lift.cmd_move", "secured")
    assert (found.status, found.exercised, found.count) == ("violated", 2, 1)
    (violation,) = found.violations
    assert (violation.start_ns, violation.end_ns) == (round(8.5 * S), round(8.8 * S))
    assert [(r.text, r.held, r.since_ns) for r in violation.reasons] == [
        ("shuttle.lift.cmd_move", True, round(8.5 * S)),
        ("bay.clamp.st_closed", False, 8 * S),
        ("bay.sensor.st_truck_present", True, 1 * S),
    ]


def test_a_rule_for_each_device_names_the_one_that_broke_it() -> None:
    found = judged("rises(rack.slot*.st_smoke)", "not rack.slot*.cmd_charge within 100 ms")
    assert (found.status, found.exercised, found.count) == ("violated", 2, 1)
    assert found.violations[0].device == "2"
    (violation,) = found.violations
    assert violation.start_ns == 6 * S
    assert [reason.text for reason in violation.reasons] == ["rises(rack.slot2.st_smoke)", "rack.slot2.cmd_charge"]


@pytest.mark.parametrize(
    ("when", "then", "status"),
    [
        ("bay.gate.st_open", "secured", "not_applicable"),
        ("rises(rack.slot*.st_fire)", "secured", "not_applicable"),
        ("shuttle.lift.pv_force_n > 50 kN", "secured", "not_exercised"),
        ("falls(bay.sensor.st_truck_present)", "shuttle.lift.pv_force_n < 1 kN", "held"),
        ("rises(rack.slot1.st_smoke)", "shuttle.lift.pv_force_n < 20 kN", "not_known"),
        # It began to be silent only in the middle of the stretch.
        ("secured", "shuttle.lift.pv_force_n < 20 kN", "not_known"),
        ("secured", "shuttle.lift.pv_force_n < 10 kN", "violated"),
        ("alone", "not shuttle.lift.cmd_move", "violated"),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_said_so(when: str, then: str, status: str) -> None:
    assert judged(when, then).status == status


def test_missing_signals_are_named() -> None:
    assert judged("bay.gate.st_open", "bay.gate.pv_x_m > 3 or secured").missing == [
        "bay.gate.st_open",
        "bay.gate.pv_x_m",
    ]


def test_a_label_that_a_log_does_not_know_is_missing_and_other_rules_are_judged() -> None:
    """What was imported knows the words that it has seen."""
    lacking = ("bay.clamp.st_closed == Open", "Open == previous(bay.clamp.st_closed)")
    found = judge(rules(one=(lacking[0], "secured"), two=(lacking[1], "secured"), three=("alone", "secured")), Log(), 0)
    for judgement in found[:2]:
        assert (judgement.status, judgement.missing) == ("not_applicable", ["bay.clamp.st_closed = Open"])
    assert found[2].status == "violated"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("then: bay.clamp.st_closed and", "requirements.r.then: .* character"),
        ("then: secret", "a word that is explained above: there is none, got secret"),
        ("when: bay.clamp.st_closed", "then"),
        ("then: bay.clamp.st_closed, severity: terrible", "severity"),
    ],
)
def test_a_rule_that_cannot_be_read_is_named(text: str, says: str) -> None:
    severity = "" if "severity" in text else ", severity: safety"
    document = f"text: {{en: a, zh: b}}\nrequirements:\n  r: {{{text}{severity}, text: {{en: e, zh: z}}}}\n"
    with pytest.raises(InputError, match=says):
        parse_document(document, RequirementSet)


def test_a_word_may_use_those_above_it_only() -> None:
    words = "words: {one: two, two: bay.clamp.st_closed}"
    rule = "requirements:\n  r: {then: one, severity: safety, text: {en: e, zh: z}}"
    with pytest.raises(InputError, match=r"words.one: expected a word that is explained above"):
        parse_document(f"text: {{en: a, zh: b}}\n{words}\n{rule}\n", RequirementSet)
