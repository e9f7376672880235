"""What a controller does otherwise than it was expected to: found, named and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from twin.signals import Signal

Kind = Literal[
    "edge early", "edge late", "edge missing", "edge extra", "chatter", "value",
    "step early", "step late", "step missing", "step extra", "step order",
    "sample gap", "sample extra", "sample late",
]  # fmt: skip
Text = Mapping[str, str]

#: What says where a controller is in its work; other ``seq_`` signals only show something of it.
STATES = ("seq_step", "seq_state", "seq_mode", "seq_phase")
#: Followers that are kept of one difference; the rest is counted.
MOST_FOLLOWERS = 50


@dataclass(frozen=True)
class Difference:
    """A controller's outputs are not what was expected on the same inputs.

    Args:
        signal: the output; of a ``sample …`` kind the table of the log.
        kind: how it differs. detail: which edge or which steps, so that ``signal``, ``kind`` and ``detail`` name it.
        t_ns: since when, on the log's time axis. end_ns: until when the signal then differs.
        by_ns, by_scans: by how much it is early or late, or how long a pulse is that is missing or extra; None: it
            does not come, or does not end.
        value, expected: what it is and what it should be, at ``t_ns``: a number or a label.
        count: how often. followers: what differs because of it, in order of time; ``follow`` counts them all.
        text: what is told to people, by language.
    """

    signal: str
    kind: Kind
    t_ns: int
    end_ns: int
    detail: str = ""
    by_ns: int | None = None
    by_scans: int | None = None
    value: float | str | None = None
    expected: float | str | None = None
    count: int = 1
    text: Text = field(default_factory=dict)
    followers: tuple[Difference, ...] = ()
    follow: int = 0

    @property
    def key(self) -> str:
        """The same for the same difference on any log and machine: what an approval names."""
        return ":".join(part for part in (self.signal, self.kind.replace(" ", "_"), self.detail) if part)

    @property
    def signals(self) -> list[str]:
        """The signal and those that follow it, each once."""
        return list(dict.fromkeys([self.signal, *(one.signal for one in self.followers)]))


def shown(signal: Signal, value: float) -> float | str:
    """A value as people read it: a label, true or false, or the number."""
    if signal.type == "bool":
        return "true" if value else "false"
    if signal.labels:
        return signal.labels.get(int(value), f"{value:g}")
    return value


def told(value: float | str | None, signal: Signal) -> str:
    """A shown value as text, with its unit."""
    if isinstance(value, str):
        return value
    return f"{value:.6g} {signal.unit}".rstrip()
