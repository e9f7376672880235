"""The swap, as data. Read :data:`SWAP` from top to bottom: it is what the shuttle does for one truck."""

from __future__ import annotations

from collections.abc import Mapping

from twin.control.sequence import DONE, HOLD, SUSPEND, Row

#: Guards that are made of more than one condition. Every other guard of the table is one condition.
GUARDS: Mapping[str, tuple[str, ...]] = {
    "clamped": ("clamp_closed", "truck_still"),
    "position_has_pack": ("locks_all_locked", "pads_any_touch"),
    "position_is_empty": ("locks_all_released", "pads_free", "plate_empty"),
    "collapsed": ("lift_low", "keys_down", "plate_centred"),
    "at_bracket": ("travel_there", "cross_there", "yaw_there"),
    "load_taken": ("load_taken", "locks_all_locked"),
    "load_is_free": ("plate_carries", "pads_free"),
    "at_clear_line": ("travel_there", "cross_there"),
    "squared": ("cross_there", "yaw_there"),
    "put_down": ("lift_there", "plate_empty", "empty_seated"),
    "under_full": ("travel_there", "cross_there", "yaw_there"),
    "lifted_at_full": ("lift_there", "plate_carries"),
    "seated": ("pads_all_touch", "seat_loaded"),
    "settled": ("pads_all_touch", "seat_settled"),
    "locked": ("locks_all_locked", "pads_all_touch"),
    "clear_of_pack": ("plate_empty", "locks_all_locked"),
    "home": ("travel_there", "cross_there", "yaw_there", "shuttle_out_of_lane"),
}

_LIFT = "shuttle.lift.alm_timeout"
_MOVE = "shuttle.travel.alm_timeout"
_SEAT = "bracket*.seat.alm_not_seated"

# step, action, guard, next, timeout, alarm, then, retry
SWAP: tuple[Row, ...] = (
    Row("none.wait", "", "truck_present", "park.arrive"),
    Row("park.arrive", "", "truck_parked", "authorise.link", "park_s", "bay.sensor.alm_not_parked"),
    # The truck says who it is, that it wants a swap, and which positions.
    Row("authorise.link", "", "truck_authorised", "authorise.stock",
        "authorise_s", "truck.interface.alm_not_authorised", "take_order"),
    Row("authorise.stock", "", "stock_enough", "authorise.hv"),
    Row("authorise.stock", "", "stock_short", SUSPEND, "", "station.unit.alm_no_full_pack"),
    Row("authorise.hv", "switch_hv_off", "hv_is_off", "secure.clamp",
        "high_voltage_s", "truck.interface.alm_hv_not_off"),
    Row("secure.clamp", "close_clamp", "clamped", "measure.pose", "clamp_s", "bay.clamp.alm_not_closed", "note_truck"),
    Row("measure.pose", "measure", "pose_measured", "measure.judge", "measure_s", "bay.pose.alm_no_measurement",
        "use_pose"),
    Row("measure.judge", "", "pose_in_window", "approach.select"),
    Row("measure.judge", "", "pose_out_of_window", HOLD, "", "bay.pose.alm_out_of_range", "", "measure.pose"),
    # One position: the empty pack comes off ...
    Row("approach.select", "", "degraded", SUSPEND),
    Row("approach.select", "", "position_has_pack", "approach.collapse", "check_s", "bracket*.seat.alm_unclear"),
    Row("approach.select", "", "position_is_empty", "fetch.collapse"),
    Row("approach.collapse", "collapse", "collapsed", "approach.move", "lift_s", _LIFT),
    Row("approach.move", "to_bracket", "at_bracket", "take.fast", "move_s", _MOVE, "", "approach.collapse"),
    Row("take.fast", "to_take_height", "lift_there", "take.contact", "lift_s", _LIFT, "", "approach.collapse"),
    Row("take.contact", "press_up", "load_taken", "unlock.engage",
        "contact_s", "shuttle.lift.alm_no_load", "", "approach.collapse"),
    Row("unlock.engage", "engage_keys", "keys_up", "unlock.turn", "key_s", "shuttle.lock_driver.alm_not_engaged"),
    Row("unlock.turn", "unlock", "locks_all_released", "unlock.disengage",
        "lock_s", "bracket*.lock*.alm_not_released", "note_unlocked", "unlock.engage"),
    Row("unlock.disengage", "lower_keys", "keys_down", "lower.slow", "key_s", "shuttle.lock_driver.alm_not_retracted",
        "note_height"),
    Row("lower.slow", "lower_slowly", "lift_there", "lower.check", "lift_s", _LIFT),
    Row("lower.check", "", "load_is_free", "lower.fast", "check_s", "bracket*.seat.alm_not_free", "note_carrying"),
    Row("lower.fast", "lower_to_carry", "lift_low", "deliver.out", "lift_s", _LIFT),
    # ... goes to the transfer place for empty packs ...
    Row("deliver.out", "out_to_clear_line", "at_clear_line", "deliver.square", "move_s", _MOVE, "", "lower.fast"),
    Row("deliver.square", "square_to_empty", "squared", "deliver.claim", "move_s", "shuttle.cross.alm_timeout"),
    Row("deliver.claim", "claim_empty", "empty_claimed", "deliver.raise", "wait_s", "transfer.empty.alm_not_vacant"),
    Row("deliver.raise", "raise_over_empty", "lift_there", "deliver.in", "lift_s", _LIFT),
    Row("deliver.in", "into_empty", "travel_there", "deliver.put", "move_s", _MOVE, "note_putting_down"),
    Row("deliver.put", "put_down", "put_down", "fetch.collapse",
        "lift_s", "transfer.empty.alm_not_seated", "note_delivered"),
    # ... and a full one comes from the other transfer place ...
    Row("fetch.collapse", "collapse", "collapsed", "fetch.move", "lift_s", _LIFT),
    Row("fetch.move", "under_full", "under_full", "fetch.claim", "move_s", _MOVE, "", "fetch.collapse"),
    Row("fetch.claim", "claim_full", "full_claimed", "fetch.near", "wait_s", "transfer.full.alm_no_pack"),
    Row("fetch.near", "near_full", "lift_there", "fetch.contact", "lift_s", _LIFT),
    Row("fetch.contact", "contact_full", "lift_there", "fetch.raise", "lift_s", _LIFT),
    Row("fetch.raise", "raise_over_full", "lifted_at_full", "fetch.out",
        "lift_s", "shuttle.lift.alm_no_load", "note_fetched"),
    Row("fetch.out", "out_to_clear_line_level", "travel_there", "return.lower", "move_s", _MOVE, "release_claims"),
    Row("return.lower", "lower_to_carry", "lift_low", "return.align", "lift_s", _LIFT),
    Row("return.align", "align_to_truck", "squared", "return.in", "move_s", "shuttle.cross.alm_timeout"),
    Row("return.in", "in_to_bracket", "at_bracket", "return.measure", "move_s", _MOVE, "", "return.lower"),
    # The truck has risen by what was taken off it.
    Row("return.measure", "measure", "pose_measured", "raise.fast", "measure_s", "bay.pose.alm_no_measurement",
        "use_height"),
    # ... goes up into its place, where the cones guide the floating plate ...
    Row("raise.fast", "to_seat_height", "lift_there", "seat.press", "lift_s", _LIFT, "note_seating", "return.lower"),
    Row("seat.press", "press_up", "seated", "seat.settle", "contact_s", _SEAT, "", "return.lower"),
    Row("seat.press", "", "seat_limit", HOLD, "", _SEAT, "", "return.lower"),
    Row("seat.settle", "settle", "settled", "lock.engage", "check_s", _SEAT, "", "return.lower"),
    Row("lock.engage", "engage_keys", "keys_up", "lock.turn", "key_s", "shuttle.lock_driver.alm_not_engaged"),
    Row("lock.turn", "lock", "locked", "clear.keys", "lock_s", "bracket*.lock*.alm_not_locked", "note_locked",
        "lock.engage"),
    # ... and the shuttle leaves it there.
    Row("clear.keys", "lower_keys", "keys_down", "clear.slow", "key_s", "shuttle.lock_driver.alm_not_retracted",
        "note_height"),
    Row("clear.slow", "lower_off_slowly", "clear_of_pack", "clear.down", "lift_s", "shuttle.plate.alm_not_clear"),
    Row("clear.down", "collapse", "collapsed", "clear.next", "lift_s", _LIFT, "note_swapped"),
    Row("clear.next", "", "more_positions", "approach.select", "", "", "next_position"),
    Row("clear.next", "", "no_more_positions", "clear.home"),
    Row("clear.home", "go_home", "home", "verify.mated", "move_s", _MOVE),
    Row("verify.mated", "check_mated", "all_mated", "verify.hv", "check_s", "bracket*.seat.alm_not_mated"),
    Row("verify.hv", "switch_hv_on", "hv_is_on", "release.clamp", "high_voltage_s", "truck.interface.alm_hv_not_on"),
    Row("release.clamp", "open_clamp", "clamp_open", "release.go", "clamp_s", "bay.clamp.alm_not_open"),
    Row("release.go", "release_truck", "truck_leaving", "leave.clear", "leave_s", "bay.sensor.alm_not_leaving"),
    Row("leave.clear", "release_truck", "bay_clear", DONE, "leave_s", "bay.sensor.alm_not_leaving"),
)  # fmt: skip

#: A truck that leaves without a swap begins here.
LET_GO = "verify.hv"
#: From here on the truck is done with and PackML is Completing.
COMPLETING = "release.clamp"

#: Where to go on after a person has moved something: the first row whose conditions hold.
#: The conditions are those of this scan plus what the shuttle believes about its plate and the truck's position.
RESUME: tuple[tuple[tuple[str, ...], str], ...] = (
    (("order_missing",), "park.arrive"),
    (("truck_to_be_measured", "shuttle_out_of_lane", "lift_low", "plate_empty"), "authorise.hv"),
    (("truck_to_be_measured",), ""),
    (("everything_swapped",), "clear.home"),
    (("locks_all_locked", "position_done"), "clear.keys"),
    (("locks_all_locked", "plate_empty"), "approach.collapse"),
    (("locks_all_locked", "over_bracket"), "approach.collapse"),
    (("locks_mixed", "over_bracket", "plate_carries"), "unlock.engage"),
    (("locks_mixed",), ""),
    (("plate_empty",), "fetch.collapse"),
    (("plate_has_new", "lift_low"), "return.lower"),
    (("plate_has_new", "over_bracket"), "return.lower"),
    (("plate_has_new", "shuttle_at_full"), "fetch.raise"),
    (("plate_has_new", "lift_over"), "fetch.out"),
    (("plate_has_new",), "return.lower"),
    (("plate_has_old", "lift_low"), "lower.fast"),
    (("plate_has_old", "over_bracket"), "lower.fast"),
    (("plate_has_old", "shuttle_at_empty"), "deliver.put"),
    (("plate_has_old", "lift_over"), "deliver.in"),
    (("plate_has_old",), "lower.fast"),
)
