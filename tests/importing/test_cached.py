"""Logs that are only looked at: imported once, found again, and anew when something of them changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from twin.errors import InputError
from twin.importing import cached, import_cached
from twin.record import Record, is_record

ROWS = "time,tag,value\n2026-01-01T00:00:00Z,a,1\n2026-01-01T00:00:01Z,a,2\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPTWIN_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(ROWS)
    return path


def values(path: Path) -> list[float]:
    record = Record.open(path)
    return record.signal(next(iter(record.signals)).name)[1].tolist()


def test_a_log_is_imported_once_and_keeps_its_name(log: Path) -> None:
    read: list[int] = []
    first, found = import_cached([log], progress=read.append)
    assert found is not None and found.samples == 2 and read == [2]
    assert first.name == "export.mcap" and values(first) == [1.0, 2.0]
    assert import_cached([log]) == (first, None)
    assert [path.name for path in first.parent.iterdir()] == ["export.mcap"]


def test_another_log_or_another_map_is_imported_anew(log: Path, tmp_path: Path) -> None:
    first, _ = import_cached([log])
    log.write_text(ROWS.replace("a,2", "a,3"))
    os.utime(log, (0, 0))
    second, found = import_cached([log])
    assert found is not None and values(second) == [1.0, 3.0]
    tag_map = tmp_path / "map.yaml"
    tag_map.write_text("tags: {a: {signal: a.b.pv_c_m, scale: 0.1}}\n")
    third, _ = import_cached([log], tag_map)
    assert Record.open(third).signal("a.b.pv_c_m")[1].tolist() == pytest.approx([0.1, 0.3])
    tag_map.write_text("tags: {a: {signal: a.b.pv_c_m, scale: 0.2}}\n")
    fourth, _ = import_cached([log], tag_map)
    # A map that stands beside a log is taken by itself.
    (tmp_path / "export.map.yaml").write_text("tags: {a: {signal: a.b.pv_c_m, scale: 0.5}}\n")
    fifth, _ = import_cached([log])
    assert Record.open(fifth).signal("a.b.pv_c_m")[1].tolist() == pytest.approx([0.5, 1.5])
    assert len({first, second, third, fourth, fifth}) == 5


def test_what_cannot_be_imported_leaves_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("time,tag,value\n")
    with pytest.raises(InputError):
        import_cached([empty])
    with pytest.raises(InputError, match="no such file"):
        import_cached([tmp_path / "gone.csv"])
    assert not list((tmp_path / "cache" / "imported").iterdir())


def test_what_was_not_looked_at_for_the_longest_time_goes_first(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = []
    for number in range(3):
        log.write_text(ROWS.replace("a,2", f"a,{number}"))
        records.append(import_cached([log])[0])
        os.utime(records[-1], (number, number))
    log.write_text(ROWS.replace("a,2", "a,0"))
    assert import_cached([log]) == (records[0], None)
    monkeypatch.setattr(cached, "MOST_BYTES", records[0].stat().st_size * 3 // 2)
    log.write_text(ROWS.replace("a,2", "a,9"))
    newest = import_cached([log])[0]
    assert [record.is_file() for record in [*records, newest]] == [True, False, False, True]


def test_a_record_is_told_from_other_files_also_where_it_is_damaged(log: Path, tmp_path: Path) -> None:
    record = import_cached([log])[0]
    cut, other, empty = tmp_path / "cut", tmp_path / "other.mcap", tmp_path / "empty.mcap"
    cut.write_bytes(record.read_bytes()[:200])
    other.write_bytes(
        record.read_bytes()[:8] + b"\x01" + (12).to_bytes(8, "little") + (4).to_bytes(4, "little") + b"ros2"
    )
    empty.write_bytes(b"")
    assert [is_record(path) for path in (record, cut, empty)] == [True] * 3
    assert [is_record(path) for path in (other, log, tmp_path, tmp_path / "gone.mcap")] == [False] * 4
