"""From one controller to another in the middle of a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from twin.control import StationController
from twin.errors import InputError
from twin.program import Handover, Program
from twin.record import Record, RecordWriter
from twin.rerun import rerun_of
from twin.scenario import load_scenario
from twin.signals import Image, Signal, SignalTable

pytestmark = pytest.mark.sim
AT_NS = 4_000_000_000
HERE = "tests.program.test_handover"


class Counter(StationController):
    """Counts its scans, in a signal of its own."""

    scans = 0
    unit = ""

    @property
    def signals(self) -> SignalTable:
        return super().signals + SignalTable([Signal("station.counter.seq_scans", "int", unit=self.unit)])

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        super().scan(t_ns, inputs, outputs)
        self.scans += 1
        outputs.station.counter.seq_scans = self.scans


class OtherUnit(Counter):
    unit = "s"


def _run(program: Program | Handover, out: Path, until_s: float = 8) -> tuple[Record, str]:
    from twin.run import Run

    with Run(load_scenario("nominal_swap", [f"time_limit_s={until_s}"]), controller=program, out=out) as run:
        while run.scan():
            pass
        return Record.open(out), run.finish()["trace_digest"]


def test_the_same_program_on_both_sides_changes_nothing(tmp_path: Path) -> None:
    _, plain = _run(Program(), tmp_path / "plain.mcap")
    record, handed = _run(Handover(Program(), Program(), AT_NS), tmp_path / "handed.mcap")
    assert handed == plain
    assert json.loads(record.metadata["handovers"]) == [{"at_ns": AT_NS, "controller": "", "settings": {}}]


def test_who_takes_over_has_run_beside_the_other_before_and_is_followed_from_its_scan_on(tmp_path: Path) -> None:
    record, _ = _run(Handover(Program(), Program(f"{HERE}:Counter"), AT_NS), tmp_path / "log.mcap")
    t_ns, scans = record.signal("station.counter.seq_scans")
    assert (scans[t_ns < AT_NS] == 0).all()
    assert scans[t_ns == AT_NS] == [AT_NS // 20_000_000 + 1]


@pytest.mark.slow
def test_settings_of_who_takes_over_are_its_own(tmp_path: Path) -> None:
    # How long a truck must stand is asked for the first time after the handover.
    quick = Program(settings={"bay.standstill_s": 0.2})
    record, _ = _run(Handover(Program(), quick, AT_NS), tmp_path / "handed.mcap", 22)
    plain, _ = _run(Program(), tmp_path / "plain.mcap", 22)
    whole, _ = _run(quick, tmp_path / "whole.mcap", 22)
    handed, before, other = (one.rows("controller")[1] for one in (record, plain, whole))
    assert (handed == other).all()
    assert (handed != before).any()


@pytest.mark.slow
def test_a_run_with_handovers_is_run_again_exactly(tmp_path: Path) -> None:
    first = Handover(Program(), Program(settings={"bay.standstill_s": 0.2}), AT_NS)
    second = Handover(first, Program(f"{HERE}:Counter"), AT_NS + 2_000_000_000)
    record, digest = _run(second, tmp_path / "log.mcap")
    again = rerun_of(record)
    assert again.program == second
    from twin.run import run_to_end

    assert run_to_end(again.scenario, controller=again.program)["trace_digest"] == digest


def test_two_controllers_with_different_signals_of_one_name_cannot_follow_each_other(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"station\.counter\.seq_scans"):
        _run(Handover(Program(f"{HERE}:Counter"), Program(f"{HERE}:OtherUnit"), AT_NS), tmp_path / "log.mcap")


def test_a_log_that_is_no_simulation_cannot_be_run_again(tmp_path: Path) -> None:
    RecordWriter(tmp_path / "log.mcap", metadata={}, tables={}).finish()
    with pytest.raises(InputError, match="a record of a simulation"):
        rerun_of(Record.open(tmp_path / "log.mcap"))
