"""A lesson of the shipped station, made small, and sessions of it without physics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from twin.lesson import Course, Lesson, Progress, load_lesson
from twin.lesson.session import SESSION, Mode, Person, Session
from twin.record import Event, RecordWriter
from twin.signals import Signal, SignalTable

S = 1_000_000_000
SCAN_NS = 100_000_000
STATES = {4: "Execute", 15: "Held"}
SIGNALS = [
    Signal("station.unit.seq_state", "enum", labels=STATES),
    Signal("operator.panel.op_confirm", "bool"),
    Signal("operator.panel.alm_refused", "bool"),
    Signal("shuttle.lift.pv_position_m", unit="m"),
]
TEXT = """
text: {en: A small lesson, zh: 小课程}
briefing: {en: Look., zh: 看。}
goal: {en: Go on., zh: 继续。}
procedure: hold_and_go_on
competencies: [operate_panel]
situation: {scenario: nominal_swap}
time_limit_s: 100
words:
  held: station.unit.seq_state == Held
steps:
  seen:
    text: {en: It holds, zh: 暂停}
    done: held
    within_s: 20
    hint: {en: Wait., zh: 等待。}
  confirmed:
    text: {en: You confirm, zh: 确认}
    done: rises(operator.panel.op_confirm)
    within_s: 10
    in_turn: true
    weight: 3
    hint: {en: Press confirm., zh: 按确认。}
never:
  high:
    when: shuttle.lift.pv_position_m > 500 mm
    text: {en: The lift is high, zh: 升降过高}
    leaves_percent: 50
  higher:
    when: shuttle.lift.pv_position_m > 700 mm
    text: {en: The lift is too high, zh: 升降超高}
    leaves_percent: 30
mistakes:
  refused:
    when: rises(operator.panel.alm_refused)
    text: {en: Refused, zh: 被拒绝}
    points: 4
    at_most: 6
questions:
  why:
    text: {en: Why?, zh: 为什么？}
    choices: {a: {en: One, zh: 一}, b: {en: Two, zh: 二}}
    right: [a]
    why: {en: So., zh: 如此。}
scoring: {par_s: 20, steps: 60, answers: 20, time: 20, late: 30, hint: 2, early: 7, pass_mark: 60}
oracle:
  - at: {time_s: 5}
    do: {operator: {set: {op_hold: true}, hold_s: 1}}
fails:
  refuses:
    text: {en: Does nothing right, zh: 全错}
    events:
      - at: {time_s: 5}
        do: {operator: {set: {op_start: true}, hold_s: 1}}
"""
Change = Callable[[str], str]


def lesson(folder: Path, change: Change = lambda text: text) -> Lesson:
    """The small lesson, its text changed."""
    path = folder / "small.yaml"
    path.write_text(change(TEXT), encoding="utf-8")
    return load_lesson(path)


def rows(end_s: float, changes: Mapping[str, Iterable[tuple[float, float]]]) -> tuple[np.ndarray, np.ndarray]:
    """A row each 100 ms: each signal is what it was last changed to, (seconds, value); 0 before, and Execute."""
    t_ns = np.arange(0, round(end_s * S) + 1, SCAN_NS, dtype=np.int64)
    values = np.zeros((len(t_ns), len(SIGNALS)))
    values[:, 0] = 4
    for column, signal in enumerate(SIGNALS):
        for at_s, value in changes.get(signal.name, ()):
            values[t_ns >= round(at_s * S), column] = value
    return t_ns, values


def progress(
    of: Lesson, end_s: float, changes: Mapping[str, Iterable[tuple[float, float]]], events: Iterable[Event] = ()
) -> Progress:
    """Where a session stands at its end."""
    course = Course(of, SIGNALS, scan_ns=SCAN_NS)
    t_ns, values = rows(end_s, changes)
    course.feed([signal.name for signal in SIGNALS], t_ns, values)
    for event in events:
        course.take(event)
    return course.finish(int(t_ns[-1]) + 1)


def asked(at_s: float, what: str, /, **fields: str) -> Event:
    """What a trainee asks or answers."""
    return Event(round(at_s * S), "lesson", what, data={"id": "", what: fields})


#: Held at 10 s, confirmed at 14 s, answered at 15 s.
GOOD = {"station.unit.seq_state": [(10.0, 15)], "operator.panel.op_confirm": [(14.0, 1), (14.5, 0)]}
RIGHT = asked(15.0, "give_answer", question="why", answer="a")


def record(
    path: Path, of: Lesson, end_s: float, changes: Mapping[str, Iterable[tuple[float, float]]],
    events: Iterable[Event] = (), *, mode: Mode = "exam", trainee: Person | None = None,
    started_at: str = "2026-11-22T08:00:00Z", **more: Any,
) -> Path:  # fmt: skip
    """The Record of a session without physics; ``more`` of :class:`Session`."""
    who = trainee or Person()
    session = Session(lesson=of.name, text=of.to_yaml(), seed=1, mode=mode, trainee=who, **more)
    about = {"scan_ns": str(SCAN_NS), "started_at": started_at, "source": "simulated"}
    attachments = {SESSION: session.model_dump_json().encode()}
    with RecordWriter(path, metadata=about, tables={"all": SignalTable(SIGNALS)}, attachments=attachments) as writer:
        t_ns, values = rows(end_s, changes)
        for t, row in zip(t_ns.tolist(), values, strict=True):
            writer.row("all", t, row)
        for event in events:
            writer.event(event)
    return path
