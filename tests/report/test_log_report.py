"""The report of an import."""

from __future__ import annotations

import html.parser
import json
import re
from pathlib import Path

import numpy as np
import pytest

from tests.logs import LOGS, needs_logs
from twin.errors import SwapTwinError
from twin.importing import import_files
from twin.importing.account import Account
from twin.report import write_log_report
from twin.report.page import duration
from twin.report.plot import reduce

NS = 1_000_000_000


def _log(folder: Path) -> Path:
    """A log with a gap, a bad sample, a line that is none and a hostile name."""
    rows = ["time,tag,value,quality"]
    for n in range(600):
        if not 200 <= n < 300:
            rows.append(f"{np.datetime64('2026-03-01T00:00:00') + np.timedelta64(n, 's')},液压.压力,{n % 7},192")
    rows.append("2026-03-01T00:20:00,<script>alert(1)</script>,1,0")
    rows.append("a line,that,is,not,a row")
    path = folder / "plant.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    import_files([path], folder / "log.mcap")
    return folder / "log.mcap"


def test_the_json_report_is_the_whole_account_and_can_be_read_back(tmp_path: Path) -> None:
    write_log_report(_log(tmp_path), tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    account = Account.from_json(text)
    assert json.loads(text)["format"] == "swaptwin-import/1"
    (gap,) = [finding for finding in account.findings if finding.kind == "gap"]
    assert gap.subject == "plant/液压.压力" and gap.worst == 101
    assert [(place.start_ns, place.end_ns) for place in gap.places] == [(199 * NS, 300 * NS)]
    assert [tag.share_bad for tag in account.tags] == [0.0, 1.0]
    assert [lost.line for lost in account.not_read] == [503]
    assert sum(account.streams[0].coverage) == account.samples == 501


def test_the_page_is_one_file_without_network_and_with_nothing_of_the_log_run_as_code(tmp_path: Path) -> None:
    write_log_report(_log(tmp_path), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href)\s*=|url\(|@import|https?://""", page)
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page
    assert "缺口" in page and "Gap" in page and "503" in page
    tags = _Tags()
    tags.feed(page)
    assert not tags.open


def test_a_record_that_was_not_imported_has_no_report(tmp_path: Path) -> None:
    recording = Path(__file__).resolve().parents[2] / "assets" / "recordings" / "nominal_swap.mcap"
    with pytest.raises(SwapTwinError):
        write_log_report(recording, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_reduced_signal_keeps_its_extremes_and_its_order() -> None:
    rng = np.random.default_rng(3)
    t, v = np.arange(50_000) * 1000, rng.normal(0, 1, 50_000)
    v[1234], v[40_000], v[200:300] = 99.0, -99.0, np.nan
    few_t, few_v = reduce(t, v, 0, int(t[-1]))
    assert len(few_t) <= 4 * 320 and (np.diff(few_t) >= 0).all()
    assert (np.nanmin(few_v), np.nanmax(few_v)) == (-99.0, 99.0)
    assert few_t[np.nanargmax(few_v)] == 1_234_000


@pytest.mark.parametrize(
    ("seconds", "text"), [(3.24, "3.24 s"), (75.0, "1:15.0 min"), (59.99, "1:00.0 min"), (3723.4, "1:02:03.4 h")]
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@needs_logs
def test_the_gap_of_the_demo_cell_is_in_its_report(tmp_path: Path) -> None:
    import_files([LOGS / "demo_cell"], tmp_path / "cell.mcap")
    write_log_report(tmp_path / "cell.mcap", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "61.76 s" in page and len(page) < 2_000_000


class _Tags(html.parser.HTMLParser):
    """Which elements are still open."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
