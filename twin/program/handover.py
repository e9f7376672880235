"""From one controller to another in the middle of a run: how a run branches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from twin.control import OUTPUT_KINDS, Controller, Settings
from twin.errors import InputError
from twin.program.model import Program
from twin.signals import Image, SignalTable


@dataclass(frozen=True)
class Handover:
    """``old`` controls until the scan at ``at_ns``, ``new`` from that scan on.

    Until then the new one runs beside the old one on the same inputs, and nobody follows what it says: so it has a
    memory of its own of what came before, whatever it is written in. The same program on both sides changes nothing.
    """

    old: Program | Handover
    new: Program
    at_ns: int

    @property
    def controller(self) -> str:
        """The controller that begins."""
        return self.old.controller

    @property
    def settings(self) -> Mapping[str, bool | float]:
        """The settings at the beginning; the new program's are laid over them for itself alone."""
        return self.old.settings

    @property
    def name(self) -> str:
        """Who controls, told to people."""
        return f"{self.old.name}, from {self.at_ns / 1e9:g} s {self.new.name}"

    def to_list(self) -> list[dict[str, Any]]:
        """All handovers of a run in order, JSON-ready: ``at_ns``, ``controller`` and ``settings`` of who takes over."""
        before = self.old.to_list() if isinstance(self.old, Handover) else []
        new = {"at_ns": self.at_ns, "controller": self.new.controller, "settings": dict(self.new.settings)}
        return [*before, new]

    @staticmethod
    def from_list(first: Program, handovers: Iterable[Mapping[str, Any]]) -> Program | Handover:
        """The inverse of :meth:`to_list`, for who begins; without handovers that one alone."""
        program: Program | Handover = first
        for one in handovers:
            program = Handover(program, Program(one["controller"], dict(one["settings"])), int(one["at_ns"]))
        return program

    def make(self, table: SignalTable, settings: Settings, scan_ns: int) -> Controller:
        """Both controllers as one.

        Raises:
            InputError, ControllerError: as :meth:`Program.make`.
        """
        return Relay(self.old.make(table, settings, scan_ns), self.new.make(table, settings, scan_ns), self.at_ns)


class Relay(Controller):
    """Two controllers, one after the other; the second one from the scan at :attr:`at_ns` on."""

    def __init__(self, old: Controller, new: Controller, at_ns: int) -> None:
        super().__init__(old.table, old.settings, old.scan_ns)
        self._old, self._new = old, new
        self.at_ns = at_ns
        own = [*old.signals, *(signal for signal in new.signals if signal.name not in old.signals)]
        for signal in new.signals:
            if signal.name in old.signals and old.signals[signal.name] != signal:
                raise InputError(
                    key=signal.name,
                    expected="the same signal in both controllers",
                    got="two that differ in type or unit",
                )
        self._signals = SignalTable(own)
        self._shadow = Image((new.table + new.signals).select(*OUTPUT_KINDS))
        self._take: Callable[[], None] | None = None

    @property
    def signals(self) -> SignalTable:
        return self._signals

    @property
    def alarm_classes(self) -> Mapping[str, str]:
        return {**self._old.alarm_classes, **self._new.alarm_classes}

    @property
    def transitions(self) -> Mapping[str, list[dict[str, Any]]]:
        return {**self._old.transitions, **self._new.transitions}

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        self._new.scan(t_ns, inputs, self._shadow)
        if t_ns < self.at_ns:
            self._old.scan(t_ns, inputs, outputs)
            return
        if self._take is None:
            self._take = self._shadow.copier(outputs)
        self._take()

    def state(self) -> dict[str, Any]:
        return {"old": self._old.state(), "new": self._new.state(), "shadow": self._shadow.row()}

    def close(self) -> None:
        self._old.close()
        self._new.close()

    def restore(self, state: Mapping[str, Any]) -> None:
        for name, value in zip(self._shadow.order, state["shadow"], strict=True):
            self._shadow.set(name, value)
        self._old.restore(state["old"])
        self._new.restore(state["new"])
