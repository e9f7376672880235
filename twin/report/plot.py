"""Plots as inline SVG: a signal over time, reduced to what its picture shows, with stretches marked in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from markupsafe import Markup

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

_WIDTH, _HEIGHT, _TOP, _BOTTOM = 640, 120, 6, 6
#: Samples drawn one by one; more are drawn as the smallest and largest of each column.
_MOST_POINTS = 600
_COLUMNS = 320


def reduce(t_ns: Times, values: Numbers, t0_ns: int, t1_ns: int) -> tuple[Times, Numbers]:
    """Of each column at most four samples in their order: the first, the smallest, the largest, the last."""
    if len(t_ns) <= _MOST_POINTS:
        return t_ns, values
    column = np.clip((t_ns - t0_ns) * _COLUMNS // max(t1_ns - t0_ns, 1), 0, _COLUMNS - 1)
    kept = []
    for part in np.split(np.arange(len(t_ns)), np.flatnonzero(column[1:] != column[:-1]) + 1):
        known = part[np.isfinite(values[part])]
        if not len(known):
            kept.append(part[0])
            continue
        extremes = {int(known[np.argmin(values[known])]), int(known[np.argmax(values[known])])}
        kept += sorted(extremes | {int(part[0]), int(part[-1])})
    return t_ns[kept], values[kept]


def cut(t_ns: Times, values: Numbers, t0_ns: int, t1_ns: int) -> tuple[Times, Numbers]:
    """Samples of a window with what stands at its ends, reduced to what a plot shows."""
    first = max(int(np.searchsorted(t_ns, t0_ns, side="right")) - 1, 0)
    stop = int(np.searchsorted(t_ns, t1_ns, side="right"))
    t, v = np.clip(t_ns[first:stop], t0_ns, t1_ns), values[first:stop]
    if len(t) and t[-1] < t1_ns and stop < len(t_ns):
        t, v = np.append(t, t1_ns), np.append(v, v[-1])
    return reduce(t, v, t0_ns, t1_ns)


@dataclass(frozen=True)
class Line:
    """Samples (n,) in the order of time, ns; NaN breaks the line. ``look`` is its class in the style."""

    t_ns: Times
    values: Numbers
    look: str = ""


def line_plot(
    lines: Sequence[Line], t0_ns: int, t1_ns: int, marks: Sequence[tuple[int, int]] = (), *, steps: bool = False,
    gap_ns: float = np.inf,
) -> Markup:  # fmt: skip
    """A signal in a window.

    Args:
        lines: the first lies below the others.
        marks: stretches to mark, begin and end in ns.
        steps: whether a value holds until the next. gap_ns: two samples farther apart are not joined.
    """
    known = np.concatenate([line.values[np.isfinite(line.values)] for line in lines])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    room = (high - low) * 0.05 or max(abs(low) * 0.05, 0.5)
    bottom, top = low - room, high + room
    span = max(t1_ns - t0_ns, 1)

    def x(t: float) -> float:
        return round((t - t0_ns) / span * _WIDTH, 1)

    def y(v: float) -> float:
        return round(_TOP + (top - v) / (top - bottom) * (_HEIGHT - _TOP - _BOTTOM), 1)

    paths = [_path(line.t_ns, line.values, x, y, steps=steps, gap_ns=gap_ns) for line in lines]
    drawn = [f"<path class='line {line.look}' d='{path}'/>" for line, path in zip(lines, paths, strict=True)]
    boxes = [_box(x(max(a, t0_ns)), x(min(b, t1_ns))) for a, b in marks if b >= t0_ns and a <= t1_ns]
    svg = (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img">'
        f"{''.join(boxes)}{''.join(drawn)}</svg>"
    )
    scale = Markup('<div class="scale"><span>{}</span><span>{}</span></div>').format(_short(high), _short(low))
    return Markup('<div class="plotted">{}{}</div>').format(scale, Markup(svg))


def _path(
    t_ns: Times, values: Numbers, x: Callable[[float], float], y: Callable[[float], float], *, steps: bool,
    gap_ns: float,
) -> str:  # fmt: skip
    path: list[str] = []
    last: int | None = None
    for t, v in zip(t_ns.tolist(), values.tolist(), strict=True):
        if not np.isfinite(v):
            last = None
            continue
        joined = last is not None and t - last <= gap_ns
        if joined and steps:
            path.append(f"H{x(t)}")
        path.append(f"{'L' if joined else 'M'}{x(t)} {y(v)}" + ("" if joined else "h.01"))
        last = t
    return "".join(path)


def label_strip(line: Line, t0_ns: int, t1_ns: int, labels: Mapping[int, str], mark: tuple[int, int]) -> Markup:
    """What a signal with labels says in a window: a bar of its values, each with its name."""
    span = max(t1_ns - t0_ns, 1)
    ends = [*line.t_ns.tolist()[1:], t1_ns]
    parts = [_mark(mark, t0_ns, span)]
    for start, end, value in zip(line.t_ns.tolist(), ends, line.values.tolist(), strict=True):
        if np.isfinite(value) and end > start:
            name = labels.get(int(value), f"{value:g}")
            place = f"left:{(start - t0_ns) / span:.2%};width:{(end - start) / span:.2%}"
            parts.append(Markup('<span style="{}" title="{}">{}</span>').format(place, name, name))
    return Markup('<div class="strip {}">{}</div>').format(line.look, Markup("").join(parts))


def span_bar(parts: Sequence[tuple[str, float, float]]) -> Markup:
    """A bar of parts with their look, each from and to a share (0 to 1) of the whole; a later one lies on top."""
    drawn = "".join(_part(look, start, end) for look, start, end in parts)
    return Markup(f'<svg class="coverage" viewBox="0 0 1000 10" preserveAspectRatio="none">{drawn}</svg>')


def _mark(mark: tuple[int, int], t0_ns: int, span: int) -> Markup:
    start, end = ((min(max(t, t0_ns), t0_ns + span) - t0_ns) / span for t in mark)
    return Markup('<i style="left:{};width:{}"></i>').format(f"{start:.2%}", f"{max(end - start, 0.003):.2%}")


def coverage_bar(coverage: Sequence[int], gaps: Sequence[tuple[float, float]]) -> Markup:
    """When a stream says something: a bar of equal parts of time, and its gaps as shares (0 to 1) of the whole."""
    there = np.asarray(coverage) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], there.astype(np.int8), [0]])))
    spans = zip(edges[::2] / len(there), edges[1::2] / len(there), strict=True)
    marks = "".join(_part("mark", a, b) for a, b in gaps)
    parts = "".join(_part("there", a, b) for a, b in spans)
    bar = f'<svg class="coverage" viewBox="0 0 1000 10" preserveAspectRatio="none">{parts}{marks}</svg>'
    return Markup(bar)


def _part(kind: str, start: float, end: float) -> str:
    width = max((end - start) * 1000, 1.0)
    return f"<rect class='{kind}' x='{start * 1000:.1f}' y='0' width='{width:.1f}' height='10'/>"


def _box(x0: float, x1: float) -> str:
    width = max(x1 - x0, 1.5)
    return f"<rect class='mark' x='{x0:.1f}' y='0' width='{width:.1f}' height='{_HEIGHT}'/>"


def _short(value: float) -> str:
    return f"{value:.5g}"
