"""What is exported and imported again is the same, to the bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import csv, parquet

from twin.errors import InputError
from twin.exporting import export_log
from twin.importing import import_files
from twin.record import Event, Record, RecordWriter
from twin.signals import Signal, SignalTable

START_NS = 1_772_323_200_000_000_000
ENUM = Signal("unit.main.seq_state", "enum", labels={0: "idle", 2: '=cmd|" /C calc"!A0', 7: "换电,中"})
FAST = SignalTable([Signal("axis.x.pv_position_m", "real", "m", low=-1.0, high=9.5, text={"zh": "位置"}), ENUM])
SLOW = SignalTable(
    [
        Signal("axis.x.st_homed", "bool"),
        Signal("unit.main.pv_count", "int"),
        Signal("unit.main.pv_plate", private=True),
        Signal("log.s.raw_x", source="s/X"),
    ]
)
REALS = st.floats(width=64)
INTS = st.one_of(st.integers(-(2**53) + 1, 2**53 - 1).map(float), st.just(np.nan))
FAST_ROW = st.tuples(st.integers(0, 40), REALS, st.sampled_from([0.0, 2.0, 7.0, 9.0, np.nan]))
SLOW_ROW = st.tuples(st.integers(0, 40), st.sampled_from([0.0, 1.0, np.nan]), INTS, REALS, REALS)


def _write(path: Path, fast: list[tuple[float, ...]], slow: list[tuple[float, ...]]) -> None:
    metadata = {"source": "imported", "started_ns": str(START_NS)}
    with RecordWriter(path, metadata=metadata, tables={"fast": FAST, "slow": SLOW}, at_once=True) as writer:
        for name, rows in (("fast", fast), ("slow", slow)):
            data = np.array(sorted(rows, key=lambda row: row[0]), dtype=np.float64)
            writer.rows(name, (data[:, 0] * 1e6 + 1).astype(np.int64), data[:, 1:])
        writer.event(Event(7, "phase", "drive", data={"edge": "start"}))


def _samples(path: Path) -> dict[str, list[tuple[int, bytes]]]:
    """Every signal's samples: ns since 1970, and the value's bits; what is missing has no bits that count."""
    record = Record.open(path)
    start_ns = int(record.metadata["started_ns"])
    found = {}
    for signal in record.signals:
        t_ns, values = record.signal(signal.name)
        bits = [b"missing" if np.isnan(value) else np.float64(value).tobytes() for value in values]
        found[signal.name] = list(zip((t_ns + start_ns).tolist(), bits, strict=True))
    return found


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("wide", [False, True])
@given(fast=st.lists(FAST_ROW, min_size=1, max_size=12), slow=st.lists(SLOW_ROW, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_import_of_an_export_gives_the_same_samples_to_the_bit(
    ending: str, wide: bool, fast: list[tuple[float, ...]], slow: list[tuple[float, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log, out, again = (Path(folder) / name for name in ("log.mcap", f"day.{ending}", "again.mcap"))
        _write(log, fast, slow)
        export_log(log, out, wide=wide, private=True)
        import_files([out], again)
        before, after = _samples(log), _samples(again)
        # Equal times of one signal keep their order in the file; in a wide table they stand in rows of their own.
        assert after == before
        signals = Record.open(again).signals
        for signal in Record.open(log).signals:
            mine = signals[signal.name]
            assert (mine.type, mine.unit, dict(mine.labels), mine.low, mine.high, dict(mine.text), mine.private) == (
                signal.type, signal.unit, dict(signal.labels), signal.low, signal.high, dict(signal.text),
                signal.private,
            )  # fmt: skip


def _example(folder: Path) -> Path:
    log = folder / "log.mcap"
    rows = [(float(n), n / 7, (0.0, 2.0, 7.0)[n % 3]) for n in range(50)]
    _write(log, rows, [(float(n), n % 2, n, np.nan, -n) for n in range(0, 50, 5)])
    return log


def test_signals_and_time_are_chosen_and_a_record_stays_a_record(tmp_path: Path) -> None:
    log, out = _example(tmp_path), tmp_path / "cut.mcap"
    done = export_log(log, out, patterns=["axis.*", "s/X"], from_s=0.010, to_s=0.0205)
    cut = Record.open(out)
    assert set(cut.signals.names) == {"axis.x.pv_position_m", "axis.x.st_homed", "log.s.raw_x"}
    t_ns, values = cut.signal("axis.x.pv_position_m")
    assert t_ns.tolist() == [n * 1_000_000 + 1 for n in range(10, 21)] and values[0] == 10 / 7
    assert cut.metadata["started_ns"] == str(START_NS) and done.samples == 11 + 2 * 3
    assert not cut.check()
    with pytest.raises(InputError, match="a pattern"):
        export_log(log, out, patterns=["axes.*"])
    with pytest.raises(InputError):
        export_log(log, tmp_path / "out.xlsx")
    with pytest.raises(InputError):
        export_log(log, log)


def test_what_tells_who_somebody_is_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    log, out = _example(tmp_path), tmp_path / "day.parquet"
    export_log(log, out, wide=True)
    assert "unit.main.pv_plate" not in parquet.read_schema(out).names
    export_log(log, out, wide=True, private=True)
    assert "unit.main.pv_plate" in parquet.read_schema(out).names


def test_no_cell_is_a_formula_and_times_are_said_twice(tmp_path: Path) -> None:
    log, out = _example(tmp_path), tmp_path / "day.csv"
    export_log(log, out)
    table = csv.read_csv(out, parse_options=csv.ParseOptions(newlines_in_values=True))
    labels = set(table["label"].to_pylist())
    assert """'=cmd|" /C calc"!A0""" in labels and "换电,中" in labels
    assert not [line for line in out.read_text("utf-8").splitlines() if line[1:2] in "=+-@"]
    stamps = table["timestamp"].cast("int64").to_numpy() - START_NS
    assert (stamps == table["time [ns]"].to_numpy()).all()


def test_a_failed_export_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, out = _example(tmp_path), tmp_path / "day.csv"
    out.write_text("mine")

    def fails(*_: object, **__: object) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Record, "rows", fails)
    with pytest.raises(OSError, match="gone"):
        export_log(log, out)
    assert out.read_text() == "mine" and sorted(p.name for p in tmp_path.iterdir()) == ["day.csv", "log.mcap"]
