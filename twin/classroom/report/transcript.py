"""Each person's sessions, read and scored again from their Records, and which competencies they show until when.

A competency is shown by an exam of a lesson that trains it: taken by that person alone, closed, passed, confirmed by an
instructor and, where the class's key is given, with a signature that holds. The latest such exam says until when.
"""

from __future__ import annotations

import calendar
import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from twin import __version__
from twin.classroom.roster import Roster
from twin.errors import SwapTwinError
from twin.event import FaultAction
from twin.formula.document import Sentence
from twin.lesson import Lesson, Person, Scored, competencies, score_session
from twin.lesson.signature import digest_of, is_signed, signature_path
from twin.record import Record
from twin.teaching import Word, asked_before, kept_sessions, words_said

#: A lesson has no number of its own: so much of the digest of its text tells one state of it from another.
_SHORT = 12
_UNSIGNED = Sentence(en="not signed", zh="未签名")


@dataclass(frozen=True)
class Entry:
    """A session as a report tells of it.

    Args:
        file: in the folder of sessions. digest: SHA-256 of the file; empty while it is written.
        began: by the clock of the computer that ran it; None where the Record does not say.
        scored: None where it cannot be scored, and ``against`` says why.
        lesson_digest: of the lesson's text as the Record carries it, its beginning.
        messages: what the trainee was told. faults: that the instructor gave, by name. signature: what is known of it.
        against: why it shows no competency; empty where it does.
    """

    file: str
    digest: str
    began: datetime.datetime | None
    scored: Scored | None
    version: str = ""
    lesson_digest: str = ""
    took_ns: int = 0
    confirmed: Word | None = None
    observed: tuple[Word, ...] = ()
    messages: tuple[Word, ...] = ()
    faults: tuple[str, ...] = ()
    signature: Sentence = _UNSIGNED
    against: tuple[Sentence, ...] = ()

    @property
    def exam(self) -> bool:
        return self.scored is not None and self.scored.session.mode == "exam"


@dataclass(frozen=True)
class Shown:
    """How a person stands in a competency.

    Args:
        by: the latest exam that shows it. until: the last day on which that is valid.
        passed: lessons that train it of which such an exam was passed; lessons: all that train it.
    """

    name: str
    text: Sentence
    by: Entry | None
    until: datetime.date | None
    passed: tuple[str, ...]
    lessons: tuple[str, ...]

    def valid(self, day: datetime.date) -> bool:
        """Whether it is shown on a day."""
        return self.until is not None and day <= self.until


@dataclass(frozen=True)
class Transcript:
    """A person with his sessions, the oldest first, and competencies in the order of their file."""

    person: Person
    sessions: list[Entry]
    competencies: list[Shown]

    @property
    def exams(self) -> list[Entry]:
        return [one for one in self.sessions if one.exam]

    def valid(self, day: datetime.date) -> int:
        """How many competencies are shown on a day."""
        return sum(one.valid(day) for one in self.competencies)


@dataclass(frozen=True)
class Class:
    """A class's transcripts.

    Args:
        made: when; its zone is that of all days and times. keyed: signatures were checked.
        strangers: staff numbers with sessions that are not in the roster.
    """

    name: str
    made: datetime.datetime
    valid_months: int
    keyed: bool
    people: list[Transcript]
    strangers: list[str]


def read_class(
    roster: Roster, folder: Path, lessons: Mapping[str, Lesson], *, made: datetime.datetime, valid_months: int,
    key: bytes | None = None,
) -> Class:  # fmt: skip
    """Read and score every session of a class. A session that cannot be read is told of and shows nothing.

    Args:
        folder: of sessions, in a folder for each staff number. lessons: what is taught today, by name.
        made: now, with a zone. valid_months: how long an exam is valid. key: the class's, to check signatures with.
    """
    trainees = [number for number, one in roster.people.items() if one.role == "trainee"]
    people = []
    for number in trainees:
        found = [_entry(path, number, folder, made.tzinfo, key) for path in kept_sessions(folder / number)]
        oldest = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
        sessions = sorted(found, key=lambda one: (one.began or oldest, one.file))
        people.append(Transcript(roster.person(number), sessions, _shown(sessions, lessons, valid_months)))
    others = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    strangers = [name for name in others if name not in roster.people and kept_sessions(folder / name)]
    return Class(roster.name, made, valid_months, key is not None, people, strangers)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later; the last of the month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _entry(path: Path, number: str, folder: Path, zone: datetime.tzinfo | None, key: bytes | None) -> Entry:
    entry = Entry(path.relative_to(folder).as_posix(), "", None, None)
    try:
        record = Record.open(path)
        began = record.metadata.get("started_at")
        entry = replace(
            entry, version=record.metadata.get("version", ""), took_ns=record.end_ns,
            began=_at(began, zone) if began else None,
        )  # fmt: skip
        if not record.finished:
            return replace(entry, against=(Sentence(en="its file is not closed", zh="记录文件未正常关闭"),))
        # What is signed and told of is what was scored.
        entry, scored = replace(entry, digest=digest_of(path)), score_session(record)
        asked = asked_before(record, record.end_ns + 1)
    except (SwapTwinError, OSError, ValueError) as error:
        why = str(error).replace(f"{folder}/", "")
        made = entry.version or "?"
        en = f"cannot be scored by SwapTwin {__version__} (made with {made}): {why}"
        zh = f"无法用 SwapTwin {__version__} 评分（记录版本 {made}）：{why}"
        return replace(entry, against=(Sentence(en=en, zh=zh),))
    signed, signature = _signature(path, key)
    confirmed = words_said(asked, "confirmed")
    entry = replace(
        entry, scored=scored, observed=tuple(words_said(asked, "observed")),
        messages=tuple(words_said(asked, "message")), confirmed=confirmed[-1] if confirmed else None,
        lesson_digest=hashlib.sha256(scored.session.text.encode()).hexdigest()[:_SHORT], signature=signature,
        faults=tuple(one.fault.tag for _, one in asked if isinstance(one, FaultAction)),
    )  # fmt: skip
    return replace(entry, against=tuple(_against(entry, scored, number, signed or key is None)))


def _at(text: str, zone: datetime.tzinfo | None) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(zone)


def _signature(path: Path, key: bytes | None) -> tuple[bool, Sentence]:
    if not signature_path(path).exists():
        return False, _UNSIGNED
    if key is None:
        return False, Sentence(en="signed, not checked: no key was given", zh="有签名，未提供密钥，未核验")
    holds, word = is_signed(path, key)
    return holds, Sentence(en=f"holds: {word}" if holds else word, zh=f"有效：{word}" if holds else f"无效：{word}")


def _against(entry: Entry, scored: Scored, number: str, signed: bool) -> list[Sentence]:
    session = scored.session
    rules = [
        (session.mode == "exam" and session.counts, "not an exam that counts", "不是计入成绩的考试"),
        (not session.script, "played by a script", "由脚本执行"),
        (session.trainee.number == number, f"taken by {session.trainee.number or 'nobody named'}",
         f"参加者为 {session.trainee.number or '未署名'}"),
        (scored.score.passed, "not passed", "未通过"),
        (entry.confirmed is not None, "not confirmed by an instructor", "未经教员确认"),
        (signed, "its signature does not hold", "签名缺失或无效"),
        (entry.began is not None, "when it was taken is not known", "考试时间未知"),
    ]  # fmt: skip
    return [Sentence(en=en, zh=zh) for holds, en, zh in rules if not holds]


def _shown(sessions: list[Entry], lessons: Mapping[str, Lesson], valid_months: int) -> list[Shown]:
    proofs = [(one, one.scored, one.began.date()) for one in sessions if one.scored and one.began and not one.against]
    found = []
    for name, text in competencies().items():
        trains = [lesson for lesson, one in lessons.items() if name in one.competencies]
        by = [proof for proof in proofs if name in proof[1].lesson.competencies]
        passed = list(dict.fromkeys(scored.session.lesson for _, scored, _ in by))
        last, until = (by[-1][0], months_later(by[-1][2], valid_months)) if by else (None, None)
        found.append(Shown(name, text, last, until, tuple(passed), tuple(dict.fromkeys([*trains, *passed]))))
    return found
