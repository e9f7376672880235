"""Requirements as data: ``assets/requirements/*.yaml``, typed and strict."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.document import Document, load_document
from twin.formula import Formula
from twin.formula.document import FormulaText, Name, Sentence, WithWords


class Requirement(Document):
    """A rule: at every instant at which ``when`` holds, ``then`` holds.

    Where names have stars outside ``any``, ``all`` and ``count`` the rule is one for each device that they match.
    ``clause`` says where it comes from, ``confidence`` how sure that is; ``period_s`` is how often its signals must be
    logged to tell. ``severity``: ``safety`` may hurt somebody or set something on fire, ``process`` stops a swap,
    ``quality`` is wear, time and tidiness.
    """

    when: FormulaText = "true"
    then: FormulaText
    severity: Literal["safety", "process", "quality"]
    text: Sentence
    clause: str = ""
    confidence: Literal["H", "M", "L", "D", "EE"] = "EE"
    period_s: Annotated[float, Field(gt=0)] | None = None


class RequirementSet(WithWords):
    """Requirements, and the words that their rules share."""

    text: Sentence
    requirements: Annotated[dict[Name, Requirement], Field(min_length=1)]

    @model_validator(mode="after")
    def _known_words(self) -> RequirementSet:
        for name in self.requirements:
            self.formulas(name)
        return self

    def formulas(self, name: str) -> tuple[Formula, Formula]:
        """``when`` and ``then`` of a requirement, its words explained."""
        rule, at = self.requirements[name], ("requirements", name)
        return self._formula(rule.when, (*at, "when")), self._formula(rule.then, (*at, "then"))

    def _formula(self, text: str, at: tuple[str, ...]) -> Formula:
        if text not in self._read:
            self._read[text] = self.formula(text, at)
        return self._read[text]

    @cached_property
    def _read(self) -> dict[str, Formula]:
        return {}


def load_requirements(path: str | Path) -> RequirementSet:
    """Read a file of requirements.

    Raises:
        InputError: a file that is missing or not YAML, or the first key, rule or word that is wrong.
    """
    return load_document(path, RequirementSet)
