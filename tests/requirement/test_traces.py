"""Each shipped requirement is met by one trace and broken by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import yaml

from twin.formula import Evaluation
from twin.record import Record
from twin.requirement import judge, load_requirements
from twin.shipped import shipped
from twin.signals import Signal

S = 1_000_000_000
#: Set of rules to the file of its traces beside this one.
FILES = {
    "chassis_swap": "traces.yaml",
    "interlocks": "traces_interlocks.yaml",
    "alarms": "traces_alarms.yaml",
    "modes": "traces_modes.yaml",
}
RULES = {name: load_requirements(shipped("assets", "requirements", f"{name}.yaml")) for name in FILES}
TRACES: dict[str, dict[str, dict[str, dict[str, Any]]]] = {
    name: yaml.safe_load(Path(__file__).with_name(file).read_text("utf-8")) for name, file in FILES.items()
}
CASES = [(of, name) for of, rules in RULES.items() for name in rules.requirements]
#: Signals of detectors that the shipped station does not have yet.
MORE = [Signal(f"rack.slot{n}.{field}", "bool") for n in range(1, 8) for field in ("st_smoke", "st_pack_damaged")]
SIGNALS = {
    signal.name: signal
    for signal in [*Record.open(shipped("assets", "recordings", "nominal_swap.mcap")).signals, *MORE]
}


class Trace:
    """The station's signals over 400 s, those that are not given at zero."""

    end_ns = 400 * S
    signals = SIGNALS

    def __init__(self, given: Mapping[str, Any]) -> None:
        assert set(given) <= set(SIGNALS), set(given) - set(SIGNALS)
        self._given = given

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def period_ns(self, signal: Signal) -> int:
        return 0

    def series(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        given = self._given.get(name, 0)
        steps = given if isinstance(given, dict) else {0: given}
        codes = {label: value for value, label in SIGNALS[name].labels.items()}
        values = [codes[value] if isinstance(value, str) else value for value in steps.values()]
        return np.round(np.array(list(steps)) * S).astype(np.int64), np.array(values, dtype=float)


def test_every_requirement_has_its_traces() -> None:
    assert set(FILES) == {path.stem for path in shipped("assets", "requirements").glob("*.yaml")}
    for of, rules in RULES.items():
        assert set(TRACES[of]) == set(rules.requirements)
    names = [name for _, name in CASES]
    assert len(set(names)) == len(names), "a name says which rule, whatever the file"


@pytest.mark.parametrize(("of", "name"), CASES, ids=[name for _, name in CASES])
def test_a_requirement_is_met_by_one_trace_and_broken_by_another(of: str, name: str) -> None:
    rules = RULES[of]
    one = rules.model_copy(update={"requirements": {name: rules.requirements[name]}})
    traces = TRACES[of][name]
    (met,) = judge(one, Trace(traces["meets"]), 0)
    assert (met.status, met.count) == ("held", 0), met.violations[:1]
    (broken,) = judge(one, Trace({**traces["meets"], **traces["breaks"]}), 0)
    assert broken.status == "violated"
    assert all(reason.signals for reason in broken.violations[0].reasons)


def test_rules_mean_something_on_the_station_s_signals() -> None:
    evaluation = Evaluation(Trace({}))
    for of, name in CASES:
        for formula in RULES[of].formulas(name):
            assert evaluation.missing(formula) == [], name
