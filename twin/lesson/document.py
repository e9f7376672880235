"""Lessons as data: ``scenarios/lessons/*.yaml``, typed and strict (docs/lessons.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Annotated

import yaml
from pydantic import Field, PrivateAttr, model_validator

from twin.clock import s_to_ns
from twin.desk import load_panel
from twin.document import reject
from twin.errors import InputError, did_you_mean
from twin.event import PERSONAL, GiveAnswer, OperatorAction, ScenarioEvent, TakeHint
from twin.formula import Formula, reach
from twin.formula.constant import constant
from twin.formula.document import Name, Sentence, WithWords
from twin.lesson.begin import from_begin
from twin.lesson.competency import competencies
from twin.lesson.part import Failing, Mistake, Never, Question, Scoring, Seconds, Situation, Step
from twin.lesson.possible import only_with
from twin.lesson.requirement import requirement_names, requirement_set
from twin.scenario import Expectation, Scenario, load_scenario, parse_scenario

#: The device of what other people at the station do; a situation may have them act.
CREW = "operator.crew"
#: A condition tells whether it holds at the latest so long after: a trainee must not wait for his step to be seen.
LONGEST_AHEAD_S = 10


class Lesson(WithWords):
    """A lesson, as a file in ``scenarios/lessons/`` says it. Times are seconds since it began: at the start of the
    session, or where its situation says ``begin_s``."""

    text: Sentence
    briefing: Sentence
    goal: Sentence
    procedure: Name
    competencies: Annotated[list[Name], Field(min_length=1)]
    situation: Situation
    time_limit_s: Seconds
    steps: Annotated[dict[Name, Step], Field(min_length=1)]
    never: dict[Name, Never] = {}
    mistakes: dict[Name, Mistake] = {}
    questions: dict[Name, Question] = {}
    scoring: Scoring
    oracle: Annotated[list[ScenarioEvent], Field(min_length=1)]
    fails: Annotated[dict[Name, Failing], Field(min_length=1)]

    _name: str = PrivateAttr(default="lesson")

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self._name

    # -- what follows from it ------------------------------------------------------------------------------------

    @property
    def begin_ns(self) -> int:
        """When it begins, in the time of its session's Record."""
        return s_to_ns(self.situation.begin_s)

    @property
    def end_ns(self) -> int:
        """Its time limit, in the time of its session's Record."""
        return self.begin_ns + s_to_ns(self.time_limit_s)

    def turn_of(self, step: str) -> list[str]:
        """The steps that must be done before it is a step's turn."""
        names = list(self.steps)
        after = self.steps[step].after
        return list(after) if after is not None else names[max(names.index(step) - 1, 0) : names.index(step)]

    def scenario(
        self, script: Sequence[ScenarioEvent] = (), seed: int | None = None, *, guarded: bool = False
    ) -> Scenario:
        """What a session runs, under the lesson's name.

        Args:
            script: what a scripted person does.
            seed: instead of the scenario's; what comes before a begin in the middle is always that of the scenario's.
            guarded: a person is the guardian, and what the scripted one does is left out.

        Raises:
            InputError: the scenario is none, or an event does not fit the others.
        """
        base = self._base()
        of = self.situation
        seed = base.seed if seed is None or of.begin_s else seed
        before, happens = base.events, [*of.events, *of.draw.get(of.drawn(seed), [])]
        if guarded:
            before, happens = ([one for one in some if not self._is_guardians(one)] for some in (before, happens))
        return self._changed(base, seed, [*before, *from_begin([*happens, *script], of.begin_s)])

    @cached_property
    def has_guardian(self) -> bool:
        """Whether its situation has a scripted guardian, whose place a person may take."""
        return any(self._is_guardians(event) for event in self.scenario().events)

    def _is_guardians(self, event: ScenarioEvent) -> bool:
        """Whether an event is something that the station's guardian does from the lesson's begin on."""
        patterns = load_panel(self._base().station).guardian
        names = event.do.set if isinstance(event.do, OperatorAction) else ()
        his = bool(names) and all(any(fnmatchcase(name, pattern) for pattern in patterns) for name in names)
        return his and not self.situation.is_past(event)

    def _base(self) -> Scenario:
        of = self.situation
        return of.inline if of.inline is not None else load_scenario(of.scenario or "", of.set)

    def _changed(self, base: Scenario, seed: int, events: Sequence[ScenarioEvent]) -> Scenario:
        changed = base.model_copy(
            update={
                "text": self.text.model_dump(), "time_limit_s": self.situation.begin_s + self.time_limit_s,
                "expect": Expectation(), "seed": seed, "events": list(events),
            }
        )  # fmt: skip
        return parse_scenario(changed.to_yaml(), name=self.name)

    @cached_property
    def conditions(self) -> Mapping[str, Formula]:
        """Every condition by where it stands: ``steps.<name>``, ``never.<name>``, ``mistakes.<name>``."""
        found = {f"steps.{name}": self.formula(step.done, ("steps", name, "done")) for name, step in self.steps.items()}
        for name, rule in self.never.items():
            if rule.when is not None:
                found[f"never.{name}"] = self.formula(rule.when, ("never", name, "when"))
            else:
                when, then = requirement_set(rule.requirement or "").formulas(rule.requirement or "")
                found[f"never.{name}"] = Formula("and", (when, Formula("not", (then,))))
        for name, mistake in self.mistakes.items():
            found[f"mistakes.{name}"] = self.formula(mistake.when, ("mistakes", name, "when"))
        return found

    def never_text(self, name: str) -> Sentence:
        """What a rule says."""
        rule = self.never[name]
        if rule.text is not None:
            return rule.text
        return requirement_set(rule.requirement or "").requirements[rule.requirement or ""].text

    def to_yaml(self) -> str:
        """The lesson as a file that needs no other: its scenario inline."""
        base = self._base()
        own: dict[str, object] = {"scenario": None, "inline": self._changed(base, base.seed, base.events), "set": []}
        whole = self.model_copy(update={"situation": self.situation.model_copy(update=own)})
        return yaml.safe_dump(whole.model_dump(mode="json", exclude_none=True), allow_unicode=True, sort_keys=False)

    # -- what is refused -----------------------------------------------------------------------------------------

    @model_validator(mode="after")
    def _means_something(self) -> Lesson:
        self._check_names()
        self._check_order()
        for place in self.conditions:
            self._check_condition(place)
        self._check_times()
        for name in self.steps:
            for rule in self.never:
                done, never = self.conditions[f"steps.{name}"], self.conditions[f"never.{rule}"]
                if only_with(done, never):
                    got = f"{self.steps[name].done}, which never holds without never.{rule}"
                    reject(expected="a step that can be done without what must never happen", got=got,
                           at=("steps", name, "done"))  # fmt: skip
        self._check_scripts()
        return self

    def _check_names(self) -> None:
        for n, name in enumerate(self.competencies):
            _one_of(name, competencies(), "a competency", ("competencies", n))
        for name, rule in self.never.items():
            if rule.requirement is not None:
                at = ("never", name, "requirement")
                _one_of(rule.requirement, requirement_names(), "a shipped requirement", at)
        for name, question in self.questions.items():
            if question.after is not None:
                _one_of(question.after, self.steps, "a step", ("questions", name, "after"))
        seen: dict[str, str] = {}
        for kind in ("steps", "never", "mistakes", "questions"):
            for name in getattr(self, kind):
                if name in seen:
                    got = f"{name}, which is one of {seen[name]} too"
                    reject(expected="a name of its own", got=got, at=(kind, name))
                seen[name] = kind

    def _check_order(self) -> None:
        for name, step in self.steps.items():
            for n, before in enumerate(step.after or ()):
                _one_of(before, self.steps, "a step", ("steps", name, "after", n))
        open_to: set[str] = set()
        while more := [name for name in self.steps if name not in open_to and set(self.turn_of(name)) <= open_to]:
            open_to.update(more)
        stuck = [name for name in self.steps if name not in open_to]
        if stuck:
            got = f"a ring: {', '.join(stuck)} wait for each other"
            reject(expected="an order in which every step has its turn", got=got, at=("steps", stuck[0], "after"))

    def _check_condition(self, place: str) -> None:
        kind, name = place.split(".")
        at = (kind, name, "done" if kind == "steps" else "when")
        formula = self.conditions[place]
        if constant(formula) is not None:
            always = "always" if constant(formula) else "never"
            reject(expected="a condition that can come and can be absent", got=f"one that {always} holds", at=at)
        try:
            ahead_ns = reach(formula).ahead_ns
        except InputError as error:
            reject(expected=error.expected, got=str(error.got), hint="event(…) and moves need a whole log", at=at)
        if ahead_ns is None or ahead_ns > s_to_ns(LONGEST_AHEAD_S):
            expected = f"a condition that is told within {LONGEST_AHEAD_S} s, for it is followed while the session runs"
            reject(expected=expected, got="one that looks farther ahead", at=at)

    def _check_times(self) -> None:
        for name, step in self.steps.items():
            if step.within_s > self.time_limit_s:
                expected = f"at most the lesson's time_limit_s, {self.time_limit_s:g}"
                reject(expected=expected, got=f"{step.within_s:g}", at=("steps", name, "within_s"))
        if self.scoring.par_s >= self.time_limit_s:
            expected = f"less than the lesson's time_limit_s, {self.time_limit_s:g}"
            reject(expected=expected, got=f"{self.scoring.par_s:g}", at=("scoring", "par_s"))

    def _check_scripts(self) -> None:
        of = self.situation
        happens: dict[tuple[str, ...], list[ScenarioEvent]] = {
            ("situation", "inline", "events"): [] if of.inline is None else of.inline.events,
            ("situation", "events"): of.events,
            **{("situation", "draw", name): events for name, events in of.draw.items()},
        }
        for path, events in happens.items():
            for n, event in enumerate(events):
                do = event.do
                others = isinstance(do, OperatorAction) and all(name.startswith(f"{CREW}.") for name in do.set)
                others = others or (path[1] == "inline" and of.is_past(event))
                if isinstance(do, OperatorAction | TakeHint | GiveAnswer) and not others:
                    expected = "what happens to the trainee; what he does belongs to oracle and fails"
                    reject(expected=expected, got=do.tag, at=(*path, n, "do"))
        self._check_run((), ("situation",))
        named = {*self.steps, *self.never, *self.mistakes, *self.questions}
        self._check_script(self.oracle, ("oracle",))
        procedures = load_panel(self.scenario().station).procedures
        _one_of(self.procedure, procedures, "a procedure of the station's panel", ("procedure",))
        for name, failing in self.fails.items():
            self._check_script(failing.events, ("fails", name, "events"))
            for n, shown in enumerate(failing.shows):
                expected = "a step, a rule, a mistake or a question"
                _one_of(shown, named, expected, ("fails", name, "shows", n))

    def _check_run(self, script: Sequence[ScenarioEvent], at: tuple[str, ...]) -> None:
        """It is a scenario, whatever is drawn."""
        try:
            for seed in range(len(self.situation.draw) or 1):
                self.scenario(script, seed if self.situation.draw else None)
        except InputError as error:
            reject(expected=f"{error.key}: {error.expected}", got=str(error.got), hint=error.hint, at=at)

    def _check_script(self, events: Sequence[ScenarioEvent], at: tuple[str, ...]) -> None:
        self._check_run(events, at)
        for n, event in enumerate(events):
            do = event.do
            if not isinstance(do, PERSONAL):
                expected = "what a person does: " + ", ".join(kind.tag for kind in PERSONAL)
                reject(expected=expected, got=do.tag, at=(*at, n, "do"))
            if isinstance(do, TakeHint):
                _one_of(do.step, self.steps, "a step", (*at, n, "do", do.tag, "step"))
            if isinstance(do, GiveAnswer):
                _one_of(do.question, self.questions, "a question", (*at, n, "do", do.tag, "question"))
                choices = self.questions[do.question].choices
                if choices:
                    _one_of(do.answer, choices, "one of the choices", (*at, n, "do", do.tag, "answer"))


def _one_of(word: str, known: Iterable[str], expected: str, at: tuple[str | int, ...]) -> None:
    words = list(known)
    if word not in words:
        some = ", ".join(words[:12]) or "there is none"
        reject(expected=f"{expected}: {some}", got=word, hint=did_you_mean(word, words), at=at)
