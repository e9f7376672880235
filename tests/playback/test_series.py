"""Signals as a page gets them: what may be left out, and what never is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.web.synthetic import ALARM, METADATA, height_m
from twin.playback import Playback, unpack
from twin.playback.series import KEPT_OF_A_BUCKET, Series, series_arrays, shape
from twin.record import Record, RecordWriter
from twin.record.shape import changes, with_gaps
from twin.signals import Signal, SignalTable

values = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=300)
spacings = st.integers(1, 40)


def _times(count: int, spacing: int) -> np.ndarray:
    return np.arange(count, dtype=np.int64) * spacing - 3 * spacing


@given(values, spacings, st.integers(1, 12))
def test_thinning_loses_no_extreme_no_edge_and_no_gap(listed: list[float], spacing: int, buckets: int) -> None:
    v = np.array(listed)
    t_ns = _times(len(v), spacing)
    t1_ns = int(t_ns[-1]) + 1
    keep = shape(t_ns, v, 0, max(t1_ns, 0), buckets)
    assert (np.diff(keep) > 0).all(), "in order of time, each once"
    if len(v) <= KEPT_OF_A_BUCKET * buckets:
        assert len(keep) == len(v)
        return
    bucket = t_ns * buckets // (max(t1_ns, 0) + 1)
    for number in np.unique(bucket):
        inside = np.flatnonzero(bucket == number)
        kept = np.intersect1d(keep, inside)
        assert kept[0] == inside[0] and kept[-1] == inside[-1]
        assert len(kept) <= KEPT_OF_A_BUCKET + 2
        there = v[inside][~np.isnan(v[inside])]
        assert np.isnan(v[kept]).any() == np.isnan(v[inside]).any(), "a gap stays a gap"
        if len(there):
            assert np.nanmin(v[kept]) == there.min() and np.nanmax(v[kept]) == there.max()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=400), st.integers(1, 12))
def test_a_stepwise_signal_keeps_an_edge_in_every_bucket_that_has_one(listed: list[int], buckets: int) -> None:
    v = np.array(listed, dtype=float)
    t_ns = _times(len(v), 10)
    t1_ns = max(int(t_ns[-1]), 0)
    entries, arrays = series_arrays([Series("a.b.st_on", True, t_ns, v, int(t_ns[-1]))], 0, t1_ns, buckets)
    sent_t, sent_v = arrays["t"].astype(np.int64), arrays["v"]
    if entries[0]["exact"]:
        held = sent_v[np.searchsorted(sent_t, t_ns, "right") - 1]
        assert (held == v).all(), "every sample can be read back"
    edges = t_ns[changes(v)[1:]]
    for bucket in np.unique(edges * buckets // (t1_ns + 1)):
        assert (sent_t * buckets // (t1_ns + 1) == bucket).any()


def test_a_spike_of_one_sample_in_an_hour_is_there() -> None:
    t_ns = np.arange(180_000, dtype=np.int64) * 20_000_000
    v = np.sin(t_ns / 1e9)
    v[77_777] = 40.0
    _, arrays = series_arrays([Series("a.b.pv_x", False, t_ns, v, int(t_ns[-1]))], 0, int(t_ns[-1]), 800)
    assert arrays["v"].max() == 40.0
    assert arrays["t"][arrays["v"].argmax()] == t_ns[77_777]
    assert len(arrays["v"]) <= 800 * KEPT_OF_A_BUCKET


def test_rows_that_did_not_come_are_missing_and_not_bridged() -> None:
    t_ns = np.array([0, 20, 40, 400, 420, 440], dtype=np.int64)
    rows = np.arange(6.0)[:, None]
    with_t, with_v = with_gaps(t_ns, rows, 20)
    assert with_t.tolist() == [0, 20, 40, 60, 400, 420, 440]
    assert np.isnan(with_v[3, 0]) and not np.isnan(np.delete(with_v, 3)).any()
    assert with_gaps(t_ns, rows, 0)[0] is t_ns, "a log without scans knows no late row"
    seldom = np.array([0, 5000, 9000], dtype=np.int64)
    assert with_gaps(seldom, rows[:3], 20)[0] is seldom, "a table written now and then"


def test_a_stepwise_signal_is_sent_where_it_changes() -> None:
    t_ns = np.arange(6, dtype=np.int64) * 10
    v = np.array([0.0, 0, 1, 1, np.nan, np.nan])
    assert changes(v).tolist() == [0, 2, 4]
    pair = [Series("a.b.st_on", True, t_ns, v, 50), Series("a.b.pv_x", False, t_ns, v, 50)]
    entries, arrays = series_arrays(pair, 20, 50, 100)
    assert [(e["start"], e["length"], e["exact"]) for e in entries] == [(0, 3, True), (3, 6, True)]
    assert arrays["t"][:3].tolist() == [-20.0, 0.0, 20.0]
    assert np.isnan(arrays["v"][-2:]).all()


def test_signals_of_several_tables_come_in_one_chunk(record: Path) -> None:
    log = Playback(Record.open(record))
    names = [ALARM.name, "shuttle.lift.pv_position_m", "no.such.pv_signal"]
    header, arrays = unpack(log.signals(1_990_000_000, 7_500_000_000, 1000, names))
    by_name = {entry["name"]: entry for entry in header["signals"]}
    assert set(by_name) == set(names[:2]), "one that the record does not have is left out"
    lift = slice(by_name[names[1]]["start"], by_name[names[1]]["start"] + by_name[names[1]]["length"])
    t_s = (arrays["t"][lift] + header["t0_ns"]) / 1e9
    assert t_s[0] == 1.98, "the sample before the window"
    assert np.allclose(arrays["v"][lift], [height_m(t) for t in t_s])
    alarm = slice(by_name[ALARM.name]["start"], by_name[ALARM.name]["start"] + by_name[ALARM.name]["length"])
    assert arrays["v"][alarm].tolist() == [0, 1, 0]
    assert ((arrays["t"][alarm] + header["t0_ns"]) / 1e9).tolist() == [1.98, 6.0, 7.0]
    assert by_name[ALARM.name]["last_ns"] == 7_500_000_000


def test_a_parameter_holds_from_the_row_that_says_it(tmp_path: Path) -> None:
    table = SignalTable([Signal("a.b.par_speed_m_s", unit="m/s")])
    with RecordWriter(tmp_path / "constant.mcap", metadata=METADATA, tables={"parameter": table}) as writer:
        writer.row("parameter", 0, [0.5])
    header, arrays = unpack(
        Playback(Record.open(tmp_path / "constant.mcap")).signals(10**9, 2 * 10**9, 100, table.names)
    )
    assert header["signals"][0]["steps"] and arrays["v"].tolist() == [0.5]


def test_missing_values_stay_missing_in_a_record(tmp_path: Path) -> None:
    table = SignalTable([Signal("a.b.pv_x", unit="m"), Signal("a.b.st_on", "bool")])
    with RecordWriter(tmp_path / "holes.mcap", metadata=METADATA, tables={"plant": table}) as writer:
        for scan in range(100):
            if 40 <= scan < 60:
                continue
            lost = 10 <= scan < 20
            writer.row("plant", scan * 20_000_000, np.array([np.nan, np.nan] if lost else [scan, 1.0]))
    header, arrays = unpack(Playback(Record.open(tmp_path / "holes.mcap")).signals(0, 2 * 10**9, 1000, table.names))
    for entry in header["signals"]:
        t = arrays["t"][entry["start"] : entry["start"] + entry["length"]]
        v = arrays["v"][entry["start"] : entry["start"] + entry["length"]]
        held = v[np.searchsorted(t, np.arange(100) * 20e6, "right") - 1]
        missing = np.flatnonzero(np.isnan(held)).tolist()
        assert missing == [*range(10, 20), *range(40, 60)], entry["name"]
