"""What the viewer may ask where a log is to be run again: to go on otherwise, or to become a lesson."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Branching:
    """Other futures of logs, and lessons cut from them.

    Args:
        offers: what may be changed in a branch of a log: ``controllers`` (names; the first, empty, is the log's own),
            ``settings`` (of the controller, with their values now) and ``events`` (``name``, ``target``, ``do``); None
            where the log cannot be run again. A page chooses among the controllers and cannot name another. With
            ``cut``, ``faults`` too: ``name``, ``title``, ``target`` (what it is like) and ``example`` of each kind.
        run: runs a log with a change from an instant on, ns, and returns the new Record and what is told of it.
            May take long.
        cut: writes the lesson of a stretch of a log, from and to, ns, with a fault as a scenario has it. Returns
            ``file`` and its ``text``, ``told`` (sentences) and ``open`` (what its author must write, by key); or, where
            a pack is under way at its begin, ``nearest_ns`` alone: when it may begin. May take long.
    """

    offers: Callable[[Path], Mapping[str, Any] | None]
    run: Callable[[Path, int, Mapping[str, Any]], tuple[Path, Mapping[str, Any]]]
    cut: Callable[[Path, int, int, Mapping[str, Any]], Mapping[str, Any]]
