"""What happens in a scenario besides the swap itself: faults, outside events and what people do.

An event is a condition (``at``) and an action (``do``). There is one list of them, and each kind is one class here,
of faults in :mod:`twin.fault`: to add a kind, add a class with its ``tag`` (of a fault: its ``name``) above the union.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union

from pydantic import (
    Discriminator,
    Field,
    SerializerFunctionWrapHandler,
    Tag,
    TypeAdapter,
    ValidationError,
    model_serializer,
    model_validator,
)

from twin.constraint import Like
from twin.document import Document, parse_document, reject
from twin.errors import InputError, did_you_mean
from twin.fault import AnyFault, FaultName
from twin.panel import operator_signals, phase_labels

NonNegativeTime = Annotated[float, Field(ge=0, le=86_400)]
_DEVICE = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\."
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$"), Like("stop or stop_2, in lower case")]
SignalName = Annotated[
    str, Field(pattern=_DEVICE + r"(pv|st|cmd|sp|seq|ilk|alm|op|gt)_[a-z0-9_]+$"), Like("shuttle.lift.pv_position_m")
]


def _tagged_union(base: type[Document], tag_of: Callable[[Any], str | None]) -> Any:
    """The union of all subclasses of a base, told apart by their ``tag``."""
    members = [Annotated[kind, Tag(kind.tag)] for kind in base.__subclasses__()]  # type: ignore[attr-defined]
    return Annotated[Union[tuple(members)], Discriminator(tag_of)]  # noqa: UP007 - a union made at run time


# --------------------------------------------------------------------------------------------------- conditions


class Condition(Document):
    """When an event fires: once, ``delay_s`` after its condition is met, and not before the event ``after`` fired."""

    tag: ClassVar[str]
    after: Identifier | None = None
    delay_s: NonNegativeTime = 0.0


class TimeCondition(Condition):
    """At a time of the run."""

    tag = "@time_s"
    time_s: NonNegativeTime


class PhaseCondition(Condition):
    """When a phase of the swap starts or ends for the ``occurrence``-th time, counted from when ``after`` fired."""

    tag = "@phase"
    phase: str
    edge: Literal["start", "end"] = "start"
    occurrence: Annotated[int, Field(ge=1, le=1000)] = 1

    @model_validator(mode="after")
    def _known_phase(self) -> PhaseCondition:
        known = phase_labels()
        if self.phase not in known:
            hint = did_you_mean(self.phase, known)
            reject(expected="a phase, one of " + ", ".join(known), got=repr(self.phase), hint=hint, at=("phase",))
        return self


class SignalCondition(Condition):
    """When a signal has been equal to, above or below a value for ``for_s`` without a break.

    ``equals`` takes a number, true or false, or the label of an enum.
    """

    tag = "@signal"
    signal: SignalName
    equals: bool | float | str | None = None
    above: float | None = None
    below: float | None = None
    for_s: NonNegativeTime = 0.0

    @model_validator(mode="after")
    def _one_comparison(self) -> SignalCondition:
        given = [name for name in ("equals", "above", "below") if getattr(self, name) is not None]
        if len(given) != 1:
            reject(expected="exactly one of equals, above, below", got=" and ".join(given) or "none of them")
        return self


class AfterCondition(Condition):
    """``delay_s`` after another event."""

    tag = "@after"
    after: Identifier


def _condition_tag(data: Any) -> str | None:
    if isinstance(data, Condition):
        return data.tag
    if not isinstance(data, Mapping):
        return None
    by_key = {"time_s": TimeCondition.tag, "phase": PhaseCondition.tag, "signal": SignalCondition.tag}
    given = [tag for key, tag in by_key.items() if key in data]
    if len(given) > 1:
        return " and ".join(given)
    return given[0] if given else AfterCondition.tag if "after" in data else None


if TYPE_CHECKING:
    AnyCondition = Condition
else:
    AnyCondition = _tagged_union(Condition, _condition_tag)


# ------------------------------------------------------------------------------------------------------ actions


class Action(Document):
    """What happens: in a file, a mapping with one key, the action's tag."""

    tag: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, data: Any) -> Any:
        return (data[cls.tag] or {}) if isinstance(data, Mapping) and cls.tag in data else data

    @model_serializer(mode="wrap")
    def _wrap(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {self.tag: fields(self)}


class PressEstop(Action):
    """A person presses an emergency stop; it latches."""

    tag = "press_estop"


class ReleaseEstop(Action):
    """A person pulls the emergency stop out again; the chain still waits for its reset."""

    tag = "release_estop"


class MainsOff(Action):
    """The mains fail."""

    tag = "mains_off"


class MainsOn(Action):
    """The mains come back."""

    tag = "mains_on"


class OperatorAction(Action):
    """A person sets operator signals; with ``hold_s`` above 0 each goes back to what it was after that time.

    ``set`` names the signals of ``operator.panel`` (``op_mode``), and those of other devices in full
    (``isolator.mains.op_off``); enums are given by label.
    """

    tag = "operator"
    set: Annotated[dict[str, bool | float | str], Field(min_length=1)]
    hold_s: Annotated[float, Field(ge=0, le=3600)] = 0.0

    @model_validator(mode="after")
    def _known_signals(self) -> OperatorAction:
        known = operator_signals()
        for name, value in self.set.items():
            if name not in known:
                hint = did_you_mean(name, known)
                reject(
                    expected="a signal that people set, one of " + ", ".join(known),
                    got=repr(name),
                    hint=hint,
                    at=("set", name),
                )
            problem = known[name].refuses(value)
            if problem:
                reject(expected=problem, got=repr(value), at=("set", name))
        return self


class FaultAction(Action):
    """A fault begins."""

    tag = "fault"
    fault: AnyFault

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, data: Any) -> Any:
        return data  # the one key is the field itself

    @model_serializer(mode="wrap")
    def _wrap(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return dict(fields(self))


class ClearAction(Action):
    """A person removes the cause of a fault."""

    tag = "clear"
    name: FaultName
    target: str = ""


class TakeHint(Action):
    """A trainee asks for the hint of a step of the lesson."""

    tag = "take_hint"
    step: Identifier


class GiveAnswer(Action):
    """A trainee answers a question of the lesson: the name of a choice, or of a signal."""

    tag = "give_answer"
    question: Identifier
    answer: Annotated[str, Field(min_length=1, max_length=200)]


class Remark(Action):
    """What happens around a session and changes nothing at the station: a word of the instructor, a freeze, its end.

    ``begun``: a lesson that begins in the middle of a run begins here. ``confirmed`` and ``observed`` are what the
    instructor says of it, ``finished`` what the trainee does; ``by`` is the instructor's name, or empty.
    """

    tag = "remark"
    what: Literal["begun", "message", "frozen", "resumed", "finished", "confirmed", "observed"]
    by: Annotated[str, Field(max_length=200)] = ""
    text: Annotated[str, Field(max_length=2000)] = ""


def _action_tag(data: Any) -> str | None:
    if isinstance(data, Action):
        return data.tag
    if not isinstance(data, Mapping) or not data:
        return None
    return " and ".join(map(str, data))


if TYPE_CHECKING:
    AnyAction = Action
else:
    AnyAction = _tagged_union(Action, _action_tag)


class ScenarioEvent(Document):
    """One event: when, and what. Without ``at`` it fires together with the event above it, the first at the start."""

    id: Identifier | None = None
    at: AnyCondition | None = None
    do: AnyAction


#: What a person at the station can do; the rest happens to him.
PERSONAL = (OperatorAction, ClearAction, PressEstop, ReleaseEstop, TakeHint, GiveAnswer)
_ACTION: TypeAdapter[Action] = TypeAdapter(AnyAction)


def action_of(data: Mapping[str, Any]) -> Action:
    """The inverse of an action's ``model_dump(mode="json")``.

    Raises:
        InputError: it is no action.
    """
    try:
        return _ACTION.validate_python(dict(data))
    except ValidationError as error:
        got = error.errors()[0]["msg"]
        raise InputError(key="do", expected="what may happen, as a scenario has it under `do`", got=got) from None


def read_action(text: str, where: str) -> Action:
    """What happens, as a scenario has it under ``do``: ``press_estop:`` or ``fault: {name: lock_stuck, …}``.

    Args:
        where: how errors call the text, such as the option that it was given with.

    Raises:
        InputError: it is no action.
    """
    lines = "\n".join(f"  {line}" for line in text.splitlines())
    return parse_document(f"do:\n{lines}", ScenarioEvent, file=where).do
