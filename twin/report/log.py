"""The report of an import: how good a log is, for the one who is to rely on it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
from markupsafe import Markup

from twin.files import write_text
from twin.importing.account import ACCOUNT, Account, FindingAccount, TagAccount
from twin.record import Record
from twin.report.page import render
from twin.report.plot import Line, coverage_bar, line_plot, reduce

#: Tags that get plots: those with the worst findings; and the kinds that a plot shows nothing of.
_MOST_PLOTS = 24
#: Tags of one stream that are plotted for the same kind: the others look alike.
_MOST_ALIKE = 3
#: Kinds that say little of a value's worth.
_UNTIDY = frozenset({"unordered", "time_format", "duplicate"})
_NOT_PLOTTED = frozenset(
    {"time_format", "missing_tag", "stray_stamp", "unordered", "backward", "clock_set", "skew", "server_clock"}
)
#: Windows in which a whole signal is read, so that a long one is never in memory at once.
_PIECES = 64


@dataclass(frozen=True)
class Plots:
    """A tag with a finding: the whole of it, and the longest place of the finding from near."""

    finding: FindingAccount
    tag: TagAccount
    whole: Markup
    near: Markup
    near_from: str
    near_to: str


def write_log_report(record_path: Path, out: Path) -> None:
    """Write the report of an imported Record: ``.json`` is the account alone, anything else a page.

    Raises:
        RecordError: it is no Record that was imported.
    """
    record = Record.open(record_path)
    account = Account.from_json(record.attachment(ACCOUNT))
    text = account.to_json(indent=1) if out.suffix.lower() == ".json" else log_page(record, account)
    write_text(out, text)


def log_page(record: Record, account: Account) -> str:
    """The report as a page."""
    kinds = Counter(finding.kind for finding in account.findings)
    return render(
        "log.html",
        account=account,
        record=record.path.name,
        kinds=kinds,
        began=_at(account, 0),
        ended=_at(account, round(account.duration_s * 1e9)),
        at=lambda t_ns: _at(account, t_ns),
        bars={stream.name: coverage_bar(stream.coverage, _gaps(account, stream.name)) for stream in account.streams},
        untidy=_UNTIDY,
        plots=_plots(record, account),
        longest=_longest,
    )


def _plots(record: Record, account: Account) -> list[Plots]:
    tags = {f"{tag.stream}/{tag.tag}": tag for tag in account.tags}
    shown: Counter[tuple[str, str]] = Counter()
    found: list[Plots] = []
    for finding in account.findings:
        group = (finding.kind, finding.stream)
        if finding.kind in _NOT_PLOTTED or finding.subject not in tags or not finding.places:
            continue
        if shown[group] == _MOST_ALIKE or len(found) == _MOST_PLOTS:
            continue
        shown[group] += 1
        tag = tags[finding.subject]
        # What a map converts may show nothing where the source's own value does.
        name = next((n for n in tag.signals if ".raw_" in n), tag.signals[0])
        marks = [(place.start_ns, place.end_ns) for place in finding.places]
        end_ns = max(round(account.duration_s * 1e9), 1)
        period_ns = round((tag.period_s or 0) * 1e9)
        gap_ns = 3 * period_ns if period_ns else math.inf
        steps = tag.type != "real" or not period_ns
        t, v = _whole(record, name, end_ns)
        whole = line_plot([Line(t, v)], 0, end_ns, marks, steps=steps, gap_ns=max(gap_ns, end_ns / 100))
        start, end = max(marks, key=lambda mark: mark[1] - mark[0])
        margin = max((end - start) * 2, 40 * period_ns, 10**9)
        t0, t1 = max(start - margin, 0), min(end + margin, end_ns)
        t, v = reduce(*record.signal(name, t0, t1, before=True), t0, t1)
        near = line_plot([Line(t, v)], t0, t1, marks, steps=steps, gap_ns=max(gap_ns, (t1 - t0) / 300))
        found.append(Plots(finding, tag, whole, near, _at(account, t0), _at(account, t1)))
    return found


def _whole(record: Record, name: str, end_ns: int) -> tuple[np.ndarray, np.ndarray]:
    """A signal over its Record, reduced to what a plot shows."""
    times, values = [], []
    for n in range(_PIECES):
        t0, t1 = n * end_ns // _PIECES, (n + 1) * end_ns // _PIECES - (n + 1 < _PIECES)
        t, v = record.signal(name, t0, t1)
        times.append(t)
        values.append(v)
        if sum(map(len, times)) > 200_000:
            t, v = reduce(np.concatenate(times), np.concatenate(values), 0, end_ns)
            times, values = [t], [v]
    return reduce(np.concatenate(times), np.concatenate(values), 0, end_ns)


def _gaps(account: Account, stream: str) -> list[tuple[float, float]]:
    """Gaps of a stream's tags as shares of the Record's time."""
    end_ns = max(account.duration_s * 1e9, 1.0)
    gaps = [f for f in account.findings if f.kind == "gap" and f.stream == stream]
    return sorted({(place.start_ns / end_ns, place.end_ns / end_ns) for f in gaps for place in f.places})


def _longest(finding: FindingAccount) -> int:
    """Where the longest place of a finding begins, ns."""
    place = max(finding.places, key=lambda place: place.end_ns - place.start_ns)
    return place.start_ns


def _at(account: Account, t_ns: int) -> str:
    """A time of the Record by the clock on the wall of its zone."""
    epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
    moment = epoch + timedelta(microseconds=(account.start_ns + t_ns) // 1000)
    local = moment.astimezone(ZoneInfo(account.zone))
    return local.strftime("%Y-%m-%d %H:%M:%S.") + f"{local.microsecond // 1000:03}"
