"""How well a rebuilt situation reproduces its log: what is measured, and whether it is enough."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from twin.analysis.phases import Swap
from twin.analysis.samples import RecordSamples
from twin.formula.document import Sentence
from twin.rebuild.aligned import Grid, Pair, Series, pairs_of, standing, swap_of
from twin.rebuild.match_table import MatchTable, load_match_table
from twin.record import Record
from twin.signals import Signal

NS = 1_000_000_000
#: An axis stands where it keeps so still for so long on either side; of a sparse log, by its nearest samples.
_STILL_NS = 400_000_000
_STILL = {"m": 0.004, "rad": 0.004}
#: What runs beside the phases may come to stand so much earlier or later.
_NEAR_NS = 2_000_000_000
#: An axis that does not go farther did not move.
_MOVED = {"m": 0.02, "rad": 0.01}
_PLACES = ("st_pack_present", "st_seated", "st_pad1", "st_pad2", "st_pad3", "st_pad4", "st_locked", "st_released")


@dataclass(frozen=True)
class Row:
    """One quantity, told and not judged where it has no tolerance.

    ``zh``: what it is called in Chinese. ``decisive``: without it the rest says nothing. ``t_ns``: where it is worst,
    in the log's time.
    """

    quantity: str
    zh: str
    unit: str
    error: float | None
    tolerance: float | None
    ok: bool
    decisive: bool = False
    t_ns: int | None = None

    @property
    def text(self) -> Sentence:
        return Sentence(en=self.quantity, zh=self.zh)


@dataclass
class Match:
    """How well a run reproduces a log, up to ``until_ns`` of the log (None: to its end)."""

    score_frac: float
    enough: bool
    until_ns: int | None
    rows: list[Row]
    text: Sentence


def match(
    log: Record, rerun: Record, until_ns: int | None = None, *, start_ns: int | None = None, end_ns: int | None = None
) -> Match:
    """Compare a log, or one swap of it, with a run of its rebuilt situation.

    Args:
        until_ns: nothing of the log after this is compared. start_ns, end_ns: the swap, as its situation says.

    Raises:
        InputError: a Record of which no swap can be told.
    """
    table = load_match_table()
    a = RecordSamples(log, bridged=True)
    b = RecordSamples(rerun, bridged=True)
    swap_a = swap_of(a, log, start_ns)
    swap_b = swap_of(b, rerun, None)
    if swap_a is None or swap_b is None:
        side = ("log", "日志") if swap_a is None else ("run", "重演")
        text = Sentence(en=f"No swap is seen in the {side[0]}.", zh=f"{side[1]}中未识别到换电。")
        return Match(0.0, False, until_ns, [], text)
    stop_ns = log.end_ns if end_ns is None else end_ns
    stop_ns = stop_ns if until_ns is None else min(until_ns, stop_ns)
    pairs = pairs_of(swap_a, swap_b, stop_ns)
    if not pairs:
        text = Sentence(en="No phase of the log is seen in the run, too.", zh="重演中没有与日志相同的阶段。")
        return Match(0.0, False, until_ns, [], text)
    rows = [_order(swap_a, pairs, stop_ns)]
    rows += _phase_rows(pairs, stop_ns, table)
    grid = Grid(pairs, stop_ns, rerun.end_ns)
    rows += _axis_rows(a, b, pairs, grid, table)
    rows += _load_rows(a, b, grid, table)
    rows += _place_rows(a, b, grid, table)
    rows += _alarm_rows(a, b, grid)
    if until_ns is None and end_ns is not None and swap_a.outcome in ("completed", "not_completed"):
        ok = swap_a.outcome == swap_b.outcome
        rows.append(Row("outcome", "换电结果", "", 0.0 if ok else 1.0, 0.0, ok, decisive=True))
    return _judged(rows, until_ns, table)


def _judged(rows: list[Row], until_ns: int | None, table: MatchTable) -> Match:
    judged = [row for row in rows if row.tolerance is not None]
    good = sum(row.ok for row in judged)
    score = good / len(judged)
    failed = [row for row in rows if row.decisive and not row.ok]
    few = len(judged) < table.least_rows.value
    enough = not failed and not few and score >= table.enough.value
    share = f"{good} of {len(judged)}"
    en, zh = f"{share} quantities within tolerance", f"{len(judged)} 项中 {good} 项在允差内"
    if failed:
        en = f"{en}; it does not reproduce {', '.join(row.quantity for row in failed)}"
        zh = f"{zh}；未能重现{'、'.join(row.zh for row in failed)}"
    elif few:
        en, zh = f"{en}: too few to tell", f"{zh}：数量不足以判断"
    worst = [row for row in rows if not row.ok and not row.decisive][:4]
    if worst:
        en = f"{en}; off: {', '.join(row.quantity for row in worst)}"
        zh = f"{zh}；偏差：{'、'.join(row.zh for row in worst)}"
    return Match(score, enough, until_ns, rows, Sentence(en=f"{en}.", zh=f"{zh}。"))


# -- phases ------------------------------------------------------------------------------------------------------------


def _order(a: Swap, pairs: list[Pair], stop_ns: int) -> Row:
    """How many of the log's phases the run has in the same order."""
    seen = [span for span in a.phases if span.start_ns is not None and span.start_ns < stop_ns]
    lacking = len(seen) - len(pairs)
    at = seen[len(pairs)].start_ns if lacking else None
    return Row("phases in order", "阶段顺序", "", float(lacking), 0.0, lacking == 0, decisive=True, t_ns=at)


def _phase_rows(pairs: list[Pair], stop_ns: int, table: MatchTable) -> Iterator[Row]:
    for pair in pairs:
        if pair.a1_ns is None or pair.b1_ns is None or pair.a1_ns > stop_ns:
            continue
        took, again = (pair.a1_ns - pair.a0_ns) / NS, (pair.b1_ns - pair.b0_ns) / NS
        rule = table.phase_time
        tolerance = max(rule.absolute_s.value, rule.relative_frac.value * took) + pair.late_ns / NS
        error = abs(again - took)
        if pair.name in table.people:
            yield Row(f"phase {pair.name}", f"阶段 {pair.name}", "s", round(error, 3), None, True, t_ns=pair.a0_ns)
            continue
        yield Row(
            f"phase {pair.name}",
            f"阶段 {pair.name}",
            "s",
            round(error, 3),
            round(tolerance, 3),
            error <= tolerance,
            t_ns=pair.a0_ns,
        )


# -- signals, aligned by phase -----------------------------------------------------------------------------------------


def _axes(a: RecordSamples, b: RecordSamples) -> list[Signal]:
    return [
        signal
        for name, signal in a.signals.items()
        if signal.field in ("pv_position_m", "pv_position_rad") and name in b.signals and not name.startswith("bay.")
    ]


def _axis_rows(a: RecordSamples, b: RecordSamples, pairs: list[Pair], grid: Grid, table: MatchTable) -> Iterator[Row]:
    for signal in _axes(a, b):
        unit: Literal["m", "rad"] = "m" if signal.unit == "m" else "rad"
        ours, theirs = a.series(signal.name), b.series(signal.name)
        rows = (ours[0] >= grid.start_ns) & (ours[0] <= grid.stop_ns)
        if rows.sum() < 2 or np.ptp(ours[1][rows]) < _MOVED[unit]:
            continue
        name = signal.name.rpartition(".")[0]
        off = list(_rests(ours, theirs, pairs, grid, unit))
        if off:
            error, t_ns = max(off)
            limit = table.rest[unit].value
            # The shuttle goes where the truck stands: that is what was rebuilt.
            decisive = name.startswith("shuttle.")
            yield Row(
                f"{name} stands",
                f"{name} 停止位置",
                unit,
                round(error, 5),
                limit,
                error <= limit,
                decisive=decisive,
                t_ns=t_ns,
            )
        # Looked at evenly: a log on change has many samples where it moves and none where it stands.
        t = np.linspace(grid.start_ns, grid.stop_ns, 400).astype(np.int64)
        course = np.abs(standing(ours, t) - standing(theirs, grid.to_b(t)))
        course = course[~np.isnan(course)]
        share = float(course.mean() / np.ptp(ours[1][rows])) if len(course) else 0.0
        yield Row(
            f"{name} on its way",
            f"{name} 运动过程",
            "",
            round(share, 4),
            table.course_frac.value,
            share <= table.course_frac.value,
        )


def _rests(ours: Series, theirs: Series, pairs: list[Pair], grid: Grid, unit: str) -> Iterator[tuple[float, int]]:
    """How far the axis stood off as phases began, where it stood in both: the least within a while of that instant."""
    for pair in pairs:
        if pair.a0_ns > grid.stop_ns:
            break
        x = _rest(ours, pair.a0_ns, unit)
        around = (_rest(theirs, pair.b0_ns + by, unit) for by in range(-_NEAR_NS, _NEAR_NS + 1, _STILL_NS))
        near = [abs(x - y) for y in around if y is not None] if x is not None else []
        if near:
            yield min(near), pair.a0_ns


def _rest(series: Series, t_ns: int, unit: str) -> float | None:
    """The position at an instant, None while it moves; a value holds until the next."""
    around = standing(series, np.array([t_ns - 2 * _STILL_NS, t_ns - _STILL_NS, t_ns], dtype=np.int64))
    return None if np.isnan(around).any() or np.ptp(around) > _STILL[unit] else float(around[-1])


def _load_rows(a: RecordSamples, b: RecordSamples, grid: Grid, table: MatchTable) -> Iterator[Row]:
    for name in table.loads:
        if name not in a.signals or name not in b.signals:
            continue
        ours, theirs = a.series(name), b.series(name)
        t = np.linspace(grid.start_ns, grid.stop_ns, 2000).astype(np.int64)
        x, y = np.abs(standing(ours, t)), np.abs(standing(theirs, grid.to_b(t)))
        there = ~np.isnan(x) & ~np.isnan(y)
        if not there.any():
            continue
        # Not the peak: a log that looks rarely misses it.
        high, again = float(np.percentile(x[there], 95)), float(np.percentile(y[there], 95))
        if high < 500.0:
            continue
        error, limit = abs(again - high), table.load_frac.value * high
        device = name.rpartition(".")[0]
        yield Row(f"{device} load", f"{device} 载荷", "N", round(error), round(limit), error <= limit)


def _place_rows(a: RecordSamples, b: RecordSamples, grid: Grid, table: MatchTable) -> Iterator[Row]:
    """What stands where and what is locked at the end of what is compared."""
    names = [n for n, s in a.signals.items() if s.field in _PLACES and n in b.signals]
    at_a, at_b = np.array([grid.stop_ns]), grid.to_b(np.array([grid.stop_ns]))
    wrong = []
    for name in names:
        x, y = standing(a.series(name), at_a)[0], standing(b.series(name), at_b)[0]
        # What changes just then may be seen a little earlier or later.
        near = standing(b.series(name), at_b + np.array([-1, 1]) * 2 * NS)
        if not np.isnan(x) and not np.isnan(y) and x != y and x not in near:
            wrong.append(name)
    if names:
        most = float(int(table.lost_frac.value * len(names)))
        ok = len(wrong) <= most
        zh = "结束时的电池包与锁"
        yield Row("packs and locks at the end", zh, "", float(len(wrong)), most, ok, decisive=True, t_ns=grid.stop_ns)


def _alarm_rows(a: RecordSamples, b: RecordSamples, grid: Grid) -> Iterator[Row]:
    """Alarms that only one of the two raised."""
    names = [n for n, s in a.signals.items() if s.kind == "alm" and n in b.signals]
    if not names:
        return
    b0_ns, b1_ns = grid.to_b(np.array([grid.start_ns, grid.stop_ns])).tolist()
    ours = {name for name in names if _raised(a, name, grid.start_ns, grid.stop_ns)}
    theirs = {name for name in names if _raised(b, name, b0_ns, b1_ns)}
    # One that comes at the end may come a little later.
    late = {name for name in ours if _raised(b, name, b0_ns, b1_ns + _NEAR_NS)}
    off = (ours - late) | (theirs - ours)
    which = "".join(f" {name}" for name in sorted(off)[:3])
    yield Row(f"alarms{which}", f"报警{which}", "", float(len(off)), 0.0, not off)


def _raised(samples: RecordSamples, name: str, t0_ns: int, t1_ns: int) -> bool:
    t_ns, values = samples.series(name)
    return bool((values[(t_ns >= t0_ns) & (t_ns <= t1_ns)] == 1).any())
