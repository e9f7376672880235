"""Writes a strange export, synthetic: what a trend tool of some plant might give, for docs/first-log.md and its test.

``python -m tools.strange_export FOLDER``: sixty tags, a column each, Chinese names, semicolons, decimal commas,
GB18030, a preamble and a trailer. Three of the columns are the axes of a gantry, in mm, counted in their own way.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

NAME = "趋势导出_20260301.csv"
STEP_S, ROWS = 0.5, 2400
_BEGIN = datetime(2026, 3, 1, 8, 0, 0)


def write(folder: Path, *, seed: int = 1) -> Path:
    """Write the export into a folder; the same seed gives the same bytes.

    Returns:
        Its path.
    """
    columns = dict(_columns(np.random.default_rng(seed)))
    lines = ["趋势数据导出（合成）", "装置：三号车间 桁架机械手", "", ";".join(["时间", *columns])]
    for row in range(ROWS):
        stamp = _BEGIN + timedelta(seconds=row * STEP_S)
        cells = [column[row] for column in columns.values()]
        lines.append(";".join([f"{stamp:%d.%m.%Y %H:%M:%S},{stamp.microsecond // 1000:03}", *cells]))
    lines.append("导出结束")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    return path


def _columns(rng: np.random.Generator) -> Iterator[tuple[str, list[str]]]:
    """Sixty names and their cells."""
    t = np.arange(ROWS) * STEP_S
    # X counts from the left end, Y backwards, Z down from the top.
    yield "桁架_X轴_实际位置[mm]", _real(_moves(rng, 40.0, 860.0), 1)
    yield "桁架_Y轴_实际位置[mm]", _real(_moves(rng, 60.0, 540.0), 1)
    yield "桁架_Z轴_实际位置[mm]", _real(_moves(rng, 0.0, 500.0), 1)
    for axis in "XYZ":
        yield f"桁架_{axis}轴_电机电流[A]", _real(np.abs(rng.normal(3, 1.2, ROWS)), 2)
        yield f"桁架_{axis}轴_电机温度[℃]", _real(45 + 8 * (1 - np.exp(-t / 400)) + rng.normal(0, 0.1, ROWS), 1)
        yield f"桁架_{axis}轴_使能", _bit(rng, 6)
    pressure = 160 + rng.normal(0, 0.6, ROWS)
    pressure[1500:1600] = -999
    yield "液压站_系统压力[bar]", _real(pressure, 1)
    yield "夹爪_状态", [("打开", "夹紧", "移动中")[int(k)] for k in np.repeat(rng.integers(0, 3, ROWS // 20), 20)]
    yield "运行模式", ["自动" if n < 2000 else "手动" for n in range(ROWS)]
    word = np.bitwise_xor.accumulate((1 << rng.integers(0, 12, ROWS)) * (np.arange(ROWS) % 10 == 0))
    yield "状态字", [str(int(value)) for value in word]
    yield "节拍计数", [str(n // 60) for n in range(ROWS)]
    for number in range(1, 21):
        yield f"托盘{number:02}_在位", _bit(rng, 4)
    for number in range(1, 13):
        yield f"温度点_{number:02}", _real(22 + number / 4 + np.cumsum(rng.normal(0, 0.01, ROWS)), 2)
    for number in range(1, 12):
        yield f"模拟量_AI{number:02}", _real(rng.normal(10 * number, 0.5, ROWS), 3)


def _moves(rng: np.random.Generator, low: float, high: float) -> Numbers:
    """An axis that goes from place to place and waits there."""
    places = rng.uniform(low, high, ROWS // 30)
    ramp = np.concatenate([np.linspace(0, 1, 12), np.ones(18)])
    before = np.concatenate([places[:1], places[:-1]])
    found: Numbers = (before[:, None] + (places - before)[:, None] * ramp).ravel()
    return found


def _real(values: Numbers, decimals: int) -> list[str]:
    return [f"{value:.{decimals}f}".replace(".", ",") for value in values]


def _bit(rng: np.random.Generator, changes: int) -> list[str]:
    edges = np.sort(rng.integers(0, ROWS, changes))
    return [str(int(value)) for value in np.searchsorted(edges, np.arange(ROWS)) % 2]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write a strange export, synthetic.")
    parser.add_argument("folder", type=Path)
    print(write(parser.parse_args().folder))
