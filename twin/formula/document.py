"""Formulas in files: read when the file is, and with words of the file's own for what several of them share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from twin.document import Document, reject
from twin.errors import InputError
from twin.formula.syntax import Formula, parse, resolve


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


class WithWords(Document):
    """A file whose formulas share words; a word may use those above it."""

    words: dict[Name, FormulaText] = {}

    @model_validator(mode="after")
    def _words_are_known(self) -> WithWords:
        _ = self._explained
        return self

    @cached_property
    def _explained(self) -> Mapping[str, Formula]:
        words: dict[str, Formula] = {}
        for name, text in self.words.items():
            words[name] = _explain(text, words, ("words", name))
        return words

    def formula(self, text: str, at: tuple[str | int, ...] = ()) -> Formula:
        """A formula of the file, its words explained; ``at`` is where it stands, for a validator's error."""
        return _explain(text, self._explained, at)


def _explain(text: str, words: Mapping[str, Formula], at: tuple[str | int, ...]) -> Formula:
    """Words that stand for nothing are named before any log is read."""
    whole = Formula("all", (parse(text),))
    for part in whole.walk():
        for inner in part.parts:
            if inner.op == "label" and inner.name not in words and part.op not in ("==", "!="):
                expected = "a word that is explained above: " + (", ".join(words) or "there is none")
                reject(expected=expected, got=inner.name, at=at)
    return resolve(whole, words).parts[0]
