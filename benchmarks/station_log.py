"""A synthetic log of a station, as a historian exports it: ``python -m benchmarks.station_log OUT.csv [SAMPLES]``.

Long CSV (timestamp, tag, value, quality), 200 tags, the same bytes for the same arguments. Axes every 0.25 s, most of
them standing as most do; temperatures every 2 s; bits and states on change, states as words; a quarter of the tags
has Chinese names. In it: a gap of 90 s in one axis, its clock 3 s back once, and a valve's pressure of bad quality.
10 million samples are 24 hours; more samples are more hours.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

SAMPLES_A_DAY = 10_000_000
HOUR_NS = 3_600_000_000_000
START_NS = int(np.datetime64("2026-03-01T00:00:00", "ns").astype(np.int64))
GOOD, BAD = 192, 24
AXES, SLOW, WORDS = 24, 32, 4
TAGS = 200
_STATES = ("IDLE", "STARTING", "EXECUTE", "HELD", "换电中")
GAP_HOUR, BACK_HOUR, BAD_HOUR = 3, 5, 7
#: A map of three axes, which move a generic cell, and one bit.
MAP = """
text: {en: "Synthetic station log", zh: "合成的换电站日志"}
machines: {cell: {cell: generic_cell}}
tags:
  ST01.AXIS1.ActPos:
    {signal: axis.x.pv_position_m, unit: m, logged: periodic, period_s: 0.25, joint: cell.x, joint_scale: 0.1}
  ST01.AXIS2.ActPos:
    {signal: axis.y.pv_position_m, unit: m, logged: periodic, period_s: 0.25, joint: cell.y, joint_scale: 0.1}
  ST01.AXIS3.ActPos:
    {signal: axis.z.pv_position_m, unit: m, logged: periodic, period_s: 0.25, joint: cell.z, joint_scale: 0.1}
  ST01.DI.B001: {signal: gate.door.st_open, type: bool}
"""


@dataclass(frozen=True)
class _Rows:
    """Samples of an hour, in any order: ``text`` is the value as the historian writes it."""

    t_ns: npt.NDArray[np.int64]
    tag: npt.NDArray[np.int32]
    text: pa.Array
    quality: npt.NDArray[np.int32]


def tag_names() -> list[str]:
    """The names of all tags, by number."""
    names = [f"ST01.轴{n // 4}.X{n}.位置" if n % 4 == 0 else f"ST01.AXIS{n}.ActPos" for n in range(AXES)]
    names += [f"ST01.温度.T{n:03d}" if n % 4 == 0 else f"ST01.TEMP.T{n:03d}.PV" for n in range(SLOW)]
    names += [f"ST01.UNIT{n}.State" for n in range(WORDS)]
    bits = TAGS - len(names)
    return names + [f"ST01.传感器.B{n:03d}" if n % 4 == 0 else f"ST01.DI.B{n:03d}" for n in range(bits)]


def write_station_log(path: Path, samples: int = SAMPLES_A_DAY, *, seed: int = 1) -> None:
    """Write the log; about ``samples`` rows, in the order of time but where a clock goes back."""
    schema = pa.schema([(name, pa.string()) for name in ("timestamp", "tag", "value", "quality")])
    names = pa.array(tag_names())
    left = samples
    hour = 0
    with (
        path.open("wb") as file,
        csv.CSVWriter(file, schema, write_options=csv.WriteOptions(quoting_style="none", batch_size=1 << 16)) as out,
    ):
        while left > 0:
            rows = _hour(np.random.default_rng([seed, hour]), hour, min(left, SAMPLES_A_DAY // 24))
            left -= SAMPLES_A_DAY // 24
            # One axis' clock is 3 s back for a minute: its rows stand where they came.
            came_ns = rows.t_ns
            stamp_ns = came_ns.copy()
            if hour == BACK_HOUR:
                minute = (came_ns % HOUR_NS) // 60_000_000_000
                stamp_ns[(rows.tag == 1) & (minute == 30)] -= 3_000_000_000
            order = pa.array(np.argsort(came_ns, kind="stable"))
            stamps = pa.array(START_NS + stamp_ns).cast(pa.timestamp("ns")).cast(pa.timestamp("ms"), safe=False)
            columns = [
                pc.binary_join_element_wise(pc.cast(stamps, pa.string()), "Z", ""),
                names.take(pa.array(rows.tag)),
                rows.text,
                pc.cast(pa.array(rows.quality), pa.string()),
            ]
            out.write_table(pa.table([column.take(order) for column in columns], schema=schema))
            hour += 1


def _hour(rng: np.random.Generator, hour: int, count: int) -> _Rows:
    """The samples of an hour, or of its beginning."""
    axes = [_axis(rng, hour, tag) for tag in range(AXES)]
    slow = [_slow(rng, hour, AXES + n) for n in range(SLOW)]
    first_bit = AXES + SLOW + WORDS
    periodic = sum(len(rows.t_ns) for rows in (*axes, *slow))
    share = max(1, (SAMPLES_A_DAY // 24 - periodic) // (TAGS - first_bit + WORDS))
    words = [_words(rng, hour, AXES + SLOW + n, share) for n in range(WORDS)]
    bits = [_bits(rng, hour, tag, share) for tag in range(first_bit, TAGS)]
    parts = [*axes, *slow, *words, *bits]
    t_ns = np.concatenate([rows.t_ns for rows in parts])
    keep = np.sort(np.argsort(t_ns, kind="stable")[:count])
    return _Rows(
        t_ns[keep],
        np.concatenate([rows.tag for rows in parts])[keep],
        pa.concat_arrays([rows.text for rows in parts]).take(pa.array(keep)),
        np.concatenate([rows.quality for rows in parts])[keep],
    )


def _axis(rng: np.random.Generator, hour: int, tag: int) -> _Rows:
    """0.25 s; moves a quarter of the time, with the noise of its encoder."""
    t_ns = hour * HOUR_NS + np.arange(14_400, dtype=np.int64) * 250_000_000 + tag * 1_000_000
    if tag == 2 and hour == GAP_HOUR:
        second = t_ns % HOUR_NS // 1_000_000_000
        t_ns = t_ns[(second < 1200) | (second >= 1290)]
    turn = np.clip((t_ns / 1e9 + 37 * tag) % 240 / 60, 0, 1)
    value = 1.5 * (1 - np.cos(2 * np.pi * turn)) + np.where(turn < 1, rng.normal(0, 2e-5, len(t_ns)), 0.0)
    return _numbers(t_ns, tag, np.round(value, 5))


def _slow(rng: np.random.Generator, hour: int, tag: int) -> _Rows:
    t_ns = hour * HOUR_NS + np.arange(1_800, dtype=np.int64) * 2_000_000_000 + tag * 3_000_000
    value = 25 + 6 * np.sin(t_ns / 2e13 + tag) + rng.normal(0, 0.02, len(t_ns))
    rows = _numbers(t_ns, tag, np.round(value, 2))
    if tag == AXES and hour == BAD_HOUR:
        rows.quality[600:700] = BAD
    return rows


def _bits(rng: np.random.Generator, hour: int, tag: int, count: int) -> _Rows:
    t_ns = hour * HOUR_NS + np.sort(rng.integers(0, HOUR_NS // 1_000_000, count)) * 1_000_000
    return _rows(t_ns, tag, pa.array(np.array(["0", "1"])[(np.arange(count) + tag) % 2]))


def _words(rng: np.random.Generator, hour: int, tag: int, count: int) -> _Rows:
    t_ns = hour * HOUR_NS + np.sort(rng.integers(0, HOUR_NS // 1_000_000, count)) * 1_000_000
    return _rows(t_ns, tag, pa.array(_STATES).take(pa.array((np.arange(count) + tag) % len(_STATES))))


def _numbers(t_ns: npt.NDArray[np.int64], tag: int, values: npt.NDArray[np.float64]) -> _Rows:
    return _rows(t_ns, tag, pc.cast(pa.array(values), pa.string()))


def _rows(t_ns: npt.NDArray[np.int64], tag: int, text: pa.Array) -> _Rows:
    return _Rows(t_ns, np.full(len(t_ns), tag, np.int32), text, np.full(len(t_ns), GOOD, np.int32))


if __name__ == "__main__":
    write_station_log(Path(sys.argv[1]), int(float(sys.argv[2])) if len(sys.argv) > 2 else SAMPLES_A_DAY)
