"""Logs as plants write them: the unchanged controller is carried along by them, and what is not known is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.plant_log import Run, export, plant_log
from tests.replay.said_again import SHIPPED
from twin.control.station import StationController
from twin.formula import Intervals
from twin.importing import import_files
from twin.program import Program
from twin.record import Record
from twin.replay import InputRule, Replay, open_loop, replay, replay_samples
from twin.requirement import judge, load_requirements
from twin.shipped import shipped
from twin.signals import Image

#: Of the time of a log, the share in which the unchanged controller is at least to be where the log is.
LEAST_AGREED = 0.85


@pytest.fixture(scope="module")
def run() -> Run:
    return Run.of(Record.open(SHIPPED))


@pytest.fixture(scope="module")
def logged(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A log that begins in mid-swap and has the sequence's steps."""
    return imported(run, tmp_path_factory.mktemp("plant"), 26)


def imported(run: Run, folder: Path, seed: int, *, without: str = "", mid_swap: bool = True) -> Record:
    log = plant_log(run, seed, mid_swap=mid_swap)
    log = replace(log, tags=[tag for tag in log.tags if tag.signal.kind != without])
    files = export(log, folder, "csv_long")
    out = folder / "log.mcap"
    import_files([files], out, folder / "map.yaml")
    return Record.open(out)


def seconds(where: Intervals) -> float:
    return float((where.end - where.start).sum()) / 1e9


def carried(again: list[Replay]) -> float:
    """Share of the time driven in which the controller was where its log is."""
    return sum(seconds(one.agreed) for one in again) / sum(np.ptp(one.t_ns) / 1e9 for one in again)


def test_in_mid_swap_it_is_brought_to_the_logs_step_and_goes_along(logged: Record) -> None:
    (again,) = replay(logged, Program())
    assert (again.how, again.verdict) == ("seq_ values", "")
    assert again.t_ns[0] < 5e9
    assert carried([again]) > LEAST_AGREED
    # Nothing is judged in the second in which it first agrees.
    assert again.engaged.start[0] >= again.t_ns[0] + 10**9


@pytest.mark.slow
def test_without_steps_it_is_warmed_up_from_idle(run: Run, tmp_path: Path) -> None:
    log = imported(run, tmp_path, 51, without="seq", mid_swap=False)
    (again,) = replay(log, Program())
    assert again.how == "warm-up from Idle"
    assert carried([again]) > LEAST_AGREED


class RaisesAsItTakesUp(StationController):
    """A mistake in what brings it to a log's step."""

    def take_up(self, inputs: Image, outputs: Image) -> bool:
        raise ZeroDivisionError("no step of mine")


@pytest.mark.parametrize("guarded", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_one_that_raises_as_it_takes_up_work_has_a_verdict(logged: Record, guarded: bool) -> None:
    program = Program("tests.replay.test_plant_log:RaisesAsItTakesUp", guarded=guarded)
    again = replay(logged, program)
    assert all("ZeroDivisionError: no step of mine" in one.verdict for one in again)
    assert [len(one.t_ns) for one in again] == [0] * len(again)


def test_where_neither_tells_nothing_is_driven(run: Run, tmp_path: Path) -> None:
    log = imported(run, tmp_path, 26, without="seq")
    found = replay(log, Program(), t1_ns=30_000_000_000)
    assert [(one.how, len(one.t_ns), len(one.engaged)) for one in found] == [("", 0, 0)]


def test_each_input_says_how_it_was_filled(logged: Record) -> None:
    rules: dict[str, InputRule] = {rule.name: rule for rule in replay(logged, Program(), t1_ns=5 * 10**9)[0].inputs}
    assert rules["shuttle.lift.pv_position_m"].how == "interpolated"
    assert "known to 0.001 m" in rules["shuttle.lift.pv_position_m"].why
    assert rules["bracket2.lock1.st_locked"].how == "held"
    assert (rules["operator.panel.op_start"].how, rules["operator.panel.op_start"].why) == ("missing", "no request")
    mode = rules["operator.panel.op_mode"]
    assert (mode.how, mode.why) == ("missing", "station.unit.seq_mode says it")


def test_beside_itself_it_differs_nowhere_and_a_change_is_found(logged: Record) -> None:
    (old,) = replay(logged, Program())
    (slow,) = replay(logged, Program(settings={"shuttle.lift.slow_m_s": 0.008}))
    assert open_loop(logged, old, old).differences == []
    assert [one.signal for one in open_loop(logged, slow, old).differences] == ["shuttle.lift.sp_speed_m_s"]


def test_the_unchanged_controller_breaks_no_rule_where_it_is_carried_along(logged: Record) -> None:
    rules = load_requirements(shipped("assets", "requirements", "chassis_swap.yaml"))
    (again,) = replay(logged, Program())
    samples = replay_samples(logged, again)
    judged = judge(rules, samples, samples.start_ns)
    assert sum(one.status == "held" for one in judged) > 20
    broken = [
        one.name
        for one in judged
        for violation in one.violations
        if again.agreed.contains(violation.start_ns)
        # What speaks of inputs alone says nothing of the controller.
        and any(signal in again.outputs for reason in violation.reasons for signal in reason.signals)
    ]
    assert broken == []


@pytest.mark.slow
def test_a_silent_periodic_input_is_not_invented(logged: Record, run: Run, tmp_path: Path) -> None:
    """A tag that is logged periodically and then stops: from there on nothing is judged."""
    log = plant_log(run, 26)
    name = "shuttle.plate.pv_load_n"
    t_ns = log.tags[0].t_ns
    rows = np.arange(int(t_ns[0]), int(t_ns[0]) + 40 * 10**9, 10**9)
    tags = [replace(tag, t_ns=rows, values=np.zeros(len(rows))) if tag.signal.name == name else tag for tag in log.tags]
    files = export(replace(log, tags=tags), tmp_path, "csv_long")
    text = (tmp_path / "map.yaml").read_text(encoding="utf-8")
    entry = text.index(f"signal: {name}")
    at = text.index("logged: dead_band", entry)
    text = text[:at] + text[at:].replace("logged: dead_band", "logged: periodic", 1)
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    import_files([files], tmp_path / "log.mcap", tmp_path / "map.yaml")
    again = replay(Record.open(tmp_path / "log.mcap"), Program())[0]
    assert len(again.engaged)
    assert int(again.engaged.end[-1]) < 46 * 10**9
    assert again.t_ns[-1] > 80 * 10**9
