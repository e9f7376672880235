"""Writes a plant-like log in the shapes that plants export, and the map that reads it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from pyarrow import parquet

from benchmarks.plant_log.logged import PlantLog, TagLog, dead_band

#: 100 ns ticks of a FILETIME at 1970.
_FILETIME_EPOCH = 116_444_736_000_000_000
_LOCAL_NS = 8 * 3600 * 1_000_000_000
_GOOD = "192"


def export(log: PlantLog, folder: Path, shape: str) -> Path:
    """Write a log: its files in ``folder/log``, ``map.yaml``, and ``truth.json`` beside them.

    Returns:
        The folder with the files.
    """
    files = folder / "log"
    files.mkdir(parents=True, exist_ok=True)
    time = SHAPES[shape](log, files)
    _journal(log, files / "alarms.csv")
    (folder / "map.yaml").write_text(_map(log, time, shape), encoding="utf-8")
    (folder / "truth.json").write_text(json.dumps({**log.truth, "shape": shape}, indent=1), encoding="utf-8")
    return files


def _by_stream(log: PlantLog) -> dict[str, list[TagLog]]:
    found: dict[str, list[TagLog]] = {}
    for tag in log.tags:
        found.setdefault(tag.name.stream, []).append(tag)
    return found


def _cells(tag: TagLog) -> list[str]:
    """A tag's values as a plant writes them: whole numbers for bits and states, a few decimals else."""
    if tag.texts is not None:
        return tag.texts
    if tag.signal.type != "real":
        return [str(int(value)) for value in tag.values.tolist()]
    return [f"{value:.3f}" for value in tag.values.tolist()]


def _local(t_ns: np.ndarray) -> list[str]:
    """Stamps of a clock in Shanghai, to the millisecond."""
    text = np.datetime_as_string((t_ns + _LOCAL_NS).astype("datetime64[ns]"), unit="ms")
    return [stamp.replace("T", " ") for stamp in text.tolist()]


def _rows(tags: list[TagLog]) -> list[tuple[int, TagLog, str]]:
    """All samples of a stream in the order of time."""
    rows = [
        (t_ns, number, cell)
        for number, tag in enumerate(tags)
        for t_ns, cell in zip(tag.t_ns.tolist(), _cells(tag), strict=True)
    ]
    rows.sort()
    return [(t_ns, tags[number], cell) for t_ns, number, cell in rows]


def _csv_long(log: PlantLog, folder: Path) -> dict[str, Any]:
    """A file for each stream: time, tag, comment, value, quality; GB18030."""
    for stream, tags in _by_stream(log).items():
        rows = _rows(tags)
        stamps = _local(np.array([t_ns for t_ns, _, _ in rows]))
        with (folder / f"{stream}.csv").open("w", encoding="gb18030", newline="") as file:
            out = csv.writer(file)
            out.writerow(["时间", "变量名", "注释", "数值", "质量"])
            for stamp, (_, tag, cell) in zip(stamps, rows, strict=True):
                out.writerow([stamp, tag.name.tag, tag.signal.text.get("zh", ""), cell, _GOOD])
    return {"format": "iso", "zone": "Asia/Shanghai"}


def _csv_wide(log: PlantLog, folder: Path) -> dict[str, Any]:
    """As a scope exports: tabs, a preamble, a FILETIME column for each channel; UTF-16."""
    for stream, tags in _by_stream(log).items():
        columns = [
            ([str(t // 100 + _FILETIME_EPOCH) for t in tag.t_ns.tolist()], _cells(tag)) for tag in tags
        ]  # fmt: skip
        lines = ["Name\tScope export (synthetic)", f"File\t{stream}", ""]
        lines.append("\t".join(part for tag in tags for part in ("Time", tag.name.tag)))
        for row in range(max(len(stamps) for stamps, _ in columns)):
            pairs = ((stamps[row], cells[row]) if row < len(stamps) else ("", "") for stamps, cells in columns)
            lines.append("\t".join(part for pair in pairs for part in pair))
        (folder / f"{stream}.csv").write_text("\n".join(lines) + "\n", encoding="utf-16")
    return {"format": "filetime"}


def _mqtt(log: PlantLog, folder: Path) -> dict[str, Any]:
    """JSON lines of messages, a topic for each tag, times as epoch ms."""
    for stream, tags in _by_stream(log).items():
        with (folder / f"{stream}.jsonl").open("w", encoding="utf-8") as file:
            for t_ns, tag, cell in _rows(tags):
                value: object = cell if tag.texts is not None else json.loads(cell)
                message = {"topic": tag.name.tag, "payload": {"ts": t_ns // 1_000_000, "value": value}}
                file.write(json.dumps(message, ensure_ascii=False) + "\n")
    return {"format": "epoch", "unit": "ms"}


def _parquet(log: PlantLog, folder: Path) -> dict[str, Any]:
    """A table for each stream: time, tag, value as text, quality."""
    for stream, tags in _by_stream(log).items():
        rows = _rows(tags)
        table = pa.table({
            "time": pa.array([t_ns for t_ns, _, _ in rows], pa.timestamp("ns", tz="UTC")),
            "tag": pa.array([tag.name.tag for _, tag, _ in rows]),
            "value": pa.array([cell for _, _, cell in rows]),
            "quality": pa.array([int(_GOOD)] * len(rows), pa.int32()),
        })  # fmt: skip
        parquet.write_table(table, folder / f"{stream}.parquet")
    return {"format": "iso"}


#: Shape to what writes it and says how its stamps read.
SHAPES: Mapping[str, Callable[[PlantLog, Path], dict[str, Any]]] = {
    "csv_long": _csv_long,
    "csv_wide": _csv_wide,
    "mqtt": _mqtt,
    "parquet": _parquet,
}


def _journal(log: PlantLog, path: Path) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        out = csv.writer(file)
        out.writerow(["报警代码", "报警级别", "报警内容", "发生时间", "恢复时间"])
        for alarm in log.alarms:
            end = "" if alarm.cleared_ns is None else _local(np.array([alarm.cleared_ns]))[0]
            out.writerow([alarm.code, alarm.level, alarm.text, _local(np.array([alarm.raised_ns]))[0], end])


def _map(log: PlantLog, time: dict[str, Any], shape: str) -> str:
    """The map: every tag with its signal, its scale and how it is logged; the station is what moves."""
    tags: dict[str, Any] = {}
    for tag in log.tags:
        signal, name = tag.signal, tag.name
        entry: dict[str, Any] = {"signal": signal.name, "type": signal.type, "unit": signal.unit}
        if name.factor != 1.0:
            entry["scale"] = 1.0 / name.factor
        if tag.texts is None and signal.labels:
            entry["labels"] = {int(value): str(label) for value, label in signal.labels.items()}
        entry |= {"logged": "dead_band" if signal.type == "real" else "on_change"}
        if signal.type == "real":
            entry["dead_band"] = dead_band(signal)
        entry |= {"period_s": log.periods_s[name.stream], "text": dict(signal.text)}
        topic = f"{name.tag}/value" if shape == "mqtt" else name.tag
        tags[f"{name.stream}/{topic}"] = entry
    data = {
        "text": {"en": "Plant-like log (synthetic)", "zh": "类工厂日志（合成）"},
        "synthetic": True,
        "time": time,
        "streams": {"alarms": {"time": {"format": "iso", "zone": "Asia/Shanghai"}}},
        "machines": {"station": {"station": "chassis_swap"}},
        "tags": tags,
    }
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
