"""Until when a log is evidence for another controller: until its commands, as they reach the plant, are other ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.replay.difference import Text
from twin.replay.model import Replay
from twin.replay.pair import Bits, Pair


@dataclass(frozen=True)
class Horizon:
    """The last instant at which the recorded inputs answer the controller.

    Args:
        t_ns: on the log's time axis; None: to the end. by: the command that ended it.
        how: what it was judged by, in a few words. text: the same told whole, by language.
        seen_ns: when that command is seen to differ; later than ``t_ns`` by what the log's times may be off. What
            differs until then is told.
    """

    t_ns: int | None
    by: str = ""
    how: str = ""
    text: Text = field(default_factory=dict)
    seen_ns: int | None = None

    def tells(self, t_ns: int) -> bool:
        """Whether what differs at an instant is told."""
        return self.seen_ns is None or t_ns <= self.seen_ns


def command_horizon(pair: Pair, off: dict[int, Bits], how: str, tolerance_ns: int = 0) -> Horizon:
    """The first scan at which a command differs that reaches the plant.

    The inputs of that scan were sensed before the command: they are the last ones that answer what was commanded.

    Args:
        off: columns that differ, and where. how: what the commands are compared with.
        tolerance_ns: by how much the controller may have got its inputs late.
    """
    columns = {signal.name: column for column, signal in enumerate(pair.signals)}
    first, by = len(pair.t_ns), ""
    for column, differs in off.items():
        signal = pair.signals[column]
        if signal.kind not in ("cmd", "sp"):
            continue
        if signal.kind == "sp":
            differs = differs & commanded(pair, columns, signal.device)
        at = int(np.argmax(differs))
        if differs[at] and at < first:
            first, by = at, signal.name
    if not by:
        return told_horizon(None, "", how)
    seen_ns = int(pair.t_ns[first])
    return told_horizon(max(seen_ns - tolerance_ns, int(pair.t_ns[0])), by, how, seen_ns)


def commanded(pair: Pair, columns: dict[str, int], device: str) -> Bits:
    """Scans (n,) at which a device is told to move by either side: then its set points reach the plant."""
    move = columns.get(f"{device}.cmd_move")
    if move is None:
        return np.ones(len(pair.t_ns), dtype=bool)
    told: Bits = (pair.new[:, move] == 1) | (pair.expected[:, move] == 1)
    return told


def carried(horizon: Horizon, baseline: Replay) -> Horizon:
    """A horizon that is no later than where a coarse log first loses the old controller.

    What the new one would have done until the old one is brought to the log's step again is not known. What differs
    after that is told all the same: it differs on the same inputs.
    """
    brought = [t_ns for t_ns in baseline.taken_up_ns if t_ns > int(baseline.t_ns[0])] if len(baseline.t_ns) else []
    if not brought or not len(baseline.agreed):
        return horizon
    before = baseline.agreed.end[baseline.agreed.end <= brought[0]]
    lost_ns = int(before[-1]) if len(before) else int(baseline.t_ns[0])
    if horizon.t_ns is not None and horizon.t_ns <= lost_ns:
        return horizon
    en = f"evidence until {lost_ns / 1e9:.2f} s, from where the log no longer carries the old controller along"
    zh = f"证据有效至 {lost_ns / 1e9:.2f} s，此后日志不足以支持旧控制器"
    seen_ns = horizon.seen_ns
    return Horizon(lost_ns, horizon.by, "the log is too coarse for the old controller", {"en": en, "zh": zh}, seen_ns)


_HOW = {
    "the recorded commands": "与记录的指令逐周期比较",
    "the old controller's commands": "与旧控制器在相同输入下的指令逐周期比较",
    "the recorded commands as they were sampled": "与记录中采样的指令比较",
    "the recorded motion": "与记录的运动比较",
}


def told_horizon(t_ns: int | None, by: str, how: str, seen_ns: int | None = None) -> Horizon:
    """A horizon with its words."""
    if t_ns is None:
        en, zh = f"evidence to its end, judged by {how}", f"直至结束均为证据，{_HOW.get(how, how)}"
    else:
        en = f"evidence until {t_ns / 1e9:.2f} s, when {by} differs, judged by {how}"
        zh = f"证据有效至 {t_ns / 1e9:.2f} s（{by} 此时不同），{_HOW.get(how, how)}"
    return Horizon(t_ns, by, how, {"en": en, "zh": zh}, seen_ns)
