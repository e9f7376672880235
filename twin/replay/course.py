"""A controller's way through a log: brought to its step, driven, and brought there anew where it is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt

from twin.clock import NS_PER_S
from twin.errors import ControllerError
from twin.formula import Intervals
from twin.program import raised
from twin.replay.agreement import agrees, judged_by
from twin.replay.driver import Driver, drive
from twin.replay.feed import Feed, Filler, Times, Values
from twin.replay.model import FROM_START, TAKEN_UP, WARMED_UP, Replay
from twin.replay.rule import InputRule
from twin.signals import SignalTable

#: It agrees when it has for so long, and is lost when it has nowhere in so long.
AGREES_NS, _LOST_NS = NS_PER_S, 5 * NS_PER_S
#: How often it is looked whether it is where the log is, and tried to bring it there.
_LOOK_NS = NS_PER_S // 2
#: Without these nothing can be taken up.
_TELLING = ("station.unit.seq_state", "shuttle.sequence.seq_step", "crane.sequence.seq_step")


class Log(Protocol):
    """What is driven through: a Record of scans, or a plant's log."""

    #: Times of the scans.
    scans: Times
    rules: list[InputRule]
    #: Outputs that it has.
    written: list[str]
    #: How far instants may be apart and still be the same; whether it begins with the controller's power on.
    tolerance_ns: int
    from_start: bool
    why: str

    def period_ns(self, name: str) -> int:
        """How long a value may stand without being in the log."""

    def feed(self, scans: Times) -> Feed:
        """The inputs at scans that follow each other."""

    def said(self, names: list[str], scans: Times) -> Values:
        """What it says was written, at each scan (n, k); NaN where it does not say."""

    def idle(self, scans: Times) -> npt.NDArray[np.bool_]:
        """Where the station surely waits for a truck, and nothing is under way."""


@dataclass
class _Stretch:
    """One stretch while it is driven through; scans are counted from its begin. ``said``: of the judged outputs."""

    feed: Feed
    said: Values
    values: Values
    #: Where the controller was made or brought to the log's step, and how first.
    begun: list[int] = field(default_factory=list)
    how: str = ""
    verdict: str = ""
    #: Where it was not there yet from the stretch before.
    brought: list[int] = field(default_factory=list)
    #: One since each time that it began.
    fillers: list[Filler] = field(default_factory=list)

    def spans(self, scans: int) -> list[tuple[int, int]]:
        """From each time that it began until the next, the last until so many scans."""
        return [(begin, end) for begin, end in pairwise([*self.begun, scans])]

    def given(self, scans: int) -> dict[str, Values]:
        """Inputs that hung on the controller's set points, from where it first began until so many scans."""
        parts = [
            {name: values[: end - begin] for name, values in filler.given.items()}
            for filler, (begin, end) in zip(self.fillers, self.spans(scans), strict=True)
        ]
        return {name: np.concatenate([part[name] for part in parts]) for name in (parts[0] if parts else ())}


class Course:
    """A driver's way through a log, stretch by stretch in order of time.

    Args:
        table: the controller's outputs, in the order of their image's row.
    """

    def __init__(self, log: Log, driver: Driver, table: SignalTable) -> None:
        self._log, self._driver, self._table = log, driver, table
        self._scan_ns = driver.site.scan_ns
        self._judged = judged_by(table, log.written)
        self._columns = [table.names.index(name) for name in self._judged]
        self._seen = [log.period_ns(name) // self._scan_ns for name in self._judged]
        self._near = log.tolerance_ns // self._scan_ns
        self._telling = all(name in log.written for name in _TELLING if name in table)
        self._how = FROM_START if log.from_start else ""

    def through(self, scans: Times) -> Replay:
        """Drive through one stretch."""
        values = np.full((len(scans), len(self._table)), np.nan)
        stretch = _Stretch(self._log.feed(scans), self._log.said(self._judged, scans), values)
        filler, at = None, 0
        if self._how:
            # It goes on from the stretch before, or from power on.
            stretch.how = self._how
            stretch.begun.append(0)
            filler = self._filled(stretch, 0)
        look = max(_LOOK_NS // self._scan_ns, 1)
        step = len(scans) if self._log.from_start else look
        while at < len(scans) and not stretch.verdict:
            if filler is None or self._is_lost(stretch, at):
                brought, stretch.verdict = self._bring(stretch, at)
                filler = brought or filler
            if stretch.verdict:
                break
            if filler is None:
                at += look
                continue
            controller = self._driver.controller
            to = min(len(scans), at + step)
            written, stretch.verdict = drive(
                controller, filler, scans[at:to], at, self._driver.inputs, self._driver.outputs
            )
            stretch.values[at : at + len(written)] = written
            at += len(written)
        return self._told(stretch, min(at, len(scans)))

    # -- being where the log is ----------------------------------------------------------------------------------

    def _bring(self, stretch: _Stretch, at: int) -> tuple[Filler | None, str]:
        """A new controller brought to the log's step at a scan; None: the log does not tell enough there.

        With it the verdict on one that raised, hung or ended meanwhile, or an empty string.
        """
        try:
            how = self._brought(stretch, at)
        except ControllerError as error:
            return None, str(error)
        except Exception as error:
            return None, raised(error, int(stretch.feed.t_ns[at]))
        return self._begun(stretch, at, how) if how else None, ""

    def _brought(self, stretch: _Stretch, at: int) -> str:
        driver, now = self._driver, stretch.feed.t_ns[at : at + 1]
        told = self._telling and not np.isnan(stretch.said[at]).any()
        if told and driver.take_up(stretch.feed, at, self._log.said(self._table.names, now)[0]):
            return TAKEN_UP
        if self._log.idle(now)[0]:
            driver.fresh()
            return WARMED_UP
        return ""

    def _begun(self, stretch: _Stretch, at: int, how: str) -> Filler:
        stretch.how = stretch.how or how
        stretch.begun.append(at)
        stretch.brought.append(at)
        return self._filled(stretch, at)

    def _filled(self, stretch: _Stretch, at: int) -> Filler:
        filler = Filler(stretch.feed, self._driver.inputs, self._driver.outputs, at)
        stretch.fillers.append(filler)
        return filler

    def _is_lost(self, stretch: _Stretch, at: int) -> bool:
        """Whether it agreed nowhere in a while, and had time to."""
        lost = _LOST_NS // self._scan_ns
        last = at - self._near
        first = max(last - lost, stretch.begun[-1])
        if last - first < lost or not self._judged:
            return False
        return not self._agreed(stretch, max(first - self._near, stretch.begun[-1]), at)[: last - first].any()

    def _agreed(self, stretch: _Stretch, first: int, to: int) -> npt.NDArray[np.bool_]:
        """At which of the scans it is in the log's state and step."""
        found = np.ones(to - first, dtype=bool)
        for place, (column, seen) in enumerate(zip(self._columns, self._seen, strict=True)):
            found &= agrees(stretch.values[first:to, column], stretch.said[first:to, place], self._near, seen)
        return found

    def _told(self, stretch: _Stretch, to: int) -> Replay:
        scans = stretch.feed.t_ns[:to]
        first = stretch.begun[0] if stretch.begun else to
        agreed = np.zeros(to, dtype=bool)
        engaged = np.zeros(to, dtype=bool)
        enough = AGREES_NS // self._scan_ns
        for begin, end in stretch.spans(to):
            agreed[begin:end] = self._agreed(stretch, begin, end)
            since = begin if begin == 0 and self._how else begin + _first_run(agreed[begin:end], enough) + enough
            engaged[since:end] = True
        if stretch.feed.known is not None:
            engaged &= stretch.feed.known[:to]
        end_ns = int(scans[-1]) + self._scan_ns if len(scans) else 0
        goes_on = bool(stretch.begun) and not stretch.verdict and bool(agreed[-enough:].all())
        self._how = stretch.how if goes_on else ""
        return Replay(
            scans[first:], self._table, stretch.values[first:to], self._log.rules,
            Intervals.where(scans, engaged, end_ns), stretch.how, stretch.verdict,
            Intervals.where(scans, agreed & engaged, end_ns),
            [int(scans[k]) for k in stretch.brought if k < to], self._log.tolerance_ns, self._judged,
            stretch.given(to), self._log.why,
        )  # fmt: skip


def _first_run(bits: npt.NDArray[np.bool_], length: int) -> int:
    """Where the first run of so many begins; their number where there is none."""
    if len(bits) < length:
        return len(bits)
    counts = np.convolve(bits, np.ones(length, dtype=np.int64), mode="valid")
    found = np.flatnonzero(counts == length)
    return int(found[0]) if len(found) else len(bits)
