"""What happened to a station in a log that no controller did: stops pressed, mains, what people did, what broke."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from twin import event as events
from twin.analysis.cause_table import CauseTable
from twin.analysis.samples import RecordSamples
from twin.analysis.why import Shown, Stop, explain, find_stops
from twin.formula.document import Sentence
from twin.rebuild.known import How, Known, known
from twin.record import Event

NS = 1_000_000_000
_PANEL = "operator.panel."
_PRESS_S = 0.5
#: What broke is mended this long before the station went on.
_MENDED_NS = 1 * NS
#: An alarm so near explains a hold that nobody asked for.
_NEAR_NS = 2 * NS


@dataclass(frozen=True)
class Happening:
    """Something that happened at an instant; None: it was so from the beginning.

    Args:
        how: ``logged`` or ``estimated``; when it happens again follows from what it answered.
    """

    t_ns: int | None
    action: events.Action
    what: str
    how: How
    text: Sentence
    error: str = ""


@dataclass
class Happenings:
    """All of a stretch, in order of time, and what could not be told."""

    found: list[Happening] = field(default_factory=list)
    known: list[Known] = field(default_factory=list)


Outside = tuple[str, Callable[[], events.Action], Callable[[], events.Action], str, str]


def _stuck(target: str, value: bool) -> events.Action:
    return events.FaultAction(fault=events.SensorStuck(name="sensor_stuck", target=target, value=value))


def _freed(target: str) -> events.Action:
    return events.ClearAction(name="sensor_stuck", target=target)


#: Signals that are true while all is well: what makes them false, and true again.
_OUTSIDE: tuple[Outside, ...] = (
    ("station.safety.st_estop_ok", events.PressEstop, events.ReleaseEstop, "emergency stop", "急停"),
    ("station.safety.st_mains_ok", events.MainsOff, events.MainsOn, "mains", "主电源"),
    *(
        (name, lambda name=name: _stuck(name, False), lambda name=name: _freed(name), en, zh)
        for name, en, zh in (
            ("station.safety.st_fence_closed", "fence", "围栏"),
            ("station.safety.st_floor_dry", "floor", "地面"),
        )
    ),
)
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
#: States that are left because somebody asked for it, whatever is seen next, and the button. A log that looks rarely
#: misses what lies between.
_BUTTONS: dict[tuple[str, str], str] = {
    ("Aborted", "Clearing"): "op_clear",
    ("Aborted", "Stopped"): "op_clear",
    ("Stopped", "Resetting"): "op_reset",
    ("Stopped", "Idle"): "op_reset",
    ("Held", "Unholding"): "op_confirm",
    ("Held", "Execute"): "op_confirm",
    ("Suspended", "Unsuspending"): "op_confirm",
    ("Suspended", "Execute"): "op_confirm",
}


def happenings(
    samples: RecordSamples, noted: Sequence[Event], table: CauseTable | None, start_ns: int, end_ns: int
) -> Happenings:
    """What happened in a stretch of a log."""
    all_ = Happenings()
    for name, lost, back, en, zh in _OUTSIDE:
        if name not in samples.signals:
            all_.known.append(known(name, "", "not known", f"The log does not show the {en}.", f"日志未显示{zh}。"))
            continue
        for t_ns, now in _changes(samples, name, start_ns, end_ns):
            action, word, word_zh = (back(), "back", "恢复") if now else (lost(), "lost", "断开")
            text = Sentence(en=f"The {en}: {word}.", zh=f"{zh}{word_zh}。")
            all_.found.append(Happening(t_ns, action, name, "logged", text))
    if any(name.startswith(f"{_PANEL}op_") for name in samples.signals):
        all_.found += _pressed(samples, start_ns, end_ns)
    else:
        _inferred(all_, samples, noted, start_ns, end_ns)
    if table is not None:
        _broken(all_, samples, table, noted, start_ns, end_ns)
    # Of what happened at once, a person acts last.
    all_.found.sort(
        key=lambda one: (-1 if one.t_ns is None else one.t_ns, isinstance(one.action, events.OperatorAction))
    )
    return all_


def _changes(samples: RecordSamples, name: str, start_ns: int, end_ns: int) -> Iterator[tuple[int, float]]:
    """Each change of a signal within a stretch: when, and to what."""
    t_ns, values = samples.series(name)
    there = ~np.isnan(values)
    t_ns, values = t_ns[there], values[there]
    for n in np.flatnonzero(values[1:] != values[:-1]) + 1:
        if start_ns <= t_ns[n] <= end_ns:
            yield int(t_ns[n]), float(values[n])


# -- what people did ---------------------------------------------------------------------------------------------------


def _pressed(samples: RecordSamples, start_ns: int, end_ns: int) -> Iterator[Happening]:
    """What the panel's own signals say."""
    for name, signal in samples.signals.items():
        if not name.startswith(f"{_PANEL}op_"):
            continue
        key = name.removeprefix(_PANEL)
        for t_ns, value in _changes(samples, name, start_ns, end_ns):
            if signal.type == "bool":
                to: bool | float | str = bool(value)
            else:
                to = signal.labels.get(int(value), value) if signal.type == "enum" else value
            text = Sentence(en=f"The operator sets {key} to {to}.", zh=f"操作员将 {key} 设为 {to}。")
            yield Happening(t_ns, events.OperatorAction(set={key: to}), name, "logged", text)


def _inferred(all_: Happenings, samples: RecordSamples, noted: Sequence[Event], start_ns: int, end_ns: int) -> None:
    """What people must have asked for, from changes of state and mode."""
    state = samples.signals.get("station.unit.seq_state")
    if state is None:
        all_.known.append(
            known(
                "operator",
                "",
                "not known",
                "Neither buttons nor states are logged: what people did is not known.",
                "日志无按钮与状态：操作动作未知。",
            )
        )
        return
    mode = samples.signals.get("station.unit.seq_mode")
    alarms = [e.t_ns for e in noted if e.kind == "alarm" and e.data.get("edge", "raised") == "raised"]
    alarms += [h.t_ns for h in all_.found if h.t_ns is not None]
    t_ns, values = samples.series(state.name)
    known_ = ~np.isnan(values)
    labels = [state.labels.get(int(value), "") for value in values[known_]]
    times = t_ns[known_].tolist()
    automatic = _automatic(samples)
    for since_ns, at_ns, was, is_ in zip(times, times[1:], labels, labels[1:], strict=False):
        if not start_ns <= at_ns <= end_ns or was == is_:
            continue
        button = _BUTTONS.get((was, is_), "")
        alone = not any(abs(at_ns - other) < _NEAR_NS for other in alarms)
        if is_ in ("Holding", "Held") and was == "Execute" and alone:
            button = "op_hold"
        elif is_ in ("Stopping", "Stopped") and was not in ("Stopping", "Clearing", "Aborted", "Aborting"):
            # A reset in Held lets the truck go, by way of Stopping.
            button = "op_reset" if was in ("Held", "Suspended") else "op_stop"
        elif is_ == "Starting" and not automatic(at_ns):
            button = "op_start"
        if button == "op_clear":
            _before_clearing(all_, samples, since_ns, at_ns)
        elif was == "Stopped" and button:
            # Where the packs are must have been confirmed before; it does no harm where nobody asked.
            all_.found.append(_button("op_inventory_ok", max(at_ns - NS, since_ns), f"{was} → {is_}"))
        if button:
            all_.found.append(_button(button, at_ns, f"{was} → {is_}"))
    if mode is not None:
        for at_ns, value in _changes(samples, mode.name, start_ns, end_ns):
            label = mode.labels.get(int(value), "")
            if label:
                text = Sentence(en=f"The operator chooses the mode {label}.", zh=f"操作员选择模式 {label}。")
                all_.found.append(
                    Happening(at_ns, events.OperatorAction(set={"op_mode": label}), "op_mode", "logged", text)
                )
                if label in ("manual", "maintenance"):
                    all_.known.append(
                        known(
                            "operator.jog",
                            "",
                            "not known",
                            f"What was moved by hand in the mode {label} is not rebuilt.",
                            f"{label} 模式下的手动操作未重建。",
                        )
                    )


def _automatic(samples: RecordSamples) -> Callable[[int], bool]:
    mode = samples.signals.get("station.unit.seq_mode")
    if mode is None:
        return lambda t_ns: True
    times, values = samples.series(mode.name)

    def at(t_ns: int) -> bool:
        row = int(np.searchsorted(times, t_ns, side="right")) - 1
        return row < 0 or np.isnan(values[row]) or mode.labels.get(int(values[row]), "automatic") == "automatic"

    return at


def _button(name: str, t_ns: int, why: str) -> Happening:
    text = Sentence(en=f"The operator presses {name} ({why}).", zh=f"操作员按下 {name}（{why}）。")
    action = events.OperatorAction(set={name: True}, hold_s=_PRESS_S)
    return Happening(t_ns, action, name, "estimated", text, "±1 s")


def _before_clearing(all_: Happenings, samples: RecordSamples, aborted_ns: int, clear_ns: int) -> None:
    """An abort is cleared only once the safety chain was reset: where the log shows no reset, shortly before."""
    name = "station.safety.cmd_reset"
    shown = (
        [t_ns for t_ns, now in _changes(samples, name, aborted_ns, clear_ns) if now] if name in samples.signals else []
    )
    all_.found += [_button("op_reset", t_ns, name) for t_ns in shown or [max(clear_ns - NS, aborted_ns)]]


# -- what broke --------------------------------------------------------------------------------------------------------


def _broken(
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

    def clear(name: events.FaultName, target: str) -> Iterator[Happening]:
        if mended_ns is not None:
            text = Sentence(
                en=f"Mended: {cause.name} {device}.".replace(" .", "."), zh=f"已排除：{cause.name} {device}。"
            )
            action = events.ClearAction(name=name, target=target)
            yield Happening(mended_ns, action, f"fault.{cause.name}", "estimated", text, "±1 s")

    if cause.name in ("lock_stuck", "lock_not_closed"):
        # One that did open has stuck since.
        t_ns = None if cause.name == "lock_stuck" else _opened(samples, device, stop.at_ns)
        yield told(t_ns, events.FaultAction(fault=events.LockStuck(name="lock_stuck", target=device)))
        yield from clear("lock_stuck", device)
    elif cause.name == "not_seated":
        target = f"{device.partition('.')[0]}.cone{_cone(samples, device, stop.at_ns)}"
        fault = events.SeatDebris(name="seat_debris", target=target)
        yield told(_free(samples, device, stop.at_ns), events.FaultAction(fault=fault), "height and cone are not known")
        yield from clear("seat_debris", target)
    elif cause.name == "truck_moved":
        speed, begun_ns, took_s = _creep(samples, cause.since_ns, stop.at_ns)
        if abs(speed) >= 0.001:
            fault_ = events.TruckCreep(name="truck_creep", speed_m_s=round(speed, 4), duration_s=round(took_s, 2))
            yield told(begun_ns, events.FaultAction(fault=fault_), "±20 %")
    elif cause.name in _ANSWERS:
        for pattern, value in _ANSWERS[cause.name]:
            target = pattern.format(device)
            t_ns = cause.since_ns if cause.name in ("drive_fault",) else _last_true(samples, target, value, stop.at_ns)
            yield told(t_ns, _stuck(target, value), "or what it senses")
            yield from clear("sensor_stuck", target)
    elif cause.name == "not_mated":
        for field_ in ("st_electrical_mated", "st_coolant_mated"):
            name = f"{device}.{field_}"
            if name in samples.signals and _value(samples, name, stop.at_ns) == 0:
                yield told(_last_true(samples, name, False, stop.at_ns), _stuck(name, False), "or what it senses")
                yield from clear("sensor_stuck", name)


def _value(samples: RecordSamples, name: str, t_ns: int) -> float:
    times, values = samples.series(name)
    row = int(np.searchsorted(times, t_ns, side="right")) - 1
    return float(values[row]) if row >= 0 else float("nan")


def _last_true(samples: RecordSamples, name: str, value: bool, t_ns: int) -> int | None:
    """When a signal last came to the value at which it stays: it has stuck since. None: it always had it."""
    if name not in samples.signals:
        return None
    times, values = samples.series(name)
    rows = np.flatnonzero((times <= t_ns) & ~np.isnan(values) & (values != float(value)))
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
        _value(samples, f"{seat}.st_pad{n}", t_ns) == 1 for n in (1, 2, 3, 4) if f"{seat}.st_pad{n}" in samples.signals
    ]
    return 2 if len(touching) == 4 and sum(touching[:2]) > sum(touching[2:]) else 1


def _creep(samples: RecordSamples, since_ns: int, stop_ns: int) -> tuple[float, int, float]:
    """Speed, begin and duration of a truck's creeping: the line through where it was on its way, from rest to rest."""
    times, values = samples.series("bay.sensor.pv_position_m")
    there = ~np.isnan(values)
    times, values = times[there], values[there]
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
