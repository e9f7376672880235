"""What the viewer may ask of a simulation that is still running: somebody else started it and will end it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def _nothing() -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class LiveRun:
    """A run that writes its Record while it is watched.

    Args:
        record: the growing MCAP file; it need not exist yet.
        request: hands an operator's request (``{"area.device.op_name": value}``) to the run; answered by the time of
            the scan that had it in its input image, ns, or by why it was refused.
        pace: sets the simulation's speed, simulated seconds per second of wall time; None is unpaced.
        begun: whether what lies at `record` is this run's; before, it may be left from another.
        running: false once the run has ended, however it ended.
        progress: what the run last said of itself, shown while it has written nothing yet.
        speed: the speed it was started with.
        hides: whether what goes wrong is not told now: the truth's signals, and what reads the whole Record.
        keeps: whether an event is not told now.
    """

    record: Path
    request: Callable[[Mapping[str, Any]], Future[int]]
    pace: Callable[[float | None], None]
    running: Callable[[], bool]
    progress: Callable[[], Mapping[str, Any]] = _nothing
    begun: Callable[[], bool] = lambda: True
    speed: float | None = 1.0
    hides: Callable[[], bool] = lambda: False
    keeps: Callable[[Mapping[str, Any]], bool] = lambda event: False
