"""Swaps and phases of real Records, from their plant signals alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.analysis.phase_table import PhaseTable, load_phase_table, phase_table_of
from twin.analysis.phase_times import as_data, phase_times, target_s, usual_s
from twin.analysis.phases import Found, find_phases
from twin.document import parse_document
from twin.errors import InputError
from twin.record import Event, Record, RecordWriter
from twin.shipped import shipped
from twin.signals import SignalTable

NOMINAL = shipped("assets", "recordings", "nominal_swap.mcap")
TABLE = load_phase_table(shipped("assets", "stations", "chassis_swap", "phases.yaml"))
S = 1_000_000_000


def copy(source: Path, out: Path, *, keep: tuple[str, ...] = ("pv", "st"), without: tuple[str, ...] = (),
         spans_s: list[tuple[float, float, float]] | None = None) -> Record:  # fmt: skip
    """The plant's table of a Record, without some signals, and pieces of it put at other times (from, to, at)."""
    record = Record.open(source)
    names = [s.name for s in record.tables["plant"] if s.kind in keep and not s.name.startswith(without or "-")]
    t_ns, rows = record.rows("plant", names=names)
    with RecordWriter(out, metadata={"station": "chassis_swap"}, tables={
        "plant": SignalTable(record.tables["plant"][name] for name in names)
    }) as writer:  # fmt: skip
        for begin_s, end_s, at_s in spans_s or [(0.0, 1e6, 0.0)]:
            mine = (t_ns >= begin_s * S) & (t_ns < end_s * S)
            for t, row in zip(t_ns[mine], rows[mine], strict=True):
                writer.row("plant", int(t - begin_s * S + at_s * S), row.tolist())
    return Record.open(out)


def find(record: Record) -> Found:
    return find_phases(record, TABLE)


def events_of(record: Record) -> dict[str, float]:
    starts = [e for e in record.events() if e.kind == "phase" and e.data["edge"] == "start"]
    return {e.name: e.t_ns / S for e in starts}


def test_a_whole_swap_from_plant_signals(tmp_path: Path) -> None:
    found = find(copy(NOMINAL, tmp_path / "plant.mcap"))
    (swap,) = found.swaps
    assert swap.outcome == "completed" and swap.packs == 1
    assert [p.name for p in swap.phases] == list(TABLE.phases)
    # What the controller thought its phases were: other instants of the same order, some at the very same one.
    said = events_of(Record.open(NOMINAL))
    for phase in swap.phases:
        assert phase.start_ns is not None
        assert phase.start_ns / S == pytest.approx(said[phase.name], abs=3.5), phase.name
    for name in ("park", "secure", "measure", "lower", "clear", "release", "leave"):
        start_ns = next(p.start_ns for p in swap.phases if p.name == name)
        assert start_ns is not None and start_ns / S == pytest.approx(said[name], abs=0.021), name


def test_times_add_up(tmp_path: Path) -> None:
    found = find(Record.open(NOMINAL))
    (swap,) = found.swaps
    assert swap.duration_s == pytest.approx(sum(p.duration_s or 0 for p in swap.phases))
    assert target_s(swap, TABLE) == pytest.approx(240.4)
    assert usual_s(swap, found.swaps) == swap.duration_s
    for phase in swap.phases:
        assert phase.waiting_ns is not None and phase.duration_s is not None
        assert 0 <= phase.waiting_ns / S <= phase.duration_s
    assert [time.name for time in phase_times(found)] == list(TABLE.phases)
    data = as_data(found)
    assert data["swaps"][0]["phases"][0]["name"] == "park" and data["cannot_be_seen"] == {}


@pytest.mark.parametrize("begin_s", [30.0, 60.0, 75.0, 100.0, 137.0, 160.0])
def test_a_log_that_begins_in_the_middle_of_a_swap(tmp_path: Path, begin_s: float) -> None:
    whole = find(Record.open(NOMINAL)).swaps[0]
    (half,) = find(copy(NOMINAL, tmp_path / "half.mcap", spans_s=[(begin_s, 1e6, begin_s)])).swaps
    assert half.start_ns is None and half.outcome == ("completed" if begin_s < 150 else "unknown")
    later = [(p.name, p.start_ns) for p in whole.phases if p.start_ns is not None and p.start_ns > begin_s * S]
    found = [(p.name, p.start_ns) for p in half.phases[1:]]
    assert [name for name, _ in found] == [name for name, _ in later]
    # The half does not say how often it is written: its axes start and stop within the tolerance of the whole's.
    assert all(abs((a or 0) - (b or 0)) <= S // 10 for (_, a), (_, b) in zip(found, later, strict=True))
    before = [p.name for p in whole.phases if p.start_ns is not None and p.start_ns <= begin_s * S]
    assert half.phases[0].name == before[-1]


def test_a_log_that_ends_in_the_middle_of_a_swap(tmp_path: Path) -> None:
    (half,) = find(copy(NOMINAL, tmp_path / "half.mcap", spans_s=[(0, 90.0, 0)])).swaps
    assert half.outcome == "open" and half.end_ns is None and half.duration_s is None
    assert half.phases[-1].name == "fetch" and half.phases[-1].duration_s is None


def test_a_truck_that_is_gone_in_the_middle_of_its_swap(tmp_path: Path) -> None:
    """Another log from its beginning in the middle of this one: an empty bay, and a truck."""
    record = copy(NOMINAL, tmp_path / "two.mcap", spans_s=[(0, 100.0, 0), (5.0, 1e6, 100.02)])
    first, second = find(record).swaps
    assert first.outcome == "not_completed" and first.end_ns == pytest.approx(100.02 * S)
    assert second.outcome == "completed" and len(second.phases) == len(TABLE.phases)


def test_a_truck_that_comes_before_the_last_one_was_seen_to_leave(tmp_path: Path) -> None:
    spans_s = [(0, 100.0, 0.0), (5.0, 1e6, 100.02)]
    first, second = find(
        copy(NOMINAL, tmp_path / "woven.mcap", without=("bay.sensor.st_clear",), spans_s=spans_s)
    ).swaps
    assert first.outcome == "cut_off" and first.end_ns is None
    assert second.outcome == "open" and second.phases[-1].name == "leave"


def test_no_swap_at_all(tmp_path: Path) -> None:
    assert find(copy(NOMINAL, tmp_path / "quiet.mcap", spans_s=[(0, 9.0, 0)])).swaps == ()


def test_phases_that_cannot_be_seen_are_named(tmp_path: Path) -> None:
    found = find(copy(NOMINAL, tmp_path / "few.mcap", without=("shuttle.lock_driver.",)))
    assert found.missing == {
        "unlock": ("shuttle.lock_driver.st_retracted",), "lower": ("shuttle.lock_driver.st_retracted",),
        "lock": ("shuttle.lock_driver.st_retracted",),
    }  # fmt: skip
    (swap,) = found.swaps
    assert [p.name for p in swap.phases] == [name for name in TABLE.phases if name not in found.missing]


def test_a_log_of_something_else(tmp_path: Path) -> None:
    record = copy(NOMINAL, tmp_path / "crane.mcap", without=("shuttle", "bay", "truck", "bracket"))
    with pytest.raises(InputError, match=r"signals that show swaps: .*bay.sensor.st_truck_present"):
        find(record)


def test_silence_is_told(tmp_path: Path) -> None:
    """Where the log is silent a phase is seen late, and how late it may be is told."""
    record = copy(NOMINAL, tmp_path / "gap.mcap", spans_s=[(0, 46.0, 0), (49.0, 1e6, 49.0)])
    # The copy has no period of its own; a run's scan is its period.
    found = find_phases(_with_scan(record, tmp_path), TABLE)
    lower = next(p for p in found.swaps[0].phases if p.name == "lower")
    assert lower.start_ns == 49 * S and lower.late_ns == pytest.approx(3 * S, abs=0.05 * S)


def _with_scan(record: Record, folder: Path) -> Record:
    t_ns, rows = record.rows("plant")
    metadata = {**record.metadata, "scan_ns": "20000000"}
    with RecordWriter(folder / "scan.mcap", metadata=metadata, tables=record.tables) as writer:
        for t, row in zip(t_ns, rows, strict=True):
            writer.row("plant", int(t), row.tolist())
        writer.event(Event(0, "event", "copy"))
    return Record.open(folder / "scan.mcap")


def test_a_log_without_a_station_says_what_to_do(tmp_path: Path) -> None:
    with RecordWriter(tmp_path / "bare.mcap", metadata={}, tables={"plant": SignalTable()}) as writer:
        writer.event(Event(0, "event", "nothing"))
    with pytest.raises(InputError, match="a log that names no station"):
        phase_table_of(Record.open(tmp_path / "bare.mcap"))


BAD_TABLES = {
    "a next that is no phase": ("next: [measure]", "next: [measur]", "one of|phases, or end"),
    "a word that is not explained": ("while under_truck and not carries", "while under_truk", "that is explained"),
    "a condition that cannot be read": ("falls(bay.sensor.st_at_mark)", "falls(bay.sensor", "character"),
    "a phase that is not there": ("completed: verify", "completed: verifed", "one of the phases"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_table_that_is_wrong(name: str) -> None:
    text = shipped("assets", "stations", "chassis_swap", "phases.yaml").read_text(encoding="utf-8")
    good, bad, said = BAD_TABLES[name]
    assert good in text
    with pytest.raises(InputError, match=said):
        parse_document(text.replace(good, bad), PhaseTable)


def test_noise_moves_a_start_by_little() -> None:
    record = Record.open(NOMINAL)
    t_ns, x = record.signal("shuttle.lift.pv_position_m")
    from twin.formula.standing import moves

    clean = moves(t_ns, x, 0.005, 20_000_000, record.end_ns + 1)
    noisy = moves(t_ns, x + np.random.default_rng(1).normal(0, 0.001, len(x)), 0.005, 20_000_000, record.end_ns + 1)
    # Pauses shorter than what noise hides are not found; every start that is found is right within 0.1 s.
    assert len(noisy.up) >= len(clean.up) - 2
    for start in noisy.start_ns:
        assert np.abs(clean.start_ns - start).min() < 100_000_000


@pytest.mark.slow
def test_an_imported_plant_like_log(tmp_path: Path) -> None:
    """From a plant's export by its map, whose machine is the station: nothing has to be said about phases."""
    from benchmarks.plant_log import Run, export, plant_log
    from twin.importing import import_files

    log = plant_log(Run.of(Record.open(NOMINAL)), 3, mid_swap=False, skew_s=0.0)
    export(log, tmp_path, "csv_long")
    import_files([tmp_path / "log"], tmp_path / "log.mcap", tmp_path / "map.yaml")
    record = Record.open(tmp_path / "log.mcap")
    (swap,) = find_phases(record, phase_table_of(record)).swaps
    assert swap.outcome == "completed" and swap.packs == 1
    assert [p.name for p in swap.phases] == list(TABLE.phases)
