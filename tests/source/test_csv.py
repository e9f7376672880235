"""CSV of any dialect, encoding and damage."""

from __future__ import annotations

import io
import random

import pytest

from twin.errors import InputError
from twin.source import Batch, CsvFile, Damage, Samples
from twin.source.csv_dialect import find_dialect
from twin.source.text import Utf8Stream, detect_encoding

LONG = "timestamp,tag,value,quality\n" + "".join(
    f"2026-03-01T00:00:{n:02d}Z,PLC.{'AB'[n % 2]},{n / 4},192\n" for n in range(40)
)


def _read(data: bytes, **options: str) -> tuple[CsvFile, list[Batch]]:
    file = CsvFile(io.BytesIO(data), "s", **options)  # type: ignore[arg-type]
    return file, list(file.batches())


def _rows(batches: list[Batch]) -> list[tuple[int, str, str, str]]:
    """Line, stamp, tag and value of every sample."""
    found = []
    for batch in batches:
        if isinstance(batch, Samples):
            columns = batch.time.to_pylist(), batch.tag.to_pylist(), batch.value.to_pylist()
            found += list(zip(batch.row.tolist(), *columns, strict=True))
    return sorted(found)


def _damage(batches: list[Batch]) -> list[Damage]:
    return [batch for batch in batches if isinstance(batch, Damage)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings(encoding: str, newline: str) -> None:
    text = "时间;位号;数值;质量\n2026-03-01 00:00:00;液压站.压力;1,25;192\n2026-03-01 00:00:01;液压站.压力;1,5;192\n"
    file, batches = _read(text.replace("\n", newline).encode(encoding))
    assert file.dialect.decimal == "," and file.dialect.delimiter == ";"
    assert [(row[2], row[3]) for row in _rows(batches)] == [("液压站.压力", "1,25"), ("液压站.压力", "1,5")]
    assert not _damage(batches)


def test_preamble_trailer_quotes_and_a_time_column_for_each_channel() -> None:
    text = 'Scope export\nProject: "x"\n\nTime [s]\t"A; one"\tTime\tB\n'
    text += "0.1\t1\t0.15\t2\n0.2\t1\t0.25\t\n0.3\t4\t0.35\t6\nEnd\n"
    file, batches = _read(text.encode())
    assert file.preamble == 3
    assert _rows(batches) == [
        (5, "0.1", "A; one", "1"), (5, "0.15", "B", "2"), (6, "0.2", "A; one", "1"), (7, "0.3", "A; one", "4"),
        (7, "0.35", "B", "6"),
    ]  # fmt: skip
    assert [(damage.row, damage.text) for damage in _damage(batches)] == [(8, "End")]


def test_every_intact_line_is_read_and_every_broken_one_is_known_by_its_number() -> None:
    lines = LONG.splitlines()
    lines[5] += ",more"
    lines[9] = lines[9][: lines[9].rfind(",") - 3]
    lines[20] = '2026-03-01T00:00:20Z,"PLC.A,5,192'
    whole = _rows(_read(LONG.encode())[1])
    _, batches = _read(("\n".join(lines) + "\n").encode())
    assert _rows(batches) == [row for row in whole if row[0] not in (6, 10, 21)]
    assert [damage.row for damage in _damage(batches)] == [6, 10, 21]


def test_random_damage_never_crashes_and_loses_no_intact_line() -> None:
    draw = random.Random(7)
    whole = {row[0]: row for row in _rows(_read(LONG.encode())[1])}
    for _ in range(150):
        data = bytearray(LONG.encode())
        start = data.index(b"\n") + 1
        touched = set()
        for _ in range(draw.randrange(1, 4)):
            at = draw.randrange(start, len(data))
            touched.add(data.count(b"\n", 0, at) + 1)
            data[at] = draw.choice([0, 9, 34, 44, 255, 0xE4, draw.randrange(256)])
        # A byte that became a line break, or a break that went, moves the lines after it.
        if data.count(b"\n") != LONG.count("\n"):
            _read(bytes(data))
            continue
        found = {row[0]: row for row in _rows(_read(bytes(data))[1])}
        intact = {line: row for line, row in whole.items() if line not in touched}
        assert intact.items() <= found.items()


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xff\xfe", b"a,b\n1,2\n", b"%PDF-1.4 nothing", b"x" * 3_000_000])
def test_what_is_no_log_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(InputError):
        _read(data)


def test_a_line_without_end_takes_no_memory_to_speak_of() -> None:
    data = LONG.encode() + b"z" * 40_000_000 + b"\n" + LONG.splitlines()[1].encode() + b"\n"
    _, batches = _read(data)
    assert len(_rows(batches)) == 41
    assert any("longer than" in damage.what for damage in _damage(batches))


def test_encoding_is_found_where_a_character_is_cut() -> None:
    assert detect_encoding("压力".encode()[:-1]) == "utf-8"
    assert detect_encoding("液压站压力".encode("gb18030")[:-1]) == "gb18030"


def test_garbage_behind_the_damage_of_a_packed_file_does_not_outvote_its_beginning() -> None:
    garbage = [b"20263.32001T00:\xe6\xb3\xb5.\xe5\x8e9\xe51,192"] * 20
    assert detect_encoding(b"\n".join(["泵,1".encode(), "压力,2".encode(), *garbage])) == "utf-8"
    lines = ["液压站压力,1".encode("gb18030")] * 3
    assert detect_encoding(b"\n".join([*lines, b"\xe51,192", b"\xff,"])) == "gb18030"
    assert detect_encoding(b"\n".join(["Öl,1".encode("latin-1"), *garbage])) == "latin-1"
    stream = Utf8Stream(io.BytesIO("压力".encode("gb18030") + b"\xff\xff"), "gb18030")
    assert stream.read().decode().startswith("压力")
    assert stream.replaced > 0


def test_a_header_with_a_time_is_not_outvoted_by_garbage_behind_it() -> None:
    rows = [f"{n},a,1,192" for n in range(18)]
    garbage = ["20state,STOE:01.000Z,-03-01T00:00:9.72", *["2026,x,1"] * 24]
    found = find_dialect("\n".join(["timestamp,tag,value,quality", *rows, *garbage]))
    assert found is not None and found.dialect.columns == ("timestamp", "tag", "value", "quality")
