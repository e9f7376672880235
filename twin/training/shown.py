"""What a run shows from an instant on: alarms, states and phases, each when it came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from twin.event import Action, OperatorAction, ReleaseEstop
from twin.fault import Fault
from twin.formula.document import Sentence
from twin.panel import operator_signals
from twin.record import Record
from twin.requirement.document import alike

STATE, PHASE = "station.unit.seq_state", "station.unit.seq_phase"
STOPPED = ("Held", "Suspended", "Aborted", "Stopped")
#: What the panel tells where the station refuses a request.
REFUSED = "operator.panel.alm_refused"
#: Classes of alarms that say that something is wrong; D is information.
_WRONG = frozenset({"A1", "A2", "B", "C"})


@dataclass(frozen=True)
class Mark:
    """Something that a run came to: when, under which short name, the condition that tells it, and in words."""

    t_ns: int
    name: str
    done: str
    text: Sentence


class Shown:
    """What a run shows from ``begin_ns`` on."""

    def __init__(self, record: Record, begin_ns: int) -> None:
        self.record, self.begin_ns = record, begin_ns
        self._events = record.events()
        later = [event for event in self._events if event.t_ns >= begin_ns]
        self.states = [(event.t_ns, event.name) for event in later if event.kind == "state"]
        self.phases = [
            (event.t_ns, event.name) for event in later if event.kind == "phase" and event.data.get("edge") == "start"
        ]
        self.alarms = [
            (event.t_ns, event.name) for event in later
            if event.kind == "alarm" and event.data["edge"] == "raised" and event.data["class"] in _WRONG
        ]  # fmt: skip

    def state_at(self, t_ns: int) -> str:
        """The state at an instant; empty before the first."""
        before = [event.name for event in self._events if event.kind == "state" and event.t_ns <= t_ns]
        return before[-1] if before else ""

    def alarms_at(self, t_ns: int) -> list[str]:
        """The alarms that stand at an instant, and say that something is wrong."""
        found: dict[str, bool] = {}
        for event in self._events:
            if event.kind == "alarm" and event.t_ns <= t_ns and event.data["class"] in _WRONG:
                found[event.name] = event.data["edge"] == "raised"
        return [name for name, stands in found.items() if stands]

    def told_by(self, fault: Fault) -> tuple[int, str] | None:
        """The alarm that tells a fault: of its target or device where there is one, else the first; None: none."""
        standing = [(self.begin_ns, name) for name in self.alarms_at(self.begin_ns)]
        found = [*standing, *self.alarms]
        target = fault.target or "\0"
        near = (target, target.partition(".")[0] + ".")
        for start in near:
            for one in found:
                if one[1].startswith(start):
                    return one
        return found[0] if found else None

    def stop(self) -> tuple[int, str] | None:
        """The first stop from the begin on, or the one that stands then."""
        standing = self.state_at(self.begin_ns)
        if standing in STOPPED:
            return self.begin_ns, standing
        return next(((t_ns, name) for t_ns, name in self.states if name in STOPPED), None)

    def gets_on(self, other: Shown, since_ns: int) -> list[Mark]:
        """How it comes on after an instant as another run does not: the state, and the phase, first come to."""
        marks = []
        for name, mine, theirs, signal in (
            ("goes_on", self.states, other.states, STATE), ("next_phase", self.phases, other.phases, PHASE),
        ):  # fmt: skip
            came = {label for _, label in theirs}
            new = [(t, label) for t, label in mine if t > since_ns and label not in came and not label.endswith("ing")]
            if new:
                t_ns, label = new[0]
                what = Sentence(en=f"The station comes to {label}", zh=f"站进入 {label}")
                marks.append(Mark(t_ns, name, f"{signal} == {label}", what))
        return marks

    def words(self, name: str) -> Sentence:
        """What a signal is called."""
        text = self.record.signals[name].text
        return Sentence(en=text.get("en", name), zh=text.get("zh", name))

    def matching(self, patterns: Iterable[str]) -> list[str]:
        """The signals that patterns stand for."""
        known = [signal.name for signal in self.record.signals]
        return [name for pattern in patterns for name in known if alike(pattern, name)]

    def act(self, t_ns: int, do: Action) -> Mark | None:
        """Something that a person did, as a condition; None of what no signal tells, such as a cause removed."""
        stood = self.state_at(t_ns - 1)
        if isinstance(do, ReleaseEstop):
            words = Sentence(en="The emergency stop is pulled out", zh="拔出急停按钮")
            return Mark(t_ns, "released", "falls(operator.estop.op_pressed)", words)
        if not isinstance(do, OperatorAction):
            return None
        said = [(operator_signals()[name].address, value) for name, value in do.set.items() if value]
        if not said:
            return None
        first, *others = (_said(name, value) for name, value in said)
        done = " and ".join([f"rises({first})", *others])
        if stood in STOPPED:
            done += f" and ({STATE} == {stood} within last 100 ms)"
        called = [self.words(name) for name, _ in said]
        values = [
            "" if value is True else f" {value:g}" if isinstance(value, float) else f" {value}" for _, value in said
        ]
        en = ", ".join(f"{one.en}{value}" for one, value in zip(called, values, strict=True))
        zh = "，".join(f"{one.zh}{value}" for one, value in zip(called, values, strict=True))
        short = said[0][0].rpartition(".op_")[2]
        return Mark(t_ns, short, done, Sentence(en=f"You ask: {en}", zh=f"操作：{zh}"))


def fired(record: Record) -> dict[str, int]:
    """When each event of a run's script came, ns, by its id."""
    return {event.data["id"]: event.t_ns for event in record.events() if event.data.get("id")}


def _said(name: str, value: bool | float | str) -> str:
    if isinstance(value, bool):
        return name
    return f"{name} == '{value}'" if isinstance(value, str) else f"{name} {'<' if value < 0 else '>'} 0"
