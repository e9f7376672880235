"""The conditions of this scan: booleans with plain names, computed once, used by guards, interlocks and alarms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twin.control.settings import Settings
from twin.control.wiring import Bracket, Place, Wiring

if TYPE_CHECKING:
    from twin.control.crane import CraneUnit
    from twin.control.shuttle import ShuttleUnit

_MEMORY = ("parked_ns", "creep_ns", "load_lost_ns", "fork_lost_ns", "power_confirmed", "lowering_confirmed")


class Facts:
    """What is true in this scan. Every boolean attribute is a condition that a table or an interlock may name."""

    # Station.
    always = True
    chain_closed = mains_on = fence_closed = floor_dry = drives_on = False
    #: Drive power may come back: mains did not fail since the last confirmation.
    power_confirmed = True
    #: No alarm of class A2 since the last confirmation.
    lowering_confirmed = True
    stock_enough = stock_short = degraded = False
    # Bay and truck.
    truck_present = truck_at_mark = bay_clear = truck_still = truck_parked = truck_creeps = False
    truck_authorised = park_brake = hv_is_off = hv_is_on = clamp_closed = clamp_open = False
    truck_secured = lane_safe = packs_secured = False
    pose_measured = pose_in_window = pose_out_of_window = False
    # Shuttle.
    shuttle_ready = shuttle_still = lift_still = travel_there = cross_there = lift_there = yaw_there = False
    lift_low = lift_over = shuttle_out_of_lane = clear_of_truck = over_bracket = False
    keys_up = keys_down = plate_centred = pack_on_plate = plate_carries = plate_empty = load_in_limit = False
    load_taken = seat_loaded = seat_limit = lift_lost_load = False
    locks_all_locked = locks_all_released = locks_settled = pads_all_touch = pads_free = pads_any_touch = False
    connectors_mated = all_mated = seat_settled = truck_leaving = more_positions = no_more_positions = False
    way_out_free = way_in_free = cross_free = lift_site_free = lower_site_free = shuttle_at_full = shuttle_at_empty = (
        False
    )
    empty_seated = full_claimed = empty_claimed = False
    # What a resume is decided by; computed when a person asks for it.
    order_missing = truck_to_be_measured = everything_swapped = position_done = locks_mixed = False
    plate_has_old = plate_has_new = False
    # Crane.
    crane_ready = mast_still = hoist_still = fork_still = mast_there = hoist_there = fork_there = False
    fork_home = fork_empty = fork_carries = fork_load_in_limit = crane_lost_load = False
    hoist_up_free = hoist_down_free = fork_plus_free = fork_minus_free = False
    fork_clear_of_shuttle = fork_clear_of_shuttle_way = False
    job_given = source_seated = source_free = target_vacant = target_seated = target_secured = False
    source_ready = target_ready = False

    def __init__(self, wiring: Wiring, settings: Settings, scan_ns: int) -> None:
        self._w, self._s, self._scan_ns = wiring, settings, scan_ns
        self.parked_ns = self.creep_ns = self.load_lost_ns = self.fork_lost_ns = 0
        self.scan_s = scan_ns / 1e9
        #: How far the shuttle may travel with what it carries at this height, m.
        self.travel_low_m, self.travel_high_m = -math.inf, math.inf
        #: How far the hoist may go with the fork where it is, m.
        self.hoist_low_m, self.hoist_high_m = -math.inf, math.inf
        #: Index of the bracket over the plate, -1: none.
        self.bracket = -1
        # Two packs, one on the plate and one on the fork, pass each other at these distances of their centres.
        self._beside_m = settings.pack.width_m + 0.10
        self._before_m = settings.pack.length_m + 0.02
        self._over_lift = {
            place.device: support + settings.shuttle.over_ledge_m - settings.shuttle.plate_height_m
            for place, support in (
                (wiring.full, settings.transfer_full.support_m),
                (wiring.empty, settings.transfer_empty.support_m),
            )
        }

    def over_lift_m(self, place: Place) -> float:
        """Lift position at which a pack on the plate is above the place's ledges."""
        return self._over_lift[place.device]

    def update(self, shuttle: ShuttleUnit, crane: CraneUnit) -> None:
        """All conditions that follow from the input image and from what the units remember."""
        self._station()
        self._truck(shuttle)
        self._shuttle(shuttle)
        self._ways(shuttle)
        self._crane(crane)
        self._exclusion()
        self.packs_secured = self.shuttle_out_of_lane and shuttle.packs_secured()

    def update_shuttle(self, shuttle: ShuttleUnit) -> None:
        """The shuttle's conditions alone, after what it remembers was put right."""
        self._shuttle(shuttle)
        self._ways(shuttle)

    def _station(self) -> None:
        w, safety = self._w, self._w.safety
        for axis in w.axes:
            axis.read()
        self.chain_closed = safety.st_estop_ok
        self.mains_on = safety.st_mains_ok
        self.fence_closed = safety.st_fence_closed
        self.floor_dry = safety.st_floor_dry
        self.drives_on = safety.st_drives_on and self.chain_closed and self.mains_on and self.power_confirmed

    def _truck(self, shuttle: ShuttleUnit) -> None:
        w, s = self._w, self._s.bay
        bay, truck, clamp = w.bay, w.truck, w.clamp
        self.truck_present, self.truck_at_mark, self.bay_clear = bay.st_truck_present, bay.st_at_mark, bay.st_clear
        speed = bay.pv_speed_m_s
        self.truck_still = -s.still_m_s < speed < s.still_m_s
        if self.truck_at_mark and self.truck_still:
            self.parked_ns += self._scan_ns
            self.truck_parked = self.parked_ns >= s.standstill_s * 1e9
        else:
            self.parked_ns = 0
            self.truck_parked = False
        self.truck_leaving = not self.truck_at_mark
        reference = shuttle.truck_reference_m
        if reference is not None and (
            abs(speed) > s.creep_m_s or abs(bay.pv_position_m - reference) > s.creep_m
        ):  # fmt: skip
            self.creep_ns += self._scan_ns
            self.truck_creeps = self.creep_ns > s.creep_s * 1e9
        else:
            self.creep_ns = 0
            self.truck_creeps = False
        self.park_brake = truck.st_park_brake
        self.hv_is_off = truck.st_hv_off
        self.hv_is_on = not self.hv_is_off
        self.truck_authorised = (
            truck.st_connected and truck.st_swap_request and self.park_brake
            and truck.pv_truck_id != 0 and truck.pv_position_mask != 0
        )  # fmt: skip
        self.clamp_closed, self.clamp_open = clamp.st_closed, clamp.st_open
        self.truck_secured = (
            self.clamp_closed and self.park_brake and self.hv_is_off and self.truck_present and not shuttle.truck_moved
        )
        self.lane_safe = self.truck_secured or self.bay_clear

    def _shuttle(self, shuttle: ShuttleUnit) -> None:
        w, s = self._w, self._s.shuttle
        travel, cross, lift, yaw, plate = w.travel, w.cross, w.lift, w.yaw, w.plate
        self.travel_there, self.cross_there, self.lift_there, self.yaw_there = (
            travel.there, cross.there, lift.there, yaw.there,
        )  # fmt: skip
        self.shuttle_still = travel.still and cross.still and yaw.still
        self.lift_still = lift.still
        self.shuttle_ready = travel.ready and cross.ready and lift.ready and yaw.ready
        self.lift_low = lift.position <= s.carry_lift_m + s.carry_tolerance_m
        y = travel.position
        self.shuttle_out_of_lane = y >= s.home_y_m - 0.02
        self.clear_of_truck = y >= s.clear_y_m - 0.02
        self.keys_up, self.keys_down = w.keys.st_engaged, w.keys.st_retracted
        self.plate_centred = plate.st_centred
        load = plate.pv_load_n
        self.plate_empty = load < s.empty_load_n and not plate.st_pack_present
        self.pack_on_plate = not self.plate_empty
        self.plate_carries = load >= s.carry_load_n
        self.load_taken = load >= s.take_load_n
        self.seat_loaded = load >= s.seat_load_n
        self.load_in_limit = load <= s.overload_n
        self._lost_load(shuttle.carrying, load < 0.5 * s.carry_load_n)
        self._brackets(shuttle, y)
        limit_m = shuttle.lift_limit_m
        self.seat_limit = load >= s.seat_limit_n or lift.position >= limit_m - 0.0005

    def _lost_load(self, carrying: bool, light: bool) -> None:
        self.load_lost_ns = self.load_lost_ns + self._scan_ns if carrying and light else 0
        self.lift_lost_load = self.load_lost_ns > 200_000_000

    def _brackets(self, shuttle: ShuttleUnit, y: float) -> None:
        w, tolerance = self._w, self._s.shuttle.bracket_tolerance_m
        self.bracket = -1
        if not self.shuttle_out_of_lane:
            x = w.cross.position
            for i, (x_m, y_m) in enumerate(shuttle.bracket_xy_m):
                if abs(x - x_m) < tolerance and abs(y - y_m) < tolerance:
                    self.bracket = i
        self.over_bracket = self.bracket >= 0
        bracket = w.brackets[self.bracket if self.over_bracket else shuttle.current]
        a, b, c, d = bracket.locks
        any_locked = a.st_locked or b.st_locked or c.st_locked or d.st_locked
        any_released = a.st_released or b.st_released or c.st_released or d.st_released
        self.locks_all_locked = a.st_locked and b.st_locked and c.st_locked and d.st_locked and not any_released
        self.locks_all_released = a.st_released and b.st_released and c.st_released and d.st_released and not any_locked
        seat = bracket.seat
        self.pads_all_touch = seat.st_pad1 and seat.st_pad2 and seat.st_pad3 and seat.st_pad4
        self.pads_any_touch = seat.st_pad1 or seat.st_pad2 or seat.st_pad3 or seat.st_pad4
        self.pads_free = not self.pads_any_touch
        self.connectors_mated = seat.st_electrical_mated and seat.st_coolant_mated
        here = not self.over_bracket or self.locks_all_locked or self.locks_all_released
        # A pack that hangs in some of its locks may lie on the plate wherever a person has jogged it to.
        self.locks_settled = (
            self.plate_empty or self.shuttle_out_of_lane or (here and not any(map(_disagree, w.brackets)))
        )

    def _ways(self, shuttle: ShuttleUnit) -> None:
        """Where the shuttle may go: low under the truck, straight out, across at the line, raised into a place."""
        w, s = self._w, self._s.shuttle
        x, y, lift = w.cross.position, w.travel.position, w.lift.position
        full, empty = w.full, w.empty
        tolerance = s.place_tolerance_m
        in_line_full, in_line_empty = abs(x - full.x_m) < tolerance, abs(x - empty.x_m) < tolerance
        self.shuttle_at_full = in_line_full and abs(y - full.y_m) < tolerance
        self.shuttle_at_empty = in_line_empty and abs(y - empty.y_m) < tolerance
        over = (in_line_full and lift >= self._over_lift[full.device] - 0.01) or (
            in_line_empty and lift >= self._over_lift[empty.device] - 0.01
        )
        self.lift_over = over
        at_line = abs(y - s.clear_y_m) <= 0.03
        self.empty_seated = empty.inp.st_pack_present and empty.inp.st_seated
        low = self.lift_low
        if low and self.plate_empty:
            self.travel_low_m, self.travel_high_m = -math.inf, math.inf
            self.way_out_free = self.way_in_free = self.cross_free = True
        else:
            target = w.travel.target
            if low:
                # A pack low on the plate fits under the truck and up to the clear line, not into a place.
                self.travel_low_m, self.travel_high_m = -math.inf, s.clear_y_m
                x_m, y_m = shuttle.bracket_xy_m[shuttle.current]
                line_m = x_m - shuttle.yaw_rad * (y - y_m)
                corridor = s.corridor_m
                self.cross_free = at_line or (abs(x - line_m) < corridor and abs(w.cross.target - line_m) < corridor)
            else:
                # Raised it goes between the clear line and the place it is in line with.
                self.travel_low_m, self.travel_high_m = s.clear_y_m, (full if in_line_full else empty).y_m
                self.cross_free = False
            may = low or over
            self.way_out_free = may and y < self.travel_high_m + 0.01 and target < self.travel_high_m + 0.01
            self.way_in_free = may and y > self.travel_low_m - 0.01 and target > self.travel_low_m - 0.01
        site = self.shuttle_at_full or self.shuttle_at_empty or at_line
        # Between the line and a place a pack would come down on the ledges askew.
        self.lower_site_free = site or self.plate_empty or y < s.clear_y_m
        self.lift_site_free = site or (
            (self.over_bracket and self.truck_secured)
            if self.truck_present
            else (self.plate_empty and y < s.home_y_m + 0.1)
        )

    def _crane(self, crane: CraneUnit) -> None:
        w, s = self._w, self._s.crane
        mast, hoist, fork = w.mast, w.hoist, w.fork
        self.mast_still, self.hoist_still, self.fork_still = mast.still, hoist.still, fork.still
        self.mast_there, self.hoist_there, self.fork_there = mast.there, hoist.there, fork.there
        self.crane_ready = mast.ready and hoist.ready and fork.ready
        reach = fork.position
        self.fork_home = -0.01 < reach < 0.01
        load = w.load.pv_load_n
        self.fork_empty = load < s.empty_load_n and not w.load.st_pack_present
        self.fork_carries = load >= s.carry_load_n
        self.fork_load_in_limit = load <= s.overload_n
        light = crane.carrying and load < 0.5 * s.carry_load_n
        self.fork_lost_ns = self.fork_lost_ns + self._scan_ns if light else 0
        self.crane_lost_load = self.fork_lost_ns > 200_000_000
        crane.look(self)

    def fork_freedom(self, here: list[Place]) -> None:
        """Hoist and fork interlocks from the places at the mast's position."""
        w = self._w
        z, reach = w.hoist.position, w.fork.position
        tolerance = 0.006
        self.hoist_low_m, self.hoist_high_m = -math.inf, math.inf
        if not self.fork_home:
            # Up and down only inside the place that the fork is in: the nearest one on its side.
            side = 1 if reach > 0 else -1
            inside = [place for place in here if place.side == side]
            if inside:
                place = min(inside, key=lambda place: abs(place.under_m - z))
                self.hoist_low_m, self.hoist_high_m = place.under_m, place.over_m
            else:
                self.hoist_low_m, self.hoist_high_m = math.inf, -math.inf
        self.hoist_up_free = z < self.hoist_high_m + 0.004
        self.hoist_down_free = z > self.hoist_low_m - 0.004
        plus = minus = False
        for place in here:
            low, high = abs(z - place.under_m) < tolerance, abs(z - place.over_m) < tolerance
            if not (low or high):
                continue
            vacant = not place.inp.st_pack_present
            # Inwards: beneath a pack with nothing on the fork, or above the supports of a vacant place with a pack.
            inwards = (low and self.fork_empty) or (high and (vacant or not self.fork_home))
            if place.side > 0:
                plus = plus or inwards
                minus = minus or reach > 0.01
            else:
                minus = minus or (inwards and self._shuttle_clear_of(place))
                plus = plus or reach < -0.01
        # Near its middle the fork is inside the mast: back there it may always go.
        self.fork_plus_free = plus or -0.15 < reach < 0.0
        self.fork_minus_free = minus or 0.0 < reach < 0.15

    def _shuttle_clear_of(self, place: Place) -> bool:
        """No raised plate and no pack on the plate within reach of the place."""
        if self.lift_low and self.plate_empty:
            return True
        w = self._w
        return abs(w.cross.position - place.x_m) > self._beside_m or w.travel.position < place.y_m - self._before_m

    def _exclusion(self) -> None:
        """The fork in a transfer place keeps the shuttle's plate down and out, and the other way round."""
        w = self._w
        if w.fork.position > -0.05:
            self.fork_clear_of_shuttle = self.fork_clear_of_shuttle_way = True
            return
        x, y, mast = w.cross.position, w.travel.position, w.mast.position
        near = abs(mast - x) < self._beside_m
        self.fork_clear_of_shuttle = not (near and y > w.full.y_m - self._before_m)
        self.fork_clear_of_shuttle_way = not near or (self.lift_low and self.plate_empty)

    def measured(self, pose: tuple[float, float, float, float, float]) -> None:
        """Judge a measured truck pose (x, y, z in m, yaw and roll in rad)."""
        x, y, z, yaw, roll = pose
        s = self._s.window
        self.pose_in_window = (
            abs(x) <= s.x_m
            and abs(y) <= s.y_m
            and s.z_low_m <= z <= s.z_high_m
            and abs(yaw) <= s.yaw_rad
            and abs(roll) <= s.roll_rad
            and all(math.isfinite(value) for value in pose)
        )
        self.pose_out_of_window = not self.pose_in_window

    def state(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in _MEMORY}
        # The verdicts on the measurement are kept between scans too.
        data.update({name: getattr(self, name) for name in _KEPT})
        return data

    def restore(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)


#: Conditions that are not computed in every scan.
_KEPT = (
    "all_mated", "seat_settled", "pose_in_window", "pose_out_of_window", "pose_measured", "stock_enough",
    "stock_short", "degraded", "empty_claimed", "full_claimed", "more_positions",
    "no_more_positions", "job_given",
)  # fmt: skip


def _disagree(bracket: Bracket) -> bool:
    """Whether some of a bracket's locks are locked, or released, and others are not."""
    locked: int = sum(lock.st_locked for lock in bracket.locks)
    released: int = sum(lock.st_released for lock in bracket.locks)
    return 0 < locked < len(bracket.locks) or 0 < released < len(bracket.locks)
