"""Plays a scenario's events into the world: faults, outside events and what people do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twin import event as events
from twin.clock import s_to_ns
from twin.errors import InputError
from twin.injection import Injection
from twin.panel import operator_signals
from twin.record import Event
from twin.scenario import Scenario
from twin.signals import Image
from twin.world import World

ESTOP = "operator.estop.op_pressed"


@dataclass
class _Pending:
    name: str
    condition: events.Condition
    action: events.Action
    phase_count: int = 0
    held_since_ns: int = -1
    met_ns: int = -1


class Script:
    """The events of a scenario, each fired once.

    Args:
        images: input and output image, whose signals conditions may ask for.
        note: takes the Record's event of everything that fires.
    """

    def __init__(
        self, scenario: Scenario, world: World, images: tuple[Image, Image], note: Callable[[Event], None]
    ) -> None:
        self._images, self._note = images, note
        self._pending = [_Pending(name, condition, event.do) for name, condition, event in scenario.script()]
        self._fired_ns: dict[str, int] = {}
        self._releases: list[tuple[int, str, float]] = []
        #: What a person holds, and when he last said so, ns.
        self._held: dict[str, int] = {}
        #: What was taken back and nobody has released since: whoever holds it still must press it anew.
        self._lost: set[str] = set()
        self._injection = Injection(world)
        self._apply: dict[type[events.Action], Callable[[int, Any], str]] = {
            events.PressEstop: lambda t_ns, action: self._do(lambda: self._set(ESTOP, True)),
            events.ReleaseEstop: lambda t_ns, action: self._do(lambda: self._set(ESTOP, False)),
            events.MainsOff: lambda t_ns, action: self._do(world.safety.fail_mains),
            events.MainsOn: lambda t_ns, action: self._do(world.safety.return_mains),
            events.OperatorAction: self._operate,
            events.FaultAction: self._break,
            events.ClearAction: self._clear,
            # What a trainee asks and answers changes nothing at the station; it stands in the Record.
            events.TakeHint: lambda t_ns, action: "",
            events.GiveAnswer: lambda t_ns, action: "",
            events.Remark: lambda t_ns, action: "",
        }

    @property
    def pending(self) -> bool:
        """Whether something may still happen by itself."""
        return bool(self._pending or self._releases or self._injection.ending)

    def play(self, t_ns: int, phase: str, phase_before: str) -> None:
        """Fire what is due at ``t_ns``."""
        for due_ns, name, value in list(self._releases):
            if t_ns >= due_ns:
                self._releases.remove((due_ns, name, value))
                self._set(name, value)
        for fault in self._injection.play(t_ns):
            data = {"id": "", "edge": "end", "fault": fault.model_dump(mode="json")}
            self._note(Event(t_ns, "fault", fault.tag, data=data))
        for pending in list(self._pending):
            if self._due(pending, t_ns, phase, phase_before):
                self._pending.remove(pending)
                self._fired_ns[pending.name] = t_ns
                self.cause(t_ns, pending.action, pending.name)

    def cause(self, t_ns: int, action: events.Action, name: str = "") -> None:
        """Let something happen now; ``name`` is the id under which it stands in the Record."""
        message = self._apply[type(action)](t_ns, action)
        kind = _KINDS.get(type(action), "event")
        self._note(Event(t_ns, kind, message or action.tag, data={"id": name, **action.model_dump(mode="json")}))

    def _due(self, pending: _Pending, t_ns: int, phase: str, phase_before: str) -> bool:
        condition = pending.condition
        if condition.after is not None and condition.after not in self._fired_ns:
            return False
        if pending.met_ns < 0 and self._met(pending, t_ns, phase, phase_before):
            pending.met_ns = t_ns
        return pending.met_ns >= 0 and t_ns >= pending.met_ns + s_to_ns(condition.delay_s)

    def _met(self, pending: _Pending, t_ns: int, phase: str, phase_before: str) -> bool:
        condition = pending.condition
        if isinstance(condition, events.TimeCondition):
            return t_ns >= s_to_ns(condition.time_s)
        if isinstance(condition, events.PhaseCondition):
            edge = phase if condition.edge == "start" else phase_before
            if phase != phase_before and edge == condition.phase:
                pending.phase_count += 1
            return pending.phase_count >= condition.occurrence
        if isinstance(condition, events.SignalCondition):
            if not self._holds(condition):
                pending.held_since_ns = -1
                return False
            if pending.held_since_ns < 0:
                pending.held_since_ns = t_ns
            return t_ns - pending.held_since_ns >= s_to_ns(condition.for_s)
        return True

    def _holds(self, condition: events.SignalCondition) -> bool:
        image = next((image for image in self._images if condition.signal in image.table), None)
        if image is None:
            raise InputError(
                key=condition.signal, expected="a signal of the images", got="an unknown name",
                hint="conditions see what the controller sees and writes",
            )  # fmt: skip
        value = image.get(condition.signal)
        if condition.equals is not None:
            wanted = condition.equals
            if isinstance(wanted, str):
                labels = image.table[condition.signal].labels
                return labels.get(int(value)) == wanted
            return value == wanted
        if condition.above is not None:
            return value > condition.above
        return condition.below is not None and value < condition.below

    # -- actions -------------------------------------------------------------------------------------------------

    @staticmethod
    def _do(action: Callable[[], None]) -> str:
        action()
        return ""

    def _set(self, name: str, value: float) -> None:
        self._images[0].set(operator_signals()[name].address, value)

    def admit(self, request: dict[str, Any]) -> None:
        """Refuse a request that the panel cannot take; what was taken back and is released here may be pressed again.

        Raises:
            InputError: there is no such signal, it cannot take the value, or it was not renewed in time and not
                released since.
        """
        for name, value in request.items():
            signal = operator_signals().get(name)
            problem = "a signal of the operator panel" if signal is None else signal.refuses(value)
            if problem:
                raise InputError(key=name, expected=problem, got=value)
        pressed = {name for name, value in request.items() if operator_signals()[name].number(value)}
        if late := sorted(pressed & self._lost):
            raise InputError(key=late[0], expected="to be released and pressed again", got="renewed too late")
        self._lost -= set(request)

    def state(self) -> dict[str, Any]:
        """What has fired and what is due, for a checkpoint."""
        return {
            "pending": copy.deepcopy(self._pending), "fired": dict(self._fired_ns), "releases": list(self._releases),
            "held": dict(self._held), "lost": set(self._lost), "faults": self._injection.state(),
        }  # fmt: skip

    def restore(self, state: dict[str, Any]) -> None:
        self._pending = copy.deepcopy(state["pending"])
        self._fired_ns, self._releases = dict(state["fired"]), list(state["releases"])
        self._held, self._lost = dict(state["held"]), set(state["lost"])
        self._injection.restore(state["faults"])

    def operate(self, t_ns: int, request: dict[str, Any]) -> bool:
        """Put an admitted request into the input image; false when it only renews what is held already."""
        held = changes = False
        for name, value in request.items():
            signal = operator_signals()[name]
            number = signal.number(value)
            held = held or signal.renewed_within_ns > 0
            changes = changes or self._images[0].get(signal.address) != number
            self._set(name, number)
            if signal.renewed_within_ns and number:
                self._held[name] = t_ns
            else:
                self._held.pop(name, None)
        return changes or not held

    def let_go(self, t_ns: int) -> dict[str, Any]:
        """Take back what a person held and has not renewed in time: its signals to what they are now."""
        if not self._held:
            return {}
        known = operator_signals()
        late = [name for name, since_ns in self._held.items() if t_ns - since_ns > known[name].renewed_within_ns]
        taken_back: dict[str, Any] = {name: False if known[name].type == "bool" else 0.0 for name in late}
        for name, value in taken_back.items():
            del self._held[name]
            self._lost.add(name)
            self._set(name, value)
        return taken_back

    def _operate(self, t_ns: int, action: events.OperatorAction) -> str:
        for name, value in action.set.items():
            before = self._images[0].get(operator_signals()[name].address)
            self._set(name, operator_signals()[name].number(value))
            if action.hold_s > 0:
                self._releases.append((t_ns + s_to_ns(action.hold_s), name, before))
        return ""

    def _break(self, t_ns: int, action: events.FaultAction) -> str:
        self._injection.begin(t_ns, action.fault)
        return action.fault.tag

    def _clear(self, t_ns: int, action: events.ClearAction) -> str:
        self._injection.clear(action.name, action.target)
        return action.name


_KINDS: dict[type[events.Action], str] = {
    events.OperatorAction: "operator",
    events.FaultAction: "fault",
    events.ClearAction: "fault",
    events.TakeHint: "lesson",
    events.GiveAnswer: "lesson",
    events.Remark: "lesson",
}
