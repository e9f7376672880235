"""Requirements as data: ``assets/requirements/*.yaml``, typed and strict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from twin.document import Document, load_document, reject
from twin.errors import InputError, did_you_mean
from twin.formula import Formula
from twin.formula.constant import constant
from twin.formula.document import FormulaText, Name, Sentence, WithWords
from twin.shipped import shipped
from twin.yaml_node import read_yaml


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
    """Requirements, and the words that their rules share.

    Args:
        optional: signals that a station need not have; rules on them are then not applicable.
    """

    text: Sentence
    optional: list[str] = []
    requirements: Annotated[dict[Name, Requirement], Field(min_length=1)]

    @model_validator(mode="after")
    def _means_something(self) -> RequirementSet:
        """Words are known, a rule can come and can be broken, and says what it is about in both languages."""
        for name, rule in self.requirements.items():
            when, then = self.formulas(name)
            at = ("requirements", name)
            if constant(when) is False:
                reject(expected="a condition that can come", got=f"{rule.when}, which never holds", at=(*at, "when"))
            if constant(then) is True:
                reject(expected="a condition that can be broken", got=f"{rule.then}, always true", at=(*at, "then"))
            for language, text in rule.text:
                if not text.strip():
                    reject(expected="a sentence in each language", got="nothing", at=(*at, "text", language))
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


def load_requirements(path: str | Path, signals: Iterable[str] | None = None) -> RequirementSet:
    """Read a file of requirements.

    Args:
        signals: all that the station has; a rule that names others, which are not ``optional``, is refused.

    Raises:
        InputError: a file that is missing or not YAML, or the first key, rule, word or signal that is wrong.
    """
    found = load_document(path, RequirementSet)
    if signals is not None:
        _check_signals(Path(path), found, list(signals))
    return found


def load_all_requirements(paths: Iterable[str | Path], signals: Iterable[str] | None = None) -> list[RequirementSet]:
    """Several files, each with its own words.

    Raises:
        InputError: as of :func:`load_requirements`, or a requirement of one file is in another too.
    """
    known = None if signals is None else list(signals)
    sets = []
    place: dict[str, Path] = {}
    for path in map(Path, paths):
        sets.append(load_requirements(path, known))
        for name in sets[-1].requirements:
            if name in place:
                raise InputError(
                    key=f"requirements.{name}", expected="each requirement once", got=f"one of {place[name]} too",
                    file=path, line=_line(path, ("requirements", name)),
                )  # fmt: skip
            place[name] = path
    return sets


def shipped_requirements() -> tuple[Path, ...]:
    """The files of the shipped sets."""
    return tuple(sorted(shipped("assets", "requirements").glob("*.yaml")))


def _check_signals(path: Path, rules: RequirementSet, signals: Sequence[str]) -> None:
    known = [*signals, *rules.optional]
    for name in rules.requirements:
        for part, formula in zip(("when", "then"), rules.formulas(name), strict=True):
            for wanted in dict.fromkeys(inner.name for inner in formula.walk() if inner.op == "signal"):
                if not any(alike(wanted, one) or alike(one, wanted) for one in known):
                    raise InputError(
                        key=f"requirements.{name}.{part}", expected="signals of the station, or optional ones",
                        got=wanted, file=path, line=_line(path, ("requirements", name, part)),
                        hint=did_you_mean(wanted, signals),
                    )  # fmt: skip


def alike(pattern: str, name: str) -> bool:
    """Whether a name is what a pattern, if it is one, stands for; a name may have stars too."""
    if "*" not in pattern:
        return pattern == name
    return bool(re.fullmatch(re.escape(pattern).replace(r"\*", "[a-z0-9_*]*"), name))


def _line(path: Path, at: tuple[str, ...]) -> int | None:
    return read_yaml(path.read_text(encoding="utf-8"))[1].get(at)
