"""A run as a plant's systems log it: looked at every so often, written when it has changed, by clocks of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.plant_log.draws import draws
from benchmarks.plant_log.names import PlcName, plc_names
from twin.record import Record
from twin.signals import Signal

NS = 1_000_000_000
START_NS = int(np.datetime64("2026-03-02T00:30:00", "ns").astype(np.int64))
#: Signals that a plant does not log: what only a simulation knows, and what is inside the controller.
_NOT_LOGGED = ("gt", "par", "ilk", "sp", "op")
#: An isolator is turned by hand; few plants have its contact in the PLC.
_BY_HAND = "isolator"
#: Dead-band by unit, and noise as a share of it.
_DEAD_BAND = {"m": 0.001, "rad": 0.0003, "N": 150.0, "m/s": 0.01, "rad/s": 0.001, "W": 500.0, "N·m": 5.0}
_NOISE = 0.3
_PERIODS_S = (0.25, 0.5, 1.0)
_SERIALS = ("pv_pack_serial", "seq_pack_serial", "pv_truck_id")
_NUISANCES = (
    ("W201", "液压油温偏高预警"), ("W305", "安全门未关闭提示"),
    ("W117", "充电柜风扇转速低"), ("W402", "上位机通信延迟"),
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A simulated run with all that can be logged of it: times of scans, and each signal's values."""

    t_ns: np.ndarray
    signals: dict[str, Signal]
    values: dict[str, np.ndarray]
    alarms: list[tuple[int, str, str, str]]
    scenario: str

    @classmethod
    def of(cls, record: Record) -> Run:
        """Read a Record whole; alarms as time, edge, name and class."""
        signals: dict[str, Signal] = {}
        values: dict[str, np.ndarray] = {}
        times = np.empty(0, dtype=np.int64)
        for table in ("plant", "controller"):
            wanted = [s for s in record.tables[table] if s.kind not in _NOT_LOGGED and s.area != _BY_HAND]
            times, rows = record.rows(table, names=[signal.name for signal in wanted])
            for column, signal in enumerate(wanted):
                signals[signal.name], values[signal.name] = signal, rows[:, column]
        alarms = [
            (event.t_ns, str(event.data["edge"]), event.name, str(event.data.get("class", "")))
            for event in record.events()
            if event.kind == "alarm"
        ]
        return cls(times, signals, values, alarms, record.metadata.get("scenario", ""))


@dataclass(frozen=True)
class TagLog:
    """The samples of a tag by its stream's clock (ns since 1970), values in the plant's unit or text."""

    signal: Signal
    name: PlcName
    t_ns: np.ndarray
    values: np.ndarray
    texts: list[str] | None = None


@dataclass(frozen=True)
class Alarm:
    """A line of the journal, by the scada's clock; no end where it still stands."""

    code: str
    level: str
    text: str
    raised_ns: int
    cleared_ns: int | None


@dataclass
class PlantLog:
    """A log before it is written; ``truth`` is what a reader of it should find out."""

    seed: int
    tags: list[TagLog]
    alarms: list[Alarm]
    periods_s: dict[str, float]
    truth: dict[str, Any] = field(default_factory=dict)


def plant_log(run: Run, seed: int, *, mid_swap: bool = True, skew_s: float = 1.5) -> PlantLog:
    """Log a run.

    Args:
        seed: draws names, periods, clocks, noise and what is lost. mid_swap: begin while a swap goes on.
        skew_s: farthest that a stream's clock is off.
    """
    names = plc_names(list(run.signals.values()), seed)
    streams = sorted({name.stream for name in names.values()})
    periods = {stream: float(draws(seed, "period", stream).choice(_PERIODS_S)) for stream in streams}
    offsets = {stream: round(float(draws(seed, "offset", stream).uniform(-skew_s, skew_s)), 3) for stream in streams}
    drifts = {stream: round(float(draws(seed, "drift", stream).uniform(-60, 60)), 1) for stream in streams}
    first_ns = int(run.t_ns[0])
    if mid_swap:
        first_ns = int(draws(seed, "first").choice(_swapping(run)))
    origin_ns = START_NS + seed % 1000 * 86_400 * NS

    def stamps(stream: str, t_ns: np.ndarray) -> np.ndarray:
        since = t_ns - first_ns
        stamped = origin_ns + since + round(offsets[stream] * NS) + (since * drifts[stream] * 1e-6).astype(np.int64)
        return stamped // 1_000_000 * 1_000_000

    tags = []
    for name, signal in run.signals.items():
        plc = names[name]
        rng = draws(seed, "samples", name)
        period_ns = round(periods[plc.stream] * NS)
        looks = np.arange(first_ns + int(rng.integers(period_ns)), int(run.t_ns[-1]), period_ns)
        rows = np.unique(np.searchsorted(run.t_ns, np.concatenate([[first_ns], looks])))
        values = _sensed(signal, run.values[name][rows], rng)
        kept = _changed(values, dead_band(signal))
        # A sample in a few hundred is lost; the first is what the logger found when it was started.
        kept = kept[(rng.random(len(kept)) > 0.003) | (kept == 0)]
        texts = None
        if signal.field in _SERIALS:
            texts = ["" if v == 0 else signal.labels[int(v)] for v in values[kept].tolist()]
        tags.append(TagLog(signal, plc, stamps(plc.stream, run.t_ns[rows[kept]]), values[kept] * plc.factor, texts))
    truth = {
        "synthetic": True, "scenario": run.scenario, "seed": seed, "first_ns": first_ns, "origin_ns": origin_ns,
        "clock_offset_s": offsets, "clock_drift_ppm": drifts, "period_s": periods,
    }  # fmt: skip
    return PlantLog(seed, tags, _journal(run, seed, first_ns, stamps), periods, truth)


def _swapping(run: Run) -> np.ndarray:
    """The scans at which a swap goes on, without its beginning and its end."""
    phase = run.values["station.unit.seq_phase"]
    busy = run.t_ns[phase != 0]
    return busy[len(busy) // 4 : len(busy) // 2]


def dead_band(signal: Signal) -> float:
    """A sample is written when the signal is so far from the last one, in its unit."""
    return _DEAD_BAND.get(signal.unit, 0.002) if signal.type == "real" else 0.0


def _sensed(signal: Signal, values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if signal.type != "real" or signal.kind != "pv":
        return values
    return values + rng.normal(0.0, _NOISE * dead_band(signal), len(values))


def _changed(values: np.ndarray, band: float) -> np.ndarray:
    """Places of the values that are written: the first, and each farther than the band from the last written."""
    if band == 0.0:
        return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
    kept, last = [0], float(values[0])
    for n, value in enumerate(values.tolist()):
        if abs(value - last) > band:
            kept.append(n)
            last = value
    return np.array(kept)


def _journal(run: Run, seed: int, first_ns: int, stamps: Any) -> list[Alarm]:
    """The run's alarms from the log's start on, and a few of the kind that every plant has and nobody reads."""
    open_: dict[str, tuple[int, str]] = {}
    spans: list[tuple[int, int | None, str, str, str]] = []
    codes = {name: f"A{n:04d}" for n, name in enumerate(sorted(n for n in run.signals if ".alm_" in n), 1)}
    for t_ns, edge, name, level in run.alarms:
        if edge == "raised":
            open_[name] = (t_ns, level)
        elif name in open_:
            begun, level = open_.pop(name)
            spans.append((begun, t_ns, codes[name], level, run.signals[name].text.get("zh", name)))
    spans += [
        (begun, None, codes[name], level, run.signals[name].text.get("zh", name))
        for name, (begun, level) in open_.items()
    ]
    for code, text in _NUISANCES:
        rng = draws(seed, "nuisance", code)
        for at in rng.uniform(first_ns, int(run.t_ns[-1]), int(rng.integers(0, 3))).astype(np.int64).tolist():
            spans.append((at, at + int(rng.uniform(1, 30) * NS), code, "D", text))
    return [
        Alarm(
            code, level, text, int(stamps("scada", np.array([begun]))[0]),
            None if end is None else int(stamps("scada", np.array([end]))[0]),
        )
        for begun, end, code, level, text in sorted(spans, key=lambda span: span[0])
        if begun >= first_ns
    ]  # fmt: skip
