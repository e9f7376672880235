"""Who sits at which session, while sessions are begun by others; no run is begun."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from twin.classroom import Classroom, Roster
from twin.lesson import Person


def test_a_session_that_is_begun_meanwhile_disturbs_nobody_who_asks_for_his_own(tmp_path: Path) -> None:
    room = Classroom(Roster(name="x"), tmp_path, lessons={})

    class Seat:
        session = SimpleNamespace(guardian=Person(number="9"))

        @property
        def running(self) -> bool:
            room.seats[f"another {len(room.seats)}"] = self  # type: ignore[assignment]
            return True

    room.seats |= {"1": Seat(), "2": Seat()}  # type: ignore[dict-item]
    assert room.seat("3") is None
    place = room.seat("9")
    assert place is not None and place[1]
