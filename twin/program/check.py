"""Whether a controller can be talked to: it is made in a process of its own, scanned, and asked for its memory."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from twin.control import OUTPUT_KINDS, Controller, Settings
from twin.errors import ControllerError
from twin.program.model import Program
from twin.program.process import ProcessController
from twin.signals import SignalTable

SCANS = 100
_CLASSES = ("A1", "A2", "B", "C", "D")
#: A scan that takes longer than this makes a swap of three minutes take minutes.
_SLOW_S = 0.01


@dataclass
class Found:
    """What a check found, as lines for people."""

    told: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def check(program: Program, table: SignalTable, settings: Settings, scan_ns: int) -> Found:
    """Make a controller, scan it a hundred times with inputs at their safe values, and look at what it says.

    Raises:
        InputError: it is not there, or a setting is none.
    """
    found = Found()
    try:
        made = replace(program, guarded=True).make(table, settings, scan_ns)
    except ControllerError as error:
        found.wrong.append(str(error))
        return found
    try:
        _look_at(made, found)
        _scan(made, scan_ns, found)
    except ControllerError as error:
        found.wrong.append(str(error))
    finally:
        made.close()
    # All of it is there only when the process has ended.
    if isinstance(made, ProcessController) and made.child.last_print:
        found.told.append(f"printed, the last of it: {made.child.last_print}")
    return found


def _look_at(made: Controller, found: Found) -> None:
    """What it says of itself."""
    own = made.signals
    alarms = [signal.name for signal in own if signal.kind == "alm"]
    found.told.append(f"answers; {len(own)} signals of its own, {len(alarms)} of them alarms")
    found.wrong += [
        f"{signal.name} is no output: a controller writes {', '.join(OUTPUT_KINDS)}"
        for signal in own
        if signal.kind not in OUTPUT_KINDS
    ]
    found.wrong += [f"{name} has no alarm class" for name in alarms if name not in made.alarm_classes]
    found.wrong += [
        f"{name} has alarm class {kind!r}, not one of {', '.join(_CLASSES)}"
        for name, kind in made.alarm_classes.items()
        if kind not in _CLASSES
    ]
    known = {*made.table.names, *own.names}
    found.wrong += [f"{name} has an alarm class and is no signal" for name in made.alarm_classes if name not in known]


def _scan(made: Controller, scan_ns: int, found: Found) -> None:
    """A hundred scans; then the last of them again, from the memory that it gave before."""
    inputs, outputs = made.images()
    state = made.state()
    before = outputs.row()
    begun_s = time.perf_counter()
    for scan in range(SCANS):
        made.scan(scan * scan_ns, inputs, outputs)
    took_s = (time.perf_counter() - begun_s) / SCANS
    written = outputs.row()
    found.told.append(f"{SCANS} scans, {took_s * 1e6:.0f} µs each with the way there and back")
    changed = sum(a != b for a, b in zip(written, before, strict=True))
    found.told.append(f"{changed} of {len(before)} outputs were changed")
    if took_s > _SLOW_S:
        found.wrong.append(f"a scan takes {took_s * 1e3:.0f} ms; a swap has some ten thousand of them")
    if not state:
        found.told.append("it does not give its memory: going back to an instant is done by running again")
        return
    made.restore(state)
    outputs.reset()
    for scan in range(SCANS):
        made.scan(scan * scan_ns, inputs, outputs)
    again = outputs.row()
    if again != written:
        pairs = zip(outputs.order, written, again, strict=True)
        name, first, second = next(pair for pair in pairs if pair[1] != pair[2])
        found.wrong.append(f"from the memory it gave, {name} becomes {second:g}; it was {first:g} the first time")
    else:
        found.told.append("it gives its memory, and goes on from it in the same way")
