"""The phases of a station's swap as data: ``assets/stations/<station>/phases.yaml``, typed and strict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from twin.analysis.station_table import station_table
from twin.document import Document, Quantity, load_document, reject
from twin.formula import Formula, parse
from twin.formula.document import FormulaText, Name, Sentence, WithWords
from twin.record import Record

#: What follows the last phase.
END = "end"
#: A Record's own table, as an attachment.
ATTACHMENT = "phases.yaml"


class Phase(Document):
    """One phase.

    It begins at the instants at which ``begins`` becomes true while a phase that names it in ``next`` lasts. ``anchor``
    is what must hold there besides for the instant to tell by itself that this phase begins (``true``: it always does).
    """

    text: Sentence
    begins: FormulaText
    next: Annotated[list[str], Field(min_length=1)]
    anchor: FormulaText | None = None
    target_s: Quantity | None = None


class PhaseTable(WithWords):
    """How a swap goes.

    A swap begins with the first of the phases and ends where ``ends`` becomes true. It was completed when ``completed``
    was reached, and each ``counted`` is a pack. ``moving`` says when a machine moves: the rest of a phase is waiting.
    """

    text: Sentence
    ends: FormulaText
    moving: FormulaText
    completed: Name
    counted: Name
    limit_s: Quantity | None = None
    phases: Annotated[dict[Name, Phase], Field(min_length=1)]

    @model_validator(mode="after")
    def _known_names(self) -> PhaseTable:
        for key in ("completed", "counted"):
            if getattr(self, key) not in self.phases:
                reject(expected="one of the phases: " + ", ".join(self.phases), got=getattr(self, key), at=(key,))
        for name, phase in self.phases.items():
            for n, after in enumerate(phase.next):
                if after not in self.phases and after != END:
                    expected = "phases, or end: " + ", ".join(self.phases)
                    reject(expected=expected, got=after, at=("phases", name, "next", n))
        self.begins(END)
        for name in self.phases:
            self.begins(name)
            self.anchor(name)
        self.formula(self.moving, ("moving",))
        return self

    @property
    def first(self) -> str:
        """The phase with which a swap begins."""
        return next(iter(self.phases))

    def begins(self, name: str) -> Formula:
        """What is true at the instants at which a phase, or ``end``, may begin."""
        if name == END:
            return self.formula(self.ends, ("ends",))
        return self.formula(self.phases[name].begins, ("phases", name, "begins"))

    def anchor(self, name: str) -> Formula | None:
        """What makes such an instant tell by itself; None when nothing does."""
        if name == END:
            return parse("true")
        text = self.phases[name].anchor
        return None if text is None else self.formula(text, ("phases", name, "anchor"))


def load_phase_table(path: str | Path) -> PhaseTable:
    """Read a table of phases.

    Raises:
        InputError: a file that is missing or not YAML, or the first key, condition or name that is wrong.
    """
    return load_document(path, PhaseTable)


def phase_table_of(record: Record) -> PhaseTable:
    """The table of a Record's station.

    Raises:
        InputError: the Record names no station, or one that has no table.
    """
    path = station_table(record, ATTACHMENT, about="phases", option="--phases", page="docs/phases.md")
    return load_phase_table(path)
