"""What is read is what was written, in every type, and other MCAP readers agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mcap.reader import make_reader

from tests.record.example import FRAMES, PLANT, SCAN_NS, SCENE, TABLES, Example
from twin.errors import InputError, RecordError
from twin.record import Record, RecordWriter
from twin.record.foxglove import message_class
from twin.signals import Signal, SignalTable


def equal(a: np.ndarray, b: np.ndarray) -> bool:
    """Bit for bit, shape included."""
    return a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.fixture
def example() -> Example:
    return Example(100)


def check_whole(record: Record, example: Example) -> None:
    for table, values in (("plant", example.plant), ("controller", example.controller)):
        t_ns, got = record.rows(table)
        assert equal(t_ns, example.t_ns)
        assert equal(got, values)
    t_ns, poses = record.poses()
    assert equal(t_ns, example.t_ns)
    assert equal(poses, example.poses)
    assert record.events() == example.events
    assert record.scene == SCENE
    assert record.frames == FRAMES
    assert record.metadata["scenario"] == "example"
    assert {name: list(table) for name, table in record.tables.items()} == {n: list(t) for n, t in TABLES.items()}
    assert record.damage == []


@pytest.mark.parametrize("chunks", [1, 7])
def test_finished_record_gives_back_every_sample(tmp_path: Path, example: Example, chunks: int) -> None:
    record = Record.open(example.record(tmp_path / "a.mcap", chunks))
    assert record.finished
    assert record.start_ns == 0
    assert record.end_ns == 99 * SCAN_NS
    check_whole(record, example)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mcap"]


def test_unfinished_record_gives_back_every_closed_chunk(tmp_path: Path, example: Example) -> None:
    record = Record.open(example.unfinished(tmp_path / "a.mcap"))
    assert not record.finished
    check_whole(record, example)


def test_window_is_inclusive_and_can_start_with_the_row_before(tmp_path: Path, example: Example) -> None:
    record = Record.open(example.unfinished(tmp_path / "a.mcap", chunks=9))
    t_ns, values = record.rows("plant", 10 * SCAN_NS, 12 * SCAN_NS)
    assert equal(t_ns, example.t_ns[10:13])
    assert equal(values, example.plant[10:13])
    for first in range(1, 99):
        t_ns, _ = record.rows("plant", first * SCAN_NS - 1, first * SCAN_NS, before=True)
        assert list(t_ns) == [(first - 1) * SCAN_NS, first * SCAN_NS]
    t_ns, poses = record.poses(10**12, 10**12 + 1, before=True)
    assert equal(t_ns, example.t_ns[-1:])
    assert equal(poses, example.poses[-1:])
    assert len(record.rows("plant", -5, -1, before=True)[0]) == 0
    assert [event.name for event in record.events(10 * SCAN_NS, 20 * SCAN_NS)] == ["phase1", "phase2"]


def test_one_signal_and_a_choice_of_signals(tmp_path: Path, example: Example) -> None:
    record = Record.open(example.record(tmp_path / "a.mcap"))
    for column, name in enumerate(PLANT.names):
        t_ns, values = record.signal(name, 5 * SCAN_NS, 50 * SCAN_NS)
        assert equal(t_ns, example.t_ns[5:51])
        assert equal(values, example.plant[5:51, column].copy())
    names = ["shuttle.lift.pv_cycles", "shuttle.lift.st_homed"]
    assert equal(record.rows("plant", names=names)[1], example.plant[:, [5, 1]])
    with pytest.raises(InputError, match=r"shuttle\.lift\.pv_none"):
        record.signal("shuttle.lift.pv_none")
    with pytest.raises(InputError, match="plant, controller"):
        record.rows("truth")


def test_missing_values_and_extremes_come_back(tmp_path: Path) -> None:
    nan, inf = np.nan, np.inf
    odd = np.array([[nan, 1.0, -0.0, nan, inf, 2.0**53], [5e-324, 0.0, nan, 7.0, -inf, nan]])
    path = tmp_path / "a.mcap"
    with Example(1).writer(path) as writer:
        writer.row("plant", 0, list(odd[0]))
        writer.row("plant", 1, odd[1])
    assert equal(Record.open(path).rows("plant")[1], odd)


def test_rows_of_both_kinds_in_one_chunk_keep_their_order(tmp_path: Path) -> None:
    example = Example(3)
    p = example.plant
    typed = [float(p[0, 0]), bool(p[0, 1]), float(p[0, 2]), int(p[0, 3]), float(p[0, 4]), int(p[0, 5])]
    with example.writer(tmp_path / "a.mcap") as writer:
        writer.row("plant", 0, typed)
        writer.row("plant", 1, p[1])
        writer.row("plant", 2, typed)
    assert equal(Record.open(tmp_path / "a.mcap").rows("plant")[1], p[[0, 1, 0]])


def test_writing_what_was_read_gives_the_same_samples(tmp_path: Path, example: Example) -> None:
    first = Record.open(example.record(tmp_path / "a.mcap"))
    stamps = example.t_ns[::-1] + 10**18
    numbers = np.arange(100) * 3
    with example.writer(tmp_path / "b.mcap") as writer:
        t_ns, values = first.rows("plant")
        writer.rows("plant", t_ns, values, publish_ns=stamps, sequence=numbers)
        t_ns, values = first.rows("controller")
        writer.rows("controller", t_ns[:50], values[:50])
        writer.rows("controller", t_ns[50:], values[50:])
        for t, pose in zip(*first.poses(), strict=True):
            writer.poses(int(t), pose)
        for event in first.events():
            writer.event(event)
    second = Record.open(tmp_path / "b.mcap")
    check_whole(second, example)
    published, sequence = second.stamps("plant")
    assert equal(published, stamps)
    assert equal(sequence, numbers)
    assert equal(second.stamps("controller")[1], np.arange(100))


def test_the_mcap_library_opens_it_and_the_schemas_decode(tmp_path: Path, example: Example) -> None:
    path = example.record(tmp_path / "a.mcap", chunks=5)
    seen: dict[str, int] = {}
    with path.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        assert reader.get_header().profile == "swaptwin"
        assert {item.name for item in reader.iter_attachments()} == {"signals.json", "frames.json"}
        assert [item.name for item in reader.iter_metadata()] == ["swaptwin"]
        last = 0
        for schema, channel, message in reader.iter_messages():
            assert message.log_time >= last
            last = message.log_time
            number = seen[channel.topic] = seen.get(channel.topic, 0) + 1
            if channel.message_encoding != "protobuf":
                continue
            assert schema is not None
            decoded = message_class(schema.data, schema.name)()
            decoded.ParseFromString(message.data)
            if channel.topic == "/plant":
                p = example.plant[number - 1]
                assert decoded.shuttle.lift.pv_position_m == p[0]
                assert decoded.shuttle.lift.st_homed == bool(p[1])
                assert decoded.station.unit.st_serial == p[3]
                assert decoded.shuttle.lift.pv_cycles == p[5]
            elif channel.topic == "/tf":
                assert len(decoded.transforms) == len(FRAMES)
                for frame, transform, pose in zip(FRAMES, decoded.transforms, example.poses[number - 1], strict=True):
                    assert (transform.parent_frame_id, transform.child_frame_id) == (frame.parent, frame.name)
                    assert transform.timestamp.ToNanoseconds() == message.log_time
                    t, r = transform.translation, transform.rotation
                    assert [t.x, t.y, t.z, r.x, r.y, r.z, r.w] == list(pose)
            elif channel.topic == "/scene":
                assert [entity.frame_id for entity in decoded.entities] == [model.frame for model in SCENE]
                assert decoded.entities[0].models[0].data == SCENE[0].glb
        statistics = reader.get_summary().statistics
    assert seen == {"/plant": 100, "/controller": 100, "/tf": 100, "/events": 10, "/scene": 1}
    assert statistics.message_count == 311


@settings(max_examples=25, deadline=None)
@given(
    types=st.lists(st.sampled_from(["real", "bool", "enum", "int"]), min_size=1, max_size=60),
    spread=st.integers(1, 40),
    rows=st.integers(1, 40),
    seed=st.integers(0, 2**31),
)
def test_any_table_comes_back(
    tmp_path_factory: pytest.TempPathFactory, types: list, spread: int, rows: int, seed: int
) -> None:
    signals = [Signal(f"a{i % 3}.d{i % spread}.pv_s{i}", type=kind) for i, kind in enumerate(types)]
    rng = np.random.default_rng(seed)
    values = np.column_stack(
        [rng.integers(0, 2, rows) if s.type == "bool" else rng.integers(-99, 99, rows) for s in signals]
    ).astype(float)
    path = tmp_path_factory.mktemp("any") / "a.mcap"
    with RecordWriter(path, metadata={}, tables={"line/one": SignalTable(signals)}) as writer:
        for t, row in enumerate(values):
            if t % 2:
                writer.row("line/one", t, row)
            else:
                typed = [bool(v) if s.type == "bool" else int(v) for s, v in zip(signals, row, strict=True)]
                writer.row("line/one", t, typed)
    assert equal(Record.open(path).rows("line/one")[1], values)


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    example = Example(2)
    writer = example.writer(tmp_path / "a.mcap")
    writer.row("controller", 5, [True, 1])
    with pytest.raises(RecordError, match="controller: expected 2 values at 5 ns or later, got 2 at 4 ns"):
        writer.row("controller", 4, [True, 1])
    with pytest.raises(RecordError, match="got 3"):
        writer.row("controller", 6, [True, 1, 2])
    with pytest.raises(RecordError, match="shape"):
        writer.poses(0, np.zeros((2, 7)))
    writer.row("controller", 7, [True, 1.5])
    writer.row("plant", 7, example.plant[0])
    with pytest.raises(RecordError, match=r"seq_state: expected a 32-bit integer.*1\.5"):
        writer.flush()
    writer.finish()
    writer.finish()
    record = Record.open(tmp_path / "a.mcap")
    assert len(record.rows("controller")[0]) == 0
    assert equal(record.rows("plant")[1], example.plant[:1])
    with pytest.raises(InputError, match="ASCII"):
        RecordWriter(tmp_path / "b.mcap", metadata={}, tables={"a": SignalTable([Signal("站.lift.pv_x")])})
    with pytest.raises(InputError, match="second"):
        RecordWriter(tmp_path / "b.mcap", metadata={}, tables={"a": PLANT, "b": PLANT})
    with pytest.raises(RecordError, match="cannot be written"):
        example.writer(tmp_path / "no" / "b.mcap")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mcap"]


def test_a_record_without_rows_opens(tmp_path: Path) -> None:
    with RecordWriter(tmp_path / "a.mcap", metadata={}, tables={"plant": SignalTable()}) as writer:
        writer.row("plant", 0, [])
    record = Record.open(tmp_path / "a.mcap")
    assert record.rows("plant")[1].shape == (1, 0)
    assert record.poses()[1].shape == (0, 0, 7)
    assert (record.events(), record.scene, record.start_ns, record.end_ns) == ([], [], 0, 0)
