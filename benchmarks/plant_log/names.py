"""What a plant calls its signals: data blocks of a PLC, short words, and Chinese for a share of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.plant_log.draws import draws
from twin.signals import Signal

#: Area to data block, its name in tags, in Chinese, and the stream that logs it.
AREAS = {
    "shuttle": (101, "RGV", "穿梭车", "plc_rgv"),
    "bay": (130, "BAY", "车位", "plc_rgv"),
    "truck": (131, "TRK", "车辆", "plc_rgv"),
    "bracket1": (141, "BRK1", "支架一", "plc_rgv"),
    "bracket2": (142, "BRK2", "支架二", "plc_rgv"),
    "bracket3": (143, "BRK3", "支架三", "plc_rgv"),
    "crane": (102, "STK", "堆垛机", "plc_stk"),
    "rack": (110, "RACK", "充电仓", "plc_stk"),
    "transfer": (105, "TRF", "交接位", "plc_stk"),
    "station": (1, "ST", "站控", "scada"),
    "operator": (2, "HMI", "面板", "scada"),
}
_DEVICES = {
    "travel": "行走", "cross": "横移", "lift": "升降", "yaw": "回转", "plate": "托板", "lock_driver": "解锁",
    "hoist": "起升", "fork": "货叉", "load": "载荷", "full": "满电", "empty": "空电", "isolation": "隔离",
    "seat": "落座", "clamp": "夹紧", "sensor": "定位", "pose": "视觉", "interface": "接口",
    "safety": "安全", "unit": "主程序", "panel": "操作",
}  # fmt: skip
#: How a plant scales: unit of a signal to the plant's unit, and how many of it make one of the signal's.
SCALES = {"m": ("mm", 1000.0), "rad": ("0.001deg", 180_000.0 / np.pi), "N": ("kg", 1 / 9.81), "m/s": ("mm/s", 1000.0)}
_CHINESE_SHARE = 0.35


@dataclass(frozen=True)
class PlcName:
    """A tag: its name, the stream that logs it, and the factor from the signal's unit to the plant's."""

    tag: str
    stream: str
    factor: float
    unit: str


def plc_names(signals: list[Signal], seed: int) -> dict[str, PlcName]:
    """A name for each signal of the station."""
    names: dict[str, PlcName] = {}
    taken: set[str] = set()
    for signal in signals:
        area, device, field = signal.name.split(".")
        block, short, chinese, stream = AREAS[area]
        comment = signal.text.get("zh", "")
        if comment and draws(seed, "name", signal.name).random() < _CHINESE_SHARE:
            digits = "".join(letter for letter in device if letter.isdigit())
            word = _DEVICES.get(device) or ("锁" if device.startswith("lock") else "仓") + digits
            tag = f"DB{block}.{chinese}.{word}.{comment}"
        else:
            tag = f"DB{block}.{short}_{device}.{field}"
        unit, factor = SCALES.get(signal.unit, (signal.unit, 1.0))
        # Two signals of a device may be called the same in Chinese.
        if tag in taken:
            tag = f"{tag}_{field}"
        taken.add(tag)
        names[signal.name] = PlcName(tag, stream, factor, unit)
    return names
