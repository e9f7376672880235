"""What every device of the plant has in common."""

from __future__ import annotations

import copy
from typing import Any, ClassVar


class Device:
    """A device: reads the world into its input signals, and acts on its output signals, once a scan.

    ``STATE`` names the attributes that change during a run and that physics does not hold; a checkpoint keeps them.
    """

    STATE: ClassVar[tuple[str, ...]] = ()

    def __init__(self, name: str) -> None:
        self.name = name

    def sense(self, t_ns: int) -> None:
        """Write the input signals for the scan at ``t_ns``."""

    def act(self, t_ns: int) -> None:
        """Follow the output signals of the scan at ``t_ns``."""

    def refresh(self) -> None:
        """Show everything anew at the next :meth:`sense`, also what has not changed."""

    def state(self) -> dict[str, Any]:
        return {name: copy.copy(getattr(self, name)) for name in self.STATE}

    def restore(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, copy.copy(value))
