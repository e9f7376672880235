"""Each kind of log as its reader gives it, and how files are told apart."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet

from benchmarks.sound_logs import KINDS
from twin.errors import InputError
from twin.record import Event, Record, RecordWriter
from twin.signals import Signal, SignalTable
from twin.source.opening import readers, source_files
from twin.source.sample import Damage, JournalEntry, Samples
from twin.tag_map import Stream

NOON_NS = 1_772_366_400_000_000_000
NOON = "2026-03-01T12:00:00Z"


class Read:
    """Everything in some files."""

    def __init__(self, *paths: Path, streams: dict[str, Stream] | None = None) -> None:
        self.samples: list[tuple[str, str, object, object]] = []
        self.entries: list[JournalEntry] = []
        self.damage: list[Damage] = []
        for _, reader in readers(source_files(paths), streams):
            for batch in reader.batches():
                if isinstance(batch, Samples):
                    times = batch.time.cast(pa.int64()) if pa.types.is_temporal(batch.time.type) else batch.time
                    columns = batch.tag.to_pylist(), times.to_pylist(), batch.value.to_pylist()
                    self.samples += [(batch.stream, *row) for row in zip(*columns, strict=True)]
                elif isinstance(batch, JournalEntry):
                    self.entries.append(batch)
                elif isinstance(batch, Damage):
                    self.damage.append(batch)

    @property
    def values(self) -> dict[str, list[object]]:
        found: dict[str, list[object]] = {}
        for _, tag, _, value in self.samples:
            found.setdefault(tag, []).append(value)
        return found

    @property
    def told(self) -> list[tuple[int, str]]:
        return [(damage.row, damage.what) for damage in self.damage]


def _write(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_parquet_wide_with_types_and_structures(tmp_path: Path) -> None:
    table = pa.table(
        {
            "when": pa.array([NOON_NS, NOON_NS + 1000], pa.timestamp("ns", "UTC")),
            "x": pa.array([1.5, None], pa.float32()),
            "n": pa.array([2**62 + 1, 3], pa.int64()),
            "on": [True, False],
            "s": [{"inner": "RUN"}, {"inner": None}],
            "wave": [[1.0, 2.0], [3.0]],
        }
    )
    parquet.write_table(table, tmp_path / "a.parquet")
    read = Read(tmp_path / "a.parquet")
    assert read.values == {"x": [1.5], "n": [2**62 + 1, 3], "on": [True, False], "s.inner": ["RUN"]}
    assert read.told == [(0, "a column of list<element: double> is not read")]


def test_parquet_long_and_a_damaged_row_group(tmp_path: Path) -> None:
    table = pa.table({"ts": [NOON] * 40, "tag": ["a"] * 40, "value": np.arange(40.0)})
    path = tmp_path / "a.parquet"
    parquet.write_table(
        table, path, row_group_size=10, write_page_checksum=True, compression="none", use_dictionary=False
    )
    data = bytearray(path.read_bytes())
    at = data.index(np.array([13.0]).tobytes())
    data[at] ^= 1
    path.write_bytes(data)
    read = Read(path)
    assert read.values["a"] == [*np.arange(10.0), *np.arange(20.0, 40.0)]
    assert [(damage.row, damage.count) for damage in read.damage] == [(11, 10)]


def test_sqlite_gives_a_stream_for_each_table_and_tells_of_others(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE long (ts INTEGER, tag TEXT, value, quality INTEGER)")
        db.executemany("INSERT INTO long VALUES (?, ?, ?, 192)", [(NOON_NS, "a", 1.5), (NOON_NS, "b", b"\xff")])
        db.execute('CREATE TABLE "wide one" (time TEXT, "level [m]" REAL)')
        db.execute('INSERT INTO "wide one" VALUES (?, 2.5)', (NOON,))
        db.execute("CREATE TABLE keyed (time TEXT PRIMARY KEY, v REAL) WITHOUT ROWID")
        db.execute("INSERT INTO keyed VALUES (?, 3.5)", (NOON,))
        db.execute("CREATE TABLE users (name TEXT, age INTEGER)")
        db.execute(
            "CREATE VIEW endless AS WITH RECURSIVE n(time) AS (SELECT 1 UNION ALL SELECT time + 1 FROM n) "
            "SELECT * FROM n"
        )
    db.close()
    read = Read(path)
    assert [(stream, tag, value) for stream, tag, _, value in read.samples if value is not None] == [
        ("log.keyed", "v", 3.5), ("log.long", "a", 1.5), ("log.wide one", "level [m]", 2.5),
    ]  # fmt: skip
    assert (0, "not a table of samples") in read.told and any("a cell of bytes" in what for _, what in read.told)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["log.db"]


@pytest.mark.parametrize("damaged", [(2,), (3, 4), (-2,), (-1,)])
def test_sqlite_loses_no_row_beside_a_damaged_page(tmp_path: Path, damaged: tuple[int, ...]) -> None:
    """The row that a step to the damage comes from is intact, and so is the one behind."""
    sound = KINDS["SQLite"]()
    data, lost = bytearray(sound.data), set[int]()
    for page in damaged:
        start, end, rows = sound.units[page]
        data[start:end] = b"\xff" * (end - start)
        lost |= set(rows)
    path = tmp_path / sound.name
    path.write_bytes(data)
    rows = sorted(
        int(row)
        for _, reader in readers(source_files([path]))
        for batch in reader.batches()
        if isinstance(batch, Samples)
        for row in batch.row
    )
    assert rows == [row for _, _, unit in sound.units for row in unit if row not in lost]


def test_json_lines_of_many_kinds(tmp_path: Path) -> None:
    path = _write(
        tmp_path / "dump.jsonl",
        {"timestamp": NOON, "topic": "plant/a", "payload": {"p": 1.5, "s": {"on": True}}},
        {"tst": "2026-03-01T13:00:00.000000Z+0100", "topic": "plant/b", "qos": 0, "retain": 0, "payload": "{\"n\": 7}"},
        {"ts": 1772366400000, "topic": "plant/c", "payload": "text"},
        {"topic": "plant/d", "payload": {"time": NOON, "v": 9}},
        {"time": NOON, "tag": "e", "value": 12345678901234567890, "quality": "good"},
        {"@timestamp": NOON, "f": {"g": [1, 2]}},
        {"topic": "no/time", "payload": 1},
        '{"timestamp": "2026-03-01T12:00:00Z", "topic": "cut"',
    )  # fmt: skip
    path.write_text(path.read_text().rstrip("\n"))
    read = Read(path)
    assert read.values == {
        "plant/a/p": ["1.5"], "plant/a/s/on": ["true"], "plant/b/n": ["7"], "plant/c": ["text"], "plant/d/v": ["9"],
        "e": ["12345678901234567890"], "f/g/0": ["1"], "f/g/1": ["2"],
    }  # fmt: skip
    assert {time for _, tag, time, _ in read.samples if tag == "plant/b/n"} == {"2026-03-01T13:00:00.000000+0100"}
    assert read.told == [(7, "a message without a time stamp"), (8, "the last line is cut off")]


def test_ocpp_slots_and_messages_without_what_names_a_person(tmp_path: Path) -> None:
    token = {"idToken": "DE-PRIVATE-1", "type": "eMAID"}
    battery = {"evseId": 3, "serialNumber": "P7", "soC": 12.5, "soH": 97}
    swap = {"eventType": "BatteryIn", "requestId": 5, "idToken": token, "batteryData": [battery]}
    meter = {
        "timestamp": "2026-03-01T12:00:03Z",
        "sampledValue": [
            {"value": 1.5, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "W", "multiplier": 3}}
        ],
    }
    begin = {
        "eventType": "Started", "timestamp": "2026-03-01T12:00:02Z", "triggerReason": "Authorized", "seqNo": 0,
        "idToken": token, "transactionInfo": {"transactionId": "T1", "chargingState": "Charging"}, "evse": {"id": 3},
    }  # fmt: skip
    update = {
        "eventType": "Updated", "timestamp": "2026-03-01T12:00:03Z", "triggerReason": "MeterValuePeriodic",
        "transactionInfo": {"transactionId": "T1"}, "meterValue": [meter],
    }  # fmt: skip
    status = {"timestamp": "2026-03-01T12:00:01Z", "connectorStatus": "Occupied", "evseId": 3, "connectorId": 1}
    event = {
        "timestamp": "2026-03-01T12:00:04Z", "actualValue": "Available",
        "component": {"name": "EVSE", "evse": {"id": 3}}, "variable": {"name": "AvailabilityState"},
    }  # fmt: skip
    path = _write(
        tmp_path / "ocpp.jsonl",
        {"timestamp": NOON, "message": [2, "1", "RequestBatterySwap", {"requestId": 5, "idToken": token}]},
        {"timestamp": NOON, "direction": "out", "message": json.dumps([3, "1", {"status": "Accepted"}])},
        [NOON, "out", [2, "2", "BatterySwap", swap]],
        {"ts": NOON, "message": [4, "2", "InternalError", "no room", {}]},
        {"ts": NOON, "message": [2, "3", "StatusNotification", status]},
        {"ts": NOON, "message": [2, "4", "TransactionEvent", begin]},
        {"ts": NOON, "message": [2, "5", "TransactionEvent", update]},
        {"ts": NOON, "message": [2, "6", "NotifyEvent", {"generatedAt": NOON, "seqNo": 0, "eventData": [event]}]},
        {"ts": NOON, "message": [3, "99", {}]},
    )  # fmt: skip
    read = Read(path)
    assert read.values == {
        "evse3/swap": ["BatteryIn"], "evse3/serial": ["P7"], "evse3/soc": ["12.5"], "evse3/soh": ["97"],
        "evse3/status": ["Occupied", "Available"], "evse3/transaction": ["Started", "Updated"],
        "evse3/charging_state": ["Charging"], "evse3/Power.Active.Import": ["1500.0"],
    }  # fmt: skip
    assert [entry.code for entry in read.entries] == [
        "RequestBatterySwap", "RequestBatterySwap/answer", "BatterySwap/BatteryIn", "BatterySwap/InternalError",
        "TransactionEvent/Started",
    ]  # fmt: skip
    assert {entry.kind for entry in read.entries} == {"event"}
    assert [what for _, what in read.told] == ["an answer to no call of this log", "calls without an answer"]
    assert "PRIVATE" not in repr((read.samples, read.entries, read.damage))


@pytest.mark.parametrize(
    "header",
    [
        "code,class,message,raised,cleared,acknowledged",
        "Meldungsnummer,Meldeklasse,Meldetext,Kommt,Geht,Quittiert",
        "报警代码,报警级别,报警内容,发生时间,恢复时间,确认时间",
        "Alarm ID,Priority,Description,Start Time,End Time,Ack Time",
    ],
)
def test_a_journal_is_told_from_a_table_of_samples(tmp_path: Path, header: str) -> None:
    row = "E12,A,电机过载,2026-03-01T12:00:00Z,2026-03-01T12:00:05Z,"
    read = Read(_write(tmp_path / "alarms.csv", header, row, row.replace("E12", "E13")))
    assert not read.samples and not read.damage
    assert read.entries[0] == JournalEntry(
        "alarms", 2, raised=NOON, code="E12", text="电机过载", alarm_class="A", cleared="2026-03-01T12:00:05Z"
    )


def test_a_journal_of_edges(tmp_path: Path) -> None:
    rows = [f"2026-03-01T12:00:0{n}Z,E1,Overload,{state}" for n, state in enumerate(("raised", "确认", "Geht", "???"))]
    read = Read(_write(tmp_path / "events.csv", "time,code,text,state", *rows))
    edges = [(bool(e.raised), bool(e.acknowledged), bool(e.cleared)) for e in read.entries]
    assert edges == [(True, False, False), (False, True, False), (False, False, True)]
    assert read.told == [(5, "an edge of an alarm that is not known")]


def test_a_wide_table_with_a_state_and_a_value_is_no_journal(tmp_path: Path) -> None:
    for header in ("time,code,state,level,pressure,flow,speed", "time,text,value"):
        line = ",".join([NOON] + ["1"] * header.count(","))
        read = Read(_write(tmp_path / "wide.csv", header, line, line))
        assert read.samples and not read.entries


def test_a_map_says_what_is_not_found_out(tmp_path: Path) -> None:
    path = _write(tmp_path / "odd.csv", "Wann|Was|Wieviel", f"{NOON}|a|1,5", f"{NOON}|a|2,5")
    own = Stream(
        columns={"time": "Wann", "tag": "Was", "value": "Wieviel"}, delimiter="|", decimal=",", encoding="utf-8"
    )
    assert Read(path, streams={"odd": own}).values == {"a": ["1,5", "2,5"]}
    with pytest.raises(InputError, match="Wieso"):
        Read(path, streams={"odd": Stream(columns={"time": "Wieso"})})


def test_a_table_with_bars_is_no_stream_of_shdr(tmp_path: Path) -> None:
    read = Read(_write(tmp_path / "bars.csv", "time|tag|value", f"{NOON}|a|1", f"{NOON}|a|2"))
    assert read.values == {"a": ["1", "2"]} and not read.damage


def test_the_last_line_that_is_cut_off_is_told_and_one_without_a_break_is_read(tmp_path: Path) -> None:
    text = f"time,tag,value\n{NOON},a,1\n{NOON},b,2"
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert Read(path).values == {"a": ["1"], "b": ["2"]}
    path.write_text(text[:-4])
    read = Read(path)
    assert read.values == {"a": ["1"]} and read.told == [(3, "the last line is cut off")]


def test_what_is_no_log_among_others_is_told_and_alone_is_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    with pytest.raises(InputError):
        Read(tmp_path)
    _write(tmp_path / "a.csv", "time,tag,value", f"{NOON},a,1", f"{NOON},a,2")
    read = Read(tmp_path)
    assert read.values == {"a": ["1", "2"]} and "no log of a known kind" in read.damage[0].what


def test_the_rest_of_a_cut_archive_is_told(tmp_path: Path) -> None:
    sound = KINDS["gzip"]()
    (tmp_path / "long.csv.gz").write_bytes(sound.data[:-30])
    read = Read(tmp_path / "long.csv.gz")
    assert len(read.samples) > 10 and any("cannot be unpacked" in what for _, what in read.told)


def test_zeros_and_members_behind_a_gzip_are_no_damage(tmp_path: Path) -> None:
    sound = KINDS["gzip"]()
    (tmp_path / "long.csv.gz").write_bytes(sound.data + bytes(500))
    read = Read(tmp_path / "long.csv.gz")
    assert len(read.samples) == 60 and not read.damage


def test_every_block_before_the_damage_of_a_zstd_is_read_and_frames_follow_each_other(tmp_path: Path) -> None:
    lines = [f"{NOON},a,{n}\n".encode() for n in range(30_000)]
    pack = zstandard.ZstdCompressor().compressobj()
    first = pack.compress(b"time,tag,value\n" + b"".join(lines[:10_000])) + pack.flush(
        zstandard.COMPRESSOBJ_FLUSH_BLOCK
    )
    second = pack.compress(b"".join(lines[10_000:20_000])) + pack.flush()
    other = struct.pack("<II", 0x184D2A53, 5) + b"notes"
    whole = first + second + other + zstandard.compress(b"".join(lines[20_000:]))
    path = tmp_path / "log.csv.zst"
    path.write_bytes(whole)
    assert Read(path).values["a"] == [str(n) for n in range(30_000)]
    path.write_bytes(first + b"\xff" * 50 + whole[len(first) + 50 :])
    read = Read(path)
    assert read.values["a"] == [str(n) for n in range(10_000)]
    assert any("cannot be unpacked beyond" in what for _, what in read.told)
    path.write_bytes(whole[:-100])
    assert len(Read(path).values["a"]) >= 20_000


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("streamed", [False, True])
def test_an_archive_that_is_cut_off_gives_what_stands_before_the_cut(
    tmp_path: Path, method: int, streamed: bool
) -> None:
    lines = [f"{NOON},TAG,{n}\n" for n in range(5000)]
    texts = {f"day/{name}.csv": "time,tag,value\n" + "".join(lines).replace("TAG", name) for name in ("a", "b", "c")}
    whole = io.BytesIO()
    # What cannot be sought in gets the sizes of its files behind them.
    sink = _Pipe(whole) if streamed else whole
    with zipfile.ZipFile(sink, "w", method) as archive:
        archive.writestr("LICENSE", "no log, and the first")
        for name, text in texts.items():
            archive.writestr(name, text)
    data = whole.getvalue()
    path = tmp_path / "export.zip"
    path.write_bytes(data[: data.rfind(b"PK\x03\x04") + 5000 if method else data.rfind(b"PK\x03\x04") + 90_000])
    read = Read(path)
    values = [str(n) for n in range(5000)]
    assert read.values["a"] == read.values["b"] == values
    some = read.values["c"]
    assert 100 < len(some) < 5000 and some[:-1] == values[: len(some) - 1]
    told = " ".join(what for _, what in read.told)
    assert "no directory" in told and ("cannot be unpacked beyond" in told or streamed)
    # Cut within the directory nothing else is lost.
    path.write_bytes(data[:-30])
    assert Read(path).values == {"a": values, "b": values, "c": values}
    path.write_bytes(data[:20])
    with pytest.raises(InputError, match="zip archive"):
        Read(path)


def test_a_damaged_file_of_an_archive_gives_every_line_before_the_damage(tmp_path: Path) -> None:
    """To the byte: what was unpacked in the same step is given too."""
    text = "time,tag,value\n" + "".join(f"{NOON},a,{n * 7919 % 100_003}\n" for n in range(20_000))
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", text)
        start = archive.infolist()[0].header_offset + 30 + len("a.csv")
    whole = path.read_bytes()
    for at in (5_000, 20_000, 33_333):
        unpack = zlib.decompressobj(-zlib.MAX_WBITS)
        before = unpack.decompress(whole[start : start + at]).decode()
        path.write_bytes(whole[: start + at] + b"\xff" * 3000 + whole[start + at + 3000 :])
        read = Read(path)
        sound = [line.split(",")[2] for line in before.split("\n")[1:-1]]
        assert len(sound) > 100 and read.values["a"][: len(sound)] == sound
        assert any("cannot be unpacked beyond" in what for _, what in read.told)


def test_a_damaged_name_in_an_archives_directory_is_told(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", f"time,tag,value\n{NOON},a,1\n")
        archive.writestr("b.csv", f"time,tag,value\n{NOON},b,2\n")
    # Python takes a name that begins with a zero for none at all.
    data = bytearray(path.read_bytes())
    data[data.rfind(b"b.csv")] = 0
    path.write_bytes(data)
    read = Read(path)
    assert read.values == {"a": ["1"]} and any("header is damaged" in what for _, what in read.told)


class _Pipe(io.RawIOBase):
    def __init__(self, sink: io.BytesIO) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return self._sink.write(data)  # type: ignore[arg-type]


def test_packed_files_within_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for kind in ("gzip", "SQLite", "Parquet", "MCAP, protobuf"):
            sound = KINDS[kind]()
            archive.writestr(f"day/{sound.name}", sound.data)
    read = Read(tmp_path / "export.zip")
    assert {stream for stream, *_ in read.samples} == {"long", "log", "table", "protobuf"}
    assert not read.damage


def _record(path: Path, **metadata: str) -> None:
    table = SignalTable(
        [
            Signal("a.b.pv_x_m", unit="m", source="plc/X"),
            Signal("a.b.seq_mode", "enum", labels={1: "AUTO"}, source="plc/X"),
        ]
    )
    with RecordWriter(path, metadata={"started_ns": str(NOON_NS), **metadata}, tables={"t": table}) as writer:
        writer.rows("t", np.array([0, 5]), np.array([[0.1, 1.0], [np.nan, np.nan]]))
        writer.event(Event(2, "alarm", "E1", "Overload", data={"edge": "raised"}))


def test_a_record_is_read_column_by_column(tmp_path: Path) -> None:
    _record(tmp_path / "run.mcap")
    read = Read(tmp_path / "run.mcap")
    assert read.values == {"a.b.pv_x_m": [0.1], "a.b.seq_mode": ["AUTO"]}
    assert {stream for stream, *_ in read.samples} == {"run.t"}
    assert [(entry.code, entry.raised) for entry in read.entries] == [("E1", "2026-03-01T12:00:00.000000002Z")]
    assert Record.open(tmp_path / "run.mcap").finished


def test_an_imported_record_gives_the_names_of_its_source(tmp_path: Path) -> None:
    _record(tmp_path / "log.mcap", source="imported")
    assert {(stream, tag) for stream, tag, _, _ in Read(tmp_path / "log.mcap").samples} == {("plc", "X")}
