"""Manual and maintenance mode: jog an axis, move the keys, lock and unlock, always through the interlocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.control.panel import STANDING, Mode, Refusal

if TYPE_CHECKING:
    from twin.control.axis import Axis
    from twin.control.station import StationController

#: Axes in the numbering of ``op_jog_axis``: 1 is the first.
JOG_AXES = ("travel", "cross", "lift", "yaw", "mast", "hoist", "fork")


class Hand:
    """Turns the hand controls into requests to axes and keys."""

    def __init__(self, station: StationController) -> None:
        self._st = station
        s = station.settings
        self._speeds = (
            s.shuttle.travel.jog_m_s, s.shuttle.cross.jog_m_s, s.shuttle.lift.jog_m_s, s.shuttle.yaw.jog_rad_s,
            s.crane.travel.jog_m_s, s.crane.hoist.jog_m_s, s.crane.fork.jog_m_s,
        )  # fmt: skip
        #: (axis name, towards plus) of the jog of this scan, to be told if an interlock forbids it.
        self.jogged: tuple[str, bool] | None = None
        #: The request is new in this scan, so that a refusal is told once.
        self.fresh = False

    def run(self) -> None:
        """One scan."""
        panel = self._st.panel
        now, before = panel.hand, panel.hand_before
        self.jogged = None
        if now == before:
            if not (now[1] or now[2] or now[3]):
                return
        else:
            self.fresh = True
        asked = now[0] or now[1] or now[2] or (now[3] and now[4])
        if panel.mode < Mode.manual or self._st.machine.state not in STANDING or not self._st.facts.drives_on:
            if asked and now != before:
                self._refuse_hand()
            return
        self._keys(now, before)
        axis = now[3]
        if axis and now[4]:
            self._jog(JOG_AXES[axis - 1], now[4], self._speeds[axis - 1])

    def _refuse_hand(self) -> None:
        panel = self._st.panel
        if panel.mode < Mode.manual:
            panel.refuse(Refusal.wrong_mode)
        elif self._st.machine.state not in STANDING:
            panel.refuse(Refusal.wrong_state)
        else:
            panel.refuse(Refusal.drives_off)

    def _keys(self, now: tuple[Any, ...], before: tuple[Any, ...]) -> None:
        st = self._st
        shuttle, permitted, index = st.shuttle, st.interlocks.permitted, st.interlocks.index
        if now[0] != before[0]:
            shuttle.engage = bool(now[0])
            st.shuttle_moved = True
        for pressed, was, name in ((now[1], before[1], "lock"), (now[2], before[2], "unlock")):
            if not pressed:
                continue
            setattr(shuttle, f"{name}_key", True)
            st.shuttle_moved = True
            if not was and not permitted[index[f"shuttle.lock_driver.ilk_{name}"]]:
                st.panel.refuse(Refusal.interlock)

    def _jog(self, name: str, fraction: float, speed: float) -> None:
        st = self._st
        axis: Axis = getattr(st.wiring, name)
        plus = fraction > 0
        if st.panel.mode == Mode.maintenance:
            speed *= st.settings.operator.maintenance_frac
        if name == "lift" and not plus:
            # The plate goes down without its keys; a person need not think of them.
            st.shuttle.engage = False
        if name in ("mast", "hoist", "fork"):
            st.crane_moved = True
            st.crane.carrying = False
        else:
            st.shuttle_moved = True
            st.shuttle.carrying = False
        if self.fresh and not axis.ready:
            st.rearm = True
        low, high = self._limits(name, axis)
        axis.go(high if plus else low, abs(fraction) * speed)
        self.jogged = (axis.name, plus)

    def _limits(self, name: str, axis: Axis) -> tuple[float, float]:
        """Where a jog ends by itself: an axis needs its way to stop, so it is not left to the interlock alone."""
        f = self._st.facts
        if name == "travel":
            return max(axis.low, f.travel_low_m), min(axis.high, f.travel_high_m)
        if name == "hoist":
            return max(axis.low, f.hoist_low_m), min(axis.high, f.hoist_high_m)
        if name == "fork":
            return (0.0 if axis.position > 0.01 else axis.low), (0.0 if axis.position < -0.01 else axis.high)
        return axis.low, axis.high

    def tell(self) -> None:
        """After the interlocks: refuse a jog that they forbid, once."""
        if self.jogged is None or not self.fresh:
            return
        axis, plus = self.jogged
        forbidding = self._st.interlocks.false(f"{axis}.ilk_{'plus' if plus else 'minus'}")
        if forbidding == ("keys_down",) and not self._st.shuttle.engage:
            return
        self.fresh = False
        if (
            forbidding
            and not self._st.interlocks.permitted[
                self._st.interlocks.index[f"{axis}.ilk_{'plus' if plus else 'minus'}"]
            ]
        ):
            self._st.panel.refuse(Refusal.interlock)
