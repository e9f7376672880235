"""Servo axes: a drive with a jerk-limited profile, a force limit, an encoder and a brake."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from twin.assets import Drive
from twin.physics import Joint
from twin.plant.device import Device
from twin.plant.profile import Profile
from twin.plant.safety import SafetyChain

Mode = Literal["brake", "hold", "move", "stop"]

#: Below this speed a closed brake stands and holds its place. The solver lets a loaded joint that is only slowed creep
#: at 1 to 3 mm/s.
_STANDSTILL = 5e-3
_HOME = 0.005
_OVERLOAD = 0.98
#: A prop bears more than any load of a station, N.
_PROP_FORCE = 1e6
#: Reach of the longest thing that a rotary axis turns.
_ARM_M = 1.3


class Axis(Device):
    """One axis. ``cmd_move`` moves to the set point, taking it back stops; without power the brake closes.

    The drive's own loop runs at the physics step, as a real drive's runs faster than the PLC; set points change
    once a scan. Positions are in m or rad, forces in N or N·m.

    Args:
        joints: one joint, or the stages of a telescope that share the stroke in equal parts.
        inputs, outputs: the axis's nodes in the images.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "mode",
        "goal",
        "tripped",
        "propped",
        "_frozen",
        "_shown",
        "offset",
        "_q_before",
    )
    #: The encoder runs away; a share of its way is slip; shares of the force of brake and drive, and of the speed;
    #: friction; a drive that trips.
    FLAWS: ClassVar[Mapping[str, Any]] = {
        "drift_1_s": 0.0, "slip_share": 0.0, "brake_share": 1.0, "force_share": 1.0, "speed_share": 1.0,
        "friction": 0.0, "trips": False,
    }  # fmt: skip
    drift_1_s: float
    slip_share: float
    brake_share: float
    force_share: float
    speed_share: float
    friction: float
    trips: bool

    def __init__(
        self, name: str, drive: Drive, joints: list[Joint], inputs: Any, outputs: Any, power: SafetyChain,
        *, step_s: float, scan_s: float,
    ) -> None:  # fmt: skip
        super().__init__(name)
        self._scan_s = scan_s
        self.joints, self._joint, self._power = joints, joints[0], power
        self._in, self._out = inputs, outputs
        self.area = name.split(".")[0]
        self._share = 1.0 / len(joints)
        self._gain = min(1.0, drive.gain_1_s.value * step_s)
        self._max_speed = drive.max_speed.value
        self.reference = Profile(drive.acceleration.value, drive.jerk.value, step_s)
        self.force, self._brake_force = drive.force.value, drive.brake_force.value
        self._following_error, self._tolerance = drive.following_error.value, drive.in_position.value
        self._per_step = 1.0 / drive.encoder_step.value
        self._encoder_step = drive.encoder_step.value
        self.mode: Mode = "brake"
        self.goal: tuple[float, float] = (0.0, 0.0)
        self.tripped = False
        #: Whether a prop stands under what it carries.
        self.propped = False
        self._frozen = False
        self._shown: tuple[object, ...] = ()
        #: What the encoder says more than is true.
        self.offset = 0.0
        self._q_before = 0.0
        self._drive = drive

    def parameters(self) -> dict[str, tuple[str, float]]:
        """Name with unit suffix to unit and value, of what limits this axis."""
        drive = self._drive
        unit, effort = ("m", ("force_n", "N")) if drive.unit == "m" else ("rad", ("torque_n_m", "N·m"))
        return {
            f"max_speed_{unit}_s": (f"{unit}/s", drive.max_speed.value),
            f"acceleration_{unit}_s2": (f"{unit}/s²", drive.acceleration.value),
            f"jerk_{unit}_s3": (f"{unit}/s³", drive.jerk.value),
            effort[0]: (effort[1], drive.force.value),
        }

    @property
    def arm_m(self) -> float:
        """Largest way of what the axis moves, per unit of its own."""
        return 1.0

    @property
    def q(self) -> float:
        """True position."""
        return self._joint.q if self._share == 1.0 else sum(joint.q for joint in self.joints)

    @property
    def v(self) -> float:
        """True speed."""
        return self._joint.v if self._share == 1.0 else sum(joint.v for joint in self.joints)

    @property
    def measured(self) -> float:
        """What the encoder says."""
        return self.q + self.offset

    @property
    def moving(self) -> bool:
        """Whether :meth:`substep` has something to do."""
        return self.mode == "move" or self.mode == "stop"

    def sense(self, t_ns: int) -> None:
        node, mode, q = self._in, self.mode, self.measured
        effort = self._joint.effort
        # An axis at rest shows what it showed; the encoder and the force reading have steps.
        still = (mode, self.tripped, round(q * self._per_step), round(effort))
        if still == self._shown and mode != "move" and mode != "stop":
            node.st_in_position = mode == "hold" and abs(q - self._set_point()[0]) < self._tolerance
            return
        self._shown = still
        v = self.v
        rubbing = math.copysign(self.friction, v) if abs(v) > _STANDSTILL else 0.0
        self._show(q, v / (1.0 - self.slip_share) + self.drift_1_s, effort + rubbing)
        node.st_enabled = mode != "brake"
        node.st_in_position = mode == "hold" and abs(q - self._set_point()[0]) < self._tolerance
        node.st_ready = not self.tripped
        node.st_homed = True
        # The switch sees the machine itself.
        node.st_home = -_HOME < q - self.offset < _HOME
        node.st_overload = abs(effort) > _OVERLOAD * (self._brake_force if mode == "brake" else self.force)

    def _show(self, q: float, v: float, effort: float) -> None:
        node = self._in
        node.pv_position_m = round(q * self._per_step) * self._encoder_step
        node.pv_speed_m_s = round(v, 4)
        node.pv_force_n = float(round(effort))

    def prop(self, propped: bool) -> None:
        """Put a prop under the load, or take it away; the brake is closed as long as it stands there."""
        self.propped, self._frozen = propped, False

    @property
    def _standing_force(self) -> float:
        """What holds the axis while it stands without power."""
        return _PROP_FORCE if self.propped else self._brake_force * self.brake_share

    def _set_point(self) -> tuple[float, float]:
        """Target and speed limit that the controller asks for."""
        return self._out.sp_position_m, self._out.sp_speed_m_s

    def act(self, t_ns: int) -> None:
        out = self._out
        if self.drift_1_s or self.slip_share:
            self._run_away()
        if not out.cmd_enable:
            self.tripped = False
        if self.trips or (self.mode != "brake" and abs(self.reference.q - self.measured) > self._following_error):
            self.tripped = True
        if not (out.cmd_enable and self._power.on) or self.tripped or self.propped:
            self._brake()
            return
        if self.mode == "brake":
            self.reference.rest(self.measured)
            self._hold()
        target, speed = self._set_point()
        if out.cmd_move and speed > 0:
            goal = (target, min(speed, self._max_speed * self.speed_share))
            arrived = self.mode == "hold" and abs(self.reference.q - goal[0]) < 1e-9
            if goal != self.goal or not (arrived or self.mode == "move"):
                self.goal = goal
                self.mode = "move"
                self.reference.move(*goal)
        elif self.mode == "move":
            self.mode = "stop"
            self.reference.stop()

    def substep(self) -> None:
        """Follow the profile for one physics step."""
        reference = self.reference
        reference.step()
        if reference.moving:
            self._servo(reference.q - self.offset, reference.v, self._gain, self._force())
        else:
            self._hold()

    def _hold(self) -> None:
        self.mode = "hold"
        self._servo(self.reference.q - self.offset, 0.0, self._gain, self._force())

    def _force(self) -> float:
        """What the drive can give to the load."""
        return max(0.0, self.force * self.force_share - self.friction)

    def _run_away(self) -> None:
        """The encoder turns without the machine: by itself, or by a share of the way it turns."""
        q = self.q
        self.offset += self.drift_1_s * self._scan_s + (q - self._q_before) * self.slip_share / (1.0 - self.slip_share)
        self._q_before = q
        if self.mode == "hold":
            self._hold()

    def afflicted(self, flaw: str) -> None:
        if flaw in ("drift_1_s", "slip_share"):
            self._q_before = self.q
            if not (self.drift_1_s or self.slip_share):
                self._reference_anew()
        elif self.mode == "brake":
            self._frozen = False
            self._servo(self.q, 0.0, 0.0, self._standing_force)
        elif self.mode == "hold":
            self._hold()

    def _reference_anew(self) -> None:
        """A person brings the axis home: what is measured is true again, and the drive stands where it is."""
        self.offset = 0.0
        self.reference.rest(self.q)
        if self.mode != "brake":
            self._hold()

    def _brake(self) -> None:
        if self.mode != "brake":
            self.mode, self._frozen = "brake", False
            self.reference.rest(self.measured)
            self._servo(self.q, 0.0, 0.0, self._standing_force)
        elif not self._frozen and abs(self.v) < _STANDSTILL:
            self._frozen = True
            self.reference.rest(self.measured)
            self._servo(self.q, 0.0, self._gain, self._standing_force)

    def _servo(self, q: float, v: float, gain: float, limit: float) -> None:
        share = self._share
        for joint in self.joints:
            joint.servo(q * share, v * share, gain, limit)

    def state(self) -> dict[str, Any]:
        return {**super().state(), "reference": self.reference.state()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.reference.restore(state["reference"])


class RotaryAxis(Axis):
    """An axis in rad and N·m."""

    @property
    def arm_m(self) -> float:
        return _ARM_M

    def _show(self, q: float, v: float, effort: float) -> None:
        node = self._in
        node.pv_position_rad = round(q * self._per_step) * self._encoder_step
        node.pv_speed_rad_s = round(v, 4)
        node.pv_torque_n_m = float(round(effort))

    def _set_point(self) -> tuple[float, float]:
        return self._out.sp_position_rad, self._out.sp_speed_rad_s
