"""A kinematic station for the controller's tests: axes reach their set points at speed, locks and sensors follow.

No physics: a pack is at a place, on the plate, on the fork or in a bracket, and changes over when what carries it
is high or low enough. What a station must never do is checked in every scan.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from twin.control import Controller, Settings, State, StationController
from twin.signals import Signal, SignalTable

SCAN_NS = 20_000_000
SCAN_S = 0.02
WEIGHT_N = 12_260.0
STIFFNESS_N_M = 6.0e5
SUPPORT_M = 0.36
PLATE_M = 0.19
UNDERSIDE_M = 0.33
AISLE_REACH_M = 2.55
ROOT = Path(__file__).resolve().parents[2]

SLOTS = {
    **{f"rack.slot{i + 1}": (-1.575 + 1.05 * (i % 4), 0.56 + 0.80 * (i // 4)) for i in range(7)},
    "rack.isolation": (4.4, 0.56),
}


def settings(**changes: Any) -> Settings:
    """Settings of a station with seven slots, changed by dotted keys (``shuttle__home_y_m``)."""
    data = {
        "transfer_full": {"device": "transfer.full", "x_m": 0.8, "y_m": 4.8, "support_m": SUPPORT_M},
        "transfer_empty": {"device": "transfer.empty", "x_m": -0.8, "y_m": 4.8, "support_m": SUPPORT_M},
        "slots": {
            name: {"x_m": x, "support_m": z, "isolation": name == "rack.isolation"} for name, (x, z) in SLOTS.items()
        },
    }
    made = Settings.from_mapping(data)
    return made.overridden({key.replace("__", "."): value for key, value in changes.items()}) if changes else made


def io_list(places: int = 2) -> SignalTable:
    """The I/O list of the station, from the shipped device types."""
    types = yaml.safe_load((ROOT / "assets" / "devices.yaml").read_text(encoding="utf-8"))["types"]
    linear = ["shuttle.travel", "shuttle.cross", "shuttle.lift", "crane.travel", "crane.hoist", "crane.fork"]
    devices = dict.fromkeys(linear, "linear_axis") | {
        "shuttle.yaw": "rotary_axis", "shuttle.plate": "floating_plate", "shuttle.lock_driver": "lock_driver",
        "crane.load": "crane_fork_load", "bay.clamp": "wheel_clamp", "bay.sensor": "bay_sensor",
        "bay.pose": "pose_sensor", "bay.entry_light": "lane_light", "bay.exit_light": "lane_light",
        "truck.interface": "truck_interface", "station.safety": "safety_chain", "operator.panel": "operator_panel",
        "station.unit": "packml_unit", "rack.exhaust": "exhaust_fan",
    }  # fmt: skip
    devices |= dict.fromkeys(["transfer.full", "transfer.empty"][:places], "transfer_place")
    devices |= dict.fromkeys(SLOTS, "rack_slot")
    for k in (1, 2, 3):
        devices |= {f"bracket{k}.lock{i}": "lock" for i in range(1, 5)} | {f"bracket{k}.seat": "seat"}
    signals = []
    for device, kind in devices.items():
        for name, data in types[kind]["signals"].items():
            signals.append(
                Signal(
                    f"{device}.{name}", data.get("type", "real"), labels=data.get("labels", {}),
                    safe=float(data.get("safe", 0.0)),
                )
            )  # fmt: skip
    return SignalTable(signals)


@dataclass
class Truck:
    """A truck of the queue: serial of the pack at each position, and how it parks."""

    packs: dict[int, int] = field(default_factory=lambda: {1: 101})
    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    yaw_rad: float = 0.0
    #: Truth of the locks, 0 released to 1 locked, of brackets 0..2.
    locks: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.locks = [[1.0 if k in self.packs else 0.0] * 4 for k in range(3)]


class FakePlant:
    """The station and its operator; ``run`` and ``until`` make it go.

    Args:
        trucks: the queue; they come one after another when the entry light is green.
        stock: slot to serial of the full packs.
    """

    def __init__(
        self,
        trucks: list[Truck] | None = None,
        stock: dict[str, int] | None = None,
        *,
        setting: Settings | None = None,
        controller: type[Controller] = StationController,
        places: int = 2,
    ) -> None:
        self.settings = setting or settings()
        self.table = io_list(places)
        self.controller: Any = controller(self.table, self.settings, SCAN_NS)
        inputs, outputs = self.controller.images()
        self.inputs: Any = inputs
        self.outputs: Any = outputs
        self.t_ns = 0
        self.queue = list(trucks if trucks is not None else [Truck()])
        self.truck: Truck | None = None
        self.truck_x = -20.0
        self.truck_stage = "away"
        self.truck_creep_m_s = 0.0
        self.served = 0
        self.place = {"transfer.full": 0, "transfer.empty": 0} | dict.fromkeys(SLOTS, 0)
        self.place |= stock if stock is not None else {f"rack.slot{i}": i for i in range(1, 5)}
        if places == 1:
            del self.place["transfer.empty"]
        self.soc = {serial: 1.0 for serial in self.place.values() if serial}
        self.plate = self.fork = 0
        self.stuck: set[tuple[int, int]] = set()
        self.debris_m = 0.0
        self.mains = True
        self.pressed = False
        self.chain = True
        self.latch = dict.fromkeys(SLOTS, 0.0)
        self.connector = dict.fromkeys(SLOTS, 0.0)
        self.clamp = self.key = 0.0
        self.hv = 0.0
        self.measured_s = 0.0
        self.states: list[str] = []
        self.phases: list[str] = []
        self.steps: list[str] = []
        self.alarms: list[str] = []
        self.refusals: list[str] = []
        self.peak_n = 0.0
        self.position = {
            "shuttle.travel": 2.75, "shuttle.cross": 0.0, "shuttle.lift": 0.0, "shuttle.yaw": 0.0,
            "crane.travel": 0.0, "crane.hoist": 0.4, "crane.fork": 0.0,
        }  # fmt: skip
        self.speed = dict.fromkeys(self.position, 0.0)
        for k in self.place:
            if k in self.latch and self.place[k]:
                self.latch[k] = self.connector[k] = 1.0

    # -- running ----------------------------------------------------------------------------------

    def scan(self) -> None:
        """Sense, control, act. A truck rises by what is taken off it."""
        self._sense()
        self.controller.scan(self.t_ns, self.inputs, self.outputs)
        self._note()
        self._act()
        self._forbid()
        self.t_ns += SCAN_NS

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / SCAN_S)):
            self.scan()

    def until(self, condition: Any, timeout_s: float = 400.0) -> float:
        """Scan until a condition; the seconds it took."""
        start = self.t_ns
        while not condition():
            self.scan()
            if (self.t_ns - start) / 1e9 > timeout_s:
                raise AssertionError(f"not within {timeout_s} s: {self.describe()}")
        return (self.t_ns - start) / 1e9

    def describe(self) -> str:
        waits = self.controller.waits_for()
        axes = {name: round(value, 3) for name, value in self.position.items()}
        return (
            f"state {self.state}, waits {waits}, alarms {self.controller.alarms.active}, axes {axes}, "
            f"refusals {self.refusals}, plate {self.plate}, fork {self.fork}, places {self.place}"
        )

    @property
    def state(self) -> str:
        return State(self.outputs.station.unit.seq_state).name

    @property
    def step(self) -> str:
        return str(self.controller.swap_sequence.step)

    def press(self, name: str, seconds: float = 0.1) -> None:
        """Press a button for a moment."""
        setattr(self.inputs.operator.panel, f"op_{name}", True)
        self.run(seconds)
        setattr(self.inputs.operator.panel, f"op_{name}", False)
        self.scan()

    def mode(self, number: int) -> None:
        self.inputs.operator.panel.op_mode = number
        self.run(0.1)

    def jog(self, axis: int, speed: float, seconds: float) -> None:
        panel = self.inputs.operator.panel
        panel.op_jog_axis, panel.op_jog_speed_frac = axis, speed
        self.run(seconds)
        panel.op_jog_axis, panel.op_jog_speed_frac = 0, 0.0
        self.run(0.1)

    def _note(self) -> None:
        for log, value in ((self.states, self.state), (self.phases, self.step.split(".")[0]), (self.steps, self.step)):
            if not log or log[-1] != value:
                log.append(value)
        for name in self.controller.alarms.active:
            if name not in self.alarms:
                self.alarms.append(name)
        reason = self.outputs.operator.panel.seq_refused_reason
        label = self.controller.signals["operator.panel.seq_refused_reason"].labels[reason] if reason else ""
        if label and (not self.refusals or self.refusals[-1] != label):
            self.refusals.append(label)

    # -- sensing ----------------------------------------------------------------------------------

    @property
    def drives(self) -> bool:
        return bool(self.outputs.station.safety.cmd_drives_on) and self.chain and self.mains

    def _sense(self) -> None:
        i = self.inputs
        for name, value in self.position.items():
            node = i.device(name)
            unit = "rad" if name == "shuttle.yaw" else "m"
            setattr(node, f"pv_position_{unit}", value)
            setattr(node, f"pv_speed_{unit}_s", self.speed[name])
            node.st_homed = node.st_ready = True
            node.st_enabled = self.drives
        safety = i.station.safety
        safety.st_estop_ok, safety.st_mains_ok, safety.st_fence_closed = self.chain, self.mains, True
        safety.st_floor_dry, safety.st_drives_on = True, self.drives
        self._sense_truck()
        self._sense_shuttle()
        for name, serial in self.place.items():
            node = i.device(name)
            node.st_pack_present = node.st_seated = serial > 0
            node.pv_pack_serial = serial
            if name in self.latch:
                node.st_latched, node.st_connected = self.latch[name] >= 1.0, self.connector[name] >= 1.0
                node.pv_soc_frac = self.soc.get(serial, 0.0) if node.st_connected else 0.0
        i.crane.load.st_pack_present = self.fork > 0
        i.crane.load.pv_load_n = WEIGHT_N if self.fork else 0.0

    def _sense_truck(self) -> None:
        bay, truck, link = self.inputs.bay.sensor, self.truck, self.inputs.truck.interface
        x = self.truck_x
        here = truck is not None and -12 < x < 12
        bay.st_truck_present, bay.st_clear = here, not here
        bay.st_at_mark = here and abs(x) < 0.2
        bay.pv_position_m = x if here else 0.0
        bay.pv_speed_m_s = {"arriving": 1.0, "leaving": 1.0}.get(self.truck_stage, self.truck_creep_m_s)
        parked = self.truck_stage == "parked"
        link.st_connected = link.st_swap_request = link.st_park_brake = parked
        link.st_hv_off = parked and self.hv >= 1.0
        link.pv_truck_id = 7 if parked else 0
        link.pv_position_mask = sum(1 << k for k in truck.packs) if truck is not None and parked else 0
        clamp = self.inputs.bay.clamp
        clamp.st_closed, clamp.st_open = self.clamp >= 1.0, self.clamp <= 0.0
        pose = self.inputs.bay.pose
        pose.st_valid = self.measured_s >= 0.5
        if truck is not None:
            pose.pv_x_m, pose.pv_y_m, pose.pv_z_m, pose.pv_yaw_rad = truck.x_m, truck.y_m, truck.z_m, truck.yaw_rad
        for k in range(3):
            locks = truck.locks[k] if truck is not None and parked else None
            for n in range(4):
                node = self.inputs.device(f"bracket{k + 1}.lock{n + 1}")
                node.st_locked = locks is not None and locks[n] >= 1.0
                node.st_released = locks is not None and locks[n] <= 0.0
            self._sense_seat(k, parked)

    def _sense_seat(self, k: int, parked: bool) -> None:
        seat = self.inputs.device(f"bracket{k + 1}.seat")
        truck = self.truck
        held = truck is not None and parked and truck.packs.get(k, 0) > 0
        lifted = self.plate > 0 and self.bracket == k and self.gap_m() <= self.debris_m + 0.0005
        touching = held or lifted
        seat.st_pad1 = seat.st_pad2 = seat.st_pad3 = touching
        seat.st_pad4 = touching and (held or self.debris_m == 0.0)
        seat.st_electrical_mated = seat.st_coolant_mated = touching and seat.st_pad4

    def _sense_shuttle(self) -> None:
        plate, keys = self.inputs.shuttle.plate, self.inputs.shuttle.lock_driver
        plate.pv_load_n = self.load_n()
        self.peak_n = max(self.peak_n, plate.pv_load_n)
        plate.st_pack_present = self.plate > 0 or (
            self.bracket >= 0 and self._seated(self.bracket) and self.gap_m() < 0.02
        )
        plate.st_centred = not self.outputs.shuttle.plate.cmd_float
        keys.st_engaged = self.key >= 1.0 and self.bracket >= 0
        keys.st_retracted = self.key <= 0.0

    # -- where things are -------------------------------------------------------------------------

    @property
    def plate_z(self) -> float:
        return PLATE_M + self.position["shuttle.lift"]

    @property
    def bracket(self) -> int:
        """The bracket over the plate, -1: none."""
        truck = self.truck
        if truck is None or self.truck_stage != "parked":
            return -1
        for k, b in enumerate((0.80, 0.0, -0.80)):
            x = truck.x_m + b * math.cos(truck.yaw_rad)
            y = truck.y_m + b * math.sin(truck.yaw_rad)
            if abs(self.position["shuttle.cross"] - x) < 0.015 and abs(self.position["shuttle.travel"] - y) < 0.015:
                return k
        return -1

    def gap_m(self) -> float:
        """From the plate's top up to the underside of a seated pack."""
        return UNDERSIDE_M + (self.truck.z_m if self.truck else 0.0) - self.plate_z

    def _seated(self, k: int) -> bool:
        return self.truck is not None and self.truck.packs.get(k, 0) > 0

    def load_n(self) -> float:
        k = self.bracket
        pressed_m = self.debris_m - self.gap_m() if k >= 0 else -1.0
        if self.plate:
            return WEIGHT_N + max(0.0, pressed_m) * STIFFNESS_N_M
        return max(0.0, pressed_m) * STIFFNESS_N_M if k >= 0 and self._seated(k) else 0.0

    def near_place(self) -> str:
        for name, place in (
            ("transfer.full", self.settings.transfer_full),
            ("transfer.empty", self.settings.transfer_empty),
        ):
            device = place.device if name not in self.place else name
            x, y = self.position["shuttle.cross"], self.position["shuttle.travel"]
            if abs(x - place.x_m) < 0.03 and abs(y - place.y_m) < 0.03:
                return device
        return ""

    def everything(self) -> list[int]:
        """Serials of all packs of the station and of the truck in the bay."""
        truck = [] if self.truck is None else list(self.truck.packs.values())
        return sorted(s for s in [*self.place.values(), self.plate, self.fork, *truck] if s)

    # -- acting -----------------------------------------------------------------------------------

    def _act(self) -> None:
        self._move_axes()
        self._move_bay()
        self._turn_locks()
        self._hand_over()
        self._move_slots()
        safety = self.outputs.station.safety
        if safety.cmd_reset and not self.pressed:
            self.chain = True
        self._move_truck()

    def _move_axes(self) -> None:
        for name in self.position:
            node = self.outputs.device(name)
            unit = "rad" if name == "shuttle.yaw" else "m"
            before = self.position[name]
            if node.cmd_enable and node.cmd_move and self.drives:
                step = getattr(node, f"sp_speed_{unit}_s") * SCAN_S
                error = getattr(node, f"sp_position_{unit}") - before
                self.position[name] = before + max(-step, min(step, error))
            self.speed[name] = (self.position[name] - before) / SCAN_S

    @staticmethod
    def _towards(value: float, target: bool, seconds: float) -> float:
        step = SCAN_S / seconds
        return min(1.0, value + step) if target else max(0.0, value - step)

    def _move_bay(self) -> None:
        o = self.outputs
        if self.mains:
            self.clamp = self._towards(self.clamp, o.bay.clamp.cmd_close, 2.0)
        self.hv = self._towards(self.hv, o.truck.interface.cmd_hv_off, 1.0)
        self.measured_s = self.measured_s + SCAN_S if o.bay.pose.cmd_measure else 0.0
        if self.drives:
            self.key = self._towards(self.key, o.shuttle.lock_driver.cmd_engage, 1.0)

    def _turn_locks(self) -> None:
        keys, k, truck = self.outputs.shuttle.lock_driver, self.bracket, self.truck
        if truck is None or k < 0 or self.key < 1.0 or not (keys.cmd_lock or keys.cmd_unlock):
            return
        assert not (keys.cmd_lock and keys.cmd_unlock)
        for n in range(4):
            if (k, n) not in self.stuck:
                truck.locks[k][n] = self._towards(truck.locks[k][n], keys.cmd_lock, 0.8)
        locks = truck.locks[k]
        if k in truck.packs and truck.packs[k] and max(locks) <= 0.0:
            assert self.gap_m() < 0.002, "a pack was unlocked with nothing beneath it"
            self.plate, truck.packs[k] = truck.packs[k], 0
            truck.z_m += WEIGHT_N / STIFFNESS_N_M
        elif self.plate and min(locks) > 0.0:
            assert self.debris_m == 0.0
            truck.packs[k], self.plate = self.plate, 0
            truck.z_m -= WEIGHT_N / STIFFNESS_N_M

    def _hand_over(self) -> None:
        name = self.near_place()
        if name:
            if self.place[name] and not self.plate and self.plate_z >= SUPPORT_M:
                self.plate, self.place[name] = self.place[name], 0
            elif self.plate and self.plate_z < SUPPORT_M - 1e-9:
                assert not self.place[name], "two packs at one place"
                self.place[name], self.plate = self.plate, 0
        device = self._fork_place()
        if not device:
            return
        support = SLOTS[device][1] if device in SLOTS else SUPPORT_M
        z = self.position["crane.hoist"]
        if self.place[device] and not self.fork and z >= support:
            assert self.latch.get(device, 0.0) <= 0.0, "lifted out of a closed latch"
            assert self.connector.get(device, 0.0) <= 0.0, "lifted off a mated connector"
            self.fork, self.place[device] = self.place[device], 0
        elif self.fork and z < support - 1e-9:
            assert not self.place[device], "two packs at one place"
            self.place[device], self.fork = self.fork, 0

    def _fork_place(self) -> str:
        x, reach, z = self.position["crane.travel"], self.position["crane.fork"], self.position["crane.hoist"]
        if reach > AISLE_REACH_M - 0.02:
            return next((n for n, (px, pz) in SLOTS.items() if abs(px - x) < 0.02 and abs(pz - z) < 0.1), "")
        if reach < -AISLE_REACH_M + 0.02:
            for place in (self.settings.transfer_full, self.settings.transfer_empty):
                if abs(place.x_m - x) < 0.02:
                    return place.device
        return ""

    def _move_slots(self) -> None:
        for name in SLOTS:
            out = self.outputs.device(name)
            self.latch[name] = self._towards(
                self.latch[name], bool(out.cmd_latch and self.place[name]) or self.connector[name] > 0, 1.0
            )
            connect = out.cmd_connect and self.latch[name] >= 1.0 and self.place[name] > 0
            self.connector[name] = self._towards(self.connector[name], connect, 2.0)

    def _move_truck(self) -> None:
        o = self.outputs
        if self.truck_stage == "away" and self.queue and o.bay.entry_light.cmd_green:
            self.truck, self.truck_x, self.truck_stage = self.queue.pop(0), -14.0, "arriving"
        elif self.truck_stage == "arriving":
            self.truck_x += SCAN_S
            if self.truck_x >= 0:
                self.truck_x, self.truck_stage = 0.0, "parked"
        elif self.truck_stage == "parked":
            self.truck_x += self.truck_creep_m_s * SCAN_S
            if o.truck.interface.cmd_release and o.bay.exit_light.cmd_green and self.hv <= 0 and self.clamp <= 0:
                self.truck_stage = "leaving"
        elif self.truck_stage == "leaving":
            self.truck_x += SCAN_S
            if self.truck_x > 14:
                self.truck, self.truck_stage = None, "away"
                self.served += 1

    # -- what must never happen -------------------------------------------------------------------

    def _forbid(self) -> None:
        p, v = self.position, self.speed
        y, lift = p["shuttle.travel"], p["shuttle.lift"]
        moving = abs(v["shuttle.travel"]) + abs(v["shuttle.cross"]) > 0
        if moving:
            assert self.key <= 0.0, "moved with the keys up"
            if y < 2.4:
                assert lift < 0.01, "moved under the truck with the lift up"
            if self.plate and y > 2.6:
                assert lift > SUPPORT_M - PLATE_M + 0.02, "a pack low among the transfer places"
        if self.truck_stage in ("leaving", "arriving"):
            assert y > 2.6, "a truck moves and the shuttle is in the lane"
        if p["crane.fork"] < -0.1 and lift > 0.01:
            apart = abs(p["crane.travel"] - p["shuttle.cross"]) > 0.8 or y < 2.7
            assert apart, "fork and raised plate in one transfer place"
        if abs(p["crane.fork"]) > 0.02:
            assert v["crane.travel"] == 0.0, "the mast moved with the fork out"
        if v["crane.fork"] != 0.0:
            assert v["crane.hoist"] == 0.0 and v["crane.travel"] == 0.0
