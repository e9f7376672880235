"""What moves: machines, and the signals that their joints follow. Both travel in a Record as ``motion.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Logged = Literal["periodic", "on_change", "dead_band"]
Pose = tuple[float, ...]

IDENTITY: Pose = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True)
class MachineSource:
    """A machine: its URDF as text, where its root stands in W, and where its file was, for its meshes."""

    name: str
    urdf: str
    X_WR: Pose = IDENTITY
    path: str = ""


@dataclass(frozen=True)
class JointSource:
    """What moves a joint: it stands at ``scale`` · signal + ``offset``; several sources of one joint are added.

    ``period_s`` is how often the signal is looked at. One that is logged periodically moves evenly between two samples
    and is not known over a longer silence. One that is logged when it changes stands until one period before the next
    sample, or until the next sample when its period is not known. ``error`` is that of the sensor, in the joint's unit:
    95 of 100 stay below it.

    With ``low``, both signals are bits that say that the joint is at one end of its way: ``signal`` at ``scale``,
    ``low`` at zero. In between it is somewhere, and shown in the middle. While the bit ``valid`` is false, ``signal``
    says nothing.
    """

    joint: str
    signal: str
    scale: float = 1.0
    offset: float = 0.0
    period_s: float | None = None
    logged: Logged = "periodic"
    error: float = 0.0
    low: str = ""
    valid: str = ""


@dataclass(frozen=True)
class SliderSource:
    """A part of the station that slides along ``direction`` times the position of ``joint``."""

    frame: str
    joint: str
    direction: tuple[float, float, float]


@dataclass(frozen=True)
class PlaceSource:
    """A place for a pack: the frame it belongs to, where a pack in it stands there, and the signals that speak of it.

    Args:
        frame: ``station``, or a link that carries packs; ``carries`` says that it takes them from place to place.
        X_FB: the pack in that frame. error_m, error_rad: how far it may be from there.
        seen: bits, of which at least half say that a pack is there. locked: bits, which all say that it is held there.
        load: a weight; above ``load_above`` a pack hangs on this place.
        serial: the serial as it is read here, an enum whose 0 is none.
        valid: while this bit is false the others say nothing.
        of_truck: it comes and goes with the truck.
    """

    name: str
    frame: str
    X_FB: Pose
    error_m: float = 0.005
    error_rad: float = 0.004
    seen: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    load: str = ""
    load_above: float = 0.0
    serial: str = ""
    valid: str = ""
    carries: bool = False
    of_truck: bool = False

    @property
    def signals(self) -> tuple[str, ...]:
        """All signals that speak of it."""
        return tuple(name for name in (*self.seen, *self.locked, self.load, self.serial, self.valid) if name)


@dataclass(frozen=True)
class TruckSource:
    """The truck: a machine that is there while ``present``, at the pose that was measured of it.

    Args:
        machine: its name; links ``mark`` (on the lane), ``heave`` and ``chassis`` stand where the measurement says.
        valid: true while a measurement is shown. x, y, z, yaw, roll: what it shows, m and rad; any may be missing.
        heave_m: height of the chassis above its axles at rest.
        error_m, error_rad: of the measurement. heave_error_m, roll_error_rad: how far the springs may move the chassis
            unseen.
        unmeasured_m, unmeasured_rad: how far off the lane's middle a truck may be that rolls or is not measured.
        parked: true while it stands at its mark.
    """

    machine: str
    present: str
    valid: str = ""
    x: str = ""
    y: str = ""
    z: str = ""
    yaw: str = ""
    roll: str = ""
    heave_m: float = 0.0
    error_m: float = 0.01
    error_rad: float = 0.01
    heave_error_m: float = 0.05
    roll_error_rad: float = 0.01
    unmeasured_m: float = 0.15
    unmeasured_rad: float = 0.05
    parked: str = ""

    @property
    def signals(self) -> tuple[str, ...]:
        """All signals that speak of it."""
        return tuple(
            name
            for name in (self.present, self.parked, self.valid, self.x, self.y, self.z, self.yaw, self.roll)
            if name
        )
