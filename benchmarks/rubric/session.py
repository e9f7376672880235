"""A drawn session played in physics, and what the rubric and the score say of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.rubric.catalogue import catalogue
from benchmarks.rubric.draw import Done, Drawn, Reference
from benchmarks.rubric.rubric import by_deeds, by_score
from benchmarks.rubric.script import in_order, oracle
from twin.analysis.samples import RecordSamples
from twin.clock import ns_to_s
from twin.event import ScenarioEvent
from twin.formula import Evaluation, parse
from twin.lesson import SESSION, Lesson, Session, score_session
from twin.record import Record
from twin.run import Run
from twin.training.shown import fired


def played(drawn: Drawn, out: Path) -> dict[str, Any]:
    """Play a session and judge it, as a row of the bench's file."""
    begun_s = time.perf_counter()
    run(drawn.lesson, in_order(drawn.script), drawn.seed, drawn.ends_s, out)
    record = Record.open(out)
    seen = Seen(record)
    own = catalogue().lessons[drawn.lesson.name]
    reached = seen.after(own.goal, own.since)
    happened = [(one, seen.happened(one)) for one in drawn.done]
    score = score_session(record).score
    return {
        "name": drawn.name, "lesson": drawn.lesson.name, "drawn": drawn.lesson.situation.drawn(drawn.seed),
        "seed": drawn.seed, "reached": reached,
        "deeds": [{"kind": one.kind, "name": one.name, "says": one.says, "happened": did} for one, did in happened],
        "rubric": by_deeds([one.says for one, did in happened if did], reached=reached),
        "score": by_score(score), "total": score.total, "quality": score.quality, "factor": score.factor,
        "lost": [f"{item.kind} {item.name}: {item.reason.en}" for item in score.items if item.points != item.of],
        "wall_s": round(time.perf_counter() - begun_s, 1),
    }  # fmt: skip


def run(lesson: Lesson, script: Sequence[ScenarioEvent], seed: int, ends_s: float, out: Path) -> None:
    """A session of a lesson, ended after ``ends_s`` as a trainee ends his."""
    scenario = lesson.scenario(script, seed).model_copy(update={"time_limit_s": ends_s})
    session = Session(lesson=lesson.name, text=lesson.to_yaml(), seed=seed, mode="exam")
    with Run(scenario, out=out, attachments={SESSION: session.model_dump_json(indent=1)}) as one:
        while one.scan():
            pass
        one.finish()


def reference(lesson: Lesson, seed: int, out: Path) -> Reference:
    """How the oracle does it."""
    run(lesson, in_order(oracle(lesson)), seed, lesson.time_limit_s, out)
    record = Record.open(out)
    fired_ns = Seen(record).fired_ns
    progress = score_session(record).progress
    assert progress.won_ns is not None
    slack_s: dict[str, float] = {}
    serves: dict[str, str] = {}
    for act in catalogue().lessons[lesson.name].late:
        later = {name: step for name, step in progress.steps.items() if (step.done_ns or 0) >= fired_ns[act]}
        serves[act] = min(later, key=lambda name: later[name].done_ns or 0)
        step = later[serves[act]]
        slack_s[act] = round(ns_to_s((step.due_ns or 0) - (step.done_ns or 0)), 2)
    return Reference(ns_to_s(progress.won_ns), slack_s, serves)


class Seen:
    """What a Record shows of deeds, apart from the lesson's own conditions."""

    def __init__(self, record: Record) -> None:
        self._evaluation = Evaluation(RecordSamples(record))
        self.fired_ns = fired(record)
        self._answers = {
            (given["question"], given["answer"])
            for one in record.events()
            if (given := one.data.get("give_answer")) is not None
        }

    def holds(self, condition: str) -> bool:
        """Whether a condition surely held at some instant."""
        return len(self._evaluation.truth(parse(condition)).sure) > 0

    def after(self, condition: str, act: str) -> bool:
        """Whether it surely held at some instant after an act; not where the act was not done."""
        if act not in self.fired_ns:
            return False
        return bool((self._evaluation.truth(parse(condition)).sure.end > self.fired_ns[act]).any())

    def happened(self, one: Done) -> bool:
        """Whether a deed that was planned had its effect."""
        if one.deed is not None:
            if one.deed.shown is not None:
                return self.holds(one.deed.shown)
            return all(act in self.fired_ns for act in one.deed.moved)
        if one.kind == "open":
            return not any(question == one.act for question, _ in self._answers)
        if one.kind in ("wrong", "right"):
            return (one.act, one.answer) in self._answers
        return (f"hint_{one.act}" if one.kind == "hint" else one.act) in self.fired_ns
