"""A small sound log of each kind that can be imported, made up, with what stands where in it."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pyarrow as pa
import zstandard
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from mcap.writer import CompressionType, Writer
from pyarrow import parquet

START = datetime(2026, 3, 1, tzinfo=timezone.utc)
TAGS = ("泵.压力", "axis x", "DOOR_OPEN", "state")
ROWS = 60
#: Of the database; a page of this type is a leaf of a table.
_PAGE_BYTES, _LEAF = 512, 13


@dataclass(frozen=True)
class Sound:
    """A file without damage.

    Args:
        name: file name. data: its bytes.
        units: stretches of bytes (start, end) that stand for themselves, each with the rows that are in it: a line, a
            chunk, a row group, a page, a file of an archive. What is outside of all is the file's frame.
        framed: whether a damaged frame may cost everything.
        moves: whether units are found where bytes before them came or went.
        chained: whether units are read from both ends up to the damage, and not between two damaged ones.
        cut: whether units that stand before a cut are found, whatever of the frame is lost with it.
        streams: of an archive the stream of each unit.
    """

    name: str
    data: bytes
    units: tuple[tuple[int, int, range], ...]
    framed: bool = True
    moves: bool = True
    chained: bool = False
    cut: bool = False
    streams: tuple[str, ...] = ()


def _stamp(n: int) -> str:
    return (START + timedelta(milliseconds=250 * n)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _value(n: int) -> str:
    return (f"{n * 0.37:.3f}", f"{-n}", "true" if n % 7 else "false", ("RUN", "STOP", "故障")[n % 3])[n % len(TAGS)]


def _ns(n: int) -> int:
    return int(START.timestamp()) * 1_000_000_000 + 250_000_000 * n


def _text(name: str, lines: Sequence[str], frame: int, encoding: str = "utf-8", newline: str = "\n") -> Sound:
    """A text whose first ``frame`` lines are the frame; each other line is a unit of its own row, its line number."""
    mark = {"utf-8-sig": b"\xef\xbb\xbf", "utf-16": b"\xff\xfe"}.get(encoding, b"")
    plain = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(encoding, encoding)
    parts = [(line + newline).encode(plain) for line in lines]
    units, at = [], len(mark)
    for number, part in enumerate(parts, 1):
        if number > frame:
            units.append((at, at + len(part), range(number, number + 1)))
        at += len(part)
    wide = encoding == "utf-16"
    return Sound(name, mark + b"".join(parts), tuple(units), framed=frame > 0 or wide, moves=not wide)


def csv_long(encoding: str = "utf-8") -> Sound:
    lines = [f"{_stamp(n)},{TAGS[n % 4]},{_value(n)},192" for n in range(ROWS)]
    return _text(f"long_{encoding}.csv", ["timestamp,tag,value,quality", *lines], 1, encoding)


def csv_wide() -> Sound:
    lines = [f"{_stamp(n)};{n * 0.5:.2f}".replace(".", ",") + f";{n % 2};{n * 10}" for n in range(ROWS)]
    head = ["Exported by a historian", "", "Time;Level [m];Valve;Counter"]
    return _text("wide.csv", head + lines, 3, newline="\r\n")


def csv_scope() -> Sound:
    filetime = 116_444_736_000_000_000 + _ns(0) // 100
    lines = [f"{filetime + n * 10_000}\t{n * 0.1:.3f}\t{filetime + n * 10_000 + 5_000}\t{n * n}" for n in range(ROWS)]
    return _text("scope.csv", ["Time\tAxis 1\tTime\tAxis 2", *lines], 1)


def opc_ua() -> Sound:
    lines = [f"{n % 5},0x000b,{n * 0.25},0x00000000,{_stamp(n)},{_stamp(n)}" for n in range(ROWS)]
    return _text("DataLogger.csv", ["PrimaryKey,DataType,Value,StatusCode,SourceTimeStamp,ServerTimeStamp", *lines], 1)


def shdr() -> Sound:
    lines = [f"{_stamp(n)}|Xpos|{n * 0.1:.2f}|Mode|{'AUTO' if n % 9 else 'UNAVAILABLE'}" for n in range(ROWS)]
    lines[20] = f"{_stamp(20)}|servo|FAULT|E12|high||Overload"
    lines[25] = f"{_stamp(25)}|servo|NORMAL||||"
    return _text("agent.txt", lines, 0)


def journal() -> Sound:
    lines = [
        f"A{100 + n % 9},{n % 3 + 1},电机 {n} 过载,{_stamp(4 * n)},{_stamp(4 * n + 2) if n % 4 else ''},"
        for n in range(ROWS)
    ]
    return _text("alarms.csv", ["报警代码,报警级别,报警内容,发生时间,恢复时间,确认时间", *lines], 1, "gb18030")


def mqtt() -> Sound:
    lines = []
    for n in range(ROWS):
        payload: object = {"p": n * 0.5, "s": {"on": n % 2 == 0, "t": "läuft"}} if n % 3 else n * 0.25
        if n % 3 == 2:
            payload = json.dumps(payload)
        message = {"tst": _stamp(n), "topic": f"plant/pump{n % 2}", "qos": 0, "retain": 0, "payload": payload}
        lines.append(json.dumps(message, ensure_ascii=False))
    return _text("dump.jsonl", lines, 0)


def ocpp() -> Sound:
    lines = []
    for n in range(ROWS):
        token = {"idToken": "PRIVATE", "type": "Central"}
        data = [{"evseId": n % 7 + 1, "serialNumber": f"P{n:04}", "soC": n, "soH": 97.5}]
        kind = ("BatteryIn", "BatteryOut")[n % 2]
        swap = {"eventType": kind, "requestId": n // 2, "idToken": token, "batteryData": data}
        status = {"evseId": n % 7 + 1, "connectorId": 1, "connectorStatus": "Occupied", "timestamp": _stamp(n)}
        call = [2, f"m{n}", "BatterySwap", swap] if n % 3 else [2, f"m{n}", "StatusNotification", status]
        lines.append(json.dumps({"timestamp": _stamp(n), "direction": "out", "message": call}))
    return _text("ocpp.jsonl", lines, 0)


def parquet_file() -> Sound:
    n = list(range(ROWS))
    table = pa.table(
        {
            "time": pa.array([_ns(k) for k in n], pa.timestamp("ns", "UTC")),
            "level": pa.array([k * 0.5 for k in n], pa.float64()),
            "count": pa.array([2**40 + k for k in n], pa.int64()),
            "open": pa.array([k % 2 == 0 for k in n], pa.bool_()),
            "state": pa.array([("RUN", "STOP")[k % 2] for k in n]).dictionary_encode(),
        }
    )
    sink = io.BytesIO()
    parquet.write_table(table, sink, row_group_size=15, write_page_checksum=True)
    data = sink.getvalue()
    meta = parquet.ParquetFile(io.BytesIO(data)).metadata
    units, row = [], 1
    for g in range(meta.num_row_groups):
        group = meta.row_group(g)
        columns = [group.column(c) for c in range(group.num_columns)]
        starts = [column.dictionary_page_offset or column.data_page_offset for column in columns]
        ends = [start + column.total_compressed_size for start, column in zip(starts, columns, strict=True)]
        units.append((min(starts), max(ends), range(row, row + group.num_rows)))
        row += group.num_rows
    return Sound("table.parquet", data, tuple(units), moves=False)


def sqlite() -> Sound:
    """Rows stand in the leaves of a tree: a leaf's page is a unit, all others are the frame."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.db"
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        connection.execute("CREATE TABLE samples (timestamp TEXT, tag TEXT, value, quality INTEGER)")
        values: list[float | int | str] = [n * 0.5 if n % 3 else n if n % 2 else "STOP" for n in range(ROWS)]
        connection.executemany(
            "INSERT INTO samples VALUES (?, ?, ?, ?)",
            [(_stamp(n), TAGS[n % 4], value, 192) for n, value in enumerate(values)],
        )
        connection.commit()
        connection.close()
        data = path.read_bytes()
    units, row = [], 1
    for at in range(_PAGE_BYTES, len(data), _PAGE_BYTES):
        kind, cells = data[at], int.from_bytes(data[at + 3 : at + 5], "big")
        if kind == _LEAF:
            units.append((at, at + _PAGE_BYTES, range(row, row + cells)))
            row += cells
    return Sound("log.db", data, tuple(units), moves=False, chained=True)


def mcap_json() -> Sound:
    def write(writer: Writer) -> None:
        schema = writer.register_schema("Any", "jsonschema", b'{"type": "object"}')
        channel = writer.register_channel("/pump", "json", schema)
        for n in range(ROWS):
            body = json.dumps({"p": n * 0.5, "inner": {"on": n % 2 == 0, "state": "RUN"}}).encode()
            writer.add_message(channel, _ns(n), body, _ns(n), n)

    return _mcap("json.mcap", write)


def mcap_protobuf() -> Sound:
    file = descriptor_pb2.FileDescriptorProto(name="pump.proto", package="plant", syntax="proto3")
    message = file.message_type.add(name="Pump")
    kinds = descriptor_pb2.FieldDescriptorProto
    for number, (name, kind) in enumerate(
        (("p", kinds.TYPE_DOUBLE), ("count", kinds.TYPE_INT64), ("on", kinds.TYPE_BOOL), ("text", kinds.TYPE_STRING)), 1
    ):
        message.field.add(name=name, number=number, type=kind, label=kinds.LABEL_OPTIONAL)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    pump = message_factory.GetMessageClass(pool.FindMessageTypeByName("plant.Pump"))
    described = descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()

    def write(writer: Writer) -> None:
        schema = writer.register_schema("plant.Pump", "protobuf", described)
        channel = writer.register_channel("/pump", "protobuf", schema)
        for n in range(ROWS):
            body = pump(p=n * 0.5, count=n, on=n % 2 == 0, text="läuft").SerializeToString()
            writer.add_message(channel, _ns(n), body, _ns(n), n)

    return _mcap("protobuf.mcap", write)


def _mcap(name: str, write: Callable[[Writer], None]) -> Sound:
    sink = io.BytesIO()
    writer = Writer(sink, chunk_size=800, compression=CompressionType.ZSTD)
    writer.start("", "swaptwin sound logs")
    write(writer)
    writer.finish()
    data = sink.getvalue()
    units, at, row = [], 8, 1
    while at < len(data) - 8:
        opcode, length = struct.unpack("<BQ", data[at : at + 9])
        end = at + 9 + length
        if opcode == 6:
            start, at = at, end
            count = 0
            # The message indexes behind a chunk are part of it.
            while data[at] == 7:
                length = struct.unpack("<Q", data[at + 1 : at + 9])[0]
                count += (length - 6) // 16
                at += 9 + length
            units.append((start, at, range(row, row + count)))
            row += count
        else:
            at = end
    return Sound(name, data, tuple(units), framed=False)


def gzipped() -> Sound:
    """Each line needs all bytes before what unpacks to its end."""
    data = gzip.compress(csv_long().data, mtime=0)
    unpack, out, needed = zlib.decompressobj(31), 0, []
    ends = [end for _, end, _ in csv_long().units]
    for at in range(len(data)):
        out += len(unpack.decompress(data[at : at + 1]))
        while len(needed) < len(ends) and out >= ends[len(needed)]:
            needed.append(at + 1)
    units = tuple((0, end, rows) for end, (_, _, rows) in zip(needed, csv_long().units, strict=True))
    return Sound("long.csv.gz", data, units, framed=False, moves=False)


def zstandarded() -> Sound:
    """A frame of several blocks: each line needs all bytes before its block's end."""
    plain = csv_long()
    pack = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    data, at, units = b"", 0, []
    for n in range(0, ROWS, 10):
        lines = plain.units[n : n + 10]
        data += pack.compress(plain.data[at : lines[-1][1]]) + pack.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
        at = lines[-1][1]
        units += [(0, len(data), rows) for _, _, rows in lines]
    return Sound("long.csv.zst", data + pack.flush(), tuple(units), framed=False, moves=False)


def zipped() -> Sound:
    sink = io.BytesIO()
    sounds = (csv_long(), mqtt(), mcap_json())
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for sound in sounds:
            archive.writestr(zipfile.ZipInfo(f"export/{sound.name}"), sound.data, zipfile.ZIP_DEFLATED)
        starts = [info.header_offset for info in archive.infolist()] + [archive.start_dir]
    units = tuple((a, b, range(1, 2 * ROWS)) for a, b in itertools.pairwise(starts))
    streams = tuple(sound.name.split(".")[0] for sound in sounds)
    return Sound("export.zip", sink.getvalue(), units, moves=False, cut=True, streams=streams)


#: Kind to what makes its file.
KINDS: dict[str, Callable[[], Sound]] = {
    "csv long": csv_long,
    "csv long, UTF-16": lambda: csv_long("utf-16"),
    "csv long, GB18030": lambda: csv_long("gb18030"),
    "csv wide": csv_wide,
    "csv scope": csv_scope,
    "OPC UA logger": opc_ua,
    "SHDR": shdr,
    "journal": journal,
    "MQTT": mqtt,
    "OCPP": ocpp,
    "Parquet": parquet_file,
    "SQLite": sqlite,
    "MCAP, JSON": mcap_json,
    "MCAP, protobuf": mcap_protobuf,
    "gzip": gzipped,
    "zstd": zstandarded,
    "zip": zipped,
}
