"""Notes and bookmarks on a log: a text at an instant or over a stretch, in a file of their own beside the log.

The file names the log that it belongs to, by what stands in its head. Each change reads the file anew under a lock and
writes it whole in place of the old one: two who write at once both keep theirs, and a crash leaves the old file.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from twin.document import Document, reject
from twin.errors import InputError
from twin.record import Record

SUFFIX = ".notes.json"
#: How long a change waits for another one; a lock that is older was left by a program that died.
_WAIT_S, _STALE_S = 3.0, 10.0
_LONGEST_TEXT = 4_000
_MOST_NOTES = 5_000


class Note(Document):
    """A text about a log from ``start_ns`` to ``end_ns`` (the same for an instant), ns since the log's start."""

    id: Annotated[str, Field(pattern=r"^[0-9a-z]{1,32}$")]
    start_ns: int
    end_ns: int
    text: Annotated[str, Field(max_length=_LONGEST_TEXT)]
    made_at: str = ""

    @model_validator(mode="after")
    def _ends_after_start(self) -> Note:
        if self.end_ns < self.start_ns:
            reject(expected="an end that is not before the start", got=f"{self.end_ns} after {self.start_ns}")
        return self


class _File(Document):
    format: Literal[1] = 1
    log: str
    identity: str
    notes: Annotated[list[Note], Field(max_length=_MOST_NOTES)] = []


class Notes:
    """The notes of a log."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.path = record.path.with_name(record.path.name + SUFFIX)

    def all(self) -> list[Note]:
        """All of them in order of time; none where there is no file.

        Raises:
            InputError: the file is no file of notes, or belongs to another log.
        """
        return sorted(self._read().notes, key=lambda note: (note.start_ns, note.end_ns, note.id))

    def put(self, text: str, start_ns: int, end_ns: int | None = None, *, id: str = "") -> Note:
        """Add a note, or change the one of an id.

        Raises:
            InputError: as :meth:`all`; times that are not in the log; or the folder cannot be written.
        """
        record = self.record
        end_ns = start_ns if end_ns is None else end_ns
        if not record.start_ns <= start_ns <= end_ns <= record.end_ns:
            expected = f"times in the log, {record.start_ns / 1e9:.2f} to {record.end_ns / 1e9:.2f} s"
            raise InputError(key="note", expected=expected, got=f"{start_ns / 1e9:.2f} to {end_ns / 1e9:.2f} s")
        made_at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        try:
            note = Note(id=id or secrets.token_hex(6), start_ns=start_ns, end_ns=end_ns, text=text, made_at=made_at)
        except ValidationError as error:
            raise InputError(
                key="note", expected=f"a text of at most {_LONGEST_TEXT} letters", got=str(error)
            ) from None
        with self._changing() as notes:
            notes[note.id] = note
        return note

    def remove(self, id: str) -> None:
        """Take a note away.

        Raises:
            InputError: as :meth:`put`, or there is no note of this id.
        """
        with self._changing() as notes:
            if id not in notes:
                raise InputError(key="note", expected="the id of a note of this log", got=id)
            del notes[id]

    def _read(self) -> _File:
        empty = _File(log=self.record.path.name, identity=self.record.identity)
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
            found = _File.model_validate(data)
        except FileNotFoundError:
            return empty
        except (ValueError, OSError) as error:
            hint = "it is left as it is; move it away to begin anew"
            raise InputError(
                key="notes", expected="a file of notes", got=f"what cannot be read ({type(error).__name__})",
                file=self.path, hint=hint,
            ) from None  # fmt: skip
        if found.identity != empty.identity:
            raise InputError(
                key="notes", expected=f"notes on {self.record.path.name}", got=f"notes on another log, {found.log}",
                file=self.path, hint="they are left as they are; move the file to its own log",
            )  # fmt: skip
        return found

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Note]]:
        """The notes by id, as they are now; what is done to them is written when it ends well."""
        with self._lock():
            file = self._read()
            notes = {note.id: note for note in file.notes}
            yield notes
            if len(notes) > _MOST_NOTES:
                raise InputError(key="notes", expected=f"at most {_MOST_NOTES}", got=len(notes), file=self.path)
            changed = file.model_copy(update={"notes": list(notes.values())})
            beside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.writing")
            try:
                beside.write_text(changed.model_dump_json(indent=1) + "\n", encoding="utf-8")
                beside.replace(self.path)
            finally:
                beside.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """One change at a time, of any program."""
        lock = self.path.with_name(self.path.name + ".lock")
        until = time.monotonic() + _WAIT_S
        while not self._take(lock):
            if time.monotonic() > until:
                raise InputError(key="notes", expected="a file that nobody else is writing", got="a lock", file=lock)
            time.sleep(0.02)
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)

    def _take(self, lock: Path) -> bool:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > _STALE_S:
                    lock.unlink()
            return False
        except OSError:
            raise InputError(
                key="notes", expected="a folder that can be written", got="one that cannot", file=self.path,
                hint="notes stand beside their log; copy the log to a place of your own",
            ) from None  # fmt: skip
        return True
