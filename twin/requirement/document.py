"""Requirements as data: ``assets/requirements/*.yaml``, typed and strict."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from twin.document import Document, load_document, reject
from twin.errors import InputError
from twin.formula import Formula, parse, resolve


def _readable(text: str) -> str:
    try:
        parse(text)
    except InputError as error:
        reject(expected=error.expected, got=str(error.got), hint=error.hint)
    return text


FormulaText = Annotated[str, AfterValidator(_readable)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Sentence(Document):
    """A sentence in both languages."""

    en: str
    zh: str


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


class RequirementSet(Document):
    """Requirements, and the words that their rules share; a word may use those above it."""

    text: Sentence
    words: dict[Name, FormulaText] = {}
    requirements: Annotated[dict[Name, Requirement], Field(min_length=1)]

    @model_validator(mode="after")
    def _known_words(self) -> RequirementSet:
        _ = self._words
        for name, requirement in self.requirements.items():
            for key in ("when", "then"):
                self._check(parse(getattr(requirement, key)), self._words, ("requirements", name, key))
        return self

    @cached_property
    def _words(self) -> Mapping[str, Formula]:
        words: dict[str, Formula] = {}
        for name, text in self.words.items():
            formula = parse(text)
            self._check(formula, words, ("words", name))
            words[name] = resolve(formula, words)
        return words

    @staticmethod
    def _check(formula: Formula, words: Mapping[str, Formula], at: tuple[str, ...]) -> None:
        """Words that stand for nothing are named before any log is read."""
        for part in [Formula("all", (formula,)), *formula.walk()]:
            for inner in part.parts:
                if inner.op == "label" and inner.name not in words and part.op not in ("==", "!="):
                    expected = "a word that is explained above: " + (", ".join(words) or "there is none")
                    reject(expected=expected, got=inner.name, at=at)

    def formulas(self, name: str) -> tuple[Formula, Formula]:
        """``when`` and ``then`` of a requirement, its words explained."""
        requirement = self.requirements[name]
        whole = resolve(Formula("implies", (parse(requirement.when), parse(requirement.then))), self._words)
        return whole.parts[0], whole.parts[1]


def load_requirements(path: str | Path) -> RequirementSet:
    """Read a file of requirements.

    Raises:
        InputError: a file that is missing or not YAML, or the first key, rule or word that is wrong.
    """
    return load_document(path, RequirementSet)
