"""Why a station stops, as data: ``assets/stations/<station>/causes.yaml``, typed and strict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from twin.analysis.station_table import station_table
from twin.document import Document, load_document
from twin.formula.document import FormulaText, Name, Sentence, WithWords
from twin.record import Record

FILE = "causes.yaml"


class Cause(Document):
    """A cause, and what shows it: one for each device that the open stars of its ``evidence`` match.

    ``device``: what it is about, with the same stars.

    One that ``outranks`` stops everything at once, and is named before those that a step waited for.
    """

    text: Sentence
    evidence: FormulaText
    way_out: Sentence
    device: str = ""
    outranks: bool = False


class Command(Document):
    """What is commanded, and what answers it."""

    command: FormulaText
    answer: FormulaText
    text: Sentence


class CauseTable(WithWords):
    """What stops a station.

    It stands where nothing is ``moving`` while something is ``waiting``, for ``standstill_s`` at least; a log whose
    controller shows its state has stopped in any of ``stopped_states``.
    """

    text: Sentence
    moving: FormulaText
    waiting: FormulaText
    standstill_s: Annotated[float, Field(gt=0)]
    stopped_states: list[str] = []
    causes: Annotated[dict[Name, Cause], Field(min_length=1)]
    commands: list[Command] = []

    @model_validator(mode="after")
    def _known_words(self) -> CauseTable:
        self.formula(self.moving, ("moving",))
        self.formula(self.waiting, ("waiting",))
        for name, cause in self.causes.items():
            self.formula(cause.evidence, ("causes", name, "evidence"))
        for n, pair in enumerate(self.commands):
            self.formula(pair.command, ("commands", n, "command"))
            self.formula(pair.answer, ("commands", n, "answer"))
        return self


def load_cause_table(path: str | Path) -> CauseTable:
    """Read a table of causes.

    Raises:
        InputError: a file that is missing or not YAML, or the first key, condition or word that is wrong.
    """
    return load_document(path, CauseTable)


def cause_table_of(record: Record) -> CauseTable:
    """The table of a Record's station.

    Raises:
        InputError: the Record names no station, or one that has no table.
    """
    path = station_table(record, FILE, about="causes", option="--causes", page="docs/why.md")
    return load_cause_table(path)
