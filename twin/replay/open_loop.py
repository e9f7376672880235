"""What a controller does otherwise on a log's inputs, and until when the log can say so."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.formula import Intervals
from twin.formula.interval import FIRST
from twin.record import Record
from twin.replay.beside_samples import BesideSamples
from twin.replay.difference import STATES, Difference
from twin.replay.exact import column_differences
from twin.replay.folding import folded
from twin.replay.horizon import Horizon, carried, command_horizon, commanded
from twin.replay.lost import lost_samples
from twin.replay.model import TAKEN_UP, Replay
from twin.replay.pair import Bits, Pair, beside_baseline, beside_record
from twin.signals import Signal

Off = dict[int, Bits]
#: What is only shown is written so often.
_SHOWN_NS = 200_000_000
BY_RECORD, BY_BASELINE = "the recorded commands", "the old controller's commands"


@dataclass
class OpenLoop:
    """What came of one replay.

    Args:
        differences: up to the horizon, each with what follows from it, in order of time.
        horizon: until when the log is evidence. judged: where the controller was judged, before the horizon.
        beyond: how many differences begin after the horizon, and are no evidence.
        not_compared: outputs that only one of the two has.
    """

    differences: list[Difference]
    horizon: Horizon
    judged: Intervals
    beyond: int = 0
    not_compared: list[str] = field(default_factory=list)


def open_loop(record: Record, replay: Replay, baseline: Replay | None = None) -> OpenLoop:
    """Compare a replay with the log it was made of, or with another controller's replay of the same.

    Args:
        baseline: the old controller on the same inputs. The comparison is then exact on any log, and what the log is
            too coarse for both to reproduce is no difference.
    """
    recorded = beside_record(record, replay)
    engaged = replay.engaged
    if baseline is not None:
        pair = beside_baseline(replay, baseline)
        # Where a coarse log does not carry the old controller along it says nothing of the new one either.
        engaged = baseline.agreed if baseline.tolerance_ns else baseline.engaged
        # One that was brought to a step in an earlier swap, and went on from there, has forgotten too.
        alike = replay.how == baseline.how and replay.taken_up_ns[:1] == baseline.taken_up_ns[:1]
        found = _exactly(pair, engaged, BY_BASELINE, alike=alike)
        # But wherever the commands begin to differ, what comes later answers others than the new one's.
        off = _within(pair.off, baseline.engaged, pair)
        if recorded is None:
            found.horizon = carried(command_horizon(pair, off, BY_BASELINE, replay.tolerance_ns), baseline)
        else:
            found.horizon = command_horizon(recorded, _beyond_baseline(recorded, pair, off), BY_RECORD)
    elif recorded is not None:
        found = _exactly(recorded, engaged, BY_RECORD, alike=replay.how != TAKEN_UP)
    else:
        found = _as_sampled(record, replay)
    return _judged(found, lost_samples(record, replay), engaged)


@dataclass
class _Found:
    """Differences, not yet folded, wherever they are; and the horizon."""

    differences: list[Difference]
    horizon: Horizon
    end_ns: int
    not_compared: list[str]


def _exactly(pair: Pair, engaged: Intervals, how: str, *, alike: bool) -> _Found:
    """Beside what has the same scans; ``alike``: both sides remember what was before the stretch."""
    off = _within(pair.off, engaged, pair)
    if not alike:
        # What is only shown of a memory that could not be taken up differs for that reason.
        off = {k: differs for k, differs in off.items() if not _is_shown(pair.signals[k])}
    return _Found(_raw(pair, off), command_horizon(pair, off, how), pair.end_ns, pair.not_compared)


def _is_shown(signal: Signal) -> bool:
    """Whether it only shows something of the controller's inside."""
    return signal.kind == "seq" and signal.field not in STATES


def _as_sampled(record: Record, replay: Replay) -> _Found:
    """Beside a log that has not a row for each scan."""
    beside = BesideSamples(record, replay)
    found = [one for name in beside.said for one in beside.differences(name)]
    return _Found(found, beside.horizon(), beside.end_ns, beside.not_compared)


def _judged(found: _Found, lost: list[Difference], engaged: Intervals) -> OpenLoop:
    """What lies before the horizon, folded."""
    horizon = found.horizon
    told = [one for one in found.differences if horizon.tells(one.t_ns)]
    known = [one for one in lost if horizon.tells(one.t_ns)]
    judged = engaged.clipped(FIRST, found.end_ns if horizon.t_ns is None else horizon.t_ns + 1)
    beyond = len(found.differences) - len(told)
    return OpenLoop(folded(_beyond_lost(told, known)), horizon, judged, beyond, found.not_compared)


def _within(off: Off, engaged: Intervals, pair: Pair) -> Off:
    """What differs where the controller is judged."""
    if not off:
        return off
    judged = engaged.contains(pair.t_ns)
    return off if judged.all() else {k: differs & judged for k, differs in off.items() if (differs & judged).any()}


def _beyond_baseline(recorded: Pair, pair: Pair, off: Off) -> Off:
    """Where a controller says neither what was recorded nor what the old one says.

    Recorded inputs answer recorded commands, so what it says as they were is answered; and what the old controller
    does not reproduce either is no doing of the new one.
    """
    columns = {signal.name: column for column, signal in enumerate(recorded.signals)}
    at = np.searchsorted(pair.t_ns, recorded.t_ns).clip(0, max(len(pair.t_ns) - 1, 0))
    found = {}
    for column, differs in off.items():
        own = columns.get(pair.signals[column].name)
        if own in recorded.off:
            both = recorded.off[own] & differs[at] & (pair.t_ns[at] == recorded.t_ns)
            if both.any():
                found[own] = both
    return found


def _raw(pair: Pair, off: Off) -> list[Difference]:
    columns = {signal.name: column for column, signal in enumerate(pair.signals)}
    found: list[Difference] = []
    for column, differs in off.items():
        signal = pair.signals[column]
        if signal.kind == "sp":
            differs = differs & commanded(pair, columns, signal.device)
        found += column_differences(pair, column, differs)
    return found


def _beyond_lost(found: list[Difference], lost: list[Difference]) -> list[Difference]:
    """Without what is off by no more scans than the log has lost or gained before: a controller's timers count scans.

    What it only shows of itself may be written every few scans, and is then off by these.
    """
    if not lost:
        return found
    times = np.array([one.t_ns for one in lost])
    scans = np.cumsum([one.by_scans or 1 for one in lost])
    kept = list(lost)
    for one in found:
        before = int(np.searchsorted(times, one.t_ns, side="right")) - 1
        signal = one.signal.rsplit(".", 1)[1]
        shown = signal.startswith("seq_") and signal not in STATES and one.end_ns - one.t_ns <= _SHOWN_NS
        if before < 0 or not (shown or (one.by_scans is not None and one.by_scans <= scans[before])):
            kept.append(one)
    return kept
