"""What every fault says of itself: what it changes, how it is noticed, and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, get_args

from pydantic import Field

from twin.constraint import Like
from twin.document import Document

Kind = Literal["physics", "sensor", "bus", "power"]


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


@dataclass(frozen=True)
class About:
    """What a person is told of a kind of fault.

    Args:
        kind: what it acts on; never on an alarm.
        title: its name.
        changes: what is different in the world from its onset on.
        seen: how it can be noticed.
        signals: where it can be seen; ``{target}`` stands for the fault's target and ``{device}`` for the part of it
            before the first dot. ``*`` is any text.
        response: what the people at the station do.
        example: fields of a fault of this kind at the shipped station.
        severity: the field that says how bad it is; empty where there is no less and no more.
        source, confidence: where the severity's default comes from, as of a number of an asset.
    """

    kind: Kind
    title: Text
    changes: Text
    seen: Text
    signals: tuple[str, ...]
    response: Text
    example: Mapping[str, Any] = field(default_factory=dict)
    severity: str = ""
    source: str = "engineering estimate"
    confidence: Literal["H", "M", "L", "D", "EE"] = "EE"


@dataclass(frozen=True)
class Names:
    """Marks a field of a fault: what its text must be the name of, at the station or in the scenario."""

    what: Literal["bracket", "axis", "slot", "pack", "device", "signal"]


class Fault(Document):
    """Something that is broken or wrong from its onset on, until it is cleared or its ``duration_s`` is over."""

    #: What its ``name`` says: the name of its kind.
    tag: ClassVar[str]
    about: ClassVar[About]
    target: str = ""
    duration_s: Annotated[float, Field(gt=0, le=86_400)] | None = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        (cls.tag,) = get_args(cls.model_fields["name"].annotation)

    @property
    def signals(self) -> tuple[str, ...]:
        """Patterns of the signals in which this fault can be seen."""
        words = {"target": self.target, "device": self.target.partition(".")[0]}
        return tuple(pattern.format(**words) for pattern in self.about.signals)


LockTarget = Annotated[str, Field(pattern=r"^bracket[1-3]\.lock[1-4]$"), Like("bracket2.lock1"), Names("bracket")]
ConeTarget = Annotated[str, Field(pattern=r"^bracket[1-3]\.cone[12]$"), Like("bracket2.cone1"), Names("bracket")]
AxisTarget = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"), Like("shuttle.lift, an axis of the station"),
    Names("axis"),
]  # fmt: skip
SlotTarget = Annotated[
    str, Field(pattern=r"^rack\.(slot[1-9][0-9]*|isolation)$"), Like("rack.slot4 or rack.isolation"), Names("slot")
]
PackTarget = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$"), Like("QJ75-0001"), Names("pack")]
DeviceTarget = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"),
    Like("shuttle.lift, or shuttle for all of it"),
    Names("device"),
]
MeasuredSignal = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.(pv|st)_[a-z0-9_]+$"),
    Like("shuttle.lift.pv_position_m, a pv_ or st_ signal"),
    Names("signal"),
]
Share = Annotated[float, Field(ge=0, le=1)]
