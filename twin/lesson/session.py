"""Sessions: a Record made by a run in which somebody was taught or examined, and what makes it one.

``session.json`` in the Record says which lesson it was, in which mode, and who; what the trainee asked and answered are
events of kind ``lesson``, what he did to the station are ``op_`` signals.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, ValidationError

from twin.constraint import Like
from twin.document import Document
from twin.errors import InputError, RecordError
from twin.lesson.catalogue import parse_lesson
from twin.lesson.course import Course, Progress
from twin.lesson.document import Lesson
from twin.lesson.score import Score, score
from twin.record import Record

#: The attachment's name.
SESSION = "session.json"
#: ``guided`` shows the next step, ``practice`` gives hints when asked, ``exam`` neither.
Mode = Literal["guided", "practice", "exam"]


#: Whose staff numbers they are, where nobody has a site of his own for them; in a domain that can be nobody's.
NOBODYS_HOME = "https://swaptwin.invalid"
#: The address of whoever gives staff numbers.
Home = Annotated[
    str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*[^\s/])?$", max_length=200), Like("https://training.example.com")
]


class Person(Document):
    """Who it was: a staff number and a name; both empty where nobody said."""

    number: Annotated[str, Field(max_length=80)] = ""
    name: Annotated[str, Field(max_length=200)] = ""


class Session(Document):
    """What makes a Record a session.

    Args:
        lesson: its name. text: all of it, as YAML that needs no other file. seed: of the run.
        guardian: who it was; nobody where he was scripted.
        script: which of the lesson's scripts acted, ``oracle`` or a name of ``fails``; empty where a person did.
        home: of the account that a staff number is, in learning records.
        attempt: from 1. counts: whether it is the attempt that counts.
    """

    format: Literal[1] = 1
    lesson: str
    text: str
    seed: int
    mode: Mode
    trainee: Person = Person()
    guardian: Person = Person()
    instructor: Person = Person()
    home: Home = NOBODYS_HOME
    script: str = ""
    attempt: Annotated[int, Field(ge=1)] = 1
    counts: bool = True

    @property
    def guarded(self) -> bool:
        """Whether a person was the guardian."""
        return self.guardian != Person()

    def taught(self) -> Lesson:
        """The lesson that its text says.

        Raises:
            InputError: there is none that this version can read.
        """
        return parse_lesson(self.text, name=self.lesson)


@dataclass(frozen=True)
class Scored:
    """A session with where it stands and what that is worth."""

    session: Session
    lesson: Lesson
    progress: Progress
    score: Score


def session_of(record: Record) -> Session:
    """What makes a Record a session.

    Raises:
        InputError: it is none.
    """
    try:
        return Session.model_validate_json(record.attachment(SESSION))
    except RecordError:
        got = "a record without session.json"
    except ValidationError as error:
        got = f"a session.json that cannot be read ({error.errors()[0]['msg']})"
    raise InputError(key="session", expected="a record of a session", got=got, file=record.path)


def score_session(record: Record) -> Scored:
    """Score a session from its Record alone.

    Raises:
        InputError: it is no session, or its lesson does not fit its signals.
    """
    session = session_of(record)
    lesson = session.taught()
    progress = Following(record, lesson).finish()
    return Scored(session, lesson, progress, score(lesson, progress))


class Following:
    """A lesson followed over a Record while it grows; call :meth:`advance` when something was written.

    Raises:
        InputError: the lesson does not fit the Record's signals.
    """

    def __init__(self, record: Record, lesson: Lesson) -> None:
        self.record = record
        self.course = Course(lesson, record.signals, scan_ns=int(record.metadata.get("scan_ns", "0")))
        self._last_ns = {name: -1 for name, _ in self._tables()}
        #: Time of the last event that was taken in, ns, and how many at that instant were.
        self._event_ns, self._events = 0, 0

    def _tables(self) -> Iterator[tuple[str, list[str]]]:
        for name, signals in self.record.tables.items():
            needed = [signal.name for signal in signals if signal.name in self.course.needed]
            if needed:
                yield name, needed

    def advance(self) -> Progress:
        """Take in what was written since; the Record is refreshed by who opened it."""
        for table, names in self._tables():
            t_ns, values = self.record.rows(table, self._last_ns[table] + 1, names=names)
            self.course.feed(names, t_ns, values)
            if len(t_ns):
                self._last_ns[table] = int(np.max(t_ns))
        # Not from the start each time: of those at the last known instant some are known.
        events = self.record.events(self._event_ns)
        for event in events[self._events :]:
            self.course.take(event)
        if events:
            self._event_ns = events[-1].t_ns
            self._events = sum(event.t_ns == self._event_ns for event in events)
        # A parameter is written once: its table keeps no other waiting.
        ends = [t_ns for name, t_ns in self._last_ns.items() if name != "parameter"]
        return self.course.advance(min(ends, default=-1) + 1)

    def finish(self) -> Progress:
        """The Record is whole: take in the rest, and tell where it ended."""
        self.advance()
        return self.course.finish(self.record.end_ns + 1)
