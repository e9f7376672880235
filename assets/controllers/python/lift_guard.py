"""The controller of c/lift_guard.c in plain Python; beside it stands a stub.

swaptwin controller stub --lang python --out swaptwin_controller.py
swaptwin run nominal_swap --controller "process:python lift_guard.py"
"""

from swaptwin_controller import Inputs, Outputs, serve


class LiftGuard:
    """Holds the lift where it is, and raises an alarm of its own when the plate creeps down."""

    own = [("shuttle.lift.alm_creeps", "bool", "A2")]

    def __init__(self) -> None:
        self.held_m = None
        self.limit_m = 0.005

    def begin(self, scan_ns: int, settings: dict) -> None:
        self.limit_m = 5.0 * float(settings.get("shuttle.lift.tolerance_m", 0.001))

    def scan(self, t_ns: int, inputs: Inputs, outputs: Outputs) -> None:
        lift, drives_on = inputs.shuttle.lift, inputs.station.safety.st_drives_on
        outputs.station.unit.seq_state = Outputs.station.unit.SEQ_STATE["Execute"]
        outputs.station.safety.cmd_drives_on = True
        outputs.shuttle.lift.cmd_enable = drives_on
        if self.held_m is None and drives_on:
            self.held_m = lift.pv_position_m
        outputs.shuttle.lift.sp_position_m = self.held_m or 0.0
        outputs.shuttle.lift.sp_speed_m_s = 0.01
        outputs.shuttle.lift.cmd_move = self.held_m is not None
        outputs.shuttle.lift.alm_creeps = self.held_m is not None and lift.pv_position_m < self.held_m - self.limit_m


guard = LiftGuard()
serve(guard.scan, guard.own, guard.begin)
