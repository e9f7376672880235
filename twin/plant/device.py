"""What every device of the plant has in common."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, ClassVar


class Device:
    """A device: reads the world into its input signals, and acts on its output signals, once a scan.

    ``STATE`` names the attributes that change during a run and that physics does not hold; a checkpoint keeps them.
    ``FLAWS`` names what can be wrong with it, each an attribute, with the value of a healthy device.
    """

    STATE: ClassVar[tuple[str, ...]] = ()
    FLAWS: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, name: str) -> None:
        self.name = name
        for flaw, healthy in self.FLAWS.items():
            setattr(self, flaw, healthy)

    def sense(self, t_ns: int) -> None:
        """Write the input signals for the scan at ``t_ns``."""

    def act(self, t_ns: int) -> None:
        """Follow the output signals of the scan at ``t_ns``."""

    def afflict(self, flaw: str, value: Any) -> None:
        """From now on a flaw has this value."""
        if flaw not in self.FLAWS:
            raise AttributeError(f"{type(self).__name__} has no flaw {flaw!r}")
        setattr(self, flaw, value)
        self.afflicted(flaw)

    def heal(self, flaw: str) -> None:
        """From now on it is healthy in this respect."""
        self.afflict(flaw, self.FLAWS[flaw])

    def afflicted(self, flaw: str) -> None:
        """Do what follows at once from a flaw that has changed."""

    def state(self) -> dict[str, Any]:
        return {name: copy.copy(getattr(self, name)) for name in (*self.STATE, *self.FLAWS)}

    def restore(self, state: dict[str, Any]) -> None:
        """Take back what :meth:`state` gave; what else stands in it is a subclass's own."""
        for name in (*self.STATE, *self.FLAWS):
            setattr(self, name, copy.copy(state[name]))
