"""A Record is read while it grows, when it is merged, and after its writer was killed."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from tests.record.example import FRAMES, SCAN_NS, Example
from tests.record.test_roundtrip import check_whole, equal
from twin.record import Frame, Record, RecordWriter, describe, recover
from twin.record import merge as merge_module
from twin.signals import Signal, SignalTable


class Clock:
    """A wall clock that goes by hand."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_chunks_are_closed_when_the_time_has_come(tmp_path: Path) -> None:
    clock = Clock()
    example = Example(30)
    writer = example.writer(tmp_path / "a.mcap", flush_s=0.125, clock=clock)
    record = Record.open(tmp_path / "a.mcap")
    for scan in range(30):
        example.write(writer, scan, scan + 1)
        clock.now_s += 0.03125
        writer.poll()
    assert record.refresh()
    assert not record.refresh()
    assert len(record.rows("plant")[0]) == 28
    writer.finish()


def test_a_reader_follows_the_writer_through_the_merge(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    example = Example(100)
    writer = example.writer(path)
    record = Record.open(path)
    assert (record.finished, record.end_ns, len(record.scene)) == (False, 0, 2)
    for stop in range(10, 101, 10):
        example.write(writer, stop - 10, stop)
        assert not record.refresh()
        writer.flush()
        assert record.refresh()
        assert record.end_ns == (stop - 1) * SCAN_NS
        assert equal(record.rows("plant")[1], example.plant[:stop])
        assert equal(record.poses()[1], example.poses[:stop])
        assert record.damage == []
    stale = Record.open(path)
    writer.finish(attachments={"summary.json": b"{}"}, metadata={"verdict": "completed"})
    # Not refreshed: what it knows about the file is no longer true, and it finds out by itself.
    assert not stale.finished
    check_whole(stale, example)
    assert stale.finished
    assert record.refresh()
    assert record.finished
    assert not record.refresh()
    assert record.metadata["verdict"] == "completed"
    assert record.attachments["summary.json"] == b"{}"
    check_whole(record, example)


def test_a_reader_sees_the_file_replaced_by_another_run(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    record = Record.open(Example(20).record(path))
    assert len(record.frames) == 3
    with RecordWriter(path, metadata={"scenario": "other"}, tables={}, frames=[Frame("a", "b")]) as writer:
        writer.poses(0, np.zeros((1, 7)))
    assert record.refresh()
    assert record.metadata["scenario"] == "other"
    assert record.frames == [Frame("a", "b")]
    assert record.poses()[1].shape == (1, 1, 7)


def test_a_tail_that_is_not_whole_waits_for_its_end(tmp_path: Path) -> None:
    example = Example(40)
    whole = example.unfinished(tmp_path / "whole.mcap", chunks=2).read_bytes()
    path = tmp_path / "a.mcap"
    path.write_bytes(whole[:-3000])
    record = Record.open(path)
    assert len(record.rows("plant")[0]) == 20
    assert "the file ends inside a record" in record.damage[0]
    with path.open("ab") as file:
        file.write(whole[-3000:])
    assert record.refresh()
    check_whole(record, example)


def test_merged_chunks_are_large_and_hold_one_channel(tmp_path: Path) -> None:
    example = Example(4000)
    writer = example.writer(tmp_path / "a.mcap")
    for first in range(0, 4000, 50):
        example.write(writer, first, first + 50)
        writer.flush()
    assert len(Record.open(tmp_path / "a.mcap").chunks()) >= 80
    writer.finish()
    record = Record.open(tmp_path / "a.mcap")
    assert len(record.chunks()) < 12
    assert all(chunk.channels is not None and len(chunk.channels) == 1 for chunk in record.chunks())
    assert max(chunk.uncompressed_bytes for chunk in record.chunks()) >= merge_module.CHUNK_BYTES
    check_whole(record, example)


def test_a_file_that_cannot_be_replaced_stays_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError("in use")

    example = Example(20)
    writer = example.writer(tmp_path / "a.mcap")
    example.write(writer)
    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr(merge_module, "_RETRY_S", 0.0)
    writer.finish()
    record = Record.open(tmp_path / "a.mcap")
    assert record.finished
    check_whole(record, example)
    assert [p.name for p in tmp_path.iterdir()] == ["a.mcap"]


CHILD = textwrap.dedent(
    """
    import sys, time
    import numpy as np
    from twin.record import Frame, RecordWriter
    from twin.signals import Signal, SignalTable
    table = SignalTable([Signal("a.b.pv_x"), Signal("a.b.st_y", type="bool")])
    writer = RecordWriter(sys.argv[1], metadata={}, tables={"plant": table}, frames=[Frame("f", "w")], flush_s=0.1)
    scan = 0
    while True:
        writer.row("plant", scan, [float(scan), True])
        writer.poses(scan, np.full((1, 7), float(scan)))
        writer.poll()
        scan += 1
        print(scan, time.monotonic(), flush=True)
        time.sleep(0.0005)
    """
)


@pytest.mark.parametrize("wall_s", [0.25, 0.5, 0.83])
def test_a_killed_writer_loses_no_more_than_its_open_chunk(tmp_path: Path, wall_s: float) -> None:
    path = tmp_path / "a.mcap"
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    written: list[tuple[int, float]] = []
    try:
        first = child.stdout.readline().split()
        begin = time.monotonic()
        written.append((int(first[0]), float(first[1])))
        while time.monotonic() < begin + wall_s:
            scan, at_s = child.stdout.readline().split()
            written.append((int(scan), float(at_s)))
    finally:
        child.kill()
        rest = child.stdout.read()
        child.wait()
    for line in rest.splitlines():
        if len(line.split()) == 2:
            written.append((int(line.split()[0]), float(line.split()[1])))
    record = Record.open(path)
    assert not record.finished
    t_ns, values = record.rows("plant")
    assert equal(values[:, 0].copy(), np.arange(len(t_ns), dtype=float))
    assert equal(record.poses()[1][:, 0, 0].copy(), np.arange(len(t_ns), dtype=float))
    kept_until_s = dict(written)[len(t_ns)]
    # 0.1 s between chunks, and as much again for a machine that is busy.
    assert written[-1][1] - kept_until_s < 0.6
    result = recover(path)
    assert (result.was_finished, result.damage, result.messages) == (False, (), 2 * len(t_ns))
    again = Record.open(path)
    assert again.finished
    assert equal(again.rows("plant")[1], values)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mcap"]


def test_describe_says_what_is_inside(tmp_path: Path) -> None:
    example = Example(50)
    path = example.record(tmp_path / "a.mcap")
    found = describe(path)
    assert found["finished"]
    assert found["damage"] == []
    assert found["end_s"] == pytest.approx(0.98)
    assert found["tables"]["plant"] == {"signals": 6, "rows": 50, "types": {"real": 3, "bool": 1, "enum": 1, "int": 1}}
    assert found["samples"] == 50 * 8
    assert (found["frames"], found["poses"], found["models"]) == (len(FRAMES), 50, 2)
    assert found["events"]["count"] == 5
    assert found["events"]["kinds"] == {"phase": 5}
    assert found["attachments"].keys() == {"signals.json", "frames.json"}
    unfinished = describe(example.unfinished(tmp_path / "b.mcap"))
    assert not unfinished["finished"]
    assert unfinished["tables"] == found["tables"]


def test_a_table_per_stream_with_one_signal_each(tmp_path: Path) -> None:
    tables = {f"tag{i}": SignalTable([Signal(f"line.dev{i}.pv_x")]) for i in range(40)}
    path = tmp_path / "a.mcap"
    with RecordWriter(path, metadata={"source": "imported"}, tables=tables) as writer:
        for i in range(40):
            writer.rows(f"tag{i}", np.arange(1000) * (i + 1), np.arange(1000.0)[:, None])
    record = Record.open(path)
    assert len(record.signals) == 40
    t_ns, values = record.signal("line.dev7.pv_x", 80, 160)
    assert list(t_ns) == list(range(80, 161, 8))
    assert list(values) == list(range(10, 21))
