"""What the viewer may ask where a log is to go on otherwise: somebody else runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Branching:
    """Other futures of logs.

    Args:
        offers: what may be changed in a branch of a log: ``controllers`` (names; the first, empty, is the log's own),
            ``settings`` (of the controller, with their values now) and ``events`` (``name``, ``target``, ``do``); None
            where the log cannot be run again. A page chooses among the controllers and cannot name another.
        run: runs a log with a change from an instant on, ns, and returns the new Record and what is told of it.
            May take long.
    """

    offers: Callable[[Path], Mapping[str, Any] | None]
    run: Callable[[Path, int, Mapping[str, Any]], tuple[Path, Mapping[str, Any]]]
