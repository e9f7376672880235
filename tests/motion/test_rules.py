"""Where packs are said to be, from what places say of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.motion import APPEARED, INFERRED, MEASURED, NOWHERE, TWICE, UNKNOWN, Hold, PlaceSource
from twin.motion.evidence import Evidence
from twin.motion.rules import Rules, to_holds

NS = 1_000_000_000
IDENTITY = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
SLOT, SEAT, FORK = "rack.slot1", "truck.p1", "crane.load"
PLACES = [
    PlaceSource(SLOT, "station", IDENTITY, seen=("rack.slot1.st_pack_present",)),
    PlaceSource(SEAT, "truck.chassis", IDENTITY, seen=("bracket1.seat.st_pad1",), of_truck=True),
    PlaceSource(FORK, "crane.fork", IDENTITY, seen=("crane.load.st_pack_present",), carries=True),
]
N = float("nan")


def _told(
    rows: list[tuple[float, list[float]]],
    *,
    fork_x: dict[float, float] | None = None,
    loaded: dict[float, float] | None = None,
    locked: set[float] = frozenset(),  # type: ignore[assignment]
    serial: dict[float, list[str]] | None = None,
    visits: list[tuple[int, int]] | None = None,
) -> list[Hold]:
    """Holds of packs where slot, seat and fork say 1, 0 or nothing at times (s); slot at 0 m, seat at 5 m."""
    t_ns = np.array([round(t * NS) for t, _ in rows], dtype=np.int64)
    seen = np.array([row for _, row in rows])
    positions = np.zeros((len(rows), 3, 3))
    positions[:, 1, 0] = 5.0
    words, serials = [""], np.zeros((len(rows), 3), dtype=np.intp)
    read_ns = np.zeros((len(rows), 3), dtype=np.int64)
    for n, (t, _) in enumerate(rows):
        positions[n, 2, 0] = (fork_x or {}).get(t, 0.0)
        for p, word in enumerate((serial or {}).get(t, ["", "", ""])):
            if word not in words:
                words.append(word)
            serials[n, p] = words.index(word)
            same = n > 0 and serials[n - 1, p] == serials[n, p]
            read_ns[n, p] = read_ns[n - 1, p] if same else t_ns[n]
    weight = np.array([[N, N, (loaded or {}).get(t, N)] for t, _ in rows])
    shut = np.array([[False, t in locked, False] for t, _ in rows])
    evidence = Evidence(t_ns, seen, shut, weight, serials, read_ns, words)
    bodies = Rules(PLACES, evidence, positions, visits or []).follow()
    return to_holds(bodies, PLACES, [f"pack.{n}" for n in range(1, 6)])


def _course(holds: list[Hold], frame: str = "pack.1") -> list[tuple[float, str, int, str]]:
    return [(hold.t_ns / NS, hold.place, hold.state, hold.doubt) for hold in holds if hold.frame == frame]


def test_a_pack_hangs_on_the_fork_from_when_its_weight_does() -> None:
    holds = _told(
        [(0, [1, N, 0]), (1, [1, N, 1]), (2, [1, N, 1]), (3, [0, N, 1]), (9, [0, N, 1])],
        fork_x={9: 3.0}, loaded={1: 0, 2: 1, 3: 1, 9: 1},
    )  # fmt: skip
    assert _course(holds) == [(0, SLOT, MEASURED, ""), (2, FORK, MEASURED, "")]
    assert {hold.frame for hold in holds} == {"pack.1"}


def test_a_lock_that_is_closed_holds_against_the_weight_on_the_plate() -> None:
    holds = _told(
        [(0, [N, 1, 0]), (1, [N, 1, 1]), (2, [N, 1, 1])],
        fork_x={0: 5, 1: 5, 2: 5}, loaded={1: 1, 2: 1}, locked={0, 1},
    )  # fmt: skip
    assert _course(holds) == [(0, SEAT, MEASURED, ""), (2, FORK, MEASURED, "")]


def test_a_serial_that_is_read_late_is_the_packs_from_the_start_and_a_stale_one_is_not() -> None:
    rows = [(0, [0, 1, 0]), (50, [0, 1, 1]), (51, [0, 0, 1]), (99, [1, 0, 1]), (100, [1, 0, 0]), (105, [1, 0, 0])]
    stale, fresh = ["OLD", "", ""], ["NEW", "", ""]
    serial = {0: stale, 50: stale, 51: stale, 99: stale, 100: stale, 105: fresh}
    holds = _told(rows, fork_x={50: 5, 51: 5}, serial=serial)
    assert [hold.serial for hold in holds] == ["NEW"] * len(holds)
    assert [place for _, place, _, _ in _course(holds)] == [SEAT, FORK, SLOT]


def test_a_pack_that_is_seen_nowhere_is_shown_where_it_was_and_as_unknown() -> None:
    holds = _told([(0, [1, N, 0]), (5, [0, N, 0])])
    assert _course(holds) == [(0, SLOT, MEASURED, ""), (5, SLOT, UNKNOWN, NOWHERE)]


def test_clocks_that_disagree_lose_no_pack() -> None:
    holds = _told([(0, [1, N, 0]), (5, [0, N, 0]), (6, [0, N, 1])])
    assert _course(holds) == [(0, SLOT, MEASURED, ""), (5, SLOT, INFERRED, ""), (6, FORK, MEASURED, "")]


def test_a_slot_that_goes_on_seeing_what_was_carried_off_is_doubted_like_the_pack() -> None:
    holds = _told([(0, [1, N, 0]), (1, [1, N, 1]), (9, [1, N, 1]), (20, [0, N, 1])], fork_x={9: 2.0, 20: 2.0})
    assert (9, SLOT, UNKNOWN, TWICE) in _course(holds, "pack.2")
    assert (9, FORK, UNKNOWN, TWICE) in _course(holds, "pack.1")
    assert _course(holds, "pack.2")[-1] == (20, SLOT, UNKNOWN, NOWHERE)


def test_a_pack_that_nobody_brought_is_doubted() -> None:
    holds = _told([(0, [0, N, 0]), (60, [1, N, 0])])
    assert _course(holds) == [(60, SLOT, MEASURED, APPEARED)]


def test_a_pack_at_a_seat_came_and_leaves_with_the_truck() -> None:
    visit = (10 * NS, 90 * NS)
    rows = [(0, [0, N, 0]), (10, [0, N, 0]), (20, [0, 1, 0]), (80, [0, 0, 0]), (80.5, [0, N, 0]), (95, [0, N, 0])]
    holds = _told(rows, visits=[visit])
    assert _course(holds) == [
        (10, SEAT, INFERRED, ""), (20, SEAT, MEASURED, ""), (80, SEAT, INFERRED, ""), (90, "", MEASURED, ""),
    ]  # fmt: skip
    assert holds[-1].X is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from([0.0, 1.0, N]), min_size=3, max_size=3), min_size=1, max_size=25))
def test_every_place_that_sees_a_pack_has_one_and_no_pack_is_known_where_none_is_seen(said: list[list[float]]) -> None:
    rows = [(float(n), row) for n, row in enumerate(said)]
    holds = _told(rows)
    by_frame: dict[str, list[Hold]] = {}
    for hold in holds:
        by_frame.setdefault(hold.frame, []).append(hold)
    for n, (t, row) in enumerate(rows):
        standing = [
            [hold for hold in found if hold.t_ns <= t * NS][-1]
            for found in by_frame.values()
            if found[0].t_ns <= t * NS
        ]
        measured = [hold.place for hold in standing if hold.state == MEASURED]
        seen = [place.name for place, value in zip(PLACES, row, strict=True) if value == 1.0]
        # One pack may be seen by the fork and by the slot that it stands at; else every place has its own.
        assert len(measured) >= (1 if seen else 0), (n, seen, standing)
        for place in measured:
            assert place in seen or set(seen) & {SLOT, FORK}


def test_a_lost_pack_is_found_again_by_its_serial_and_is_not_shown_twice() -> None:
    rows = [(0, [N, 1, 0]), (100, [0, 0, 0]), (200, [1, 0, 0]), (201, [1, 0, 0]), (300, [1, 0, 0])]
    holds = _told(rows, serial={0: ["", "A", ""], 201: ["A", "", ""], 300: ["A", "", ""]})
    last = {hold.frame: hold for hold in sorted(holds, key=lambda hold: hold.t_ns)}
    standing = [hold for hold in last.values() if hold.X is not None]
    assert [(hold.serial, hold.place) for hold in standing] == [("A", SLOT)]


def test_a_pack_that_is_lost_for_an_hour_is_given_up() -> None:
    holds = _told([(0, [1, N, 0]), (5, [0, N, 0]), (3700, [0, N, 0])])
    assert _course(holds)[-2:] == [(5, SLOT, UNKNOWN, NOWHERE), (3700, "", MEASURED, "")]
