"""Which pack stood where when a swap began, from what is held where over the log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin.analysis.samples import RecordSamples
from twin.motion import Hold, Motion
from twin.rebuild.known import Known, known
from twin.record import Record
from twin.scenario import IDENTITY, PLACE, Pack

_SERIAL, _PLACE = re.compile(IDENTITY), re.compile(PLACE)
_TRUCK = re.compile(r"^truck\.(p[123])$")
#: What an empty pack comes back with where the log does not say.
_OLD_FRAC = 0.2


@dataclass
class Stock:
    """Packs at the start: by place of the station, and by position of the truck."""

    inventory: dict[str, Pack] = field(default_factory=dict)
    truck: dict[str, Pack] = field(default_factory=dict)
    known: list[Known] = field(default_factory=list)


def stock(
    record: Record, samples: RecordSamples, start_ns: int, parked_ns: int, end_ns: int, mask: float | None, *,
    taken_off: bool = False,
) -> Stock:  # fmt: skip
    """The packs of one swap.

    Args:
        start_ns: its begin, or the log's. parked_ns: until when the packs of the truck are as it brought them.
        mask: of the positions to be swapped (bit 0: p1), where it is logged.
        taken_off: the log begins after the truck's first pack was taken off.
    """
    motion = Motion.of(record)
    found = Stock()
    if motion is None:
        found.known.append(known("inventory", "", "not known", "The log shows no packs.", "日志未显示电池包。"))
        return found
    taken: set[str] = set()
    for n, (body, held) in enumerate(motion.holds.items(), 1):
        if body not in motion.setup.bodies:
            continue
        rows = stay(held.holds, start_ns, parked_ns, end_ns)
        if not rows:
            continue
        at = max((hold for hold in rows if hold.t_ns <= start_ns), key=lambda hold: hold.t_ns, default=rows[0])
        serial = _serial(rows, n, taken, found)
        taken.add(serial)
        place, origin = _origin(at, rows, found, serial, mask, taken_off)
        if place is None:
            continue
        pack = Pack(serial=serial, soc_frac=_soc(samples, rows, at, place, start_ns, serial, found))
        if (position := _TRUCK.match(place)) is not None:
            found.truck.setdefault(position[1], pack)
        else:
            found.inventory.setdefault(place, pack)
        if origin:
            found.known.append(
                known(
                    f"pack.{serial}",
                    place,
                    "estimated",
                    f"Where it stood when the swap began: {origin}.",
                    f"换电开始时的位置：{origin}。",
                )
            )
    return found


def stay(holds: Sequence[Hold], start_ns: int, parked_ns: int, end_ns: int) -> list[Hold]:
    """What holds a pack from when it came into the station until it left, of the stay that the swap begins in.

    A truck's pack is seen once the truck is in the bay. What follows a pack that left is another one.
    """
    stays: list[list[Hold]] = [[]]
    for hold in holds:
        if hold.place:
            stays[-1].append(hold)
        elif stays[-1]:
            stays.append([])
    gone_ns = [hold.t_ns for hold in holds if not hold.place and hold.t_ns > 0]
    for one in filter(None, stays):
        left = next((t_ns for t_ns in gone_ns if t_ns > one[-1].t_ns), None)
        here = one[0].t_ns <= start_ns and (left is None or left > start_ns)
        comes = start_ns < one[0].t_ns <= (end_ns if _TRUCK.match(one[0].place) else parked_ns)
        if here or comes:
            return one
    return []


def _serial(rows: list[Hold], number: int, taken: set[str], found: Stock) -> str:
    for hold in rows:
        if _SERIAL.match(hold.serial) and hold.serial not in taken:
            return hold.serial
    made_up = f"PACK-{number:04d}"
    found.known.append(
        known(
            f"pack{number}.serial", made_up, "assumed", "The log does not name this pack.", "日志未给出该电池包序列号。"
        )
    )
    return made_up


def _origin(
    at: Hold, rows: list[Hold], found: Stock, serial: str, mask: float | None, taken_off: bool
) -> tuple[str | None, str]:
    """Where a pack comes from that was under way when the log began."""
    wanted = [position for position in _asked(mask) if position not in found.truck]
    if taken_off and at.place == "transfer.empty" and wanted:
        return f"truck.{wanted[0]}", "it had been taken off the truck"
    if _PLACE.match(at.place) or _TRUCK.match(at.place):
        return at.place, ""
    later = [hold.place for hold in rows if hold.t_ns > at.t_ns]
    if any(_TRUCK.match(place) for place in later):
        return "transfer.full", "it was on its way to the truck"
    if at.place == "crane.load" and "transfer.full" in later:
        free = next((f"rack.slot{n}" for n in range(1, 100) if f"rack.slot{n}" not in found.inventory), None)
        return free, "the crane was bringing it"
    if at.place in ("shuttle.plate", "crane.load"):
        return f"truck.{wanted[0] if wanted else 'p2'}", "it was on its way from the truck"
    found.known.append(known(f"pack.{serial}", at.place, "not known", "Where it came from.", "来源未知。"))
    return None, ""


def _soc(
    samples: RecordSamples, rows: list[Hold], at: Hold, place: str, start_ns: int, serial: str, found: Stock
) -> float:
    """Its charge at the start: read at its place, or where it came to stand later, or assumed."""
    stands = [(hold.place, max(hold.t_ns, start_ns)) for hold in rows if hold.t_ns >= at.t_ns]
    for n, (where, t_ns) in enumerate(stands):
        name = f"{where}.pv_soc_frac"
        if name not in samples.signals:
            continue
        until = stands[n + 1][1] if n + 1 < len(stands) else samples.end_ns
        times, values = samples.series(name)
        within = (times >= t_ns) & (times < until) & (values > 0.01)
        standing = np.searchsorted(times, t_ns, side="right") - 1
        if standing >= 0 and values[standing] > 0.01:
            value = float(values[standing])
        elif within.any():
            value = float(values[within][0])
        else:
            continue
        value = round(min(max(value, 0.0), 1.0), 3)
        how, en, zh = (
            ("logged", "Its charge at the start.", "初始电量。")
            if where == place
            else ("estimated", f"Its charge, read later at {where}.", f"其后在 {where} 读得的电量。")
        )
        found.known.append(known(f"pack.{serial}.soc_frac", f"{value:.3f}", how, en, zh, "±0.01"))  # type: ignore[arg-type]
        return value
    value = 1.0 if place.startswith("transfer.full") else _OLD_FRAC
    found.known.append(
        known(
            f"pack.{serial}.soc_frac",
            f"{value:g}",
            "assumed",
            "The log does not tell its charge.",
            "日志未给出其电量。",
            "±0.2",
        )
    )
    return value


def _asked(mask: float | None) -> list[str]:
    return [] if mask is None else [f"p{n}" for n in (1, 2, 3) if int(mask) >> (n - 1) & 1]


def positions(mask: float | None, packs: Mapping[str, Pack]) -> list[str]:
    """Positions to be swapped, as the order says; all that carry a pack where it is not logged."""
    return [position for position in _asked(mask) if position in packs] or sorted(packs)
