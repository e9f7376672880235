"""Sessions drawn from a seed: a lesson, and what somebody does differently from its oracle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.rubric.catalogue import Deed, Says, catalogue
from benchmarks.rubric.script import Script, answered, delayed, hinted, oracle, with_deed
from twin.event import ScenarioEvent
from twin.lesson import Lesson, load_lesson

SEEDS = {"development": 11, "held_out": 2027}
#: How many things go wrong in a session, each number as often as this.
_COUNTS = (0.22, 0.38, 0.25, 0.15)
#: How often each kind of thing is drawn where a lesson has it.
_KINDS: Mapping[str, float] = {
    "unsafe": 0.18, "left_out": 0.12, "fault": 0.18, "late": 0.14, "wrong": 0.12, "open": 0.06, "slip": 0.10,
    "hint": 0.10,
}  # fmt: skip
#: Signals that are the answer to no question.
_NO_ANSWER = ("station.unit.seq_step", "shuttle.yaw.pv_position_rad", "crane.hoist.pv_position_m")


@dataclass(frozen=True)
class Reference:
    """The oracle's own session: when it was done; of each act that can wait, how much later it may be, and the step
    that waits for it."""

    won_s: float
    slack_s: Mapping[str, float]
    serves: Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """Something done differently. ``kind`` is what the table calls it, ``says`` what the rubric does."""

    kind: str
    name: str
    says: Says
    deed: Deed | None = None
    act: str = ""
    by_s: float = 0.0
    answer: str | None = None

    def change(self, script: Script, since: str) -> dict[str, ScenarioEvent]:
        """The script with it."""
        if self.deed is not None:
            return with_deed(script, self.name, self.deed, since)
        if self.kind in ("wrong", "open", "right"):
            return answered(script, self.act, self.answer)
        if self.kind == "hint":
            return hinted(script, self.act, self.by_s)
        return delayed(script, self.act, self.by_s) if self.act in script else dict(script)


@dataclass(frozen=True)
class Drawn:
    """A session to be played."""

    name: str
    lesson: Lesson
    seed: int
    done: Sequence[Done]
    ends_s: float

    @property
    def script(self) -> Script:
        """What its person does."""
        script: Script = oracle(self.lesson)
        since = catalogue().lessons[self.lesson.name].since
        # What is left out or moved first; what is later, and the answers, on what is left.
        for one in sorted(self.done, key=lambda one: one.deed is None):
            script = one.change(script, since)
        return script


def draw(pool: str, number: int, references: Mapping[str, Reference]) -> Drawn:
    """Session ``number`` of a pool. Short lessons come more often.

    Args:
        references: of each lesson, and of each that it can draw, as ``lesson`` or ``lesson-drawn``.
    """
    rng = np.random.default_rng([SEEDS[pool], number])
    names = sorted(catalogue().lessons)
    weights = np.array([1 / load_lesson(name).time_limit_s for name in names])
    lesson = load_lesson(names[rng.choice(len(names), p=weights / weights.sum())])
    seed = int(rng.integers(1, 2**31))
    reference = references["-".join(filter(None, [lesson.name, lesson.situation.drawn(seed)]))]
    done: list[Done] = []
    wrong = int(rng.choice(len(_COUNTS), p=_COUNTS))
    for _ in range(wrong):
        pools = _possible(lesson, reference, done, rng)
        kinds = [kind for kind in _KINDS if pools[kind]]
        p = np.array([_KINDS[kind] for kind in kinds])
        of = pools[kinds[rng.choice(len(kinds), p=p / p.sum())]]
        done.append(of[rng.integers(len(of))])
    done += _fine(lesson, reference, done, rng)
    spare_s = 22.0 + 12.0 * wrong + sum(one.by_s for one in done if one.kind in ("late", "slow"))
    return Drawn(f"{pool}-{number:03}", lesson, seed, done, min(lesson.time_limit_s, reference.won_s + spare_s))


def _possible(
    lesson: Lesson, reference: Reference, done: Sequence[Done], rng: np.random.Generator
) -> dict[str, list[Done]]:
    """What may be drawn beside what was, by kind."""
    pools: dict[str, list[Done]] = {kind: [] for kind in _KINDS}
    used = {one.name for one in done}
    touched = _touched(done, reference)
    for name, deed in catalogue().deeds(lesson.name).items():
        if deed.says != "fine" and name not in used and not deed.touched & touched:
            pools[deed.says].append(Done(deed.says, name, deed.says, deed))
    for act, slack_s in reference.slack_s.items():
        by_s = round(float(slack_s + rng.uniform(2, 15)), 2)
        waited_s = sum(one.by_s for one in done if one.kind == "late")
        if (
            not {act, f"step {reference.serves[act]}"} & touched
            and reference.won_s + waited_s + by_s < lesson.time_limit_s - 5
        ):
            pools["late"].append(Done("late", f"late {act}", "fault", act=act, by_s=by_s))
    for name, question in lesson.questions.items():
        if f"answer {name}" not in touched:
            known = [answer for answer in (question.choices or _NO_ANSWER) if answer not in question.right]
            answer = known[rng.integers(len(known))]
            pools["wrong"].append(Done("wrong", f"wrong {name}", "fault", act=name, answer=answer))
            pools["open"].append(Done("open", f"open {name}", "fault", act=name))
    for step in lesson.steps:
        at_s = round(float(rng.uniform(1, reference.won_s - 1)), 2)
        if f"hint {step}" not in used:
            pools["hint"].append(Done("hint", f"hint {step}", "slip", act=step, by_s=at_s))
    return pools


def _fine(lesson: Lesson, reference: Reference, done: Sequence[Done], rng: np.random.Generator) -> list[Done]:
    """What is as good: other reaction times, orders and answers."""
    fine: list[Done] = []
    touched = _touched(done, reference)
    for name, deed in catalogue().deeds(lesson.name).items():
        if deed.says == "fine" and not deed.touched & touched and rng.random() < 0.5:
            fine.append(Done("fine", name, "fine", deed))
            touched |= deed.touched
    waited_s = sum(one.by_s for one in done if one.kind == "late")
    spare_s = max(lesson.time_limit_s - reference.won_s - waited_s - 15.0, 0.0) / max(len(reference.slack_s), 1)
    for act, slack_s in reference.slack_s.items():
        if not {act, f"step {reference.serves[act]}"} & touched and rng.random() < 0.5:
            by_s = round(float(rng.uniform(0.1, 0.6) * min(slack_s, spare_s)), 2)
            fine.append(Done("slow", f"slow {act}", "fine", act=act, by_s=by_s))
            touched.add(f"step {reference.serves[act]}")
    for name, question in lesson.questions.items():
        if f"answer {name}" not in touched and len(question.right) > 1 and rng.random() < 0.5:
            answer = question.right[rng.integers(len(question.right))]
            fine.append(Done("right", f"right {name}", "fine", act=name, answer=answer))
    return fine


def _touched(done: Iterable[Done], reference: Reference) -> set[str]:
    """Acts that were left out, moved or put off, the steps that wait for these, and the questions: each but once."""
    touched: set[str] = set()
    for one in done:
        if one.deed is not None:
            touched |= one.deed.touched
        elif one.kind in ("late", "slow"):
            touched |= {one.act, f"step {reference.serves[one.act]}"}
        elif one.kind != "hint":
            touched.add(f"answer {one.act}")
    return touched
