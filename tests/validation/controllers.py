"""Controllers that were changed."""

from __future__ import annotations

from typing import Any

from twin.control.station import StationController


class WrittenAnew(StationController):
    """The station's own by another name."""


class NoNumber(StationController):
    """Answers with no number from 30 s on."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        super().scan(t_ns, inputs, outputs)
        if t_ns >= 30_000_000_000:
            outputs.shuttle.lift.sp_speed_m_s = float("nan")


class KeepsPower(StationController):
    """Asks for drive power whatever happens."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        super().scan(t_ns, inputs, outputs)
        outputs.station.safety.cmd_drives_on = True


class PermitsAlways(StationController):
    """Says that the locks may be opened, whatever is so; nobody asks it to."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        super().scan(t_ns, inputs, outputs)
        outputs.shuttle.lock_driver.ilk_unlock = True


class Raises(StationController):
    """Fails in an emergency."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        super().scan(t_ns, inputs, outputs)
        if not inputs.station.safety.st_estop_ok:
            raise ZeroDivisionError("my mistake")


class CannotBeMade(StationController):
    """Fails before its first scan."""

    def __init__(self, *given: Any) -> None:
        raise KeyError("no such drive")


class SlowHands(StationController):
    """Never lifts faster than 25 mm/s: another controller than the one that the station has now."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        super().scan(t_ns, inputs, outputs)
        lift = outputs.shuttle.lift
        lift.sp_speed_m_s = min(lift.sp_speed_m_s, 0.025)
