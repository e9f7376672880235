"""The shuttle's top: a plate that floats, and keys that turn the locks of a truck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from twin.assets import Float, LockDriverData
from twin.physics import Joint
from twin.plant.bracket import Bracket
from twin.plant.device import Device
from twin.plant.safety import SafetyChain

_CENTRED_M = 0.001
_KEY_TOLERANCE_M = 0.002
_KEY_FORCE_N = 2000.0


class FloatingPlate(Device):
    """The passive give of the plate: weak springs while it floats, clamped to its middle otherwise."""

    STATE: ClassVar[tuple[str, ...]] = ("floating",)
    #: It stays as it is, free or centred.
    FLAWS: ClassVar[Mapping[str, Any]] = {"stuck": False}
    stuck: bool

    def __init__(self, name: str, data: Float, joints: list[Joint], inputs: Any, outputs: Any, step_s: float) -> None:
        super().__init__(name)
        self._data, self.joints, self._in, self._out = data, joints, inputs, outputs
        self._gain = min(1.0, data.gain_1_s.value * step_s)
        self.floating = False
        self._drive()

    def _drive(self) -> None:
        data = self._data
        for joint, weak in zip(
            self.joints,
            (data.centring_force_n.value, data.centring_force_n.value, data.centring_torque_n_m.value),
            strict=True,
        ):
            joint.servo(0.0, 0.0, self._gain, weak if self.floating else data.locked_force_n.value)

    def sense(self, t_ns: int) -> None:
        x, y, yaw = (joint.q for joint in self.joints)
        node = self._in
        node.pv_offset_x_m, node.pv_offset_y_m, node.pv_offset_yaw_rad = round(x, 5), round(y, 5), round(yaw, 5)
        node.st_centred = not self.floating and max(abs(x), abs(y), abs(yaw)) < _CENTRED_M

    def act(self, t_ns: int) -> None:
        if self._out.cmd_float != self.floating and not self.stuck:
            self.floating = self._out.cmd_float
            self._drive()


class LockDriver(Device):
    """Four keys on the plate. Raised under a bracket they enter its locks; turning them drives the latches."""

    STATE: ClassVar[tuple[str, ...]] = ("_target", "torque_n_m")
    #: The keys stay at their height.
    FLAWS: ClassVar[Mapping[str, Any]] = {"jammed": False}
    jammed: bool

    def __init__(
        self,
        name: str,
        data: LockDriverData,
        joint: Joint,
        inputs: Any,
        outputs: Any,
        power: SafetyChain,
        scan_s: float,
    ) -> None:
        super().__init__(name)
        self._data, self.joint, self._in, self._out = data, joint, inputs, outputs
        self._power, self._scan_s = power, scan_s
        self._stroke_m = data.stroke_m.value
        self._target = 0.0
        self.torque_n_m = 0.0
        #: The bracket whose locks the keys are in, found by the world each scan.
        self.bracket: Bracket | None = None
        joint.servo(0.0, 0.0, 1.0, _KEY_FORCE_N)

    @property
    def engaged(self) -> bool:
        return self.bracket is not None and self.joint.q > self._stroke_m - _KEY_TOLERANCE_M

    def sense(self, t_ns: int) -> None:
        node = self._in
        node.st_engaged = self.engaged
        node.st_retracted = self.joint.q < _KEY_TOLERANCE_M
        node.pv_torque_n_m = self.torque_n_m

    def act(self, t_ns: int) -> None:
        out, power = self._out, self._power.on
        self.torque_n_m = 0.0
        if power and not self.jammed:
            wanted = self._stroke_m if out.cmd_engage else 0.0
            if wanted != self._target:
                step = self._data.speed_m_s.value * self._scan_s
                self._target += max(-step, min(step, wanted - self._target))
                self.joint.servo(self._target, 0.0, 0.25, _KEY_FORCE_N)
        direction = (1 if out.cmd_lock else 0) - (1 if out.cmd_unlock else 0)
        if power and direction and self.engaged and self.bracket is not None:
            stalled = self.bracket.turn(direction, self._scan_s)
            self.torque_n_m = (self._data.stall_torque_n_m if stalled else self._data.torque_n_m).value
