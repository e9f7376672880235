"""Long signals from what was thinned beforehand: as if from every sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.playback import Playback, unpack
from twin.record import Record, RecordWriter, recover
from twin.record.overview import FEWEST_ROWS, TableOverview
from twin.record.shape import extremes
from twin.signals import Signal, SignalTable

SIGNALS = SignalTable([Signal("a.b.pv_x"), Signal("a.b.st_on", "bool"), Signal("a.b.seq_s", "enum", labels={0: "z"})])
COUNT, PERIOD_NS = 60_000, 20_000_000


def _rows(seed: int, count: int = COUNT) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    t_ns = np.arange(count, dtype=np.int64) * PERIOD_NS
    x = np.cumsum(rng.normal(size=count))
    # Spikes of a single sample, and samples without a value.
    x[rng.integers(0, count, 5)] += 1e4
    x[rng.integers(0, count, 40)] = np.nan
    on = (np.cumsum(rng.random(count) < 0.001) % 2).astype(float)
    state = rng.integers(0, 5, count).astype(float)
    return t_ns, np.column_stack([x, on, state])


@pytest.fixture(scope="module", params=["at once", "as it happens"])
def long_log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "long.mcap"
    t_ns, values = _rows(1)
    at_once = request.param == "at once"
    with RecordWriter(path, metadata={"scan_ns": str(PERIOD_NS)}, tables={"t": SIGNALS}, at_once=at_once) as writer:
        for start in range(0, COUNT, 7000):
            # Nothing is recorded for a while.
            part = slice(start, start + 7000 - 300 * (start == 21_000))
            writer.rows("t", t_ns[part], values[part])
    return path


def _signals(playback: Playback, t0_ns: int, t1_ns: int, buckets: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    header, arrays = unpack(playback.signals(t0_ns, t1_ns, buckets, SIGNALS.names))
    found = {}
    for entry in header["signals"]:
        part = slice(entry["start"], entry["start"] + entry["length"])
        found[entry["name"]] = arrays["t"][part] + t0_ns, arrays["v"][part]
    return found


@given(ends=st.tuples(st.integers(0, COUNT), st.integers(0, COUNT)).map(sorted), buckets=st.integers(20, 400))
@settings(max_examples=60, deadline=None)
def test_a_wide_window_keeps_every_extreme_and_gap(long_log: Path, ends: list[int], buckets: int) -> None:
    record = Record.open(long_log)
    t0_ns, t1_ns = (end * PERIOD_NS + 7 for end in ends)
    level = record.overview("a.b.pv_x", (t1_ns - t0_ns + 1) // buckets)
    for name, (t, v) in _signals(Playback(record), t0_ns, t1_ns, buckets).items():
        t_ns, values = record.signal(name, t0_ns, t1_ns, before=True)
        if not len(values):
            continue
        assert np.nanmin(v) == np.nanmin(values) and np.nanmax(v) == np.nanmax(values), name
        # Every sample sent is one that was recorded, or a gap.
        known = ~np.isnan(v)
        assert np.isin(t[known].astype(np.int64), t_ns).all()
        assert np.isnan(v).any() or not np.isnan(values).any()
        if level is None:
            continue
        # What was kept of each part of the grid stays together: of every bucket of whole parts the extremes are exact.
        parts = t_ns // level.grid_ns * level.grid_ns
        bucket = (parts - t0_ns) * buckets // (t1_ns - t0_ns + 1)
        sent = (t.astype(np.int64) // level.grid_ns * level.grid_ns - t0_ns) * buckets // (t1_ns - t0_ns + 1)
        for n in np.unique(bucket[~np.isnan(values)]):
            mine, theirs = v[sent == n], values[bucket == n]
            if name == "a.b.pv_x":
                assert (np.nanmin(mine), np.nanmax(mine)) == (np.nanmin(theirs), np.nanmax(theirs))


@given(
    values=st.lists(st.one_of(st.floats(-9, 9), st.just(np.nan)), min_size=1, max_size=80),
    narrow=st.integers(1, 5), wider=st.integers(1, 5),
)  # fmt: skip
@settings(deadline=None)
def test_thinning_twice_is_thinning_once(values: list[float], narrow: int, wider: int) -> None:
    v, at = np.array(values), np.arange(len(values))
    once = extremes(v, at // (narrow * wider))
    first = extremes(v, at // narrow)
    assert first[extremes(v[first], at[first] // (narrow * wider))].tolist() == once.tolist()


def test_a_log_longer_than_it_looked_gets_a_wider_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("twin.record.overview._MOST_KEPT", 3000)
    monkeypatch.setattr("twin.record.overview._VALUES_AT_ONCE", 6000)
    t_ns, values = _rows(5)
    table = TableOverview(list(SIGNALS), 0)
    for start in range(0, COUNT, 900):
        table.add(t_ns[start : start + 900], values[start : start + 900])
    levels = table.levels()["a.b.pv_x"]
    whole = extremes(values[:, 0], t_ns // levels[0].grid_ns)
    assert levels[0].t_ns.tolist() == t_ns[whole].tolist() and len(whole) < 3000


def test_a_short_log_has_none_and_a_damaged_one_is_not_believed(tmp_path: Path) -> None:
    table = TableOverview(list(SIGNALS), 0)
    t_ns, values = _rows(2, FEWEST_ROWS - 1)
    table.add(t_ns, values)
    assert table.levels() == {}
    path = tmp_path / "long.mcap"
    t_ns, values = _rows(3)
    with RecordWriter(path, metadata={}, tables={"t": SIGNALS}, at_once=True) as writer:
        writer.rows("t", t_ns, values)
    record = Record.open(path)
    level = record.overview("a.b.pv_x", COUNT * PERIOD_NS // 100)
    assert level is not None
    name = level.attachment_name("a.b.pv_x")
    assert name not in record.attachments
    data = bytearray(path.read_bytes())
    data[data.index(name.encode()) + 200] ^= 0xFF
    path.write_bytes(data)
    record = Record.open(path)
    assert record.overview("a.b.pv_x", COUNT * PERIOD_NS // 100) is None
    t, v = _signals(Playback(record), 0, COUNT * PERIOD_NS, 100)["a.b.pv_x"]
    assert np.nanmax(v) == np.nanmax(values[:, 0]) and len(t) < 1000


def test_recovery_makes_overviews_of_what_is_left(tmp_path: Path) -> None:
    path, cut = tmp_path / "long.mcap", tmp_path / "cut.mcap"
    t_ns, values = _rows(4)
    with RecordWriter(path, metadata={}, tables={"t": SIGNALS}, at_once=True) as writer:
        writer.rows("t", t_ns, values)
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    recover(cut)
    record = Record.open(cut)
    overview = record.overview("a.b.pv_x", COUNT * PERIOD_NS)
    assert overview is not None
    _, left = record.signal("a.b.pv_x")
    assert 0 < len(left) < COUNT and np.nanmax(overview.values) == np.nanmax(left)
