"""A truck: sprung chassis, brackets, the driver, and the interface it shows to the station."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from twin import assets
from twin.physics import Articulated, Engine, Pose, compose
from twin.plant.bracket import Bracket
from twin.plant.device import Device
from twin.plant.pack import Pack
from twin.plant.profile import Profile
from twin.units import deg_to_rad, mm_to_m

Stage = Literal["queued", "arriving", "parked", "leaving", "gone"]

CHASSIS_HEIGHT_M = 0.60
_STANDSTILL_M_S = 0.005
_POSITION_GAIN_1_S = 5.0


class Truck(Device):
    """One truck from the queue to the road again; it stands still in the solver while it waits or is gone.

    The driver obeys the lights: in on entry green, out on exit green once released. Parking errors are where the
    driver stops (x), where the lane's guides let the truck run (y, yaw) and how the truck stands on its springs.
    """

    STATE: ClassVar[tuple[str, ...]] = (
        "stage", "_since_ns", "hv_off", "park_brake", "_hv_asked_ns", "x_entry_ns", "x_exit_ns",
        "mark_ns", "release_ns", "_speed_sent", "sunk_m",
    )  # fmt: skip
    #: Rolls; its brake is let go; its high voltage does not go off; its load leans it; its springs lose air.
    FLAWS: ClassVar[Mapping[str, Any]] = {
        "creep_m_s": 0.0, "brake_let_go": False, "hv_welded": False, "lean_rad": 0.0, "sinking_m_s": 0.0,
        "sinks_m": 0.0,
    }  # fmt: skip
    creep_m_s: float
    brake_let_go: bool
    hv_welded: bool
    lean_rad: float
    sinking_m_s: float
    sinks_m: float

    def __init__(
        self,
        index: int,
        data: assets.Truck,
        engine: Engine,
        machine: Articulated,
        brackets: dict[int, Bracket],
        *,
        identity: int,
        swap: list[int],
        stop_x_m: float,
        start_x_m: float,
        away_x_m: float,
        arrive_ns: int,
        step_s: float,
        preload: list[float],
    ) -> None:
        super().__init__(f"truck{index}")
        self.index, self.data, self.machine, self.brackets = index, data, machine, brackets
        self.identity, self.swap = identity, swap
        self._engine = engine
        self._joint = machine.joints["drive"]
        self._stop_x_m, self._away_x_m, self._arrive_ns = stop_x_m, away_x_m, arrive_ns
        self._gain = min(1.0, _POSITION_GAIN_1_S * step_s)
        self._profile = Profile(data.drive.acceleration_m_s2.value, data.drive.jerk_m_s3.value, step_s)
        self._profile.rest(start_x_m)
        self.stage: Stage = "queued"
        self.hv_off = False
        self.park_brake = False
        self._since_ns = 0
        #: Preloads of heave, pitch and roll: as it came, and as they are.
        self._preload_at_start, self._preload = tuple(preload), preload
        #: How far its springs have sunk so far.
        self.sunk_m = 0.0
        self._hv_asked_ns = -1
        self._speed_sent: float | None = None
        self.x_entry_ns = self.x_exit_ns = self.mark_ns = self.release_ns = -1
        self.X_WC: Pose = ((start_x_m, 0.0, CHASSIS_HEIGHT_M), (0.0, 0.0, 0.0, 1.0))

    # -- truth ---------------------------------------------------------------------------------------------------

    @property
    def x_m(self) -> float:
        """True position along its own path: 0 at the mark."""
        return self._joint.q

    @property
    def v_m_s(self) -> float:
        return self._joint.v

    def look(self, packs: list[Pack]) -> None:
        """Bring the chassis pose and what its brackets see up to date."""
        self.X_WC = self._engine.pose_of_link(self.machine, "chassis")
        for bracket in self.brackets.values():
            bracket.look(self.X_WC, packs)

    @property
    def X_WT(self) -> Pose:
        """Pose of the truck's frame T: on the ground under the middle position when the springs stand nominal."""
        return compose(self.X_WC, ((0.0, 0.0, -CHASSIS_HEIGHT_M), (0.0, 0.0, 0.0, 1.0)))

    # -- driver --------------------------------------------------------------------------------------------------

    @property
    def moving(self) -> bool:
        return self._profile.moving

    @property
    def may_come(self) -> bool:
        """Whether it has not been in the bay yet."""
        return self.stage == "queued"

    def may_enter(self, t_ns: int) -> bool:
        return self.stage == "queued" and t_ns >= self._arrive_ns

    def wait(self) -> None:
        """Stand still in the queue."""
        self._joint.servo(self._profile.q, 0.0, self._gain, self.data.drive.park_brake_force_n.value)

    def enter(self, t_ns: int) -> None:
        """The driver sees green."""
        self.stage, self._since_ns = "arriving", t_ns
        self._profile.move(self._stop_x_m, self.data.drive.speed_m_s.value)

    def drive(
        self, t_ns: int, *, release: bool, hv_off: bool, clamped: bool, clamp_force_n: float, duration_s: float
    ) -> None:
        """What driver and vehicle do in this scan of some duration."""
        data = self.data.drive
        if self.sinking_m_s and self.sunk_m < self.sinks_m:
            self.sunk_m = min(self.sinks_m, self.sunk_m + self.sinking_m_s * duration_s)
            self._load_springs()
        if self.stage == "arriving" and not self._profile.moving and abs(self.v_m_s) < _STANDSTILL_M_S:
            self.stage, self._since_ns, self.mark_ns = "parked", t_ns, t_ns
        if self.stage == "parked":
            self._serve(t_ns, hv_off)
            brake_n = (0.0 if self.brake_let_go else data.park_brake_force_n.value) + clamp_force_n
            for bracket in self.brackets.values():
                bracket.loosen(duration_s)
            if release and not self.hv_off and not clamped:
                if self.release_ns < 0:
                    self.release_ns = t_ns
                if t_ns - self.release_ns >= data.reaction_s.value * 1e9:
                    self.park_brake = False
                    self.stage = "leaving"
                    self._profile.rest(self.x_m)
                    self._profile.move(self._away_x_m, data.speed_m_s.value)
                    return
            else:
                self.release_ns = -1
            self._stand(self.creep_m_s, brake_n)
        elif self.stage == "leaving" and not self._profile.moving:
            self.stage = "gone"

    def _serve(self, t_ns: int, hv_off: bool) -> None:
        data = self.data.drive
        if t_ns - self._since_ns >= data.request_delay_s.value * 1e9:
            self.park_brake = not self.brake_let_go
        if self.hv_welded:
            self.hv_off = False
            return
        if hv_off == self.hv_off:
            self._hv_asked_ns = t_ns
            return
        wait_s = data.hv_off_s.value if hv_off else data.hv_on_s.value
        if t_ns - self._hv_asked_ns >= wait_s * 1e9:
            self.hv_off = hv_off

    def _stand(self, speed: float, brake_n: float) -> None:
        if self._speed_sent != speed:
            self._speed_sent = speed
            self._profile.rest(self.x_m)
        if speed:
            self._joint.servo(0.0, speed, 0.0, self.data.drive.force_n.value)
        else:
            self._joint.servo(self._profile.q, 0.0, self._gain, brake_n)

    def substep(self) -> None:
        """Follow the driver's profile for one physics step."""
        profile = self._profile
        profile.step()
        self._joint.servo(profile.q, profile.v, self._gain, self.data.drive.force_n.value)

    # -- springs -------------------------------------------------------------------------------------------------

    def afflicted(self, flaw: str) -> None:
        if flaw == "sinking_m_s" and not self.sinking_m_s:
            self.sunk_m = 0.0
        self._load_springs()

    def _load_springs(self) -> None:
        """The preloads that follow from a load that leans it and from springs that have lost air."""
        heave, pitch, roll = self._preload_at_start
        spring = self.data.suspension
        self._preload[:] = (
            heave - spring.heave_n_m.value * self.sunk_m, pitch, roll + spring.roll_n_m_rad.value * self.lean_rad,
        )  # fmt: skip

    # -- checkpoints ---------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        return {**super().state(), "profile": self._profile.state()}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._load_springs()
        self._profile.restore(state["profile"])


def spring_preloads(
    data: assets.Suspension, pack_xs_m: list[float], pack_kg: float, parking: Any
) -> tuple[float, float, float]:
    """Preloads of heave (N), pitch and roll (N·m) at which a truck with these packs stands as its parking says."""
    weight = (data.chassis_mass_kg.value + 1.0 + pack_kg * len(pack_xs_m)) * 9.81
    heave = weight + data.heave_n_m.value * mm_to_m(parking.ride_height_mm)
    pitch = -sum(x * pack_kg * 9.81 for x in pack_xs_m)
    roll = data.roll_n_m_rad.value * deg_to_rad(parking.roll_deg)
    return heave, pitch, roll


def debris_links(bracket: int) -> list[str]:
    """Links of a bracket that stand for debris, first and second cone."""
    return [f"bracket{bracket}_debris{cone}" for cone in (1, 2)]
