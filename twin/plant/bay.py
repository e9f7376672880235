"""The bay: the trucks' turn, wheel clamp, position and pose sensors, and the interface of the truck in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from twin import assets
from twin.physics import Engine
from twin.plant.bracket import Bracket
from twin.plant.device import Device
from twin.plant.pack import Pack
from twin.plant.safety import SafetyChain
from twin.plant.truck import Truck

#: Readings after which the position sensor's noise repeats itself.
_NOISE_LENGTH = 1 << 16


class Bay(Device):
    """Lets one truck in at a time and shows it to the controller.

    Args:
        nodes: image nodes by device: ``sensor``, ``pose``, ``interface``, ``clamp_in``, ``clamp_out``, ``pose_out``,
            ``interface_out``, ``entry_light``, ``exit_light``, and ``brackets`` with the locks' and seats' nodes.
        rng: source of all sensor noise.
    """

    STATE: ClassVar[tuple[str, ...]] = ("clamp", "_measuring_s", "_turn", "_pose", "_shown")
    #: Share of the clamp's force; a clamp that stays where it is; noise of the pose sensor over its usual one.
    FLAWS: ClassVar[Mapping[str, Any]] = {"clamp_share": 1.0, "clamp_jammed": False, "noise_factor": 1.0}
    clamp_share: float
    clamp_jammed: bool
    noise_factor: float

    def __init__(
        self, data: assets.Bay, trucks: list[Truck], packs: list[Pack], engine: Engine, nodes: dict[str, Any],
        power: SafetyChain, rng: np.random.Generator, scan_s: float,
    ) -> None:  # fmt: skip
        super().__init__("bay")
        self.data, self.trucks, self._packs, self._engine = data, trucks, packs, engine
        self._nodes, self._power, self._rng, self._scan_s = nodes, power, rng, scan_s
        self._scan_ns = round(scan_s * 1e9)
        self._noise_m = rng.normal(0.0, data.position_noise_m.value, _NOISE_LENGTH).tolist()
        self._clamp_step = scan_s / data.clamp_s.value
        self.clamp = 0.0
        self._measuring_s = 0.0
        self._turn = 0
        bias_m, bias_rad = data.pose_bias_m.value, data.pose_bias_rad.value
        self.bias = [*rng.uniform(-bias_m, bias_m, 3), *rng.uniform(-bias_rad, bias_rad, 2)]
        self._pose = [0.0] * 5
        self._shown = dict.fromkeys(nodes["brackets"], True)

    @property
    def truck(self) -> Truck | None:
        """The truck whose turn it is, from its start to when it is gone."""
        truck = self.trucks[self._turn] if self._turn < len(self.trucks) else None
        return truck if truck is not None and truck.stage != "queued" else None

    @property
    def clamp_force_n(self) -> float:
        return self.data.clamp_force_n.value * self.clamp_share if self.clamp == 1.0 else 0.0

    def awake_packs(self) -> list[Pack]:
        return [pack for pack in self._packs if not pack.body.held]

    def look(self) -> None:
        """Bring the truck in the bay up to date, before anything senses."""
        truck = self.truck
        if truck is not None and truck.stage == "parked":
            truck.look(self.awake_packs())

    # -- sensing -------------------------------------------------------------------------------------------------

    def sense(self, t_ns: int) -> None:
        truck = self.truck
        self._sense_position(t_ns, truck)
        self._sense_pose(truck)
        self._sense_interface(truck)
        clamp = self._nodes["clamp_in"]
        clamp.st_closed, clamp.st_open = self.clamp == 1.0, self.clamp == 0.0
        clamp.pv_force_n = self.clamp_force_n
        parked = truck is not None and truck.stage == "parked"
        for number, (locks, seat) in self._nodes["brackets"].items():
            bracket = truck.brackets.get(number) if parked and truck is not None else None
            if bracket is not None:
                bracket.show(locks, seat)
                self._shown[number] = True
            elif self._shown[number]:
                _show_nothing(locks, seat)
                self._shown[number] = False

    def _sense_position(self, t_ns: int, truck: Truck | None) -> None:
        node, data = self._nodes["sensor"], self.data
        if truck is None:
            node.st_truck_present = node.st_at_mark = False
            node.st_clear, node.pv_position_m, node.pv_speed_m_s = True, 0.0, 0.0
            return
        x = truck.x_m
        front, rear = x + truck.data.front_axle_x_m.value, x + truck.data.rear_axle_x_m.value
        inside = front > data.entry_line_x_m.value and rear < data.exit_line_x_m.value
        if inside and truck.x_entry_ns < 0:
            truck.x_entry_ns = t_ns
        if not inside and truck.x_entry_ns >= 0 and truck.x_exit_ns < 0:
            truck.x_exit_ns = t_ns
        node.st_truck_present, node.st_clear = inside, not inside
        node.st_at_mark = abs(x) < data.at_mark_m.value
        if inside:
            node.pv_position_m = round(x + self._noise_m[t_ns // self._scan_ns % _NOISE_LENGTH], 4)
            node.pv_speed_m_s = round(truck.v_m_s, 3)
        else:
            node.pv_position_m = node.pv_speed_m_s = 0.0

    def _sense_pose(self, truck: Truck | None) -> None:
        node, data = self._nodes["pose"], self.data
        if not self._nodes["pose_out"].cmd_measure or truck is None:
            self._measuring_s = 0.0
            node.st_valid = False
            return
        if self._measuring_s < data.pose_measure_s.value:
            self._measuring_s += self._scan_s
            node.st_valid = False
            return
        (x, y, z), q = truck.X_WT
        roll, yaw = _roll_yaw(q)
        noise_m, noise_rad = data.pose_noise_m.value * self.noise_factor, data.pose_noise_rad.value * self.noise_factor
        draw = self._rng.normal
        truth = (x, y, z, yaw, roll)
        self._pose = [
            round(value + bias + draw(0.0, noise_m if n < 3 else noise_rad), 5)
            for n, (value, bias) in enumerate(zip(truth, self.bias, strict=True))
        ]
        node.st_valid = True
        node.pv_x_m, node.pv_y_m, node.pv_z_m, node.pv_yaw_rad, node.pv_roll_rad = self._pose

    def _sense_interface(self, truck: Truck | None) -> None:
        node = self._nodes["interface"]
        here = truck is not None and truck.stage == "parked"
        node.st_connected = here
        node.st_park_brake = here and truck is not None and truck.park_brake
        node.st_swap_request = node.st_park_brake
        node.st_hv_off = here and truck is not None and truck.hv_off
        node.pv_truck_id = truck.identity if here and truck is not None else 0
        node.pv_position_mask = sum(1 << (n - 1) for n in truck.swap) if here and truck is not None else 0

    # -- acting --------------------------------------------------------------------------------------------------

    def act(self, t_ns: int) -> None:
        nodes = self._nodes
        if self._power.mains and not self.clamp_jammed:
            wanted = 1.0 if nodes["clamp_out"].cmd_close else 0.0
            if wanted != self.clamp:
                self.clamp = min(1.0, max(0.0, self.clamp + math.copysign(self._clamp_step, wanted - self.clamp)))
        truck = self.truck
        if truck is None:
            following = self.trucks[self._turn] if self._turn < len(self.trucks) else None
            if following is not None and following.may_enter(t_ns) and nodes["entry_light"].cmd_green:
                self._wake(following, True)
                following.enter(t_ns)
            return
        truck.drive(
            t_ns,
            release=nodes["interface_out"].cmd_release and nodes["exit_light"].cmd_green,
            hv_off=nodes["interface_out"].cmd_hv_off,
            clamped=self.clamp > 0.0,
            clamp_force_n=self.clamp_force_n,
            duration_s=self._scan_s,
        )
        if truck.stage == "gone":
            self._wake(truck, False)
            self._turn += 1

    def _wake(self, truck: Truck, awake: bool) -> None:
        self._engine.hold(truck.machine, not awake)
        for bracket in truck.brackets.values():
            if bracket.pack is not None:
                self._engine.hold(bracket.pack.body, not awake)

    def state(self) -> dict[str, Any]:
        return {**super().state(), "rng": self._rng.bit_generator.state}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self._rng.bit_generator.state = state["rng"]


def _show_nothing(locks: list[Any], seat: Any) -> None:
    """What the station reads where no truck offers a bracket."""
    for node in locks:
        node.st_locked = node.st_released = False
    seat.st_pad1 = seat.st_pad2 = seat.st_pad3 = seat.st_pad4 = False
    seat.st_electrical_mated = seat.st_coolant_mated = False


def _roll_yaw(q_xyzw: Any) -> tuple[float, float]:
    x, y, z, w = q_xyzw
    roll = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
    yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    return roll, yaw


def nearest_bracket(truck: Truck | None, x: float, y: float, reach_m: float) -> Bracket | None:
    """The bracket of the truck in the bay whose middle is within reach of a point of the floor plan."""
    if truck is None:
        return None
    for bracket in truck.brackets.values():
        (sx, sy, _), _ = bracket.X_WS
        if abs(sx - x) < reach_m and abs(sy - y) < reach_m:
            return bracket
    return None
