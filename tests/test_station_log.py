"""The synthetic log of the benchmarks: the same bytes each time, with what it says is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.station_log import MAP, TAGS, tag_names, write_station_log
from twin.importing import import_files
from twin.record import Record


def test_the_names_are_as_many_as_it_says() -> None:
    names = tag_names()
    assert len(set(names)) == TAGS
    assert sum(not name.isascii() for name in names) == TAGS // 4 - 1


@pytest.mark.slow
def test_the_log_has_its_gap_its_clock_set_back_and_its_bad_quality(tmp_path: Path) -> None:
    source, again, log, map_path = (tmp_path / name for name in ("day.csv", "again.csv", "day.mcap", "a.yaml"))
    samples = 8 * 416_666
    write_station_log(source, samples)
    write_station_log(again, 1000)
    assert source.read_bytes().startswith(again.read_bytes()[:2000])
    map_path.write_text(MAP, encoding="utf-8")
    found = import_files([source], log, map_path)
    assert abs(found.samples - samples) < 1000 and len(found.columns) == TAGS and not found.damage
    of = {(finding.kind, finding.subject): finding for finding in found.findings}
    gap = of["gap", "day/ST01.AXIS2.ActPos"]
    assert gap.count == 1 and gap.worst == pytest.approx(90.25)
    assert of["backward", "day"].count == 1
    assert of["bad_quality", "day/ST01.温度.T000"].count == 100
    record = Record.open(log)
    assert record.overview("axis.x.pv_position_m", 60 * 10**9) is not None
    assert not record.check()
