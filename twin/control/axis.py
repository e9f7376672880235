"""One axis as the controller sees it: go there, stand there, never past an interlock."""

from __future__ import annotations

from typing import Any

from twin.control.settings import LinearAxis, RotaryAxis

#: Below this speed (m/s, rad/s) an axis stands.
STILL = 0.005


class Axis:
    """Level commands to one drive. :meth:`go` is said in every scan in which the axis is to move; unsaid, it stops."""

    __slots__ = (
        "_in", "_out", "high", "low", "name", "position", "ready", "run", "speed", "speed_limit", "still", "target",
        "there", "tolerance",
    )  # fmt: skip

    def __init__(self, name: str, settings: LinearAxis | RotaryAxis) -> None:
        self.name = name
        if isinstance(settings, LinearAxis):
            self.low, self.high, self.tolerance = settings.low_m, settings.high_m, settings.tolerance_m
        else:
            self.low, self.high, self.tolerance = settings.low_rad, settings.high_rad, settings.tolerance_rad
        self.position = 0.0
        self.speed = 0.0
        #: Standing; standing at the target that was last asked for; reference known and no drive fault.
        self.still = self.there = self.ready = False
        self.target = 0.0
        self.speed_limit = 0.0
        self.run = False
        self._in: Any = None
        self._out: Any = None

    def bind(self, node_in: Any, node_out: Any) -> None:
        self._in, self._out = node_in, node_out

    def read(self) -> None:
        """Take the input image: position, speed and what follows from them."""
        node = self._in
        self.position = position = node.pv_position_m
        self.speed = speed = node.pv_speed_m_s
        self.still = still = -STILL < speed < STILL
        self.there = still and -self.tolerance <= position - self.target <= self.tolerance
        self.ready = node.st_homed and node.st_ready

    @property
    def commanded(self) -> float:
        """The set point that stands in the output image."""
        point: float = self._out.sp_position_m
        return point

    def take_up(self) -> None:
        """Read, and take what stands in the output image for the target; where nothing does, where it stands."""
        self.read()
        self.target = self.commanded or self.position

    @property
    def fault(self) -> bool:
        """The drive says it is not ready."""
        return not self._in.st_ready

    def go(self, target: float, speed_limit: float) -> None:
        """Ask for motion to a target, clipped to the soft limits, in this scan."""
        self.target = min(max(target, self.low), self.high)
        self.speed_limit = speed_limit
        self.run = True

    def write(self, enable: bool, plus: bool, minus: bool) -> None:
        """Write the command; motion only in a direction that is permitted."""
        out = self._out
        out.cmd_enable = enable
        if not self.run:
            out.cmd_move = False
            return
        delta = self.target - self.position
        out.cmd_move = enable and (
            plus if delta > self.tolerance else minus if delta < -self.tolerance else plus or minus
        )
        out.sp_position_m = self.target
        out.sp_speed_m_s = self.speed_limit
        self.run = False

    def state(self) -> list[float]:
        return [self.target, self.speed_limit]

    def restore(self, state: list[float]) -> None:
        self.target, self.speed_limit = state


class AngularAxis(Axis):
    """The same for an angle."""

    __slots__ = ()

    @property
    def commanded(self) -> float:
        point: float = self._out.sp_position_rad
        return point

    def read(self) -> None:
        node = self._in
        self.position = position = node.pv_position_rad
        self.speed = speed = node.pv_speed_rad_s
        self.still = still = -STILL < speed < STILL
        self.there = still and -self.tolerance <= position - self.target <= self.tolerance
        self.ready = node.st_homed and node.st_ready

    def write(self, enable: bool, plus: bool, minus: bool) -> None:
        out = self._out
        out.cmd_enable = enable
        if not self.run:
            out.cmd_move = False
            return
        delta = self.target - self.position
        out.cmd_move = enable and (
            plus if delta > self.tolerance else minus if delta < -self.tolerance else plus or minus
        )
        out.sp_position_rad = self.target
        out.sp_speed_rad_s = self.speed_limit
        self.run = False
