"""What the phases of a run really were: from its truth, by the rule of docs/phases.md, written once more and plainly.

Poses say where axes are, ``gt_`` where the truck is, and the plant's bits, which know no noise, the rest, scan by scan.
Nothing here is shared with what finds phases in logs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twin.record import Record

_STAND, _AWAY, _WINDOW_S = 0.0025, 0.005, 0.4
_UNDER_M, _TRANSFER_M, _MARK_M = 1.5, 3.5, 0.2
_NEXT = {
    "park": "authorise", "authorise": "secure", "secure": "measure", "measure": "approach release", "approach": "take",
    "take": "unlock", "unlock": "lower", "lower": "deliver", "deliver": "fetch", "fetch": "return", "return": "raise",
    "raise": "seat return", "seat": "lock return", "lock": "clear", "clear": "verify approach", "verify": "release",
    "release": "leave", "leave": "end",
}  # fmt: skip
_ANCHORS = ("park", "secure", "measure", "deliver", "fetch", "clear", "release", "end")
_ORDER = [*_NEXT, "end"]


@dataclass(frozen=True)
class Label:
    """A phase began; ``shows``: the signals that a plant shows it with, and when each of them changed."""

    t_ns: int
    phase: str
    shows: tuple[tuple[str, int], ...]


def labels(record: Record) -> list[Label]:
    """The boundaries of a whole run in order of time; a swap's end is the phase ``end``."""
    found: list[Label] = []
    current = ""
    for label in sorted(_instants(record), key=lambda one: (one.t_ns, _ORDER.index(one.phase.rstrip("*")))):
        phase, anchored = label.phase.rstrip("*"), label.phase.endswith("*") or label.phase in _ANCHORS
        if phase in _NEXT.get(current, "").split() or (anchored and phase != current and (current or phase != "end")):
            found.append(Label(label.t_ns, phase, label.shows))
            current = "" if phase == "end" else phase
    return found


def _instants(record: Record) -> Iterator[Label]:
    """Everything that may begin a phase; a star marks what tells by itself only here."""
    t_ns, X = record.poses()
    frames = {frame.name: n for n, frame in enumerate(record.frames)}
    travel, cross = X[:, frames["shuttle.carriage"], 1], X[:, frames["shuttle.trolley"], 0]
    lift = X[:, frames["shuttle.lift"], 2]
    truck = record.signal("bay.sensor.gt_position_m")[1]
    under, transfer = travel < _UNDER_M, travel > _TRANSFER_M

    def bit(name: str) -> np.ndarray:
        return record.signal(name)[1] > 0.5

    def edges(name: str, way: int) -> list[int]:
        return np.flatnonzero(np.diff(bit(name).astype(int), prepend=int(bit(name)[0])) == way).tolist()

    def label(k: int, phase: str, *names: str) -> Label:
        return Label(int(t_ns[k]), phase, tuple((name, int(t_ns[k])) for name in names))

    carries, clamped = bit("shuttle.plate.st_pack_present"), bit("bay.clamp.st_closed")
    mark = np.abs(truck) < _MARK_M
    goes, lifts = _moves(t_ns, travel), _moves(t_ns, lift)
    axis = {name: f"shuttle.{name}.pv_position_m" for name in ("travel", "cross", "lift")}
    for phase, name, way in (
        ("park", "bay.sensor.st_truck_present", 1), ("secure", "truck.interface.st_hv_off", 1),
        ("measure", "bay.clamp.st_closed", 1), ("unlock", "shuttle.lock_driver.st_retracted", -1),
        ("lock", "shuttle.lock_driver.st_retracted", -1), ("release", "truck.interface.st_hv_off", -1),
        ("leave", "bay.sensor.st_at_mark", -1), ("end", "bay.sensor.st_clear", 1),
    ):  # fmt: skip
        yield from (label(k, phase, name) for k in edges(name, way))
    yield from (label(k, "authorise", "bay.sensor.pv_position_m") for _, k, _ in _moves(t_ns, truck) if k and mark[k])
    lift_ups = [k for k, _, up in lifts if up]
    for name, moves in (("travel", goes), ("cross", _moves(t_ns, cross))):
        for k in [start for start, _, _ in moves if start >= 0]:
            # Under the truck it approaches another pack when it lifts before it is out.
            out = next((j for j in range(k, len(under)) if not under[j]), len(under))
            if not under[k] or any(k <= j <= out for j in lift_ups):
                yield label(k, "approach", axis[name])
    for k, stop, up in goes:
        if k >= 0 and up and under[k] and carries[k]:
            yield label(k, "deliver", axis["travel"])
        if stop and not under[stop]:
            yield label(stop, "verify", axis["travel"])
    for k, up in [(start, up) for start, _, up in lifts if start >= 0]:
        if up and under[k]:
            yield label(k, "raise" if carries[k] else "take", axis["lift"])
        if not up and carries[k] and not transfer[k]:
            yield label(k, "return" if under[k] else "return*", axis["lift"])
    yield from (label(k, "fetch", "shuttle.plate.st_pack_present")
                for k in edges("shuttle.plate.st_pack_present", -1) if transfer[k])  # fmt: skip
    brackets = sorted({s.area for s in record.signals if s.device.endswith(".lock1") and s.field == "st_locked"})
    released = np.zeros(len(t_ns), dtype=bool)
    for bracket in brackets:
        locks = [f"{bracket}.lock{n}" for n in (1, 2, 3, 4)]
        released |= np.all([bit(f"{lock}.st_released") for lock in locks], axis=0)
        locked = np.all([bit(f"{lock}.st_locked") for lock in locks], axis=0)
        for k in np.flatnonzero(np.diff(locked.astype(int), prepend=int(locked[0])) == 1).tolist():
            if clamped[k]:
                names = [f"{lock}.st_locked" for lock in locks]
                changed = [max(j for j in edges(name, 1) if j <= k) for name in names]
                yield Label(int(t_ns[k]), "clear", tuple(zip(names, t_ns[changed].tolist(), strict=True)))
        for n in (1, 2, 3, 4):
            pad = f"{bracket}.seat.st_pad{n}"
            yield from (label(k, "seat", pad) for k in edges(pad, 1) if under[k])
    keys = "shuttle.lock_driver.st_retracted"
    yield from (label(k, "lower", keys) for k in edges(keys, 1) if released[k])


def _moves(t_ns: np.ndarray, x: np.ndarray) -> list[tuple[int, int, bool]]:
    """Scans at which an axis starts (-1: not seen) and stops (0: not seen), and whether it starts upwards."""
    scan_s = float(np.median(np.diff(t_ns))) / 1e9
    window = round(_WINDOW_S / scan_s) + 1
    views = np.lib.stride_tricks.sliding_window_view(x, window)
    quiet = np.ptp(views, axis=1) <= _STAND
    stands = np.zeros(len(x), dtype=bool)
    for k in np.flatnonzero(quiet).tolist():
        stands[k : k + window] = True
    runs, k = [], 0
    while k < len(x):
        if stands[k]:
            first = k
            while k < len(x) and stands[k]:
                k += 1
            runs.append((first, k - 1))
        k += 1
    found = []
    if runs and runs[0][0] > 0:
        # It moved when the record began.
        runs.insert(0, (-1, 0))
    for (first, left), following in zip(runs, [*runs[1:], None], strict=True):
        last = len(x) - 1 if following is None else following[1]
        start = next((j for j in range(left, last + 1) if abs(x[j] - x[max(left - window + 1, 0)]) >= _AWAY), None)
        if start is None:
            continue
        start = -1 if first < 0 else start
        stop = 0
        if following is not None:
            place = x[min(following[0] + window - 1, following[1])]
            stop = next(j for j in range(following[0], left - 1, -1) if abs(x[j - 1] - place) >= _AWAY or j == left)
        found.append((start, stop, bool(x[start] > x[left])))
    return found
