"""A controller driven through a log: on a Record of its own it must say again what it said, in every scan."""

from __future__ import annotations

import pytest

from tests.replay.said_again import SHIPPED, assert_said_again
from twin.control import StationController
from twin.program import Program
from twin.record import Record
from twin.replay import replay
from twin.signals import Image


class Raising(StationController):
    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        super().scan(t_ns, inputs, outputs)
        if t_ns >= 1_000_000_000:
            raise ZeroDivisionError("one over nothing")


class NotFinite(StationController):
    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        super().scan(t_ns, inputs, outputs)
        if t_ns >= 1_000_000_000:
            outputs.shuttle.lift.sp_speed_m_s = float("nan")


class NotANumber(StationController):
    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        super().scan(t_ns, inputs, outputs)
        if t_ns >= 1_000_000_000:
            outputs.shuttle.lift.sp_speed_m_s = "fast"


@pytest.fixture(scope="module")
def record() -> Record:
    return Record.open(SHIPPED)


def by(kind: type[StationController]) -> Program:
    return Program(f"{kind.__module__}:{kind.__qualname__}")


def test_the_stations_own_controller_says_again_what_it_said(record: Record) -> None:
    (again,) = replay(record, Program())
    assert again.verdict == ""
    assert len(again.t_ns) > 9000
    assert_said_again(record, again)
    assert all(rule.how == "recorded" for rule in again.inputs)
    assert again.engaged.contains(again.t_ns).all()


def test_a_window_says_what_the_whole_says(record: Record) -> None:
    (part,) = replay(record, Program(), t0_ns=10_000_000_000, t1_ns=12_000_000_000)
    assert (int(part.t_ns[0]), int(part.t_ns[-1])) == (10_000_000_000, 12_000_000_000)
    assert_said_again(record, part)


def test_a_setting_that_matters_changes_what_is_said(record: Record) -> None:
    (changed,) = replay(record, Program(settings={"shuttle.lift.slow_m_s": 0.001}))
    _, rows = record.rows("controller")
    column = changed.outputs.names.index("shuttle.lift.sp_speed_m_s")
    assert (changed.values[:, column] == 0.001).any()
    assert not (rows[:, column] == 0.001).any()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Raising, ("raised at 1.000 s", "ZeroDivisionError: one over nothing", "test_drive.py:")),
        (NotFinite, ("nan", "shuttle.lift.sp_speed_m_s", "1.000 s", "not a number")),
        (NotANumber, ("'fast'", "shuttle.lift.sp_speed_m_s", "1.000 s", "not a number")),
    ],
)
def test_a_controller_that_fails_gets_a_verdict_and_keeps_what_it_said(
    record: Record, kind: type[StationController], words: tuple[str, ...]
) -> None:
    (failed,) = replay(record, by(kind), t1_ns=2_000_000_000)
    for word in words:
        assert word in failed.verdict
    assert int(failed.t_ns[-1]) == 980_000_000
    assert len(failed.values) == len(failed.t_ns) == 50
    assert_said_again(record, failed)
