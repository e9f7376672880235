"""The shipped swap through changed controllers: what differs, what follows from it, until when it is evidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.control import swap
from twin.control.output import OutputWriter
from twin.control.sequence import Sequence
from twin.control.settings import Settings
from twin.control.station import StationController
from twin.program import Program
from twin.record import Record
from twin.replay import OpenLoop, Replay, open_loop, replay
from twin.shipped import shipped
from twin.signals import SignalTable

HERE = "tests.replay.test_open_loop"
#: The swap as far as its first pack is brought away, ns.
UNTIL_NS = 70_000_000_000


class ClaimsLater(StationController):
    """The same table, but the empty place is claimed after the plate is raised over it; steps are numbered anew."""

    def __init__(self, table: SignalTable, settings: Settings, scan_ns: int) -> None:
        super().__init__(table, settings, scan_ns)
        after = {"deliver.square": "deliver.raise", "deliver.raise": "deliver.claim", "deliver.claim": "deliver.in"}
        rows = [
            type(row)(row.step, row.action, row.guard, after.get(row.step, row.next), row.timeout, row.alarm, row.then)
            for row in sorted(swap.SWAP, key=lambda row: row.step == "deliver.claim")
        ]
        self.swap_sequence = Sequence(rows, swap.GUARDS, self.facts, self.shuttle, self.settings.timeouts)
        self.output = OutputWriter(self)


class NoLights(StationController):
    """Its exit light is never red: nothing of the machine differs."""

    def scan(self, t_ns, inputs, outputs) -> None:  # type: ignore[no-untyped-def]
        super().scan(t_ns, inputs, outputs)
        outputs.bay.exit_light.cmd_red = False


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.open(Path(shipped("assets", "recordings", "nominal_swap.mcap")))


@pytest.fixture(scope="module")
def old(record: Record) -> Replay:
    (found,) = replay(record, Program(), t1_ns=UNTIL_NS)
    return found


def through(record: Record, program: Program, old: Replay | None = None) -> OpenLoop:
    (new,) = replay(record, program, t1_ns=UNTIL_NS)
    return open_loop(record, new, old)


def test_the_same_controller_differs_nowhere(record: Record, old: Replay) -> None:
    found = open_loop(record, old)
    assert found.differences == [] and found.beyond == 0
    assert found.horizon.t_ns is None and found.not_compared == []


def test_a_setting_is_one_difference_and_ends_the_evidence_when_it_reaches_the_plant(
    record: Record, old: Replay
) -> None:
    program = Program(settings={"shuttle.lift.slow_m_s": 0.02})
    for baseline in (None, old):
        found = through(record, program, baseline)
        (one,) = found.differences
        assert one.key == "shuttle.lift.sp_speed_m_s:value"
        assert (one.value, one.expected) == (0.02, 0.01)
        assert found.horizon.by == one.signal and found.horizon.t_ns == one.t_ns
        assert found.beyond > 0
        t_ns, moves = record.signal("shuttle.lift.cmd_move")
        assert moves[np.searchsorted(t_ns, one.t_ns)], "a set point matters while the axis is told to move"


def test_another_order_is_told_by_names_and_what_follows_is_folded(record: Record) -> None:
    found = through(record, Program(f"{HERE}:ClaimsLater"))
    first = found.differences[0]
    assert first.signal == "shuttle.sequence.seq_step" and "deliver.claim" in first.text["en"]
    assert first.follow == len({one.key for one in first.followers}) > 0
    assert len(found.differences) == 1


def test_what_reaches_the_driver_ends_the_evidence_too(record: Record) -> None:
    found = through(record, Program(f"{HERE}:NoLights"))
    assert found.horizon.by == "bay.exit_light.cmd_red" and found.horizon.t_ns == record.start_ns


def test_what_the_old_controller_does_not_reproduce_either_ends_no_evidence(record: Record) -> None:
    """The log was made with red exit lights, and both have none: only what else is new counts."""
    dark, both = Program(f"{HERE}:NoLights"), Program(f"{HERE}:NoLights", {"shuttle.lift.slow_m_s": 0.02})
    (old,) = replay(record, dark, t1_ns=UNTIL_NS)
    assert through(record, dark, old).horizon.t_ns is None
    found = through(record, both, old)
    assert [one.key for one in found.differences] == ["shuttle.lift.sp_speed_m_s:value"]
    assert found.horizon.by == "shuttle.lift.sp_speed_m_s"


def test_a_controller_that_says_what_was_recorded_is_answered_whatever_the_old_one_says(record: Record) -> None:
    (old,) = replay(record, Program(f"{HERE}:NoLights"), t1_ns=UNTIL_NS)
    found = through(record, Program(), old)
    assert found.horizon.t_ns is None
    assert {one.signal for one in found.differences} == {"bay.exit_light.cmd_red"}
