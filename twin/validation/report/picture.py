"""The signals of a finding around its instant: what the log says, what OLD and what NEW do, over each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from twin.finding import Finding, Trace
from twin.report.page import say
from twin.report.plot import Line, label_strip, line_plot
from twin.signals import Signal
from twin.validation.words import SIDES


@dataclass(frozen=True)
class Picture:
    """One signal; ``sides`` are those that are in it."""

    signal: Signal
    sides: tuple[str, ...]
    plot: Markup


def pictures(finding: Finding) -> list[Picture]:
    """The plots of a finding, all of one window."""
    return [_picture(trace, finding) for trace in finding.traces]


def _picture(trace: Trace, finding: Finding) -> Picture:
    signal = Signal.from_dict(trace.signal)
    lines = [
        Line(np.array(one.t_ns, np.int64), np.array([np.nan if v is None else v for v in one.values]), side)
        for side, one in sorted(trace.samples.items(), key=lambda item: list(SIDES).index(item[0]))
    ]
    start = trace.start_ns if finding.t_ns is None else finding.t_ns
    mark = (start, min(finding.end_ns or start, trace.end_ns))
    if signal.labels or signal.type == "bool":
        plot = _lanes(lines, signal, trace, mark)
    else:
        # Where all are one, the log lies below, broad, and the new one on top.
        plot = line_plot(lines, trace.start_ns, trace.end_ns, [mark], steps=signal.steps)
    return Picture(signal, tuple(line.look for line in lines), plot)


def _lanes(lines: list[Line], signal: Signal, trace: Trace, mark: tuple[int, int]) -> Markup:
    """A bar for each side, with every value that has a name; of what is true or false, where it is true."""
    labels = {0: "", 1: ""} if signal.type == "bool" else signal.labels
    lanes = []
    for line in lines:
        drawn = np.where(line.values == 0, np.nan, line.values) if signal.type == "bool" else line.values
        strip = label_strip(Line(line.t_ns, drawn, line.look), trace.start_ns, trace.end_ns, labels, mark)
        words = SIDES[line.look]
        lanes.append(Markup('<div class="lane"><span>{}</span>{}</div>').format(say(words.en, words.zh), strip))
    return Markup("").join(lanes)
