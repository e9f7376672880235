"""A truck's bracket: the seat of one pack, its four locks and its connectors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

from twin import assets
from twin.physics import Articulated, Engine, Lock, Pose, compose, relative, rotate
from twin.plant.device import Device
from twin.plant.pack import Pack

_NEAR_M = 0.08
_LATCH_AT = 0.90
_LOCKED_AT, _RELEASED_AT = 0.97, 0.03


class Latch(Device):
    """One lock: a stroke from released (0) to locked (1) and, past the latch point, a joint in the physics."""

    STATE: ClassVar[tuple[str, ...]] = ("stroke", "blocked")
    #: Stuck where it is; stops short of released or of locked; turns at a share of its speed; opens by itself.
    FLAWS: ClassVar[Mapping[str, Any]] = {
        "stuck": False, "low_stop": 0.0, "high_stop": 1.0, "speed_share": 1.0, "loosening_1_s": 0.0,
    }  # fmt: skip
    stuck: bool
    low_stop: float
    high_stop: float
    speed_share: float
    loosening_1_s: float

    def __init__(self, name: str, *, stroke: float) -> None:
        super().__init__(name)
        self.stroke = stroke
        self.blocked = False
        self.joint: Lock | None = None

    def turned(self, step: float) -> float:
        """The stroke after a turn by a share of it, as far as the stops allow."""
        after = self.stroke + step * self.speed_share
        if step > 0:
            return max(self.stroke, min(self.high_stop, after))
        return min(self.stroke, max(self.low_stop, after))


class Bracket(Device):
    """One pack position of a truck.

    A latch closes only while it really reaches: at its latch point the pack must be inside the capture window
    (gap and sideways error at that latch). It then holds the pack at the pose it has at that instant.

    Args:
        x_m: middle of the position in the truck's frame T.
        chassis_height_m: height of the chassis link's frame above T.
    """

    STATE: ClassVar[tuple[str, ...]] = ("gap_m", "sideways_m", "peak_lock_force_n", "lock_gap_m", "X_WS", "X_SB")
    #: How far its couplings stand off their places.
    FLAWS: ClassVar[Mapping[str, Any]] = {"electrical_off_m": 0.0, "coolant_off_m": 0.0}
    electrical_off_m: float
    coolant_off_m: float

    def __init__(
        self, name: str, data: assets.Bracket, pack_data: assets.Pack, engine: Engine, machine: Articulated,
        *, x_m: float, chassis_height_m: float, locked: bool,
    ) -> None:  # fmt: skip
        super().__init__(name)
        self._data, self._engine, self._machine = data, engine, machine
        self.X_CS: Pose = ((x_m, 0.0, data.seat_height_m.value - chassis_height_m), (0.0, 0.0, 0.0, 1.0))
        self._deck_m = pack_data.deck_height_m.value
        self._lock_points = pack_data.lock_points_m
        self.latches = [
            Latch(f"{name}.lock{n}", stroke=1.0 if locked else 0.0) for n in range(1, len(self._lock_points) + 1)
        ]
        self.pack: Pack | None = None
        self.X_WS: Pose = self.X_CS
        self.X_SB: Pose = self.X_CS
        self.gap_m = [math.inf] * len(data.pads_m)
        self.sideways_m = math.inf
        self.peak_lock_force_n = 0.0
        #: Largest gap at the pads when the last latch took hold, or None before that.
        self.lock_gap_m: float | None = None

    @property
    def held(self) -> bool:
        """Whether any latch holds a pack."""
        return any(latch.joint is not None for latch in self.latches)

    def look(self, X_WC: Pose, packs: list[Pack]) -> None:
        """Find the pack at this seat and how far it is from seated; ``X_WC`` is the chassis link's pose."""
        self.X_WS = X_WS = compose(X_WC, self.X_CS)
        (x, y, z), _ = X_WS
        pack = self.pack
        if pack is None or not self._near(pack, x, y, z):
            pack = next((candidate for candidate in packs if self._near(candidate, x, y, z)), None)
            self.pack = pack
        if pack is None:
            if self.gap_m[0] != math.inf:
                self.gap_m = [math.inf] * len(self.gap_m)
                self.sideways_m = math.inf
            return
        self.X_SB = X_SB = relative(X_WS, (pack.body.p, pack.body.q_xyzw))
        self.gap_m = [-self._offset(X_SB, px, py)[2] for px, py in self._data.pads_m]
        self.sideways_m = math.hypot(X_SB[0][0], X_SB[0][1])

    def _near(self, pack: Pack, x: float, y: float, z: float) -> bool:
        px, py, pz = pack.body.p
        return abs(px - x) < _NEAR_M and abs(py - y) < _NEAR_M and abs(pz - z) < _NEAR_M

    def _offset(self, X_SB: Pose, px: float, py: float) -> tuple[float, float, float]:
        """From a point of the deck plane of a seated pack to the same point of this pack, in S."""
        (bx, by, bz), q = X_SB
        rx, ry, rz = rotate(q, (px, py, self._deck_m))
        return bx + rx - px, by + ry - py, bz + rz - self._deck_m

    def turn(self, direction: int, duration_s: float) -> bool:
        """Drive all latches towards locked (1) or released (-1) for a while; True when one does not turn."""
        step = direction * duration_s / self._data.lock_time_s.value
        stalled = False
        for latch, point in zip(self.latches, self._lock_points, strict=True):
            before = latch.stroke
            after = latch.turned(step)
            latch.blocked = False
            if latch.stuck:
                after = before
            elif before < _LATCH_AT <= after and self.pack is not None and not self._captures(point):
                after, latch.blocked = before, True
            latch.stroke = after
            stalled = stalled or (after == before and 0.0 < after < 1.0) or latch.stuck
            if after >= _LATCH_AT and latch.joint is None and self.pack is not None and self._captures(point):
                self.engage(latch)
                if all(other.joint is not None for other in self.latches):
                    self.lock_gap_m = max(self.gap_m)
            elif after < _LATCH_AT:
                self._let_go(latch)
        return stalled

    def loosen(self, duration_s: float) -> None:
        """Let latches open that do so by themselves."""
        for latch in self.latches:
            if latch.loosening_1_s:
                latch.stroke = max(0.0, latch.stroke - latch.loosening_1_s * duration_s)
                if latch.stroke < _LATCH_AT:
                    self._let_go(latch)

    def _let_go(self, latch: Latch) -> None:
        if latch.joint is not None:
            self._engine.unlock(latch.joint)
            latch.joint = None

    def _captures(self, point: tuple[float, float]) -> bool:
        dx, dy, dz = self._offset(self.X_SB, *point)
        data = self._data
        return -dz <= data.capture_gap_m.value and math.hypot(dx, dy) <= data.capture_sideways_m.value

    def engage(self, latch: Latch) -> None:
        """Join bracket and pack at the pose the pack has now."""
        assert self.pack is not None
        point = self._lock_points[self.latches.index(latch)]
        on_pack = (point[0], point[1], self._deck_m)
        X_CB = compose(self.X_CS, self.X_SB)
        on_chassis, _ = compose(X_CB, (on_pack, (0.0, 0.0, 0.0, 1.0)))
        latch.joint = self._engine.lock(
            self._machine, "chassis", self.pack.body,
            point_on_parent=on_chassis, point_on_child=on_pack, max_force_n=self._data.lock_max_force_n.value,
        )  # fmt: skip

    def lock_force_n(self) -> float:
        """Magnitude of the total force of the locks on the pack; single locks share it arbitrarily."""
        fx = fy = fz = 0.0
        for latch in self.latches:
            if latch.joint is not None:
                force = self._engine.lock_force(latch.joint)
                fx, fy, fz = fx + force[0], fy + force[1], fz + force[2]
        total = math.sqrt(fx * fx + fy * fy + fz * fz)
        self.peak_lock_force_n = max(self.peak_lock_force_n, total)
        return total

    def _mated(self, off_m: float) -> bool:
        """Whether a coupling is home that stands off its place."""
        data = self._data
        off_m += self.sideways_m
        return max(self.gap_m) < data.connector_gap_m.value and off_m < data.connector_sideways_m.value

    def state(self) -> dict[str, Any]:
        return {**super().state(), "pack": self.pack}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        # The pack itself, not a copy of it.
        self.pack = state["pack"]

    def show(self, locks: list[Any], seat: Any) -> None:
        """Write the sensors of this bracket into the image nodes of its position."""
        for latch, node in zip(self.latches, locks, strict=True):
            node.st_locked = latch.stroke >= _LOCKED_AT
            node.st_released = latch.stroke <= _RELEASED_AT
        touch = self._data.pad_touch_gap_m.value
        seat.st_pad1, seat.st_pad2, seat.st_pad3, seat.st_pad4 = (gap < touch for gap in self.gap_m)
        seat.st_electrical_mated = self._mated(self.electrical_off_m)
        seat.st_coolant_mated = self._mated(self.coolant_off_m)
