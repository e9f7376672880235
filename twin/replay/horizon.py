"""Until when a log is evidence for another controller: until its commands, as they reach the plant, are other ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from twin.replay.difference import Text
from twin.replay.pair import Bits, Pair


@dataclass(frozen=True)
class Horizon:
    """The last instant at which the recorded inputs answer the controller.

    Args:
        t_ns: on the log's time axis; None: to the end. by: the command that ended it.
        how: what it was judged by, in a few words. text: the same told whole, by language.
    """

    t_ns: int | None
    by: str = ""
    how: str = ""
    text: Text = field(default_factory=dict)

    def before(self, t_ns: int) -> bool:
        """Whether an instant lies within."""
        return self.t_ns is None or t_ns <= self.t_ns


def command_horizon(pair: Pair, off: dict[int, Bits], how: str) -> Horizon:
    """The first scan at which a command differs that reaches the plant.

    The inputs of that scan were sensed before the command: they are the last ones that answer what was commanded.

    Args:
        off: columns that differ, and where. how: what the commands are compared with.
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
    return told_horizon(int(pair.t_ns[first]) if by else None, by, how)


def commanded(pair: Pair, columns: dict[str, int], device: str) -> Bits:
    """Scans (n,) at which a device is told to move by either side: then its set points reach the plant."""
    move = columns.get(f"{device}.cmd_move")
    if move is None:
        return np.ones(len(pair.t_ns), dtype=bool)
    told: Bits = (pair.new[:, move] == 1) | (pair.expected[:, move] == 1)
    return told


_HOW = {
    "the recorded commands": "与记录的指令逐周期比较",
    "the old controller's commands": "与旧控制器在相同输入下的指令逐周期比较",
    "the recorded commands as they were sampled": "与记录中采样的指令比较",
    "the recorded motion": "与记录的运动比较",
}


def told_horizon(t_ns: int | None, by: str, how: str) -> Horizon:
    """A horizon with its words."""
    if t_ns is None:
        en, zh = f"evidence to its end, judged by {how}", f"直至结束均为证据，{_HOW.get(how, how)}"
    else:
        en = f"evidence until {t_ns / 1e9:.2f} s, when {by} differs, judged by {how}"
        zh = f"证据有效至 {t_ns / 1e9:.2f} s（{by} 此时不同），{_HOW.get(how, how)}"
    return Horizon(t_ns, by, how, {"en": en, "zh": zh})
