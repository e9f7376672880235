"""Takes up work where another controller left it: the memory of the reference controller, from its two images alone.

What the images cannot tell is not guessed: then nothing is taken up, and a later scan may tell more.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from twin.control.crane import CRANE
from twin.control.packml import State
from twin.control.panel import Mode
from twin.control.sequence import Sequence
from twin.control.shuttle import NEW, NONE, OLD
from twin.control.swap import SWAP
from twin.control.wiring import Place

if TYPE_CHECKING:
    from twin.control.station import StationController

_STEPS = list(dict.fromkeys(row.step for row in SWAP))
_CRANE_STEPS = list(dict.fromkeys(row.step for row in CRANE))
#: Steps whose target hangs on where the lift stood before: it is known only while its set point is.
_NEED_SET_POINT = frozenset({"lower.slow", "clear.slow"})
#: A mean that is being taken cannot be taken up in its middle.
_MEASURING = frozenset({"measure.pose", "return.measure", "measure.judge"})
_STANDS_STARTED = frozenset({State.Stopped, State.Aborting, State.Aborted, State.Stopping, State.Clearing})
#: An axis stands at a place of the crane's within this, m.
_AT_PLACE_M = 0.02


def _between(first: str, last: str) -> frozenset[str]:
    """The steps of a position's round from one to another, both included."""
    return frozenset(_STEPS[_STEPS.index(first) : _STEPS.index(last) + 1])


_HAS_OLD = _between("unlock.disengage", "deliver.put")
_HAS_NEW = _between("fetch.out", "lock.turn")
_CARRIES = _between("lower.fast", "deliver.in") | _between("fetch.out", "raise.fast") - {"raise.fast"}
_LOCKED = _between("clear.keys", "clear.next")
_ALL_DONE = _between("clear.home", "leave.clear")
_BEFORE_ORDER = _between("none.wait", "authorise.link")
_EMPTY_CLAIMED = _between("deliver.raise", "deliver.put")
_FULL_CLAIMED = _between("fetch.near", "fetch.out")
#: Steps in which the shuttle stands at the bracket, is on its way there, or on the line to it.
_AT_BRACKET = _between("take.fast", "lower.fast") | _between("return.measure", "clear.next")
_SENT_TO_BRACKET = frozenset({"approach.move", "return.in"})
_SENT_IN_LINE = frozenset({"deliver.out", "return.align"})
_COUPLED = _between("measure.pose", "verify.hv") | {"release.clamp"}


def take_up(station: StationController, standing: list[str]) -> bool:
    """Put a controller's memory where its output image says it stood; its images are bound.

    Args:
        standing: names of the alarms that stand.

    Returns:
        False: the images do not tell enough in this scan. Its memory is then of no use; take up with a new one.
    """
    unit = station.wiring.unit_out
    state = State(int(unit.seq_state))
    station.machine.state, station.machine.entered = state, False
    for axis in station.wiring.axes:
        axis.take_up()
    # Which of them were seen is not told, only how many were not.
    station.alarms.restore({"active": standing, "unseen": standing[: int(station.wiring.panel_out.seq_unacknowledged)]})
    station.slot_watch.take_up()
    station.facts.update(station.shuttle, station.crane)
    if not _take_up_crane(station) or not _take_up_shuttle(station):
        return False
    _take_up_alarms(station)
    station.panel.take_up(Mode(int(unit.seq_mode)))
    station.power = station.wiring.safety_out.cmd_drives_on or not station.alarms.count["A1"]
    idle = state in (State.Idle, State.Resetting)
    station.started = state not in _STANDS_STARTED and not (idle and unit.seq_wait_confirm)
    aborted = state in (State.Aborting, State.Aborted, State.Clearing)
    station.need_inventory = station.shuttle_moved = aborted
    station.let_go = state is State.Stopping and station.swap_sequence.step in _ALL_DONE
    station.chain_opened = "station.safety.alm_estop" in station.alarms.active
    station._first = False
    station.rack.restore([0, int(station.wiring.safety.st_estop_ok and station.wiring.safety.st_mains_ok)])
    station.interlocks.forget()
    return True


def _take_up_sequence(sequence: Sequence, number: float, *, failed: bool) -> bool:
    step = int(number)
    if not 0 <= step < len(sequence.names):
        return False
    sequence.goto(sequence.names[step])
    sequence.failed = failed
    return True


def _take_up_shuttle(station: StationController) -> bool:
    w, shuttle, facts = station.wiring, station.shuttle, station.facts
    sequence = station.swap_sequence
    held = station.machine.state in (State.Held, State.Holding)
    if not _take_up_sequence(sequence, w.shuttle_out.seq_step, failed=held):
        return False
    step = sequence.step
    if step in _MEASURING:
        return False
    shuttle.forget_truck()
    shuttle.under_way = step != "none.wait"
    shuttle.clamp, shuttle.hv_off = w.clamp_out.cmd_close, w.truck_out.cmd_hv_off
    shuttle.engage, shuttle.floating = w.keys_out.cmd_engage, w.plate_out.cmd_float
    shuttle.truck_may_go = step in ("release.go", "leave.clear")
    shuttle.plate_kind = OLD if step in _HAS_OLD else NEW if step in _HAS_NEW else NONE
    shuttle.plate_serial = int(w.plate_out.seq_pack_serial)
    shuttle.carrying = step in _CARRIES
    if step in _COUPLED:
        shuttle.note_truck()
    if step in _BEFORE_ORDER:
        return True
    position = int(w.shuttle_out.seq_position)
    if position < 1:
        return False
    shuttle.take_order()
    if position - 1 not in shuttle.order:
        return step not in _COUPLED
    shuttle.current = position - 1
    shuttle.done = shuttle.order[: shuttle.order.index(shuttle.current)]
    if step in _LOCKED:
        shuttle.done.append(shuttle.current)
    if step in _ALL_DONE:
        shuttle.done = list(shuttle.order)
    shuttle.count_positions()
    facts.stock_enough = True
    if step in _COUPLED - _ALL_DONE:
        pose = _pose(station, step)
        facts.measured(pose)
        shuttle.set_pose(pose)
        return _take_up_heights(station, step)
    return True


def _pose(station: StationController, step: str) -> tuple[float, float, float, float, float]:
    """The truck's pose: what its sensor last said, put right by where the shuttle was sent to, or stands, for it."""
    w, s = station.wiring, station.settings
    pose = w.pose
    x, y, yaw = pose.pv_x_m, pose.pv_y_m, pose.pv_yaw_rad
    b = s.truck.bracket_x_m[station.shuttle.current]
    if step in _AT_BRACKET or (step in _SENT_TO_BRACKET and w.yaw.commanded):
        yaw = w.yaw.commanded or w.yaw.position
        x_m, y_m = w.cross.commanded or w.cross.position, w.travel.commanded or w.travel.position
        x, y = x_m - math.cos(yaw) * b, y_m - math.sin(yaw) * b
    elif step in _SENT_IN_LINE and w.yaw.commanded and w.cross.commanded:
        yaw = w.yaw.commanded
        y_m = y + math.sin(yaw) * b
        line_y = s.shuttle.clear_y_m if step == "deliver.out" else w.travel.position
        x = w.cross.commanded + math.tan(yaw) * (line_y - y_m) - math.cos(yaw) * b
    return x, y, pose.pv_z_m, yaw, pose.pv_roll_rad


def _take_up_heights(station: StationController, step: str) -> bool:
    """What the lift is to do in this step, from its set point where the log has it."""
    w, shuttle, s = station.wiring, station.shuttle, station.settings.shuttle
    target = w.lift.commanded
    seating = step in _between("raise.fast", "lock.turn")
    shuttle.lift_limit_m = shuttle.height_m + (s.seat_overtravel_m if seating else s.take_overtravel_m)
    if step in _NEED_SET_POINT:
        if target == 0.0:
            return False
        shuttle.lower_from_m = target + (s.lower_slow_m if step == "lower.slow" else s.clear_slow_m)
    return True


def _take_up_crane(station: StationController) -> bool:
    w, crane, sequence = station.wiring, station.crane, station.crane_sequence
    inventory = station.inventory
    inventory.accept()
    if not w.one_place and w.empty.inp.st_pack_present:
        inventory.returned = [w.empty.device]
    held = station.machine.state in (State.Held, State.Holding)
    alarmed = any(name.startswith("crane.") for name in station.alarms.active)
    if not _take_up_sequence(sequence, w.crane_out.seq_step, failed=held and alarmed):
        return False
    step = sequence.step
    crane.serial = int(w.load_out.seq_pack_serial)
    station.facts.job_given = step != "idle.wait"
    swap_step = _name(station.swap_sequence, w.shuttle_out.seq_step)
    if swap_step in _EMPTY_CLAIMED:
        inventory.claim(w.empty, "shuttle")
        station.facts.empty_claimed = True
    if swap_step in _FULL_CLAIMED:
        inventory.claim(w.full, "shuttle")
        station.facts.full_claimed = True
    if step == "idle.wait":
        return True
    source, target = _job(station, step)
    if target is None or (source is None and step.startswith("get.")):
        return False
    crane.target = w.places.index(target)
    crane.source = w.places.index(source) if source is not None else -1
    crane.carrying = step in ("get.retract", "put.go", "put.reach")
    place = source if step.startswith("get.") else target
    if place is not None and step not in ("get.go", "put.go", "put.secure"):
        inventory.claim(place, "crane")
    return True


def _job(station: StationController, step: str) -> tuple[Place | None, Place | None]:
    """Source and target of the crane's job, as far as the images tell."""
    w, crane = station.wiring, station.crane
    if step.startswith("get."):
        fetched = [p for p in w.slots if p.inp.st_pack_present and not p.out.cmd_latch]
        if step in ("get.lift", "get.retract"):
            here = _at_mast(station)
            if here is None:
                return None, None
            return here, (w.full if here.slot else _store_target(station, here))
        if len(fetched) == 1:
            return fetched[0], w.full
        job = crane.store_job()
        return job if job is not None and not fetched else (None, None)
    if step == "put.go":
        aimed = [p for p in w.places if abs(p.x_m - w.mast.commanded) < _AT_PLACE_M] if w.mast.commanded else []
        aimed = [p for p in aimed if abs(p.over_m - w.hoist.commanded) < _AT_PLACE_M]
        return None, aimed[0] if len(aimed) == 1 else None
    return None, _at_mast(station)


def _store_target(station: StationController, source: Place) -> Place | None:
    free = [p for p in station.wiring.slots if not p.isolation and not p.inp.st_pack_present]
    return min(free, key=lambda slot: abs(slot.x_m - source.x_m)) if free else None


def _at_mast(station: StationController) -> Place | None:
    """The place that mast and hoist stand at, on the side that the fork is on."""
    w = station.wiring
    here = [
        p for p in w.places
        if abs(p.x_m - w.mast.position) < _AT_PLACE_M
        and p.under_m - _AT_PLACE_M < w.hoist.position < p.over_m + _AT_PLACE_M
        and p.side * w.fork.position > 0.01
    ]  # fmt: skip
    return here[0] if len(here) == 1 else None


def _name(sequence: Sequence, number: float) -> str:
    return sequence.names[int(number)] if 0 <= int(number) < len(sequence.names) else ""


def _take_up_alarms(station: StationController) -> None:
    station.facts.lowering_confirmed = station.alarms.count["A2"] == 0
    station.facts.power_confirmed = station.facts.mains_on
    station.facts.degraded = station.alarms.count["C"] > 0
