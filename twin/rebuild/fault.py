"""What broke at a station, from the causes of its stops."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from twin import event as events
from twin.analysis.cause_table import CauseTable
from twin.analysis.samples import RecordSamples
from twin.analysis.why import Shown, Stop, explain, find_stops
from twin.fault import FaultName
from twin.fault.lock import LockStuck
from twin.fault.seat import SeatDebris
from twin.fault.sensor import SensorStuck
from twin.fault.truck import TruckCreep
from twin.formula.document import Sentence
from twin.rebuild.happening import NS, Happening, Happenings, value_at
from twin.rebuild.known import known
from twin.record import Event

#: What broke is mended this long before the station went on.
_MENDED_NS = 1 * NS
#: Something asked for so near to a stop is what stopped it.
_NEAR_NS = 2 * NS
#: Cause (causes.yaml) to the signals that stay as they should not: with the device put before, and what they say.
_ANSWERS: dict[str, tuple[tuple[str, bool], ...]] = {
    "lock_sensor": (("{}.st_released", False),),
    "drive_fault": (("{}.st_ready", False),),
    "keys_not_engaged": (("shuttle.lock_driver.st_engaged", False),),
    "keys_not_retracted": (("shuttle.lock_driver.st_retracted", False),),
    "not_at_mark": (("bay.sensor.st_at_mark", False),),
    "not_connected": (("truck.interface.st_connected", False),),
    "park_brake": (("truck.interface.st_park_brake", False),),
    "no_request": (("truck.interface.st_swap_request", False),),
    "hv_not_off": (("truck.interface.st_hv_off", False),),
    "hv_not_on": (("truck.interface.st_hv_off", True),),
    "clamp_not_closed": (("bay.clamp.st_closed", False),),
    "no_measurement": (("bay.pose.st_valid", False),),
}
#: Causes that follow from what is rebuilt anyway.
_FOLLOWS = frozenset({"estop", "mains", "fence_open", "water", "operator_hold", "parked_off", "no_full_pack"})


def stuck(target: str, value: bool) -> events.Action:
    """A sensor says one value from now on."""
    return events.FaultAction(fault=SensorStuck(name="sensor_stuck", target=target, value=value))


def freed(target: str) -> events.Action:
    """It senses again."""
    return events.ClearAction(name="sensor_stuck", target=target)


def what_broke(
    all_: Happenings, samples: RecordSamples, table: CauseTable, noted: Sequence[Event], start_ns: int, end_ns: int
) -> None:
    """The faults that explain the stops of a stretch."""
    seen: set[tuple[str, str]] = set()
    for stop in find_stops(samples, table):
        if not start_ns <= stop.at_ns <= end_ns:
            continue
        causes = explain(samples, table, stop, noted).causes
        if any(cause.name in _FOLLOWS for cause in causes):
            continue
        asked = any(h.t_ns is not None and abs(h.t_ns - stop.at_ns) < _NEAR_NS for h in all_.found)
        if not causes and not asked:
            all_.known.append(
                known(
                    "stop",
                    f"{stop.at_ns / NS:.1f} s",
                    "not known",
                    "The station stopped; why is not in the log.",
                    "设备停止，日志未显示原因。",
                )
            )
        for cause in causes[:1]:
            if (cause.name, cause.device) in seen:
                continue
            seen.add((cause.name, cause.device))
            made = list(_fault(cause, stop, samples))
            if not made:
                all_.known.append(
                    known(
                        f"fault.{cause.name}",
                        cause.device,
                        "not known",
                        f"Not rebuilt: {table.causes[cause.name].text.en}.",
                        f"未重建：{table.causes[cause.name].text.zh}。",
                    )
                )
            all_.found += made


def _fault(cause: Shown, stop: Stop, samples: RecordSamples) -> Iterator[Happening]:
    """What breaks, and what mends it where the station went on."""
    device, mended_ns = cause.device, None if stop.open else stop.until_ns - _MENDED_NS

    def told(t_ns: int | None, action: events.Action, error: str = "") -> Happening:
        text = Sentence(en=f"Fault: {cause.name} {device}.".replace(" .", "."), zh=f"故障：{cause.name} {device}。")
        return Happening(t_ns, action, f"fault.{cause.name}", "estimated", text, error)

    def clear(name: FaultName, target: str) -> Iterator[Happening]:
        if mended_ns is not None:
            text = Sentence(
                en=f"Mended: {cause.name} {device}.".replace(" .", "."), zh=f"已排除：{cause.name} {device}。"
            )
            action = events.ClearAction(name=name, target=target)
            yield Happening(mended_ns, action, f"fault.{cause.name}", "estimated", text, "±1 s")

    if cause.name in ("lock_stuck", "lock_not_closed"):
        # One that did open has stuck since.
        t_ns = None if cause.name == "lock_stuck" else _opened(samples, device, stop.at_ns)
        yield told(t_ns, events.FaultAction(fault=LockStuck(name="lock_stuck", target=device)))
        yield from clear("lock_stuck", device)
    elif cause.name == "not_seated":
        target = f"{device.partition('.')[0]}.cone{_cone(samples, device, stop.at_ns)}"
        fault = SeatDebris(name="seat_debris", target=target)
        yield told(_free(samples, device, stop.at_ns), events.FaultAction(fault=fault), "height and cone are not known")
        yield from clear("seat_debris", target)
    elif cause.name == "truck_moved":
        speed, begun_ns, took_s = _creep(samples, cause.since_ns, stop.at_ns)
        if abs(speed) >= 0.001:
            fault_ = TruckCreep(name="truck_creep", speed_m_s=round(speed, 4), duration_s=round(took_s, 2))
            yield told(begun_ns, events.FaultAction(fault=fault_), "±20 %")
    elif cause.name in _ANSWERS:
        for pattern, value in _ANSWERS[cause.name]:
            target = pattern.format(device)
            t_ns = cause.since_ns if cause.name == "drive_fault" else _last_true(samples, target, value, stop.at_ns)
            yield told(t_ns, stuck(target, value), "or what it senses")
            yield from clear("sensor_stuck", target)
    elif cause.name == "not_mated":
        for field_ in ("st_electrical_mated", "st_coolant_mated"):
            name = f"{device}.{field_}"
            if name in samples.signals and value_at(samples, name, stop.at_ns) == 0:
                yield told(_last_true(samples, name, False, stop.at_ns), stuck(name, False), "or what it senses")
                yield from clear("sensor_stuck", name)


def _last_true(samples: RecordSamples, name: str, value: bool, t_ns: int) -> int | None:
    """When a signal last came to the value at which it stays: it has stuck since. None: it always had it."""
    if name not in samples.signals:
        return None
    times, values = samples.series(name)
    rows = np.flatnonzero((times <= t_ns) & (values != float(value)))
    if not len(rows) or rows[-1] + 1 >= len(times):
        return None
    return int(times[rows[-1] + 1])


def _opened(samples: RecordSamples, lock: str, t_ns: int) -> int | None:
    """A moment after a lock was seen open, before a stop."""
    name = f"{lock}.st_released"
    if name not in samples.signals:
        return None
    times, values = samples.series(name)
    rows = np.flatnonzero((times <= t_ns) & (values == 1))
    return int(times[rows[0]]) + 2 * NS if len(rows) else None


def _free(samples: RecordSamples, seat: str, t_ns: int) -> int | None:
    """A while after a seat was last left before an instant: what lies on it came then."""
    name = f"{seat}.st_pad1"
    if name not in samples.signals:
        return None
    times, values = samples.series(name)
    left = np.flatnonzero((values[1:] == 0) & (values[:-1] == 1) & (times[1:] <= t_ns)) + 1
    return int(times[left[-1]]) + 5 * NS if len(left) else None


def _cone(samples: RecordSamples, seat: str, t_ns: int) -> int:
    """The cone on whose side pads do not touch: pads 1 and 2 are the first one's."""
    touching = [
        value_at(samples, f"{seat}.st_pad{n}", t_ns) == 1
        for n in (1, 2, 3, 4)
        if f"{seat}.st_pad{n}" in samples.signals
    ]
    return 2 if len(touching) == 4 and sum(touching[:2]) > sum(touching[2:]) else 1


def _creep(samples: RecordSamples, since_ns: int, stop_ns: int) -> tuple[float, int, float]:
    """Speed, begin and duration of a truck's creeping: the line through where it was on its way, from rest to rest."""
    times, values = samples.series("bay.sensor.pv_position_m")
    rested = int(np.searchsorted(times, min(since_ns, stop_ns) - 5 * NS, side="right")) - 1
    rows = np.arange(max(rested, 0), int(np.searchsorted(times, stop_ns + 10 * NS, side="right")))
    t_s, x = (times[rows] - since_ns) / NS, values[rows]
    if len(x) < 3 or abs(moved := float(np.median(x[-2:]) - x[0])) < 0.002:
        return 0.0, since_ns, 1.0
    share = (x - x[0]) / moved
    way = (share > 0.1) & (share < 0.95)
    if way.sum() >= 2:
        slope, offset = np.polyfit(t_s[way], x[way], 1)
    else:
        # It was there between two looks: as fast as it must have been.
        last = int(np.argmax(share > 0.5))
        slope = moved / max(t_s[last] - t_s[last - 1], 0.2)
        offset = x[0] - slope * t_s[last - 1]
    if not abs(slope) > 1e-4:
        return 0.0, since_ns, 1.0
    begun_ns = since_ns + round((x[0] - offset) / slope * NS)
    took_s = float(np.clip(moved / slope, 0.2, 600.0))
    return float(np.clip(slope, -0.5, 0.5)), begun_ns, took_s
