"""What can be done to each lesson's oracle, as ``deeds.yaml`` beside this says it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from twin.document import Document, load_document
from twin.event import AnyCondition, Identifier, ScenarioEvent
from twin.formula.document import FormulaText, Name

#: What the rubric calls a deed.
Says = Literal["unsafe", "left_out", "fault", "slip", "fine"]


class Deed(Document):
    """A change of an oracle's acts: some left out, some at another moment, more of them; it happened where ``shown``
    holds, and without it when all that was ``moved`` was done."""

    says: Says
    text: str
    drop: list[Identifier] = []
    moved: dict[Identifier, AnyCondition] = {}
    events: list[ScenarioEvent] = []
    shown: FormulaText | None = None

    @property
    def touched(self) -> set[str]:
        """The oracle's acts that it leaves out or moves."""
        return {*self.drop, *self.moved}


class OfLesson(Document):
    """Of one lesson: from which act on the trainee is in it, its goal, acts that can wait, deeds of its own."""

    since: Identifier
    goal: FormulaText
    late: list[Identifier]
    without: list[Name] = []
    deeds: dict[Name, Deed]


class Catalogue(Document):
    """All of it; ``everywhere``: deeds of every lesson but those that list them under ``without``."""

    everywhere: dict[Name, Deed]
    lessons: Annotated[dict[Name, OfLesson], Field(min_length=1)]

    def deeds(self, lesson: str) -> dict[str, Deed]:
        """The deeds of a lesson, by name."""
        own = self.lessons[lesson]
        return {name: deed for name, deed in self.everywhere.items() if name not in own.without} | own.deeds


@cache
def catalogue() -> Catalogue:
    """The file beside this."""
    return load_document(Path(__file__).with_name("deeds.yaml"), Catalogue)
