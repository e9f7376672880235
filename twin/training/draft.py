"""The lesson that a stretch of a log makes: what can be derived is, by playing it; what cannot is left open, and told.

It is played three times from its start: with nobody acting, with somebody who does what is right, and with the same
person who leaves the cause as it is. Right is the fault's own remedy, where that brings the station on: its cause
removed, then a confirmation; else what people did in the log.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from twin.branch.past import first_difference
from twin.clock import ns_to_s
from twin.desk import load_panel
from twin.errors import InputError
from twin.event import (
    AfterCondition,
    ClearAction,
    FaultAction,
    GiveAnswer,
    OperatorAction,
    ScenarioEvent,
    SignalCondition,
)
from twin.fault import Fault
from twin.formula.document import Sentence
from twin.lesson import Following, Lesson, parse_lesson, score
from twin.lesson.begin import from_begin
from twin.process import Job, run_job
from twin.record import Record
from twin.scenario import parse_scenario
from twin.training.related import competencies_of, procedure_of, rules_about
from twin.training.shown import REFUSED, STATE, Mark, Shown, fired
from twin.training.start import Start, as_events

#: A trainee is given twice the stretch, and not less than this.
_LONGER, _LEAST_S = 2.0, 60.0
#: How long the remedy's person looks, goes to the machine, and comes back.
_LOOKS_S, _GOES_S, _BACK_S = 3.0, 6.0, 4.0
_STANDS = ("Held", "Suspended")
CLEARED, CONFIRMED = "cleared", "confirmed"


@dataclass(frozen=True)
class Draft:
    """What came of it.

    Args:
        data: the lesson as YAML data, without what is open.
        open: of each key that its author must write what is to be written, and why it could not be derived.
        exact: whether what comes before its begin is the log's, bit for bit. by_log: whether the oracle is what
            people did in the log.
    """

    data: Mapping[str, Any]
    open: Mapping[str, str]
    exact: bool
    by_log: bool


def draft(start: Start, fault: Fault, name: str, *, text: Sentence, briefing: Sentence, folder: Path) -> Draft:
    """The lesson of a stretch with a fault in it; a fault that is not in it comes at its begin.

    Args:
        folder: where the runs go.

    Raises:
        InputError: the fault means nothing at this station.
        SwapTwinError: a run could not begin.
    """
    return _Drafting(start, fault, name, folder).draft(text, briefing)


class _Drafting:
    def __init__(self, start: Start, fault: Fault, name: str, folder: Path) -> None:
        self.start, self.fault, self.name, self._folder = start, fault, name, folder
        stretch_s = ns_to_s(start.end_ns - start.begin_ns)
        self.limit_s = _up(max(_LONGER * stretch_s, _LEAST_S))
        self.events = [] if start.has(fault) else [ScenarioEvent(id="broken", do=FaultAction(fault=fault))]
        self.idle = self._run("idle", ())

    def _run(self, script: str, events: Sequence[ScenarioEvent]) -> Shown:
        begin_s, base = ns_to_s(self.start.begin_ns), self.start.scenario
        happens = [*base.events, *from_begin([*self.events, *events], begin_s)]
        changed = base.model_copy(update={"events": happens, "time_limit_s": begin_s + self.limit_s})
        path = parse_scenario(changed.to_yaml(), name=script).write(self._folder)
        out = self._folder / f"{script}.mcap"
        run_job(Job(str(path), out, ahead_ns=self.start.begin_ns))
        return Shown(Record.open(out), self.start.begin_ns)

    def draft(self, text: Sentence, briefing: Sentence) -> Draft:
        exact = first_difference(self.start.run, self.idle.record, self.start.begin_ns) is None
        told = self.idle.told_by(self.fault)
        oracle, right, marks = self._oracle(told)
        procedure = None if told is None else procedure_of(told[1], self.start.scenario.station)
        data: dict[str, Any] = {
            "text": text.model_dump(), "briefing": briefing.model_dump(), "goal": _GOAL.model_dump(),
            "procedure": procedure, "situation": self._situation(), "time_limit_s": self.limit_s,
        }  # fmt: skip
        data["competencies"] = competencies_of(procedure)
        data["never"] = {name: {"requirement": name} for name in rules_about(self.fault)}
        data["mistakes"] = {"refused": {"when": f"rises({REFUSED})", "text": _MISTAKE.model_dump()}}
        open_: dict[str, str] = {}
        if procedure is None:
            needed = "the procedure of the station's panel that it needs, and what competencies that takes"
            open_["procedure"] = f"no alarm tells this fault; name {needed}"
        if right is None:
            open_["steps"] = "what shows that it is put right: neither the log nor the fault's remedy brought it on"
            open_["oracle"] = f"how it is done; what is to be done is: {self.fault.about.response.en}"
            open_["fails"] = "how it is not done"
            open_["scoring"] = "the time in which it can be done, par_s"
        else:
            data |= self._taught(told, right, marks, oracle)
            self._failing(data, self._settle(data, right), oracle)
        by_log = right is not None and oracle[-1].id not in (CLEARED, CONFIRMED)
        return Draft({key: value for key, value in data.items() if value is not None}, open_, exact, by_log)

    # -- how it is done ----------------------------------------------------------------------------------------------

    def _oracle(self, told: tuple[int, str] | None) -> tuple[list[ScenarioEvent], Shown | None, list[Mark]]:
        """Who does it right: his script, what the station then shows, and how it comes on."""
        for script in (self._remedy(told), as_events(self.start.acts)):
            if not script:
                continue
            script = [*self._answers(told), *script]
            shown = self._run("right", script)
            since_ns = max(fired(shown.record).get(event.id or "", 0) for event in script)
            marks = shown.gets_on(self.idle, since_ns)
            if marks:
                return script, shown, marks
        return [], None, []

    def _answers(self, told: tuple[int, str] | None) -> list[ScenarioEvent]:
        if told is None:
            return []
        at = SignalCondition(signal=told[1], equals=True, for_s=_LOOKS_S)
        return [ScenarioEvent(id="seen", at=at, do=GiveAnswer(question="which", answer=told[1]))]

    def _remedy(self, told: tuple[int, str] | None) -> list[ScenarioEvent]:
        """The cause is removed once the station stands, or has told it, and a station that holds is confirmed."""
        stop = self.idle.stop()
        if stop is not None and stop[1] in _STANDS:
            at = SignalCondition(signal=STATE, equals=stop[1], for_s=_LOOKS_S)
        elif stop is None and told is not None:
            at = SignalCondition(signal=told[1], equals=True, for_s=_LOOKS_S)
        else:
            return []
        clear = ClearAction(name=self.fault.tag, target=self.fault.target)
        events = [ScenarioEvent(id=CLEARED, at=at.model_copy(update={"delay_s": _GOES_S}), do=clear)]
        if stop is not None:
            confirm = OperatorAction(set={"op_confirm": True}, hold_s=0.5)
            back = AfterCondition(after=CLEARED, delay_s=_BACK_S)
            events.append(ScenarioEvent(id=CONFIRMED, at=back, do=confirm))
        return events

    # -- what is told of it ------------------------------------------------------------------------------------------

    def _situation(self) -> dict[str, Any]:
        start = self.start
        found: dict[str, Any] = {"inline": start.scenario.model_dump(mode="json", exclude_none=True)}
        if start.begin_ns:
            found["begin_s"] = ns_to_s(start.begin_ns)
        if self.events:
            found["events"] = _dumped(self.events)
        return found

    def _taught(
        self, told: tuple[int, str] | None, right: Shown, marks: Sequence[Mark], oracle: Sequence[ScenarioEvent]
    ) -> dict[str, Any]:
        about, fired_ns = self.fault.about, fired(right.record)
        steps: list[tuple[Mark, Sentence]] = []
        noticed = self._noticed(told, right)
        if noticed is not None:
            hint = Sentence(en=f"Look: {about.seen.en}.", zh=f"请观察：{about.seen.zh}。")
            steps.append((noticed, hint))
        response = Sentence(en=about.response.en, zh=about.response.zh)
        acts = [right.act(fired_ns[event.id], event.do) for event in oracle if event.id in fired_ns]
        steps += [(one, response) for one in _once(acts)]
        steps += [(one, Sentence(en="Watch what the station does.", zh="观察站的动作。")) for one in marks]
        steps.sort(key=lambda step: step[0].t_ns)
        parts: dict[str, Any] = {"steps": {}}
        for mark, hint in steps:
            parts["steps"][_free(mark.name, parts["steps"])] = {
                "text": mark.text.model_dump(), "done": mark.done, "within_s": self.limit_s, "hint": hint.model_dump(),
            }  # fmt: skip
        if told is not None:
            signals = [told[1], *(name for name in right.matching(self.fault.signals) if name != told[1])]
            why = Sentence(en=f"{about.title.en}: {about.seen.en}.", zh=f"{about.title.zh}：{about.seen.zh}。")
            parts["questions"] = {
                "which": {
                    "text": _WHICH.model_dump(), "right": signals, "why": why.model_dump(),
                    **({"after": noticed.name} if noticed is not None else {}),
                }
            }  # fmt: skip
        parts["scoring"] = {"par_s": self.limit_s / 2}
        parts["oracle"] = _dumped(oracle)
        idle = {"text": _NOTHING.model_dump(), "events": [], "shows": [list(parts["steps"])[-1]]}
        parts["fails"] = {"does_nothing": idle}
        return parts

    def _noticed(self, told: tuple[int, str] | None, right: Shown) -> Mark | None:
        """The station tells it, and stops; None where neither comes after the begin."""
        stop = right.stop()
        stop = None if stop is None or stop[0] <= right.begin_ns else stop
        alarm = None if told is None or told[0] <= right.begin_ns else told[1]
        parts = [*([] if stop is None else [f"{STATE} == {stop[1]}"]), *([] if alarm is None else [alarm])]
        if not parts:
            return None
        en, zh = ("The station stops", "站停止") if alarm is None else (
            f"The station tells: {right.words(alarm).en}", f"站报警：{right.words(alarm).zh}"
        )  # fmt: skip
        t_ns = max(at[0] for at in (stop, told if alarm else None) if at is not None)
        return Mark(t_ns, "noticed", " and ".join(parts), Sentence(en=en, zh=zh))

    # -- what playing it says ----------------------------------------------------------------------------------------

    def _settle(self, data: dict[str, Any], right: Shown) -> Lesson:
        """Leave out rules that are broken by who does it right; give each step its time."""
        progress = Following(right.record, self._parsed(data)).finish()
        data["never"] = {name: rule for name, rule in data["never"].items() if not progress.broken[name]}
        for name, step in progress.steps.items():
            if step.done_ns is None or step.turn_ns is None:
                expected, got = "a step that the oracle does", "one that it does not"
                raise InputError(key=f"steps.{name}", expected=expected, got=got)
            took_s = ns_to_s(step.done_ns - step.turn_ns)
            data["steps"][name]["within_s"] = min(_up(2 * took_s + 10), self.limit_s)
        assert progress.won_ns is not None
        par_s = _up(1.5 * ns_to_s(progress.won_ns - self.start.begin_ns))
        data["scoring"]["par_s"] = min(par_s, self.limit_s - 1)
        return self._parsed(data)

    def _failing(self, data: dict[str, Any], lesson: Lesson, oracle: Sequence[ScenarioEvent]) -> None:
        """Add who does all but remove the cause, where that fails."""
        gone = {event.id for event in oracle if isinstance(event.do, ClearAction)}
        left = [event for event in oracle if event.id not in gone]
        if not gone or any(event.at is None or event.at.after in gone for event in left):
            left = [_on_its_own(event, oracle) for event in left]
        if not gone or not left:
            return
        progress = Following(self._run("hasty", left).record, lesson).finish()
        if score(lesson, progress).passed:
            return
        undone = [name for name, step in progress.steps.items() if step.done_ns is None]
        broken = [name for name, found in progress.broken.items() if found]
        hasty = {"text": _HASTY.model_dump(), "events": _dumped(left), "shows": [*undone[-1:], *broken]}
        data["fails"] = {"leaves_the_cause": hasty}
        self._parsed(data)

    def _parsed(self, data: Mapping[str, Any]) -> Lesson:
        """The lesson, read as its file will be; of any procedure where its author must still say which."""
        any_procedure = next(iter(load_panel(self.start.scenario.station).procedures))
        whole = {**data, "procedure": data["procedure"] or any_procedure}
        return parse_lesson(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), name=self.name)


_GOAL = Sentence(
    en="Find what is wrong, have it put right safely, and let the station go on.",
    zh="找出异常原因，安全排除，并使站继续运行。",
)
_MISTAKE = Sentence(en="A request that the station refuses", zh="被设备拒绝的请求")
_WHICH = Sentence(en="Which signal told you?", zh="哪个信号告诉了你？")
_NOTHING = Sentence(en="Does nothing", zh="不作任何操作")
_HASTY = Sentence(en="Goes on without removing the cause", zh="未排除原因就继续")


def _on_its_own(event: ScenarioEvent, oracle: Sequence[ScenarioEvent]) -> ScenarioEvent:
    """An event that followed one which is left out, at the condition of that one, and as much later."""
    before = {one.id: one for one in oracle}
    at = event.at
    while at is not None and at.after is not None and isinstance(before[at.after].do, ClearAction):
        cleared = before[at.after].at
        assert cleared is not None
        at = cleared.model_copy(update={"delay_s": cleared.delay_s + at.delay_s})
    return event.model_copy(update={"at": at})


def _once(marks: Iterable[Mark | None]) -> list[Mark]:
    """Each condition once, where it came first."""
    found: dict[str, Mark] = {}
    for mark in marks:
        if mark is not None:
            found.setdefault(mark.done, mark)
    return list(found.values())


def _free(name: str, taken: Mapping[str, Any]) -> str:
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, 100))) if one not in taken)


def _dumped(events: Iterable[ScenarioEvent]) -> list[dict[str, Any]]:
    return [event.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for event in events]


def _up(seconds: float) -> float:
    """To the next 5 s."""
    return float(5 * math.ceil(seconds / 5))
