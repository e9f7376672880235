"""From foreign logs to Records."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.logs import LOGS, needs_logs
from twin.analysis.finding import Finding
from twin.errors import InputError
from twin.importing import Imported, import_files, import_log
from twin.motion import Motion
from twin.record import Record
from twin.source import CsvFile, Shdr
from twin.source.sample import Samples
from twin.tag_map import Stream, Tag, TagMap

NS = 1_000_000_000


def _import(text: str, tag_map: TagMap, tmp_path: Path) -> tuple[Imported, Record]:
    out = tmp_path / "log.mcap"
    found = import_log(CsvFile(io.BytesIO(text.encode()), "s").batches(), tag_map, out)
    return found, Record.open(out)


def _of(found: Imported, kind: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.kind == kind]


def _long(rows: list[tuple[float, str, object]]) -> str:
    lines = [f"{np.datetime64(round(t * 1000), 'ms')}Z,{tag},{value},192" for t, tag, value in rows]
    return "time,tag,value,quality\n" + "\n".join(lines) + "\n"


def test_every_tag_is_kept_under_its_own_name(tmp_path: Path) -> None:
    _, record = _import(
        _long([(0, "液压.P", 1.25), (1, "STATE", "RUN"), (2, "STATE", "STOP"), (3, "液压.P", 2)]), TagMap(), tmp_path
    )
    by_source = {signal.source: signal for signal in record.signals}
    assert set(by_source) == {"s/液压.P", "s/STATE"}
    t_ns, values = record.signal(by_source["s/液压.P"].name)
    assert t_ns.tolist() == [0, 3 * NS] and values.tolist() == [1.25, 2.0]
    state = by_source["s/STATE"]
    labels = [state.labels[int(value)] for value in record.signal(state.name)[1]]
    assert labels == ["RUN", "STOP"]
    assert record.metadata["source"] == "imported"


def test_values_are_converted_as_the_map_says_and_the_raw_ones_stay(tmp_path: Path) -> None:
    bits = struct.unpack("<I", struct.pack("<f", -0.252))[0]
    rows = [
        (0, "x", bits),
        (0, "mm", 1500),
        (0, "word", 0b1010),
        (0, "state", "ON"),
        (1, "mm", -999),
        (1, "state", "??"),
    ]
    tag_map = TagMap(
        tags={
            "x": Tag(signal="a.b.pv_x_m", unit="m", read_as="float32_bits"),
            "mm": Tag(signal="a.b.pv_y_m", unit="m", scale=0.001, sign=-1, missing=[-999.0]),
            "word": Tag(bits={1: "a.b.st_one", 2: "a.b.st_two"}),
            "state": Tag(signal="a.b.st_state", type="enum", words={"ON": 1.0}, labels={1: "on"}),
        }
    )
    _, record = _import(_long(rows), tag_map, tmp_path)
    assert record.signal("a.b.pv_x_m")[1].tolist() == [struct.unpack("<f", struct.pack("<f", -0.252))[0]]
    y = record.signal("a.b.pv_y_m")[1]
    assert y[0] == -1.5 and np.isnan(y[1])
    assert record.signal("log.s.raw_mm")[1].tolist() == [1500.0, -999.0]
    assert record.signal("a.b.st_one")[1].tolist() == [1.0]
    assert record.signal("a.b.st_two")[1].tolist() == [0.0]
    state = record.signal("a.b.st_state")[1]
    assert state[0] == 1.0 and np.isnan(state[1])


@given(
    values=st.lists(st.floats(allow_nan=False, width=64), min_size=1, max_size=30),
    how=st.sampled_from(["text", "uint64", "int64"]),
)
@example(values=[-0.0, 5e-324, 1.7976931348623157e308, float("-inf")], how="int64")
@settings(max_examples=10, deadline=None)
def test_floats_of_64_bits_in_integers_come_to_the_last_bit(values: list[float], how: str) -> None:
    floats = np.array(values)
    whole = floats.view(np.int64) if how == "int64" else floats.view(np.uint64)
    column = pa.array([str(number) for number in whole.tolist()]) if how == "text" else pa.array(whole)
    tags = pa.array(["x"] * len(values)).dictionary_encode()
    rows = np.arange(1, len(values) + 1)
    stamps = pa.array(1_772_366_400 * NS + rows * NS, pa.timestamp("ns", "UTC"))
    batch = Samples("s", rows, stamps, tags, column)
    tag_map = TagMap(tags={"x": Tag(signal="a.b.pv_x_m", unit="m", read_as="float64_bits")})
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "log.mcap"
        found = import_log([batch], tag_map, out)
        record = Record.open(out)
        assert record.signal("a.b.pv_x_m")[1].tobytes() == floats.tobytes()
    assert not _of(found, "rounded") and {s.source for s in record.signals} == {"s/x"}


def test_what_is_no_bit_pattern_is_no_value(tmp_path: Path) -> None:
    one = struct.unpack("<Q", struct.pack("<d", 1.0))[0]
    rows = [(0, "x", one), (1, "x", 1 << 64), (2, "x", "OFF"), (3, "x", "1.5"), (0, "y", one + 1)]
    tags = {"x": Tag(signal="a.b.pv_x_m", unit="m", read_as="float64_bits", words={"OFF": 0.25})}
    found, record = _import(_long(rows), TagMap(tags=tags), tmp_path)
    np.testing.assert_array_equal(record.signal("a.b.pv_x_m")[1], [1.0, np.nan, 0.25, np.nan])
    assert [finding.subject for finding in _of(found, "rounded")] == ["s/y"]


def test_samples_are_brought_into_the_order_of_time_and_their_place_in_the_file_stays(tmp_path: Path) -> None:
    found, record = _import(
        _long([(5, "a", 5), (1, "a", 1), (3, "a", 3), (3, "a", 3), (4, "b", 0)]), TagMap(), tmp_path
    )
    t_ns, values = record.signal("log.s.pv_a")
    assert values.tolist() == [1, 3, 3, 5] and (np.diff(t_ns) >= 0).all()
    assert record.stamps(record.table_of("log.s.pv_a"))[1].tolist() == [3, 4, 5, 2]
    assert [finding.count for finding in _of(found, "backward")] == [1]
    assert [finding.count for finding in _of(found, "duplicate")] == [1]


def test_gaps_of_a_periodic_tag_are_found_and_silence_of_one_on_change_is_none(tmp_path: Path) -> None:
    times = [n * 0.25 for n in range(400) if not 100 <= n < 340]
    rows = [(t, "p", t) for t in times] + [(0.0, "c", 1), (90.0, "c", 2)]
    found, record = _import(_long(rows), TagMap(), tmp_path)
    (gap,) = _of(found, "gap")
    assert gap.subject == "s/p" and gap.count == 1
    assert gap.worst == pytest.approx(60.25)
    start, end = gap.places[0]
    assert (start - found.first_ns, end - found.first_ns) == (round(24.75 * NS), round(85 * NS))
    events = [(event.kind, event.data["edge"], event.t_ns) for event in record.events()]
    assert events == [("data", "start", round(24.75 * NS)), ("data", "end", 85 * NS)]


def test_lines_that_are_no_samples_count_in_the_order_of_lines(tmp_path: Path) -> None:
    text = (
        "2022-08-08T13:51:34Z|X|1.5\n2022-08-08T13:40:00Z|@REMOVE_ASSET@|1\n"
        "2022-08-08T13:51:35Z|X|2\n2022-08-08T13:51:34.5Z|servo|NORMAL||||\n2022-08-08T13:51:36Z|X|2.5\n"
    )
    found = import_log(Shdr(io.BytesIO(text.encode()), "m").batches(), TagMap(), tmp_path / "log.mcap")
    assert [finding.count for finding in _of(found, "unordered")] == [2]
    assert not _of(found, "backward") and not _of(found, "clock_set")


def test_stamps_of_1970_are_told_and_do_not_stretch_the_record(tmp_path: Path) -> None:
    base = 1_700_000_000.0
    rows = [(0.0, "a", 1.0)] + [(base + n, "a", n) for n in range(300)]
    found, record = _import(_long(rows), TagMap(), tmp_path)
    (stray,) = _of(found, "stray_stamp")
    assert (stray.count, stray.data["lines"]) == (1, [2])
    assert record.end_ns == 299 * NS and found.samples == 300


def test_stamps_centuries_apart_are_refused(tmp_path: Path) -> None:
    text = "time,tag,value\n" + "".join(f"{year}-01-01T00:00:00,a,1\n" for year in (1678, 2026, 2261))
    with pytest.raises(InputError, match="200 years"):
        _import(text, TagMap(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_sources_own_stamp_stays_where_a_clock_is_corrected(tmp_path: Path) -> None:
    rows = [(float(n), "a", n) for n in range(10)]
    tag_map = TagMap(streams={"s": Stream(clock_offset_s=-2.5, clock_drift_ppm=1000.0)})
    _, record = _import(_long(rows), tag_map, tmp_path)
    t_ns, _ = record.signal("log.s.pv_a")
    assert t_ns.tolist() == [n * (NS + 1_000_000) for n in range(10)]
    assert record.stamps("s/a")[0].tolist() == [n * NS for n in range(10)]
    assert json.loads(record.metadata["clocks"])["s"]["offset_s"] == -2.5
    assert record.metadata["started_ns"] == str(round(-2.5 * NS))


def test_findings_stand_among_the_events_and_a_hundred_of_a_kind_at_most(tmp_path: Path) -> None:
    rows: list[tuple[float, str, object]] = [(n * 0.25, "p", 9000 if n % 20 == 7 else n % 5) for n in range(4000)]
    _, record = _import(_long(rows), TagMap(tags={"p": Tag(signal="a.b.pv_p", high=100.0)}), tmp_path)
    events = [event for event in record.events() if event.data["finding"] == "out_of_range"]
    assert len(events) == 100 and events[-1].data["more"] is True
    assert events[0].t_ns == round(7 * 0.25 * NS) and events[0].data["subject"] == "s/p"


def test_a_wide_file_is_in_order_line_by_line(tmp_path: Path) -> None:
    lines = [f"2026-03-01 08:00:{n:02},{n},{n}" for n in range(50)]
    lines[20], lines[21] = lines[21], lines[20]
    found, _ = _import("time,a,b\n" + "\n".join(lines) + "\n", TagMap(), tmp_path)
    assert [finding.count for finding in _of(found, "unordered")] == [1]
    assert [finding.count for finding in _of(found, "backward")] == [2]


def test_bad_quality_has_no_value_and_stays_visible(tmp_path: Path) -> None:
    text = "time,tag,value,quality\n2026-03-01T00:00:00Z,a,1,192\n2026-03-01T00:00:01Z,a,2,0\n"
    found, record = _import(text, TagMap(), tmp_path)
    values = record.signal("log.s.pv_a")[1]
    assert values[0] == 1 and np.isnan(values[1])
    labels = record.signals["log.s.qc_a"].labels
    assert [labels[int(code)] for code in record.signal("log.s.qc_a")[1]] == ["192 good", "0 bad"]
    assert _of(found, "bad_quality")[0].count == 1


def test_a_code_that_means_good_to_one_and_bad_to_another_takes_no_value_away(tmp_path: Path) -> None:
    text = "time,tag,value,quality\n2026-03-01T00:00:00Z,a,1,0\n2026-03-01T00:00:01Z,a,2,0\n"
    _, record = _import(text, TagMap(), tmp_path)
    assert record.signal("log.s.pv_a")[1].tolist() == [1.0, 2.0]
    assert record.signals["log.s.qc_a"].labels == {0: "0 uncertain"}


def test_an_impossible_step_and_a_tag_that_is_not_there_are_found(tmp_path: Path) -> None:
    rows: list[tuple[float, str, object]] = [(n * 0.25, "p", n * 0.01 if n != 200 else 9000) for n in range(400)]
    found, _ = _import(_long(rows), TagMap(tags={"gone": Tag(signal="a.b.pv_gone")}), tmp_path)
    assert [(f.subject, f.count) for f in _of(found, "impossible_step")] == [("s/p", 2)]
    assert [f.subject for f in _of(found, "missing_tag")] == ["gone"]


def test_a_journal_that_begins_before_the_samples_is_whole(tmp_path: Path) -> None:
    text = "2022-08-08T13:51:30Z|servo|FAULT|E12|||Overload\n2022-08-08T13:51:34Z|X|1.5\n"
    import_log(Shdr(io.BytesIO(text.encode()), "m").batches(), TagMap(), tmp_path / "log.mcap")
    record = Record.open(tmp_path / "log.mcap")
    assert [event.t_ns for event in record.events()] == [0]
    assert record.signal("log.m.pv_x")[0].tolist() == [4 * NS]


def test_a_failed_import_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none"):
        _import("time,tag,value\nx,a,1\ny,b,2\n", TagMap(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * 60_000_000)
    with pytest.raises(InputError, match="unpack"):
        import_files([tmp_path / "bomb.zip"], tmp_path / "out.mcap")


def test_conditions_of_shdr_are_a_journal_and_assets_are_passed_over(tmp_path: Path) -> None:
    text = (
        "2022-08-08T13:51:34.7167146Z|X|1.5|Y|UNAVAILABLE\n"
        "2022-08-08T13:51:35Z|servo|FAULT|E12|high||Overload\n"
        "2022-08-08T13:51:35.5Z|@ASSET@|1|Tool|--multiline--AB\n<Tool/>\n--multiline--AB\n"
        "2022-08-08T13:51:36Z|servo|NORMAL||||\n2022-08-08T13:51:36Z|X|2.5\n"
    )
    found = import_log(Shdr(io.BytesIO(text.encode()), "m").batches(), TagMap(), tmp_path / "log.mcap")
    record = Record.open(tmp_path / "log.mcap")
    assert record.signal("log.m.pv_x")[1].tolist() == [1.5, 2.5]
    edges = [(event.name, event.data["edge"], event.message) for event in record.events()]
    assert edges == [("servo:E12", "raised", "Overload"), ("servo", "cleared", "NORMAL")]
    assert [(damage.row, damage.count) for damage in found.damage] == [(4, 2), (0, 1)]


@needs_logs
def test_the_demo_cell_moves_and_its_gap_is_found(tmp_path: Path) -> None:
    found = import_files([LOGS / "demo_cell"], tmp_path / "cell.mcap")
    assert found.samples == 105_819 and not found.damage
    record = Record.open(tmp_path / "cell.mcap")
    x = record.signal("robot.x.pv_position_m")[1]
    assert (x.min(), x.max()) == pytest.approx((-0.3145, 0.3219), abs=1e-4)
    assert max(finding.worst for finding in _of(found, "gap") if "robot" in finding.subject) == pytest.approx(
        61.8, abs=0.1
    )
    motion = Motion.of(record)
    assert motion is not None
    t_ns, X = motion.poses(record, 100 * NS, 200 * NS)
    tool = motion.scene.index["cell.bridge"]
    assert len(t_ns) > 300 and np.ptp(X[:, tool, 0]) > 0.1
    known = motion.certainty(record, 0, record.end_ns)["cell.bridge"]
    held = [(a, b) for a, b, s in zip(known.t_ns[:-1], known.t_ns[1:], known.state[:-1], strict=True) if s == 1]
    assert max(b - a for a, b in held) == pytest.approx(61.76 * NS, rel=0.001)


@needs_logs
def test_the_lathe_is_read_whole(tmp_path: Path) -> None:
    found = import_files([LOGS / "okuma_lathe"], tmp_path / "lathe.mcap")
    assert found.samples == 25_467 and len(found.journal) == 40
    assert [finding.count for finding in _of(found, "unordered")] == [1165]
    assert sum(damage.count for damage in found.damage if "time stamp" in damage.what) == 245
    (clock,) = _of(found, "clock_set")
    assert clock.count == 2 and clock.worst == pytest.approx(1957.75, abs=0.01)


def test_a_map_from_a_file_may_name_bits_and_labels_by_number(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text(
        "tags:\n"
        "  W: {bits: {0: gate.drive.st_open, 3: gate.drive.st_closed}}\n"
        "  M: {signal: cell.unit.seq_mode, type: enum, words: {AUTO: 1}, labels: {1: automatic}, missing: [N/A]}\n"
    )
    rows = "2026-01-01T00:00:00Z,W,9\n2026-01-01T00:00:01Z,M,AUTO\n2026-01-01T00:00:02Z,M,N/A\n"
    (tmp_path / "log.csv").write_text("time,tag,value\n" + rows)
    found = import_files([tmp_path / "log.csv"], tmp_path / "log.mcap", path)
    record = Record.open(tmp_path / "log.mcap")
    assert record.signal("gate.drive.st_closed")[1].tolist() == [1.0]
    assert record.signals["cell.unit.seq_mode"].labels == {1: "automatic"}
    assert np.isnan(record.signal("cell.unit.seq_mode")[1]).tolist() == [False, True]
    assert not _of(found, "no_number")


def test_a_log_that_begins_with_a_condition_is_known_by_its_tags_all_the_same(tmp_path: Path) -> None:
    names = "X1actm|4703|Z1actm|4700|X1load|1|Z1load|1|S1speed|0|p1Fact|0|pexecution|READY|p1CurrentTool|1"
    text = f"2022-08-08T13:51:30Z|servo|FAULT|E12|||Overload\n2022-08-08T13:51:34Z|{names}\n"
    (tmp_path / "elsewhere.txt").write_text(text)
    import_files([tmp_path / "elsewhere.txt"], tmp_path / "log.mcap")
    assert Record.open(tmp_path / "log.mcap").signal("lathe.x.pv_machine_position_m")[1].tolist() == [2.3515]


def test_whole_numbers_that_a_double_rounds_are_told_and_kept_to_the_digit(tmp_path: Path) -> None:
    wanted = [2**63 + 12345, -(2**60) - 7, 2**53, 12]
    found, record = _import(_long([(n, "id", number) for n, number in enumerate(wanted)]), TagMap(), tmp_path)
    assert [(f.subject, f.count) for f in _of(found, "rounded")] == [("s/id", 2)]
    names = {signal.source: signal.name for signal in record.signals}
    assert record.signal(names["s/id"])[1].tolist() == [float(number) for number in wanted]
    high, low = (record.signal(names[f"s/id ({half})"])[1].tolist() for half in ("high", "low"))
    assert [int(h) * 2**32 + int(w) for h, w in zip(high, low, strict=True)] == wanted[:2]


def test_a_journal_alone_is_a_log(tmp_path: Path) -> None:
    path = tmp_path / "alarms.csv"
    path.write_text(
        "报警代码,报警内容,发生时间,恢复时间\nE1,过载,2026-03-01 08:00:00,2026-03-01 08:00:05\n"
        "E2,,2026-03-01 08:00:09,\n",
        "gb18030",
    )
    import_files([path], tmp_path / "log.mcap")
    events = Record.open(tmp_path / "log.mcap").events()
    assert [(e.t_ns // NS, e.name, e.data["edge"]) for e in events if e.kind == "alarm"] == [
        (0, "E1", "raised"), (5, "E1", "cleared"), (9, "E2", "raised"),
    ]  # fmt: skip


def test_texts_of_a_megabyte_are_cut_and_told(tmp_path: Path) -> None:
    found, record = _import(_long([(0, "t", "x")] + [(n, "t", "x" * 500_000) for n in range(1, 5)]), TagMap(), tmp_path)
    assert sum(damage.count for damage in found.damage) == 4
    assert all(len(label) <= 1000 for signal in record.signals for label in signal.labels.values())


def test_what_stamps_were_taken_for_is_told(tmp_path: Path) -> None:
    found, _ = _import("time,tag,value\n1772366400250,a,1\n1772366400500,a,2\n", TagMap(), tmp_path)
    assert found.first_ns == 1_772_366_400_250_000_000
    assert ["ms since 1970" in str(finding.note) for finding in _of(found, "time_format")] == [True]
