"""Alarms: what is wrong, how bad it is, and that it stays until a person has acknowledged it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from twin.signals import Image, Signal, SignalTable

AlarmClass = Literal["A1", "A2", "B", "C", "D"]

#: Class to the reaction of the station, worst first.
REACTIONS: Mapping[str, str] = {
    "A1": "abort, drive power off",
    "A2": "abort, drives hold the axes, no lowering before a confirmation",
    "B": "hold",
    "C": "finish the safe step, then suspend",
    "D": "none",
}


@dataclass(frozen=True)
class Alarm:
    """One alarm: ``name`` is its ``alm_`` signal."""

    name: str
    alarm_class: AlarmClass
    english: str
    chinese: str

    def signal(self) -> Signal:
        """The alarm's signal."""
        text = {"en": f"{self.english} [{self.alarm_class}]", "zh": f"{self.chinese} [{self.alarm_class}]"}
        return Signal(self.name, "bool", text=text)


class Alarms:
    """All alarms of a station, latched: raised once, cleared by :meth:`acknowledge` or :meth:`clear`.

    Raising is cheap and writes the output image at once, so that a quiet scan costs nothing.
    """

    def __init__(self, alarms: Iterable[Alarm]) -> None:
        self.by_name: dict[str, Alarm] = {alarm.name: alarm for alarm in alarms}
        #: Names of the alarms that stand, in the order in which they were raised.
        self.active: list[str] = []
        #: Of these, the ones that no person has said to have seen.
        self.unseen: set[str] = set()
        #: Class to the number of alarms of it that stand.
        self.count: dict[str, int] = dict.fromkeys(REACTIONS, 0)
        self._nodes: dict[str, tuple[Any, str]] = {}

    @property
    def signals(self) -> SignalTable:
        return SignalTable(alarm.signal() for alarm in self.by_name.values())

    def bind(self, outputs: Image) -> None:
        """Take the output image and write the state of every alarm to it."""
        for name in self.by_name:
            device, field = name.rsplit(".", 1)
            self._nodes[name] = (outputs.device(device), field)
            setattr(*self._nodes[name], name in self.active)

    def raise_(self, name: str) -> None:
        """Raise an alarm; nothing happens if it stands already."""
        if name not in self.active:
            self.active.append(name)
            self.unseen.add(name)
            self.count[self.by_name[name].alarm_class] += 1
            setattr(*self._nodes[name], True)

    def clear(self, name: str) -> None:
        """Clear one alarm."""
        if name in self.active:
            self.active.remove(name)
            self.unseen.discard(name)
            self.count[self.by_name[name].alarm_class] -= 1
            setattr(*self._nodes[name], False)

    def acknowledge(self) -> None:
        """Clear every alarm; one whose cause still stands is raised again by the next scan."""
        for name in list(self.active):
            self.clear(name)

    def see(self) -> None:
        """A person has seen every alarm that stands; they stand on."""
        self.unseen.clear()

    def state(self) -> dict[str, list[str]]:
        return {"active": list(self.active), "unseen": sorted(self.unseen)}

    def restore(self, state: Mapping[str, Iterable[str]]) -> None:
        self.active, self.unseen = list(state["active"]), set(state["unseen"])
        self.count = dict.fromkeys(REACTIONS, 0)
        for name in self.active:
            self.count[self.by_name[name].alarm_class] += 1
        for name, (node, field) in self._nodes.items():
            setattr(node, field, name in self.active)
