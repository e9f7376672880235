"""What a session's Record says of how it came to where it is: with that it can be run again and gone on with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from twin.errors import SwapTwinError
from twin.event import Action, Remark
from twin.lesson import session_of
from twin.rebuild.asked import asked_for
from twin.record import Record

#: In the Record of a session of which somebody said that it is over.
ENDED = frozenset({"finished", "confirmed"})
#: How the file of a session ends that was taken up, and goes on in another.
ASIDE = ".broken_off.mcap"


@dataclass(frozen=True)
class Word:
    """What the instructor said in a session, and when, ns of the session."""

    t_ns: int
    by: str
    text: str


def asked_before(record: Record, t_ns: int) -> list[tuple[int, Action]]:
    """What people asked of a session before an instant, each with its time, ns."""
    return [
        (event.t_ns, action)
        for event in record.events()
        if event.t_ns < t_ns and (action := asked_for(event)) is not None
    ]


def words_said(asked: Iterable[tuple[int, Action]], what: str) -> list[Word]:
    """The words of one sort of :class:`twin.event.Remark`, of what people asked."""
    return [Word(t_ns, one.by, one.text) for t_ns, one in asked if isinstance(one, Remark) and one.what == what]


def broken_off(path: Path) -> bool:
    """Whether a file is a person's session of which nobody said that it is over."""
    try:
        record = Record.open(path)
        asked = asked_before(record, record.end_ns + 1)
        return not session_of(record).script and not any(
            isinstance(action, Remark) and action.what in ENDED for _, action in asked
        )
    except (SwapTwinError, OSError):
        return False


def kept_sessions(folder: Path) -> list[Path]:
    """The sessions in a folder, by name, without what was put aside when one was taken up."""
    return sorted(path for path in folder.glob("*.mcap") if not path.name.endswith(ASIDE))
