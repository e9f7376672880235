"""A synthetic log of the overhead hoist: one swap, as a PLC with Chinese names would log it.

``python -m benchmarks.hoist_log OUT.csv``: long CSV, GB18030, semicolons, decimal commas, local time; positions when
they change by 2 mm, at most every 0.5 s. No real station wrote it. ``assets/maps/overhead_hoist.yaml`` is its map.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

START = datetime(2026, 3, 2, 14, 5, 0)
SCAN_S, PERIOD_S, DEAD_BAND = 0.1, 0.5, 2.0
#: Heights of the grab's underside where it grips a pack on the truck, in a slot, and where it travels, m.
TRUCK_Z, SLOT_Z, TOP_Z = 2.70, 1.90, 4.40
#: Speeds (m/s) and acceleration (m/s²) of bridge, trolley, hoist.
SPEED, ACCELERATION = {"bridge": 0.5, "trolley": 0.5, "hoist": 0.15}, 0.3
PACK_KG, GRAB_KG = 3200.0, 380.0
EMPTY_SLOT, FULL_SLOT = 8, 3


def slot_x(number: int) -> float:
    """Where a slot is along the lane, m."""
    return (number - 4.5) * 1.5


def move_s(distance: float, speed: float) -> float:
    """How long a move with limited acceleration takes."""
    ramp = speed * speed / ACCELERATION
    return 2 * (distance / ACCELERATION) ** 0.5 if distance < ramp else distance / speed + speed / ACCELERATION


def along(share: float) -> float:
    """How far a smooth move has come at a share of its time, 0 to 1."""
    return float(share * share * (3 - 2 * share))


class Swap:
    """The state of the station scan by scan."""

    def __init__(self) -> None:
        self.at = {"bridge": 0.0, "trolley": 3.0, "hoist": TOP_Z, "truck": -9.0}
        self.gripped, self.carries, self.on_truck = False, False, True
        self.slots = [number != EMPTY_SLOT for number in range(1, 9)]

    def run(self) -> Iterator[None]:
        """One swap: in, old pack to the empty slot, a full one to the truck, out."""
        yield from self.wait(4)
        yield from self.go(truck=0.0)
        yield from self.wait(12)
        yield from self.fetch(0.0, 0.0, TRUCK_Z)
        self.on_truck = False
        yield from self.bring(slot_x(EMPTY_SLOT), 6.0, SLOT_Z)
        self.slots[EMPTY_SLOT - 1] = True
        yield from self.release()
        yield from self.fetch(slot_x(FULL_SLOT), 6.0, SLOT_Z)
        self.slots[FULL_SLOT - 1] = False
        yield from self.bring(0.0, 0.0, TRUCK_Z)
        self.on_truck = True
        yield from self.release()
        yield from self.wait(10)
        yield from self.go(truck=10.0)
        yield from self.wait(4)

    def fetch(self, x: float, y: float, z: float) -> Iterator[None]:
        yield from self.go(bridge=x, trolley=y)
        yield from self.go(hoist=z)
        self.gripped = True
        yield from self.wait(4)
        self.carries = True
        yield from self.go(hoist=z + 0.05)

    def bring(self, x: float, y: float, z: float) -> Iterator[None]:
        yield from self.go(hoist=TOP_Z)
        yield from self.go(bridge=x, trolley=y)
        yield from self.go(hoist=z)
        self.carries = False

    def release(self) -> Iterator[None]:
        yield from self.wait(3)
        self.gripped = False
        yield from self.wait(2)
        yield from self.go(hoist=TOP_Z)

    def wait(self, seconds: float) -> Iterator[None]:
        for _ in range(round(seconds / SCAN_S)):
            yield

    def go(self, **targets: float) -> Iterator[None]:
        """Axes that go together, each as fast as it can."""
        from_ = {name: self.at[name] for name in targets}
        took = {n: move_s(abs(to - from_[n]), SPEED.get(n, 1.2)) for n, to in targets.items()}
        for scan in range(1, round(max(took.values()) / SCAN_S) + 1):
            for name, to in targets.items():
                share = min(scan * SCAN_S / max(took[name], SCAN_S), 1.0)
                self.at[name] = from_[name] + (to - from_[name]) * along(share)
            yield
        self.at.update(targets)

    def values(self, noise: np.random.Generator) -> dict[str, float]:
        """What the PLC would say: positions in mm, the weighing cell in kg, bits and words."""
        weight = GRAB_KG + (PACK_KG if self.carries else 0.0) + noise.normal(0.0, 4.0)
        return {
            "大车位置_mm": 1000 * self.at["bridge"] + noise.normal(0.0, 0.5),
            "小车位置_mm": 1000 * self.at["trolley"] + noise.normal(0.0, 0.5),
            "起升高度_mm": 1000 * self.at["hoist"] + noise.normal(0.0, 0.5),
            "车辆测距_mm": 1000 * self.at["truck"] + noise.normal(0.0, 1.0),
            "吊具称重_kg": round(weight / 10) * 10,
            "吊具锁止": float(self.gripped),
            "车上电池到位": float(self.on_truck),
            "仓位状态字": float(sum(1 << number for number, full in enumerate(self.slots) if full)),
        }


def rows(seed: int = 1) -> Iterator[tuple[float, str, float]]:
    """Time (s), tag and value of every line: bits at once, numbers at most every ``PERIOD_S`` and when they changed."""
    noise, swap = np.random.default_rng(seed), Swap()
    last: dict[str, tuple[float, float]] = {}
    for scan, _ in enumerate(swap.run()):
        t_s = scan * SCAN_S
        for tag, value in swap.values(noise).items():
            known = last.get(tag)
            analogue = tag.endswith(("_mm", "_kg"))
            if known is not None and (t_s - known[0] < PERIOD_S - 1e-9 if analogue else value == known[1]):
                continue
            if known is None or abs(value - known[1]) > (DEAD_BAND if analogue else 0.0):
                last[tag] = (t_s, value)
                yield t_s, tag, value


def write(path: Path, seed: int = 1) -> None:
    """Write the log."""
    lines = ["时间;变量;数值"]
    for t_s, tag, value in rows(seed):
        stamp = (START + timedelta(seconds=t_s)).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        number = f"{value:.1f}".replace(".", ",") if tag.endswith("_mm") else f"{value:.0f}"
        lines.append(f"{stamp};{tag};{number}")
    path.write_text("\n".join(lines) + "\n", encoding="gb18030")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m benchmarks.hoist_log OUT.csv")
    write(Path(sys.argv[1]))
