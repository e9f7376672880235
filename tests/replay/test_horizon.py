"""Until when a coarse log is evidence: by the motion that it has, and by where it carries the old controller along."""

from __future__ import annotations

import numpy as np
import pytest

from twin.formula import Intervals
from twin.record import Record, RecordWriter
from twin.replay import Horizon, Replay
from twin.replay.horizon import carried
from twin.replay.motion import contradicted
from twin.signals import Signal, SignalTable

S, SCAN_NS = 1_000_000_000, 20_000_000
POSITION = Signal("crane.fork.pv_position_m", "real", "m")
OUTPUTS = SignalTable([
    Signal("crane.fork.cmd_move", "bool"), Signal("crane.fork.sp_position_m", "real", "m"),
    Signal("crane.fork.sp_speed_m_s", "real", "m/s"),
])  # fmt: skip
#: The recorded move: begins at 5 s, 2.4 m at 0.3 m/s.
BEGUN_S, AIM_M, SPEED = 5.0, 2.4, 0.3


def spans(*of: tuple[float, float]) -> Intervals:
    return Intervals.of([round(a * S) for a, _ in of], [round(b * S) for _, b in of])


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A position that is looked at every quarter of a second and written when it has changed by 1 mm."""
    path = tmp_path_factory.mktemp("log") / "log.mcap"
    with RecordWriter(path, metadata={}, tables={"plc": SignalTable([POSITION])}) as writer:
        last = -1.0
        for at in range(30 * 4):
            x = min(max(at / 4 - BEGUN_S, 0.0) * SPEED, AIM_M)
            if abs(x - last) > 0.001:
                writer.row("plc", at * S // 4, [x])
                last = x
    return Record.open(path)


def through(aim: float, speed: float, end_s: float) -> Replay:
    """A controller that moves the axis from 5 s on until it takes it as arrived."""
    t_ns = np.arange(0, 30 * S, SCAN_NS)
    moves = (t_ns >= BEGUN_S * S) & (t_ns < end_s * S)
    values = np.stack([moves, np.full(len(t_ns), aim), np.full(len(t_ns), speed)], axis=1).astype(float)
    always = spans((0, 30))
    return Replay(t_ns, OUTPUTS, values, [], always, "seq_ values", agreed=always, tolerance_ns=S // 2)


def found(record: Record, one: Replay) -> list[tuple[str, float]]:
    return [(name.rsplit(".", 1)[1], t_ns / S) for name, t_ns in contradicted(record, one)]


def test_motion_speaks_for_the_set_points_that_it_answers(record: Record) -> None:
    assert found(record, through(AIM_M, SPEED, 13.0)) == []
    # Controllers take an axis as arrived that is some millimetres off.
    assert found(record, through(AIM_M + 0.005, SPEED, 13.0)) == []


def test_an_axis_that_is_never_told_to_move_tells_nothing_of_set_points(record: Record) -> None:
    assert found(record, through(AIM_M, SPEED, BEGUN_S)) == []


def test_an_axis_faster_than_allowed_answers_another_set_point(record: Record) -> None:
    ((name, at_s),) = found(record, through(AIM_M, 0.2, 13.0))
    assert name == "sp_speed_m_s" and BEGUN_S - 0.5 <= at_s <= BEGUN_S + 1.0


def test_an_axis_that_never_came_near_its_speed_does_too(record: Record) -> None:
    assert found(record, through(AIM_M, 0.5, 13.0)) == [("sp_speed_m_s", BEGUN_S)]


def test_an_axis_that_came_to_stand_elsewhere_does_too(record: Record) -> None:
    end_s = BEGUN_S + (AIM_M - 0.05) / SPEED
    assert found(record, through(AIM_M - 0.05, SPEED, end_s)) == [("sp_position_m", BEGUN_S)]
    # A contact ended it far from its aim: that tells nothing.
    assert found(record, through(AIM_M + 0.05, SPEED, 13.0)) == []


def lost_at_10_s() -> Replay:
    one = through(AIM_M, SPEED, 13.0)
    one.agreed, one.taken_up_ns = spans((0, 10), (16, 30)), [0, 15 * S]
    return one


def test_where_the_old_controller_is_lost_its_log_is_no_evidence_any_more() -> None:
    horizon = carried(Horizon(None), lost_at_10_s())
    assert horizon.t_ns == 10 * S and horizon.seen_ns is None
    # What differs on the same inputs after it is told all the same.
    assert horizon.tells(20 * S)


def test_a_command_that_differs_before_that_is_what_ends_it() -> None:
    before = Horizon(4 * S, "crane.fork.cmd_move", seen_ns=5 * S)
    assert carried(before, lost_at_10_s()) is before
    assert carried(Horizon(None), through(AIM_M, SPEED, 13.0)).t_ns is None
