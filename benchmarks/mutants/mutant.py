"""One change of the reference controller: where it is, what it says, and to which class of mistakes it belongs."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.program import Program

#: Class to what is wrong in it. Those of SAFETY must be judged wrong, not only different.
CLASSES: Mapping[str, str] = {
    "interlock": "missing interlock",
    "alarm": "swallowed alarm",
    "mode": "wrong mode check",
    "sign": "sign",
    "order": "order",
    "step": "off-by-one step",
    "guard": "missing guard",
    "timer": "timers",
    "debounce": "debounce",
    "limit": "limits and speeds",
}
SAFETY = ("interlock", "alarm", "mode", "sign")


@dataclass(frozen=True)
class Change:
    """A piece of a source file of ``twin/control`` put in the place of another; offsets in bytes."""

    module: str
    line: int
    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """A change of the controller: of its source, or of its settings.

    Args:
        kind: one of :data:`CLASSES`.
        changes: edits of one source file, in order; exclusive with ``settings``.
        settings: dotted keys, laid over the station's.
        number: which one it is of the changes that read the same.
    """

    kind: str
    changes: tuple[Change, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    number: int = 0

    @property
    def name(self) -> str:
        """Stable while the changed text is: a new kind of change, or a line above it, renames no other."""
        return f"{self.kind}_{self.digest:08x}"

    @property
    def digest(self) -> int:
        module = self.changes[0].module if self.changes else ""
        return zlib.crc32(f"{module} {self.number} {self.diff.partition(' ')[2]}".encode())

    @property
    def place(self) -> str:
        return f"{self.changes[0].module}.py:{self.changes[0].line}" if self.changes else "settings"

    @property
    def diff(self) -> str:
        """The change in one line: its place, what stood there and what stands there now."""
        said = [f"{_line(c.old)} → {_line(c.new) or '(nothing)'}" for c in self.changes]
        said += [f"{key} = {value:g}" for key, value in self.settings.items()]
        return f"{self.place} {'; '.join(said)}"

    @property
    def program(self) -> Program:
        """What runs, replays and validates are given."""
        return Program(settings=self.settings) if self.settings else Program(f"benchmarks.mutants.make:{self.name}")


def _line(text: str) -> str:
    return " ".join(text.split())
