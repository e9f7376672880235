"""The report of a comparison: where two swaps go apart, for the one who is to find out why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from twin import __version__
from twin.analysis.side_by_side import SideBySide, as_data
from twin.files import write_text
from twin.report.page import render
from twin.report.plot import Line, cut, line_plot
from twin.signals import Signal

#: Signals that are plotted around the first divergence, and how much around it, s of A's time.
_MOST_PLOTS = 8
_BEFORE_S, _AFTER_S = 4.0, 6.0


@dataclass(frozen=True)
class _Plot:
    name: str
    text: dict[str, str]
    near: Markup
    whole: Markup


def write_comparison_report(found: SideBySide, out: Path) -> None:
    """Write a comparison as one offline page."""
    write_text(out, comparison_page(found))


def comparison_page(found: SideBySide) -> str:
    """A comparison as a page."""
    data = as_data(found)
    first = found.comparison.first
    a = found.comparison.a
    middle = a.start_ns if first is None else first.a_ns
    window = max(middle - round(_BEFORE_S * 1e9), a.start_ns), min(middle + round(_AFTER_S * 1e9), a.end_ns)
    by_phase: dict[str, list[dict[str, Any]]] = {}
    for one in data["differences"]:
        by_phase.setdefault(one["phase"], []).append(one)
    return render(
        "comparison.html", data=data, a=found.a, b=found.b, by_phase=by_phase, version=__version__,
        plots=[_plot(found, signal, window) for signal in _plotted(found)], window=window, whole=(a.start_ns, a.end_ns),
    )  # fmt: skip


def _plotted(found: SideBySide) -> list[Signal]:
    """What differs first, then what differs next."""
    first = found.comparison.first
    if first is None:
        return []
    told = [one.signal for one in first.signals if one.differs]
    later = [one.signal for one in found.differences if one.start_ns >= first.a_ns - 1_000_000_000]
    return list({signal.name: signal for signal in [*told, *later]}.values())[:_MOST_PLOTS]


def _plot(found: SideBySide, signal: Signal, window: tuple[int, int]) -> _Plot:
    comparison = found.comparison
    assert comparison.first is not None
    t_a, v_a = comparison.side_a.series[signal.name]
    t_b, v_b = comparison.side_b.series[signal.name]
    aligned = comparison.warp.to_a(t_b)
    mark = [(comparison.first.a_ns, comparison.first.a_ns)]
    drawn = []
    for t0, t1 in (window, (comparison.a.start_ns, comparison.a.end_ns)):
        lines = [Line(*cut(t_a, v_a, t0, t1)), Line(*cut(aligned, v_b, t0, t1), "other")]
        drawn.append(line_plot(lines, t0, t1, mark, steps=signal.type != "real"))
    return _Plot(signal.name, dict(signal.text), *drawn)
