"""Why a station stopped: when, what alarms were raised, and the causes that its signals show (docs/why.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from twin.analysis.cause_table import CauseTable
from twin.formula import Evaluation, Formula, Samples
from twin.formula.interval import Intervals
from twin.formula.reason import Reason, reasons
from twin.record import Event
from twin.signals import Signal

NS = 1_000_000_000
STATE = "station.unit.seq_state"
#: What shows a cause may come so much before or after the stop: it takes a scan or two to react, and logs look late.
_BEFORE_NS, _AFTER_NS = 1 * NS, 1 * NS
#: A log that looks rarely shows the standstill late.
_STANDS_BEFORE_NS = 3 * NS
#: At the end of a log a standstill this share of the usual length counts: the log may end before it is longer.
_AT_THE_END = 0.5

ToldBy = Literal["state", "standstill"]


@dataclass(frozen=True)
class Stop:
    """A station stopped. ``until_ns``: when it went on, or the end of the log (``open``). ``state``: as it shows it."""

    at_ns: int
    until_ns: int
    told_by: ToldBy
    state: str = ""
    open: bool = False


@dataclass(frozen=True)
class Shown:
    """A cause that the log shows.

    Args:
        device: of several alike, the one that it is about.
        signs: what shows it: the conditions that are known at the stop.
    """

    name: str
    device: str
    since_ns: int
    outranks: bool
    signs: tuple[Reason, ...]


@dataclass(frozen=True)
class Unanswered:
    """Something that was commanded and did not happen."""

    text_en: str
    text_zh: str
    command: str
    since_ns: int


@dataclass(frozen=True)
class Why:
    """What a log says of one stop.

    Args:
        alarms: raised from shortly before the stop on, first to last.
        causes: those that the log shows, likeliest first; none: it is not known.
        cannot_tell: causes whose signals the log lacks, and which.
    """

    table: CauseTable
    stop: Stop
    alarms: tuple[Event, ...] = ()
    causes: tuple[Shown, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    cannot_tell: dict[str, tuple[str, ...]] = field(default_factory=dict)


def find_stops(samples: Samples, table: CauseTable) -> list[Stop]:
    """The stops of a log in order of time: by the controller's state where the log has it, else by standstill."""
    evaluation = Evaluation(samples)
    signal = samples.signals.get(STATE)
    if signal is not None and table.stopped_states:
        return _by_state(evaluation, samples, table, signal)
    moving, waiting = table.formula(table.moving), table.formula(table.waiting)
    if evaluation.missing(moving) or evaluation.missing(waiting):
        return []
    still = evaluation.truth(waiting).sure & ~evaluation.truth(moving).possible
    least_ns = round(table.standstill_s * NS)
    found = []
    for start, end in zip(still.start.tolist(), still.end.tolist(), strict=True):
        at_end = end >= samples.end_ns - NS
        if end - start >= (least_ns * _AT_THE_END if at_end else least_ns):
            found.append(Stop(start, end, "standstill", open=at_end))
    return found


def _by_state(evaluation: Evaluation, samples: Samples, table: CauseTable, signal: Signal) -> list[Stop]:
    t_ns, values = evaluation.values(Formula("signal", value=STATE))
    codes = [code for code, label in signal.labels.items() if label in table.stopped_states]
    stopped = Intervals.where(t_ns, np.isin(values, codes), samples.end_ns)
    found = []
    for start, end in zip(stopped.start.tolist(), stopped.end.tolist(), strict=True):
        within = values[(t_ns >= start) & (t_ns < end)]
        state = signal.labels.get(int(within[-1]), "")
        found.append(Stop(start, end, "state", state, end >= samples.end_ns))
    return found


def explain(samples: Samples, table: CauseTable, stop: Stop, events: Sequence[Event] = ()) -> Why:
    """What the log says of a stop."""
    evaluation = Evaluation(samples)
    if stop.told_by == "state":
        first_ns, last_ns = stop.at_ns - _BEFORE_NS, stop.at_ns + _AFTER_NS
    else:
        # Where only the standstill shows it, its cause may come while it stands already.
        first_ns, last_ns = stop.at_ns - _STANDS_BEFORE_NS, stop.until_ns
    causes, cannot_tell = [], {}
    for name, cause in table.causes.items():
        formula = table.formula(cause.evidence)
        if lacking := evaluation.missing(formula):
            cannot_tell[name] = tuple(lacking)
            continue
        for stars, one in evaluation.each(formula):
            sure = evaluation.truth(one).sure
            shown = sure.clipped(first_ns, last_ns + 1)
            if len(shown):
                at_ns = int(shown.start[0])
                since_ns = int(sure.start[np.searchsorted(sure.start, at_ns, side="right") - 1])
                told = reasons(one, evaluation, min(int(shown.end[0]) - 1, max(at_ns, stop.at_ns)))
                signs = tuple(reason for reason in told if reason.held is not None)
                causes.append(Shown(name, _device(cause.device, stars), since_ns, cause.outranks, signs))
    order = list(table.causes)
    causes.sort(key=lambda c: (not c.outranks, max(c.since_ns, first_ns), order.index(c.name)))
    alarms = [e for e in events if e.kind == "alarm" and e.data.get("edge", "raised") == "raised"]
    near = tuple(a for a in alarms if stop.at_ns - 5 * NS <= a.t_ns <= stop.until_ns)
    return Why(table, stop, near, tuple(causes), tuple(_unanswered(evaluation, table, stop)), cannot_tell)


def _device(pattern: str, stars: str) -> str:
    """The device that a cause is about: its stars replaced by what they stood for."""
    for text in stars.split(", "):
        pattern = pattern.replace("*", text, 1)
    return pattern


def _unanswered(evaluation: Evaluation, table: CauseTable, stop: Stop) -> list[Unanswered]:
    found = []
    for pair in table.commands:
        command, answer = table.formula(pair.command), table.formula(pair.answer)
        if evaluation.missing(command) or evaluation.missing(answer):
            continue
        commanded, answered = evaluation.truth(command).sure, evaluation.truth(answer).possible
        # What was commanded until shortly before the stop, or is still.
        last = commanded.clipped(stop.at_ns - 5 * NS, (stop.at_ns if stop.told_by == "state" else stop.until_ns) + 1)
        if len(last):
            since_ns = int(commanded.start[np.searchsorted(commanded.start, last.start[-1], side="right") - 1])
            if not len(answered.clipped(since_ns, int(last.end[-1]))):
                found.append(Unanswered(pair.text.en, pair.text.zh, pair.command, since_ns))
    return found
