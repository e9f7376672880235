"""The signals of a finding around its instant: what the log says, what OLD and what NEW do, over each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from twin.finding import Finding
from twin.record import Record
from twin.report.page import say
from twin.report.plot import Line, Numbers, Times, cut, label_strip, line_plot
from twin.signals import Signal
from twin.validation.report.shelf import Shelf
from twin.validation.report.words import SIDES
from twin.validation.result import CaseResult

#: Signals of one finding that are plotted.
MOST_PLOTS = 4
#: How much is shown around a finding, and of a long one, s.
_BEFORE_S, _AFTER_S, _LONGEST_S = 2.0, 3.0, 12.0


@dataclass(frozen=True)
class Picture:
    """One signal; ``sides`` are those that are in it."""

    signal: Signal
    sides: tuple[str, ...]
    plot: Markup


@dataclass(frozen=True)
class Around:
    """The pictures of a finding and the window that they show, s since the start of its Record."""

    pictures: tuple[Picture, ...] = ()
    start_s: float = 0.0
    end_s: float = 0.0


def around(case: CaseResult, finding: Finding, shelf: Shelf) -> Around:
    """The plots of a finding; none where it has no instant, or where its Records are not there."""
    sides = shelf.sides(case, finding)
    if finding.t_ns is None or not sides:
        return Around()
    record = next(iter(sides.values())) if finding.mode == "open" else sides.get("new", next(iter(sides.values())))
    lasts_ns = min((finding.end_ns or finding.t_ns) - finding.t_ns, round(_LONGEST_S * 1e9))
    t0_ns = max(finding.t_ns - round(_BEFORE_S * 1e9), record.start_ns)
    t1_ns = max(finding.t_ns + lasts_ns + round(_AFTER_S * 1e9), t0_ns + 1)
    mark = (finding.t_ns, min(finding.end_ns or finding.t_ns, t1_ns))
    names = dict.fromkeys([*finding.signals, *(value.signal for reason in finding.reasons for value in reason.values)])
    pictures = [_picture(name, sides, t0_ns, t1_ns, mark) for name in names]
    shown = tuple(picture for picture in pictures if picture is not None)[:MOST_PLOTS]
    return Around(shown, (t0_ns - record.start_ns) / 1e9, (t1_ns - record.start_ns) / 1e9)


def _picture(
    name: str, sides: Mapping[str, Record], t0_ns: int, t1_ns: int, mark: tuple[int, int]
) -> Picture | None:  # fmt: skip
    series: dict[str, tuple[Times, Numbers]] = {}
    signal: Signal | None = None
    for side, record in sides.items():
        if name in record.signals:
            signal = signal or record.signals[name]
            series[side] = record.signal(name, t0_ns, t1_ns, before=True)
    if signal is None or signal.private or not any(len(t) for t, _ in series.values()):
        return None
    lines = {side: Line(*cut(*samples, t0_ns, t1_ns), side) for side, samples in series.items()}
    if signal.labels or signal.type == "bool":
        plot = _lanes(series, signal, t0_ns, t1_ns, mark)
    else:
        # Where all are one, the log lies below, broad, and the new one on top.
        plot = line_plot(list(lines.values()), t0_ns, t1_ns, [mark], steps=signal.steps)
    return Picture(signal, tuple(lines), plot)


def _lanes(
    series: Mapping[str, tuple[Times, Numbers]], signal: Signal, t0_ns: int, t1_ns: int, mark: tuple[int, int]
) -> Markup:  # fmt: skip
    """A bar for each side, with every value that has a name; of what is true or false, where it is true."""
    labels = {0: "", 1: ""} if signal.type == "bool" else signal.labels
    lanes = []
    for side, (t_ns, values) in series.items():
        drawn = np.where(values == 0, np.nan, values) if signal.type == "bool" else values
        changed = np.flatnonzero(np.diff(drawn, prepend=np.nan) != 0)
        line = Line(np.clip(t_ns[changed], t0_ns, t1_ns), drawn[changed], side)
        told = Markup('<div class="lane"><span>{}</span>{}</div>')
        lanes.append(told.format(say(SIDES[side].en, SIDES[side].zh), label_strip(line, t0_ns, t1_ns, labels, mark)))
    return Markup("").join(lanes)
