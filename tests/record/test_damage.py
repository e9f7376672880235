"""However a file is cut or spoilt: what is whole is read exactly, the rest is said, and nothing else happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example as with_example
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import Writer

from tests.record.example import Example
from tests.record.test_roundtrip import equal
from twin.errors import RecordError
from twin.record import Record, recover

EXAMPLE = Example(40)


class Files(dict[str, bytes]):
    """The bytes of whole files, kept out of a failed example's text."""

    def __repr__(self) -> str:
        return "Files()"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("whole")
    return Files(
        finished=EXAMPLE.record(folder / "a.mcap", chunks=6).read_bytes(),
        unfinished=EXAMPLE.unfinished(folder / "b.mcap", chunks=6).read_bytes(),
    )


def check_part(record: Record) -> int:
    """Everything that is read is what was written, in order; returns how many plant rows there are."""
    t_ns, values = record.rows("plant")
    scans = (t_ns // 20_000_000).astype(int)
    assert equal(values, EXAMPLE.plant[scans])
    t_ns, poses = record.poses()
    assert equal(poses, EXAMPLE.poses[(t_ns // 20_000_000).astype(int)])
    events = record.events()
    assert [event for event in EXAMPLE.events if event in events] == events
    assert len(record.scene) in (0, 2)
    return len(scans)


@pytest.mark.parametrize("kind", ["finished", "unfinished"])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_cut_anywhere(files: Files, tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject) -> None:
    whole = files[kind]
    cut = data.draw(st.integers(0, len(whole) - 1), label="cut")
    path = tmp_path_factory.mktemp("cut") / "a.mcap"
    path.write_bytes(whole[:cut])
    try:
        record = Record.open(path)
    except RecordError:
        with pytest.raises(RecordError):
            recover(path)
        assert path.read_bytes() == whole[:cut]
        return
    rows = check_part(record)
    assert not record.finished
    recover(path)
    again = Record.open(path)
    assert again.finished
    assert check_part(again) == rows
    with path.open("rb") as file:
        assert sum(1 for _ in make_reader(file, validate_crcs=True).iter_messages(topics="/plant")) == rows


@pytest.mark.parametrize("kind", ["finished", "unfinished"])
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_byte_spoilt_anywhere(
    files: Files, tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    spoilt = bytearray(files[kind])
    at = data.draw(st.integers(0, len(spoilt) - 1), label="at")
    spoilt[at] ^= data.draw(st.integers(1, 255), label="bits")
    path = tmp_path_factory.mktemp("spoilt") / "a.mcap"
    path.write_bytes(spoilt)
    try:
        record = Record.open(path)
        rows = check_part(record)
        if any(chunk.offset + 49 <= at < chunk.offset + chunk.length for chunk in record.chunks()):
            assert (rows < 40 or len(record.poses()[0]) < 40 or len(record.events()) < 4 or not record.scene) == bool(
                record.damage
            )
        recover(path)
        check_part(Record.open(path))
    except RecordError as error:
        assert str(error)


def test_every_cut_through_the_frame_of_the_file(files: Files, tmp_path: Path) -> None:
    """Byte by byte at both ends, where header, signal table, summary and footer stand."""
    whole = files["finished"]
    path = tmp_path / "a.mcap"
    opened = 0
    for cut in [*range(200), *range(len(whole) - 400, len(whole))]:
        path.write_bytes(whole[:cut])
        try:
            opened += check_part(Record.open(path)) == 40
        except RecordError as error:
            assert "a.mcap" in str(error)
    assert opened > 100


def test_a_damaged_chunk_is_left_out_and_said(files: Files, tmp_path: Path) -> None:
    whole = bytearray(files["unfinished"])
    path = tmp_path / "a.mcap"
    path.write_bytes(whole)
    chunk = Record.open(path).chunks()[3]
    whole[chunk.offset + chunk.length // 2] ^= 0xFF
    path.write_bytes(whole)
    record = Record.open(path)
    assert check_part(record) < 40
    assert len(record.damage) == 1
    assert record.damage[0].startswith("chunk 3, 0.26 to 0.38 s, is left out")
    assert record.check() == record.damage
    result = recover(path, tmp_path / "b.mcap")
    assert len(result.damage) == 1
    assert path.read_bytes() == whole
    assert check_part(Record.open(tmp_path / "b.mcap")) == check_part(record)


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mcap"
    for content, message in [(b"", "an empty file"), (b"time,value\n1,2\n", "another kind of file")]:
        path.write_bytes(content)
        with pytest.raises(RecordError, match=message):
            Record.open(path)
    with pytest.raises(RecordError, match="cannot be opened"):
        Record.open(tmp_path / "none.mcap")
    with pytest.raises(RecordError, match="cannot be opened"):
        Record.open(tmp_path)
    writer = Writer(str(path))
    writer.start("ros2")
    writer.finish()
    with pytest.raises(RecordError, match="profile 'ros2'"):
        Record.open(path)
    with EXAMPLE.writer(path, metadata={"format": "99"}):
        pass
    with pytest.raises(RecordError, match="expected Record format 1, got 99"):
        Record.open(path)


@settings(max_examples=30, deadline=None)
@given(junk=st.binary(max_size=400))
@with_example(junk=bytes(400))
def test_bytes_that_are_no_record_after_the_last_chunk(
    files: Files, tmp_path_factory: pytest.TempPathFactory, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("junk") / "a.mcap"
    path.write_bytes(files["unfinished"] + junk)
    record = Record.open(path)
    assert check_part(record) == 40


def test_a_record_rewritten_by_other_tools_is_read(files: Files, tmp_path: Path) -> None:
    """One message after the other, channels mixed, as tools that filter or merge files write them."""
    source = tmp_path / "a.mcap"
    source.write_bytes(files["finished"])
    path = tmp_path / "b.mcap"
    with source.open("rb") as file, path.open("wb") as out:
        reader = make_reader(file)
        writer = Writer(out, chunk_size=20_000)
        writer.start("swaptwin")
        numbers: dict[int, int] = {}
        for item in reader.iter_metadata():
            writer.add_metadata(item.name, item.metadata)
        for attachment in reader.iter_attachments():
            writer.add_attachment(0, 0, attachment.name, attachment.media_type, attachment.data)
        for schema, channel, message in reader.iter_messages():
            assert schema is not None
            if channel.id not in numbers:
                number = writer.register_schema(schema.name, schema.encoding, schema.data)
                numbers[channel.id] = writer.register_channel(channel.topic, channel.message_encoding, number)
            writer.add_message(
                numbers[channel.id], message.log_time, message.data, message.publish_time, message.sequence
            )
        writer.finish()
    record = Record.open(path)
    assert check_part(record) == 40
    assert record.events() == EXAMPLE.events
