"""One axis as the controller sees it: go there, stand there, never past an interlock."""

from __future__ import annotations

from typing import Any

from twin.control.settings import LinearAxis, RotaryAxis


class Axis:
    """Level commands to one drive. :meth:`go` is said in every scan in which the axis is to move; unsaid, it stops."""

    __slots__ = ("_in", "_out", "high", "low", "name", "position", "run", "speed", "speed_limit", "target", "tolerance")

    still_limit = 0.005

    def __init__(self, name: str, settings: LinearAxis | RotaryAxis) -> None:
        self.name = name
        if isinstance(settings, LinearAxis):
            self.low, self.high, self.tolerance = settings.low_m, settings.high_m, settings.tolerance_m
        else:
            self.low, self.high, self.tolerance = settings.low_rad, settings.high_rad, settings.tolerance_rad
        self.position = 0.0
        self.speed = 0.0
        self.target = 0.0
        self.speed_limit = 0.0
        self.run = False
        self._in: Any = None
        self._out: Any = None

    def bind(self, node_in: Any, node_out: Any) -> None:
        self._in, self._out = node_in, node_out

    def read(self) -> None:
        """Take position and speed from the input image."""
        self.position = self._in.pv_position_m
        self.speed = self._in.pv_speed_m_s

    @property
    def homed(self) -> bool:
        return bool(self._in.st_homed)

    @property
    def there(self) -> bool:
        """Standing at the target that was last asked for."""
        return abs(self.position - self.target) <= self.tolerance and -0.005 < self.speed < 0.005

    @property
    def still(self) -> bool:
        return -0.005 < self.speed < 0.005

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

    def read(self) -> None:
        self.position = self._in.pv_position_rad
        self.speed = self._in.pv_speed_rad_s

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
