"""Why a station stopped, from short logs made by hand and from one run; 200 stops: `python -m benchmarks why`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from tests.recorded import recorded
from twin.analysis.cause_table import CauseTable, cause_table_of, load_cause_table
from twin.analysis.explained import as_data, explain_stop
from twin.analysis.why import Stop, explain, find_stops
from twin.document import parse_document
from twin.errors import InputError
from twin.record import Event, Record, RecordWriter
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

S = 1_000_000_000
FILE = shipped("assets", "stations", "chassis_swap", "causes.yaml")

TABLE = parse_document(
    """
text: {en: t, zh: t}
moving: moving(bay.truck.pv_position_m, 5 mm)
waiting: bay.truck.st_present
standstill_s: 10
stopped_states: [Held]
causes:
  stop_button:
    {text: {en: a, zh: a}, evidence: not station.safety.st_ok, way_out: {en: w, zh: w}, outranks: true}
  lock:
    {text: {en: b, zh: b}, device: "bay.lock*", evidence: (bay.keys.cmd_open for 2 s) and bay.lock*.st_locked,
     way_out: {en: w, zh: w}}
  door:
    {text: {en: c, zh: c}, evidence: bay.door.st_open, way_out: {en: w, zh: w}}
commands:
  - {command: bay.keys.cmd_open, answer: "not any(bay.lock*.st_locked)", text: {en: open, zh: 开}}
""",
    CauseTable,
)


@dataclass
class Log:
    """Signals as (time s, value) lists, over 60 s."""

    given: Mapping[str, list[tuple[float, float]]]
    end_ns: int = 60 * S
    signals: dict[str, Signal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.signals = {
            name: Signal(name, "enum", labels={0: "Execute", 1: "Held"}) if name.endswith("seq_state")
            else Signal(name, "real", "m") if name.endswith("_m") else Signal(name, "bool") for name in self.given
        }  # fmt: skip

    def series(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        rows = np.array(self.given[name], dtype=float)
        return (rows[:, 0] * S).astype(np.int64), rows[:, 1]

    def period_ns(self, signal: Signal) -> int:
        return 0


def log(**more: list[tuple[float, float]]) -> Log:
    """A truck drives in for 10 s and stands; lock 2 stays locked though it is to open from 20 s to 25 s."""
    given = {
        "bay.truck.pv_position_m": [(t / 2, min(t / 2, 10.0)) for t in range(21)],
        "bay.truck.st_present": [(0.0, 1.0)],
        "bay.keys.cmd_open": [(0.0, 0.0), (20.0, 1.0), (25.0, 0.0)],
        "bay.lock1.st_locked": [(0.0, 1.0), (21.0, 0.0)],
        "bay.lock2.st_locked": [(0.0, 1.0)],
        "station.safety.st_ok": [(0.0, 1.0)],
        "station.unit.seq_state": [(0.0, 0.0), (25.0, 1.0)],
    }
    return Log({name: rows for name, rows in {**given, **more}.items() if rows})


def test_the_cause_its_device_and_what_was_commanded() -> None:
    (stop,) = find_stops(log(), TABLE)
    assert (stop.at_ns, stop.state, stop.open) == (25 * S, "Held", True)
    why = explain(log(), TABLE, stop)
    assert [(c.name, c.device, c.since_ns) for c in why.causes] == [("lock", "bay.lock2", 22 * S)]
    assert [(s.text, s.held, s.since_ns) for s in why.causes[0].signs] == [
        ("bay.keys.cmd_open", True, 20 * S), ("bay.lock2.st_locked", True, 0),
    ]  # fmt: skip
    assert [(u.text_en, u.since_ns) for u in why.unanswered] == [("open", 20 * S)]
    assert why.cannot_tell == {"door": ("bay.door.st_open",)}


def test_what_stops_everything_outranks_what_a_step_waited_for() -> None:
    pressed = log(**{"station.safety.st_ok": [(0.0, 1.0), (24.9, 0.0)]})
    why = explain(pressed, TABLE, find_stops(pressed, TABLE)[0])
    assert [c.name for c in why.causes] == ["stop_button", "lock"]


def test_what_came_long_after_the_stop_is_no_cause() -> None:
    later = log(**{"station.safety.st_ok": [(0.0, 1.0), (40.0, 0.0)]})
    why = explain(later, TABLE, find_stops(later, TABLE)[0])
    assert [c.name for c in why.causes] == ["lock"]


def test_unknown_is_said_when_nothing_is_shown() -> None:
    opened = log(**{"bay.lock2.st_locked": [(0.0, 1.0), (21.5, 0.0)]})
    why = explain(opened, TABLE, find_stops(opened, TABLE)[0])
    assert why.causes == () and why.unanswered == ()


def test_without_a_state_the_standstill_tells() -> None:
    plain = log(**{"station.unit.seq_state": []})
    (stop,) = find_stops(plain, TABLE)
    assert stop.told_by == "standstill" and stop.at_ns == pytest.approx(10 * S, abs=S) and stop.open
    assert [c.name for c in explain(plain, TABLE, stop).causes] == ["lock"]


def test_a_log_without_what_shows_a_stop_has_none() -> None:
    assert find_stops(log(**{"station.unit.seq_state": [], "bay.truck.st_present": []}), TABLE) == []


def test_alarms_near_the_stop() -> None:
    raised = [Event(t * S, "alarm", f"a{t}", data={"edge": "raised"}) for t in (3, 24, 30)]
    why = explain(log(), TABLE, Stop(25 * S, 60 * S, "state", "Held", True), raised)
    assert [a.name for a in why.alarms] == ["a24", "a30"]


def test_the_stations_table_knows_its_signals() -> None:
    """Every signal that the shipped table reads is one that a run of the station records."""
    table = load_cause_table(FILE)
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    from twin.analysis.samples import RecordSamples
    from twin.formula import Evaluation

    evaluation = Evaluation(RecordSamples(record, bridged=True))
    for name, cause in table.causes.items():
        assert evaluation.missing(table.formula(cause.evidence)) == [], name
    for pair in table.commands:
        assert evaluation.missing(table.formula(pair.command)) == evaluation.missing(table.formula(pair.answer)) == []


def test_a_swap_that_goes_well_has_no_stop_and_shows_no_cause() -> None:
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    assert explain_stop(record) is None


def test_a_log_without_a_station_says_what_to_do(tmp_path: Path) -> None:
    with RecordWriter(tmp_path / "bare.mcap", metadata={}, tables={"plant": SignalTable()}) as writer:
        writer.event(Event(0, "event", "nothing"))
    with pytest.raises(InputError, match="a log that names no station"):
        cause_table_of(Record.open(tmp_path / "bare.mcap"))


@pytest.mark.slow
@pytest.mark.sim
def test_a_lock_that_does_not_open(tmp_path: Path) -> None:
    explained = explain_stop(recorded(tmp_path / "stuck.mcap", "lock_stuck"))
    assert explained is not None and explained.step is not None and explained.phase is not None
    first = explained.why.causes[0]
    assert (first.name, first.device) == ("lock_stuck", "bracket2.lock3")
    assert explained.why.alarms[0].name == "bracket2.lock3.alm_not_released"
    assert (explained.step.name, explained.step.waits_for) == ("unlock.turn", "locks_all_released")
    assert explained.step.guards[0].conditions == ("locks_all_released",)
    assert explained.phase.name == "unlock"
    data = as_data(explained)
    assert data["causes"][0]["way_out"]["zh"] and data["stop"]["state"] == "Held"
