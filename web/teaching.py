"""What the viewer may ask where its live run is a lesson: somebody else teaches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from web.live import LiveRun


@dataclass(frozen=True)
class Teaching:
    """A lesson in attempts, each a live run with a Record of its own.

    Args:
        attempts: their runs, in the order in which they were begun.
        told: what a page may show now, in the lesson's mode; asking also says that somebody is there.
        ask: what a trainee does that is no signal of the panel: ``take_hint``, ``give_answer`` or ``clear``, as in a
            scenario; answered as :attr:`LiveRun.request`.
        back: begins another attempt that is like the present one before an instant, ns, and stands still there.
        finish: ends the present attempt.
        debrief: the debrief of an attempt that has ended, by its number, as an archive of pages.
        best: the Record that shows how it is done, once it is there and may be told.
    """

    attempts: Callable[[], Sequence[LiveRun]]
    told: Callable[[], Mapping[str, Any]]
    ask: Callable[[Mapping[str, Any]], Future[int]]
    back: Callable[[int], None]
    finish: Callable[[], None]
    debrief: Callable[[int], bytes]
    best: Callable[[], Path | None]
