"""What a controller does otherwise on a log's inputs, and until when the log can say so."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.formula import Intervals
from twin.formula.interval import FIRST
from twin.record import Record
from twin.replay.difference import Difference
from twin.replay.drive import Replay
from twin.replay.exact import column_differences
from twin.replay.folding import folded
from twin.replay.horizon import Horizon, command_horizon, commanded
from twin.replay.lost import lost_samples
from twin.replay.pair import Bits, Pair, beside_baseline, beside_record

Off = dict[int, Bits]
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
    pair = recorded if baseline is None else beside_baseline(replay, baseline)
    assert pair is not None, "coarse logs come next"
    engaged = (replay if baseline is None else baseline).engaged
    off = _within(pair.off(), engaged, pair)
    # Recorded inputs answer recorded commands, whatever the old controller would have said.
    if recorded is None or recorded is pair:
        horizon = command_horizon(pair, off, BY_RECORD if baseline is None else BY_BASELINE)
    else:
        horizon = command_horizon(recorded, _within(recorded.off(), engaged, recorded), BY_RECORD)
    told, beyond = _split(_raw(pair, off), horizon)
    lost = [one for one in lost_samples(record, replay, pair.scan_ns) if horizon.before(one.t_ns)]
    last_ns = pair.end_ns if horizon.t_ns is None else horizon.t_ns + 1
    judged = engaged.clipped(FIRST, last_ns)
    return OpenLoop(folded(_beyond_lost(told, lost)), horizon, judged, beyond, pair.not_compared)


def _within(off: Off, engaged: Intervals, pair: Pair) -> Off:
    """What differs where the controller is judged."""
    if not off:
        return off
    judged = engaged.contains(pair.t_ns)
    return off if judged.all() else {k: differs & judged for k, differs in off.items() if (differs & judged).any()}


def _raw(pair: Pair, off: Off) -> list[Difference]:
    columns = {signal.name: column for column, signal in enumerate(pair.signals)}
    found: list[Difference] = []
    for column, differs in off.items():
        signal = pair.signals[column]
        if signal.kind == "sp":
            differs = differs & commanded(pair, columns, signal.device)
        found += column_differences(pair, column, differs)
    return found


def _split(found: list[Difference], horizon: Horizon) -> tuple[list[Difference], int]:
    kept = [one for one in found if horizon.before(one.t_ns)]
    return kept, len(found) - len(kept)


def _beyond_lost(found: list[Difference], lost: list[Difference]) -> list[Difference]:
    """Without what is late or early by no more scans than the log has lost or gained before: its timers count scans."""
    if not lost:
        return found
    times = np.array([one.t_ns for one in lost])
    scans = np.cumsum([one.by_scans or 1 for one in lost])
    kept = list(lost)
    for one in found:
        before = int(np.searchsorted(times, one.t_ns, side="right")) - 1
        if one.by_scans is None or before < 0 or one.by_scans > scans[before]:
            kept.append(one)
    return kept
