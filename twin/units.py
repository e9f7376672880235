"""Units: what a name's suffix means, and the conversions between SI and what a file or a person uses.

Inside the program everything is SI (m, s, kg, rad, N, J, W; °C for temperature). A number that a person or a file
meets carries its unit as a suffix of its name: ``offset_y_mm``, ``speed_m_s``, ``soc_frac``.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np

from twin.errors import InputError

Values = TypeVar("Values", float, np.ndarray)

#: Suffix of a name to the symbol shown to a person. Longer suffixes are looked for first.
SYMBOL_BY_SUFFIX: dict[str, str] = {
    "m_s3": "m/s³",
    "m_s2": "m/s²",
    "m_s": "m/s",
    "mm_s": "mm/s",
    "rad_s3": "rad/s³",
    "rad_s2": "rad/s²",
    "rad_s": "rad/s",
    "deg_s": "°/s",
    "n_m_s_rad": "N·m·s/rad",
    "n_m_rad": "N·m/rad",
    "n_s_m": "N·s/m",
    "n_m": "N·m",
    "1_s": "1/s",
    "k_s": "K/s",
    "m3_s": "m³/s",
    "m3": "m³",
    "w_k": "W/K",
    "j_k": "J/K",
    "pa": "Pa",
    "ohm": "Ω",
    "mohm": "mΩ",
    "kg_m2": "kg·m²",
    "m": "m",
    "mm": "mm",
    "rad": "rad",
    "deg": "°",
    "s": "s",
    "ms": "ms",
    "ns": "ns",
    "kg": "kg",
    "n": "N",
    "kn": "kN",
    "j": "J",
    "kwh": "kWh",
    "w": "W",
    "kw": "kW",
    "v": "V",
    "a": "A",
    "c": "°C",
    "hz": "Hz",
    "frac": "",
}

#: Symbol to the SI symbol it is a multiple of, and what it is multiplied by. What is not here stands for itself.
_SI: dict[str, tuple[str, float]] = {
    "mm": ("m", 1e-3),
    "mm/s": ("m/s", 1e-3),
    "°": ("rad", math.pi / 180),
    "deg": ("rad", math.pi / 180),
    "°/s": ("rad/s", math.pi / 180),
    "deg/s": ("rad/s", math.pi / 180),
    "ms": ("s", 1e-3),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "kN": ("N", 1e3),
    "kW": ("W", 1e3),
    "kWh": ("J", 3.6e6),
    "kV": ("V", 1e3),
    "%": ("", 0.01),
}

_SUFFIXES = sorted(SYMBOL_BY_SUFFIX, key=len, reverse=True)


def suffix_of(name: str) -> str | None:
    """The unit suffix of a name, or None when it carries no unit (``serial``)."""
    for suffix in _SUFFIXES:
        if name.endswith("_" + suffix):
            return suffix
    return None


def symbol_of(name: str) -> str:
    """The symbol of the unit that a name carries: ``offset_y_mm`` → ``mm``; empty for a pure number or no unit."""
    suffix = suffix_of(name)
    return "" if suffix is None else SYMBOL_BY_SUFFIX[suffix]


def same_dimension(unit: str, other: str) -> bool:
    """Whether a number in one unit can be told in the other."""
    return _SI.get(unit, (unit, 1.0))[0] == _SI.get(other, (other, 1.0))[0]


def convert(value: Values, unit: str, to: str) -> Values:
    """A number, or an array of them, from one unit to another, both as symbols.

    Raises:
        InputError: they measure different things.
    """
    base, factor = _SI.get(unit, (unit, 1.0))
    to_base, to_factor = _SI.get(to, (to, 1.0))
    if base != to_base:
        raise InputError(
            key="unit", expected=f"one that can be told in {to or 'pure numbers'}", got=unit or "a pure number"
        )
    return value * (factor / to_factor)


def mm_to_m(value_mm: float) -> float:
    return value_mm / 1000.0


def m_to_mm(value_m: float) -> float:
    return value_m * 1000.0


def kw_to_w(value_kw: float) -> float:
    return value_kw * 1e3


def deg_to_rad(value_deg: float) -> float:
    return math.radians(value_deg)


def rad_to_deg(value_rad: float) -> float:
    return math.degrees(value_rad)


def kwh_to_j(value_kwh: float) -> float:
    return value_kwh * 3.6e6


def j_to_kwh(value_j: float) -> float:
    return value_j / 3.6e6
