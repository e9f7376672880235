"""What a lesson is made of, as data: its situation, steps, rules, questions, scoring and scripts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from twin.document import Document, reject
from twin.errors import did_you_mean
from twin.event import ScenarioEvent, TimeCondition
from twin.formula.document import FormulaText, Name, Sentence
from twin.scenario import Scenario

Points = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[int, Field(ge=1, le=100)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Situation(Document):
    """What stands where and what goes wrong: a shipped scenario by name, or one ``inline``; with overrides as of
    ``--set``, and with more events.

    ``begin_s``: the lesson begins so long into that scenario, which runs up to there first. ``draw``: of these, each
    with events of its own, the session's seed draws one, each as likely as any.
    """

    scenario: str | None = None
    inline: Scenario | None = None
    set: list[str] = []
    begin_s: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    events: list[ScenarioEvent] = []
    draw: dict[Name, Annotated[list[ScenarioEvent], Field(min_length=1)]] = {}

    def drawn(self, seed: int) -> str:
        """The name of what a seed draws; empty where there is nothing to draw."""
        names = list(self.draw)
        return names[seed % len(names)] if names else ""

    def is_past(self, event: ScenarioEvent) -> bool:
        """Whether an event of its scenario surely is over when the lesson begins."""
        at = event.at
        return isinstance(at, TimeCondition) and at.time_s + at.delay_s < self.begin_s

    @model_validator(mode="after")
    def _one_scenario(self) -> Situation:
        given = [name for name in ("scenario", "inline") if getattr(self, name) is not None]
        if len(given) != 1:
            reject(expected="exactly one of scenario, inline", got=" and ".join(given) or "none of them")
        if len(self.draw) == 1:
            reject(expected="at least two to draw from", got="one", at=("draw",))
        if self.draw and self.begin_s:
            expected = "nothing to draw in a lesson that begins in the middle: its seed is that of what came before"
            reject(expected=expected, got=", ".join(self.draw), at=("draw",))
        if self.set and self.inline is not None:
            reject(expected="overrides of a scenario by name", got="overrides of an inline one", at=("set",))
        return self


class Step(Document):
    """Something to be brought about: ``done`` holds for an instant once it is the step's turn.

    It is its turn when the steps ``after`` are done: the one above if left out, from the start if empty. ``within_s``
    counts from then. With ``in_turn`` doing it before its turn is a mistake.
    """

    text: Sentence
    done: FormulaText
    within_s: Seconds
    after: list[Name] | None = None
    in_turn: bool = False
    hint: Sentence
    weight: Weight = 1


class Never(Document):
    """What must never happen: a condition, or a requirement by name being broken. ``leaves_percent`` of the score."""

    when: FormulaText | None = None
    requirement: Name | None = None
    text: Sentence | None = None
    leaves_percent: Annotated[int, Field(ge=0, le=95)] = 0

    @model_validator(mode="after")
    def _one_rule(self) -> Never:
        given = [name for name in ("when", "requirement") if getattr(self, name) is not None]
        if len(given) != 1:
            reject(expected="exactly one of when, requirement", got=" and ".join(given) or "none of them")
        if (self.text is None) is (self.when is not None):
            reject(expected="a text beside when, and none beside requirement", got="the other way round", at=("text",))
        return self


class Mistake(Document):
    """What costs ``points`` each time it begins, ``at_most`` in all."""

    when: FormulaText
    text: Sentence
    points: Annotated[int, Field(ge=1, le=100)] = 3
    at_most: Annotated[int, Field(ge=1, le=100)] = 20


class Question(Document):
    """A check of understanding: one of ``choices``, or without them a signal's name. ``right`` lists what is right.

    ``after``: the step after which it is asked; at the end if left out. ``why`` is told once it was answered.
    """

    text: Sentence
    choices: dict[Name, Sentence] = {}
    right: Annotated[list[str], Field(min_length=1)]
    after: Name | None = None
    why: Sentence
    weight: Weight = 1

    @model_validator(mode="after")
    def _can_be_answered(self) -> Question:
        for answer in self.right if self.choices else ():
            if answer not in self.choices:
                expected = "one of the choices " + ", ".join(self.choices)
                reject(expected=expected, got=answer, hint=did_you_mean(answer, self.choices), at=("right",))
        if self.choices and set(self.right) == set(self.choices):
            reject(expected="a choice that is wrong", got="only right ones", at=("choices",))
        return self


class Scoring(Document):
    """The weights of the score's parts and what costs points (docs/score.md).

    ``par_s``: within this time the part ``time`` is earned wholly. ``late``, ``early``, ``hint``: points that a
    step done late, one done before its turn, and a hint asked for, cost.
    """

    par_s: Seconds
    steps: Weight = 70
    answers: Points = 20
    time: Points = 10
    late: Points = 6
    early: Points = 10
    hint: Points = 3
    pass_mark: Annotated[int, Field(ge=1, le=100)] = 75


class Failing(Document):
    """A script with which the lesson must not be passed; ``shows``: steps left undone, rules broken, mistakes made
    and questions answered wrongly that it must show."""

    text: Sentence
    events: list[ScenarioEvent]
    shows: list[Name] = []
