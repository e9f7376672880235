"""One cause is one finding: its consequences are folded into it, what is independent is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from twin.replay.difference import Difference, Kind
from twin.replay.folding import folded

S = 1_000_000_000


def one(signal: str, start_s: float, end_s: float, kind: Kind = "edge extra", detail: str = "on") -> Difference:
    words = {"en": f"{signal} differs", "zh": f"{signal} 不同"}
    return Difference(signal, kind, round(start_s * S), round(end_s * S), detail, text=words)


def test_what_differs_in_another_step_follows_from_the_step() -> None:
    many = [one(f"rack.slot{n}.cmd_latch", 12 + n / 10, 30) for n in range(1, 41)]
    (found,) = folded([*many, one("shuttle.sequence.seq_step", 12, 20, "step missing", "unlock.engage")])
    assert found.signal == "shuttle.sequence.seq_step"
    assert found.follow == 40 == len(found.followers)
    assert found.text["en"].endswith("40 other differences follow")


def test_an_alarm_leads_the_stop_that_it_causes_but_not_all_that_comes_while_it_stands() -> None:
    alarm = one("shuttle.lift.alm_overload", 10, 100)
    stop = one("station.unit.seq_state", 10, 12, "step missing", "Execute")
    later = one("crane.fork.cmd_move", 50, 51)
    first, second = folded([later, stop, alarm])
    assert (first.signal, first.follow) == ("shuttle.lift.alm_overload", 1)
    assert (second.signal, second.follow) == ("crane.fork.cmd_move", 0)


def test_the_interlock_leads_the_command_of_its_device_and_no_other() -> None:
    first, second = folded(
        [one("shuttle.lift.cmd_move", 5, 6), one("shuttle.lift.ilk_plus", 5, 9), one("crane.hoist.cmd_move", 5, 6)]
    )
    assert (first.signal, first.signals[1:]) == ("shuttle.lift.ilk_plus", ["shuttle.lift.cmd_move"])
    assert second.signal == "crane.hoist.cmd_move"


def test_the_same_again_is_counted() -> None:
    (found,) = folded([one("shuttle.lift.sp_speed_m_s", t, t + 1, "value", "") for t in (1, 5, 9)])
    assert (found.count, found.t_ns) == (3, S) and "3 times" in found.text["en"]


signals = st.sampled_from(
    ["shuttle.lift.cmd_move", "shuttle.lift.ilk_plus", "crane.fork.cmd_move", "shuttle.sequence.seq_step",
     "station.unit.seq_state", "bay.clamp.alm_not_closed", "shuttle.yaw.sp_speed_rad_s"]
)  # fmt: skip


@given(st.lists(st.tuples(signals, st.integers(0, 50), st.integers(1, 20)), max_size=25))
def test_nothing_is_lost_and_a_root_is_never_later_than_what_follows(made: list[tuple[str, int, int]]) -> None:
    given_ones = [one(signal, start, start + lasts) for signal, start, lasts in made]
    found = folded(given_ones)
    told = found + [follower for root in found for follower in root.followers]
    assert sum(each.count for each in told) == len(given_ones)
    assert all(follower.t_ns >= root.t_ns for root in found for follower in root.followers)
    assert [root.t_ns for root in found] == sorted(root.t_ns for root in found)
