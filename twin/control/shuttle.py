"""What the shuttle and the bay do in each step of the swap table, and what they remember."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from twin.control.facts import Facts
from twin.control.inventory import UNREAD, Inventory
from twin.control.settings import Settings
from twin.control.swap import RESUME
from twin.control.wiring import Wiring

#: Kinds of pack on the plate and in a truck's position.
NONE, OLD, NEW = "none", "old", "new"

_MEMORY = (
    "order", "done", "current", "plate_kind", "plate_serial", "carrying", "clamp", "hv_off", "engage", "floating",
    "measuring", "truck_may_go", "truck_reference_m", "truck_moved", "pose", "yaw_rad", "bracket_xy_m", "height_m",
    "lift_limit_m", "lower_from_m", "settled_scans", "pose_sum", "pose_count", "under_way",
)  # fmt: skip


class ShuttleUnit:
    """Actions of the swap table. Levels (clamp, keys, float) stay as the last action left them; axes move only when
    an action asks for it in that scan; ``lock_key`` and ``unlock_key`` last one scan."""

    def __init__(self, wiring: Wiring, facts: Facts, inventory: Inventory, settings: Settings) -> None:
        self._w, self._f, self._inventory, self._settings = wiring, facts, inventory, settings
        self._s = settings.shuttle
        self.lock_key = self.unlock_key = False
        self.forget_truck()
        self.plate_kind, self.plate_serial = NONE, UNREAD

    def forget_truck(self) -> None:
        """A new truck: nothing is known of it."""
        #: Indices of the positions to swap, and those that are finished.
        self.order: list[int] = []
        self.done: list[int] = []
        self.current = 0
        #: A truck is being served: a swap was begun and has not ended.
        self.under_way = False
        self.carrying = False
        self.clamp = self.hv_off = self.engage = self.floating = self.measuring = self.truck_may_go = False
        #: Reading of the bay's sensor when the truck was clamped; None: not coupled.
        self.truck_reference_m: float | None = None
        self.truck_moved = False
        self.lift_limit_m = self._s.lift.high_m
        self.lower_from_m = 0.0
        self.settled_scans = 0
        self.pose_sum = [0.0] * 5
        self.pose_count = 0
        self.set_pose((0.0, 0.0, 0.0, 0.0, 0.0))
        f = self._f
        f.pose_measured = f.pose_in_window = f.pose_out_of_window = f.seat_settled = f.all_mated = False
        f.more_positions = f.no_more_positions = False

    # -- bookkeeping, called once when a row fires ------------------------------------------------

    def take_order(self) -> None:
        """Read which positions are to be swapped: bit 0 is bracket 1."""
        mask = self._w.truck.pv_position_mask
        self.order = [i for i in range(len(self._w.brackets)) if mask >> i & 1]
        self.done = []
        self.current = self.order[0] if self.order else 0
        self.count_positions()

    def note_truck(self) -> None:
        self.truck_reference_m = self._w.bay.pv_position_m
        self.truck_moved = False

    def use_pose(self) -> None:
        """The mean of the measurement decides where the brackets are."""
        pose = self._mean_pose()
        self._f.measured(pose)
        self.set_pose(pose)

    def use_height(self) -> None:
        """A second measurement, for the height alone: the robot stands under the bracket already."""
        x, y, _, yaw, roll = self.pose
        self.set_pose((x, y, self._mean_pose()[2], yaw, roll))

    def _mean_pose(self) -> tuple[float, float, float, float, float]:
        x, y, z, yaw, roll = (value / max(self.pose_count, 1) for value in self.pose_sum)
        self.pose_sum, self.pose_count, self.measuring = [0.0] * 5, 0, False
        self._f.pose_measured = False
        return x, y, z, yaw, roll

    def set_pose(self, pose: tuple[float, float, float, float, float]) -> None:
        """Brackets in W from the truck's pose: x, y, z offset in m, yaw and roll in rad."""
        x, y, z, self.yaw_rad, _ = self.pose = pose
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        count = len(self._w.brackets)
        self.bracket_xy_m = [(x + cos * b, y + sin * b) for b in self._settings.truck.bracket_x_m[:count]]
        #: Lift position at which the plate touches a seated pack from below.
        self.height_m = self._settings.truck.pack_underside_m + z - self._s.plate_height_m

    def note_unlocked(self) -> None:
        self.plate_kind, self.plate_serial = OLD, UNREAD

    def note_height(self) -> None:
        self.lower_from_m = self._w.lift.position

    def note_carrying(self) -> None:
        self.carrying = True

    def note_putting_down(self) -> None:
        self.carrying = False

    def note_delivered(self) -> None:
        self._inventory.arrive(self._w.empty, returned=True)
        self.plate_kind, self.plate_serial = NONE, UNREAD
        self.release_claims()

    def note_fetched(self) -> None:
        self.plate_serial = self._inventory.leave(self._w.full)
        self.plate_kind = NEW
        self.carrying = True

    def release_claims(self) -> None:
        self._inventory.release("shuttle")
        self._f.empty_claimed = self._f.full_claimed = False

    def note_seating(self) -> None:
        self.carrying = False
        self.settled_scans = 0
        self._f.seat_settled = False

    def note_locked(self) -> None:
        self.plate_kind, self.plate_serial = NONE, UNREAD
        if self.current not in self.done:
            self.done.append(self.current)

    def note_swapped(self) -> None:
        self.count_positions()

    def next_position(self) -> None:
        self.current = next(i for i in self.order if i not in self.done)

    def count_positions(self) -> None:
        f = self._f
        f.more_positions = any(i not in self.done for i in self.order)
        f.no_more_positions = not f.more_positions
        f.all_mated = False

    # -- bay and truck, called in every scan of a step --------------------------------------------

    def switch_hv_off(self) -> None:
        self.hv_off = True

    def switch_hv_on(self) -> None:
        self.hv_off = False

    def close_clamp(self) -> None:
        self.clamp = True

    def open_clamp(self) -> None:
        self.truck_reference_m = None
        self.clamp = False

    def release_truck(self) -> None:
        self.truck_may_go = True

    def measure(self) -> None:
        """Add up valid measurements until there are enough for their mean."""
        self.measuring = True
        sensor = self._w.pose
        if not sensor.st_valid:
            return
        for i, value in enumerate(
            (sensor.pv_x_m, sensor.pv_y_m, sensor.pv_z_m, sensor.pv_yaw_rad, sensor.pv_roll_rad)
        ):  # fmt: skip
            self.pose_sum[i] += value
        self.pose_count += 1
        self._f.pose_measured = self.pose_count * self._f.scan_s >= self._settings.bay.measure_s

    def check_mated(self) -> None:
        seats = [self._w.brackets[i].seat for i in self.order]
        self._f.all_mated = all(seat.st_electrical_mated and seat.st_coolant_mated for seat in seats)

    # -- the shuttle ------------------------------------------------------------------------------

    def collapse(self) -> None:
        self.engage = self.floating = False
        if self._f.keys_down:
            self._w.lift.go(self._s.carry_lift_m, self._s.lift.fast_m_s)

    def to_bracket(self) -> None:
        x, y = self.bracket_xy_m[self.current]
        self._w.travel.go(y, self._s.travel.fast_m_s)
        self._w.cross.go(x, self._s.cross.fast_m_s)
        self._w.yaw.go(self.yaw_rad, self._s.yaw.fast_rad_s)

    def to_take_height(self) -> None:
        self.lift_limit_m = self.height_m + self._s.take_overtravel_m
        self._w.lift.go(self.height_m - self._s.take_gap_m, self._s.lift.fast_m_s)

    def press_up(self) -> None:
        self._w.lift.go(self.lift_limit_m, self._s.lift.slow_m_s)

    def engage_keys(self) -> None:
        self.engage = True

    def lower_keys(self) -> None:
        self.engage = False

    def unlock(self) -> None:
        self.unlock_key = True

    def lock(self) -> None:
        self.lock_key = True

    def lower_slowly(self) -> None:
        self._w.lift.go(self.lower_from_m - self._s.lower_slow_m, self._s.lift.slow_m_s)

    def lower_off_slowly(self) -> None:
        """The truck sinks onto its springs as it gets its pack: the plate has to go lower than that."""
        self._w.lift.go(self.lower_from_m - self._s.clear_slow_m, self._s.lift.slow_m_s)

    def lower_to_carry(self) -> None:
        self.engage = self.floating = False
        if self._f.keys_down:
            self._w.lift.go(self._s.carry_lift_m, self._s.lift.loaded_m_s)

    def _follow(self, y: float, x: float) -> None:
        """Along the truck's own cross direction: a yawed truck's next pack is 50 mm away."""
        travel = self._w.travel
        travel.go(y, self._s.travel.loaded_m_s)
        # Both arrive together; what is left to do across once the travel is done has nothing beside it any more.
        follow = max(self._s.travel.loaded_m_s * abs(math.tan(self.yaw_rad)), 0.004)
        self._w.cross.go(x, self._s.cross.loaded_m_s if travel.there and self._f.clear_of_truck else follow)

    def _line_x(self, y: float) -> float:
        x_m, y_m = self.bracket_xy_m[self.current]
        return x_m - math.tan(self.yaw_rad) * (y - y_m)

    def out_to_clear_line(self) -> None:
        self._follow(self._s.clear_y_m, self._line_x(self._s.clear_y_m))

    def square_to_empty(self) -> None:
        self._w.cross.go(self._w.empty.x_m, self._s.cross.loaded_m_s)
        self._w.yaw.go(0.0, self._s.yaw.fast_rad_s)

    def claim_empty(self) -> None:
        f = self._f
        f.empty_claimed = not self._w.empty.inp.st_pack_present and self._inventory.claim(self._w.empty, "shuttle")

    def raise_over_empty(self) -> None:
        self._w.lift.go(self._f.over_lift_m(self._w.empty), self._s.lift.loaded_m_s)

    def into_empty(self) -> None:
        self._w.travel.go(self._w.empty.y_m, self._s.travel.loaded_m_s)

    def put_down(self) -> None:
        """Slowly until the place has it, then down."""
        support_lift_m = self._f.over_lift_m(self._w.empty) - self._s.over_ledge_m
        near = support_lift_m - self._s.place_gap_m < self._w.lift.position < support_lift_m + self._s.place_gap_m
        self._w.lift.go(self._s.carry_lift_m, self._s.lift.slow_m_s if near else self._s.lift.loaded_m_s)

    def under_full(self) -> None:
        self._w.travel.go(self._w.full.y_m, self._s.travel.fast_m_s)
        self._w.cross.go(self._w.full.x_m, self._s.cross.fast_m_s)
        self._w.yaw.go(0.0, self._s.yaw.fast_rad_s)

    def claim_full(self) -> None:
        node = self._w.full.inp
        ready = node.st_pack_present and node.st_seated and self._w.full.device not in self._inventory.returned
        self._f.full_claimed = ready and self._inventory.claim(self._w.full, "shuttle")

    def _full_lift_m(self) -> float:
        return self._f.over_lift_m(self._w.full) - self._s.over_ledge_m

    def near_full(self) -> None:
        self._w.lift.go(self._full_lift_m() - self._s.place_gap_m, self._s.lift.fast_m_s)

    def contact_full(self) -> None:
        self._w.lift.go(self._full_lift_m() + self._s.place_gap_m, self._s.lift.slow_m_s)

    def raise_over_full(self) -> None:
        self._w.lift.go(self._f.over_lift_m(self._w.full), self._s.lift.loaded_m_s)

    def out_to_clear_line_level(self) -> None:
        self._w.travel.go(self._s.clear_y_m, self._s.travel.loaded_m_s)

    def align_to_truck(self) -> None:
        self._w.cross.go(self._line_x(self._w.travel.position), self._s.cross.loaded_m_s)
        self._w.yaw.go(self.yaw_rad, self._s.yaw.fast_rad_s)

    def in_to_bracket(self) -> None:
        x, y = self.bracket_xy_m[self.current]
        self._follow(y, x)

    def to_seat_height(self) -> None:
        self.floating = True
        self.lift_limit_m = self.height_m + self._s.seat_overtravel_m
        self._w.lift.go(self.height_m - self._s.seat_gap_m, self._s.lift.loaded_m_s)

    def settle(self) -> None:
        """Touching on all pads and pressed, for a fifth of a second without a break."""
        self.settled_scans = self.settled_scans + 1 if self._f.pads_all_touch and self._f.load_taken else 0
        self._f.seat_settled = self.settled_scans * self._f.scan_s >= 0.2

    def go_home(self) -> None:
        self._w.travel.go(self._s.home_y_m, self._s.travel.fast_m_s)
        self._w.cross.go(0.0, self._s.cross.fast_m_s)
        self._w.yaw.go(0.0, self._s.yaw.fast_rad_s)

    # -- after a person has moved something -------------------------------------------------------

    def packs_secured(self) -> bool:
        """Every position of the order is locked, by both sensors of its four locks."""
        for i in self.order:
            for lock in self._w.brackets[i].locks:
                if not lock.st_locked or lock.st_released:
                    return False
        return True

    def believe_sensors(self) -> None:
        """Put the belief about plate and position right from what stands there now."""
        f = self._f
        self.release_claims()
        self.carrying = False
        f.update_shuttle(self)
        if f.plate_empty or (f.over_bracket and f.locks_all_locked):
            if f.locks_all_locked and self.plate_kind == NEW:
                self.note_locked()
            elif f.locks_all_locked and self.plate_kind == OLD and self.current in self.done:
                self.done.remove(self.current)
            self.plate_kind, self.plate_serial = NONE, UNREAD
        elif self.plate_kind == NONE and f.locks_all_released:
            self.plate_kind = NEW if f.shuttle_at_full else OLD
        self.count_positions()

    def resume_step(self) -> str:
        """The step at which the swap goes on from what stands where now; empty: a person has to move more."""
        self.believe_sensors()
        f = self._f
        f.order_missing = not self.order
        f.truck_to_be_measured = self.truck_moved or self.truck_reference_m is None
        f.everything_swapped = bool(self.order) and f.no_more_positions and f.plate_empty
        f.position_done = self.current in self.done
        f.locks_mixed = not (f.locks_all_locked or f.locks_all_released)
        f.plate_has_old, f.plate_has_new = self.plate_kind == OLD, self.plate_kind == NEW
        for conditions, step in RESUME:
            if all(getattr(f, name) for name in conditions):
                if step in ("fetch.raise", "fetch.out", "deliver.put", "deliver.in"):
                    self._inventory.claim(self._w.full if step.startswith("fetch") else self._w.empty, "shuttle")
                return step
        return ""

    def state(self) -> dict[str, Any]:
        return {name: _copy(getattr(self, name)) for name in _MEMORY}

    def restore(self, state: Mapping[str, Any]) -> None:
        for name in _MEMORY:
            setattr(self, name, _copy(state[name]))


def _copy(value: Any) -> Any:
    return list(value) if isinstance(value, list) else value
