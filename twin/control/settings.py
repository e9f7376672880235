"""The controller's settings: every number the station file decides, typed, with its unit in the name."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from twin.errors import InputError

T = TypeVar("T")


@dataclass(frozen=True)
class LinearAxis:
    """Soft limits and speeds of a linear axis. ``loaded`` is used with a pack, ``slow`` near contact."""

    low_m: float
    high_m: float
    fast_m_s: float
    loaded_m_s: float
    slow_m_s: float
    jog_m_s: float
    tolerance_m: float = 0.002


@dataclass(frozen=True)
class RotaryAxis:
    """Soft limits and speeds of a rotary axis."""

    low_rad: float
    high_rad: float
    fast_rad_s: float
    jog_rad_s: float
    tolerance_rad: float = 0.0017


@dataclass(frozen=True)
class Pack:
    """What the controller has to know of a pack: its outline (along and across the lane), and when it is full."""

    width_m: float = 0.75
    length_m: float = 2.20
    full_soc_frac: float = 0.90
    isolate_serial: tuple[int, ...] = ()


@dataclass(frozen=True)
class Shuttle:
    """The shuttle: places and loads at which it decides. A height of the lift is the joint's position."""

    plate_height_m: float = 0.19
    home_y_m: float = 2.75
    clear_y_m: float = 2.50
    carry_lift_m: float = 0.0
    carry_tolerance_m: float = 0.006
    over_ledge_m: float = 0.06
    place_tolerance_m: float = 0.012
    bracket_tolerance_m: float = 0.030
    corridor_m: float = 0.10
    take_gap_m: float = 0.02
    take_overtravel_m: float = 0.05
    place_gap_m: float = 0.015
    lower_slow_m: float = 0.025
    clear_slow_m: float = 0.070
    seat_gap_m: float = 0.03
    seat_overtravel_m: float = 0.05
    empty_load_n: float = 1_000.0
    carry_load_n: float = 9_000.0
    take_load_n: float = 12_000.0
    seat_load_n: float = 13_200.0
    seat_limit_n: float = 17_000.0
    overload_n: float = 19_000.0
    travel: LinearAxis = LinearAxis(-0.3, 5.0, 0.5, 0.4, 0.1, 0.2)
    cross: LinearAxis = LinearAxis(-0.95, 0.95, 0.2, 0.15, 0.05, 0.1)
    lift: LinearAxis = LinearAxis(0.0, 0.40, 0.05, 0.05, 0.01, 0.02, 0.001)
    yaw: RotaryAxis = RotaryAxis(-0.0524, 0.0524, 0.02, 0.01)


@dataclass(frozen=True)
class Crane:
    """The stacker crane. The fork is measured from the aisle's centre: rack side positive, transfer side negative."""

    fork_reach_m: float = 2.55
    under_gap_m: float = 0.03
    over_gap_m: float = 0.06
    empty_load_n: float = 1_000.0
    carry_load_n: float = 9_000.0
    overload_n: float = 22_000.0
    place_tolerance_m: float = 0.010
    travel: LinearAxis = LinearAxis(-2.6, 5.2, 0.8, 0.6, 0.1, 0.2)
    hoist: LinearAxis = LinearAxis(0.28, 2.60, 0.25, 0.2, 0.05, 0.1)
    fork: LinearAxis = LinearAxis(-2.56, 2.56, 0.4, 0.3, 0.1, 0.1)


@dataclass(frozen=True)
class Bay:
    """Parking, clamping and leaving."""

    standstill_s: float = 1.0
    still_m_s: float = 0.01
    creep_m_s: float = 0.03
    creep_m: float = 0.010
    creep_s: float = 0.06
    measure_s: float = 0.4


@dataclass(frozen=True)
class Window:
    """Largest measured truck offset that the robot compensates; beyond it nothing touches the truck."""

    x_m: float = 0.060
    y_m: float = 0.060
    z_low_m: float = -0.040
    z_high_m: float = 0.085
    yaw_rad: float = 0.0314
    roll_rad: float = 0.0180


@dataclass(frozen=True)
class Truck:
    """Where the brackets are in the truck's frame T: x along the lane, and the height of a seated pack's underside."""

    bracket_x_m: tuple[float, ...] = (0.80, 0.0, -0.80)
    pack_underside_m: float = 0.33


@dataclass(frozen=True)
class Transfer:
    """A transfer place between shuttle and crane."""

    device: str
    x_m: float
    y_m: float
    support_m: float


@dataclass(frozen=True)
class Slot:
    """A rack slot; an isolation slot is filled with flagged packs only and never charged."""

    x_m: float
    support_m: float
    isolation: bool = False


@dataclass(frozen=True)
class Fire:
    """From when on a slot is not well: gas as a share of its lower explosive limit, heat, coolant, insulation."""

    gas_lel_frac: float = 0.2
    pack_hot_c: float = 60.0
    pin_hot_c: float = 75.0
    coolant_low_pa: float = 150_000.0
    insulation_low_ohm: float = 61_400.0


@dataclass(frozen=True)
class Timeouts:
    """How long a step may take before it is an alarm."""

    park_s: float = 120.0
    authorise_s: float = 60.0
    high_voltage_s: float = 15.0
    clamp_s: float = 15.0
    measure_s: float = 10.0
    move_s: float = 40.0
    lift_s: float = 20.0
    contact_s: float = 20.0
    key_s: float = 6.0
    lock_s: float = 5.0
    check_s: float = 2.0
    wait_s: float = 600.0
    slot_s: float = 15.0
    leave_s: float = 300.0


@dataclass(frozen=True)
class Operator:
    """The operator's side: maintenance runs at a fraction of the jog speed; a refusal is shown for a while."""

    maintenance_frac: float = 0.3
    refused_shown_s: float = 2.0
    reset_pulse_s: float = 0.2


@dataclass(frozen=True)
class Settings:
    """All settings of the reference controller.

    ``transfer_full`` and ``transfer_empty`` may name one and the same device: then one place serves both ways.
    ``slots`` maps the device of each rack slot to its place.
    """

    transfer_full: Transfer
    transfer_empty: Transfer
    slots: Mapping[str, Slot]
    pack: Pack = Pack()
    shuttle: Shuttle = Shuttle()
    crane: Crane = Crane()
    bay: Bay = Bay()
    window: Window = Window()
    truck: Truck = Truck()
    fire: Fire = Fire()
    timeouts: Timeouts = field(default_factory=Timeouts)
    operator: Operator = Operator()

    @classmethod
    def from_mapping(cls, data: Mapping[str, Any]) -> Settings:
        """Check and convert nested data; keys left out take their default.

        Raises:
            InputError: an unknown or missing key, a value of the wrong type or sign, with the key's path.
        """
        return _build(cls, data, "")

    @classmethod
    def from_dotted(cls, data: Mapping[str, Any]) -> Settings:
        """The inverse of :meth:`dotted`.

        Raises:
            InputError: as :meth:`from_mapping`.
        """
        nested: dict[str, Any] = {"slots": {}}
        for key, value in data.items():
            _merge(nested, key.split("."), value)
        return cls.from_mapping(nested)

    def dotted(self) -> dict[str, Any]:
        """Every number and word by its dotted path (``shuttle.take_load_n``); a list stays one value."""
        return dict(_leaves(dataclasses.asdict(self), ""))

    def overridden(self, data: Mapping[str, Any]) -> Settings:
        """A copy with some keys replaced, nested or as dotted paths (``{"shuttle.home_y_m": 2.8}``)."""
        merged = dataclasses.asdict(self)
        for key, value in data.items():
            _merge(merged, key.split("."), value)
        return Settings.from_mapping(merged)


def _leaves(data: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, _join(path, key))
        else:
            yield _join(path, key), value


def _merge(into: dict[str, Any], path: list[str], value: Any) -> None:
    for depth, part in enumerate(path):
        # A slot's name holds a dot itself: "slots.rack.slot1.x_m".
        if depth and path[depth - 1] == "slots" and len(path) > depth + 1:
            into = into.setdefault(".".join(path[depth : depth + 2]), {})
            return _merge(into, path[depth + 2 :], value) if path[depth + 2 :] else into.update(value)
        if depth == len(path) - 1:
            if isinstance(value, Mapping) and isinstance(into.get(part), dict):
                for key, item in value.items():
                    _merge(into[part], [key], item)
            else:
                into[part] = value
        else:
            into = into.setdefault(part, {})
    return None


def _build(cls: type[T], data: Any, path: str) -> T:
    if isinstance(data, cls):
        return data
    if not isinstance(data, Mapping):
        raise InputError(key=path or "controller", expected="a mapping", got=repr(data))
    hints = get_type_hints(cls)
    fields = {item.name: item for item in dataclasses.fields(cls)}  # type: ignore[arg-type]
    for key in data:
        if key not in fields:
            raise InputError(key=_join(path, key), expected="one of " + ", ".join(fields), got="an unknown key")
    values: dict[str, Any] = {}
    for name, item in fields.items():
        if name in data:
            values[name] = _convert(hints[name], data[name], _join(path, name))
        elif item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING:
            raise InputError(key=_join(path, name), expected="a value", got="nothing")
    built = cls(**values)
    _check(built, path)
    return built


def _convert(hint: Any, value: Any, path: str) -> Any:
    origin = get_origin(hint)
    if dataclasses.is_dataclass(hint):
        return _build(hint, value, path)  # type: ignore[arg-type]
    if origin is tuple:
        if isinstance(value, (str, bytes)) or not isinstance(value, (list, tuple)):
            raise InputError(key=path, expected="a list", got=repr(value))
        return tuple(_convert(get_args(hint)[0], item, f"{path}[{i}]") for i, item in enumerate(value))
    if origin is not None:
        if not isinstance(value, Mapping):
            raise InputError(key=path, expected="a mapping", got=repr(value))
        return {str(key): _convert(get_args(hint)[1], item, _join(path, str(key))) for key, item in value.items()}
    if hint is float and isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        number = float(value)
        if path.endswith(("_m_s", "_rad_s", "_s", "_n", "_frac", "tolerance_m", "gap_m")) and number < 0:
            raise InputError(key=path, expected="a number >= 0", got=value)
        return number
    if hint is not float and isinstance(value, hint) and (hint is bool or not isinstance(value, bool)):
        return value
    raise InputError(key=path, expected=f"a {hint.__name__}", got=repr(value))


def _check(built: Any, path: str) -> None:
    for unit in ("m", "rad"):
        low, high = getattr(built, f"low_{unit}", None), getattr(built, f"high_{unit}", None)
        if low is not None and high is not None and not low < high:
            raise InputError(key=_join(path, f"low_{unit}"), expected=f"less than high_{unit} = {high}", got=low)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else str(key)
