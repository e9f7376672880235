"""Which signals two Records are compared by, in groups that keep one pace, and how far each may differ."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field

from twin.document import Document, load_document
from twin.errors import InputError
from twin.shipped import shipped
from twin.signals import Signal
from twin.units import convert

Numbers = npt.NDArray[np.float64]
Series = tuple[npt.NDArray[np.int64], Numbers]
#: Units of speeds and of what drives push with; a speed that changes by less than this share a sample is steady.
_SPEEDS, _FORCES = ("m/s", "mm/s", "rad/s", "°/s", "deg/s"), ("N", "kN", "N·m")
_STEADY_SHARE = 0.004
_SETTLING_NS = 200_000_000
#: Unit of the tolerance that fits every unit.
ANY = "any"


class Tolerance(Document):
    """By how much values of a unit may differ: ``absolute`` in the unit, or ``relative`` to the largest value."""

    unit: str
    absolute: Annotated[float, Field(ge=0)] = 0.0
    relative: Annotated[float, Field(ge=0, le=1)] = 0.0


class Rules(Document):
    """What ``assets/compare.yaml`` says."""

    kinds: list[str]
    pace_units: list[str]
    left_out: list[str]
    identities: list[str]
    apart: list[str]
    noise: Annotated[float, Field(ge=0)]
    tolerances: list[Tolerance]

    def takes_part(self, signal: Signal) -> bool:
        """Whether a difference in it is a difference of what happened."""
        return (
            signal.kind in self.kinds
            and signal.unit not in self.pace_units
            and not any(fnmatchcase(signal.name, pattern) for pattern in self.left_out)
        )

    def is_identity(self, signal: Signal) -> bool:
        return signal.type == "enum" and any(fnmatchcase(signal.field, pattern) for pattern in self.identities)

    def group(self, signal: Signal) -> str:
        """The machine it belongs to: its area, or its device where an area's devices go each their own way."""
        return signal.device if signal.area in self.apart else signal.area

    def tolerance(self, signal: Signal, *values: Numbers) -> float:
        """How far a number may differ, in its unit; 0 of what is true or false, a word or a count."""
        if signal.type != "real":
            return 0.0
        rule = next(rule for rule in self.tolerances if rule.unit in (signal.unit, ANY))
        known = [np.abs(v[np.isfinite(v)]) for v in values]
        largest = max((float(v.max()) for v in known if len(v)), default=0.0)
        noise = max((noise_of(v) for v in values), default=0.0)
        return max(rule.absolute, rule.relative * largest, 1e-9) + self.noise * noise

    def driven(self, signals: Iterable[Signal], compared: Iterable[str]) -> dict[str, str]:
        """Forces and torques of what moves, each with the speed of its device."""
        known = list(signals)
        speeds = {signal.device: signal.name for signal in known if signal.kind == "pv" and signal.unit in _SPEEDS}
        wanted = set(compared)
        return {
            signal.name: speeds[signal.device]
            for signal in known
            if signal.name in wanted and signal.kind == "pv" and signal.unit in _FORCES and signal.device in speeds
        }

    def widened(self, given: Mapping[str, float]) -> Rules:
        """The same with other absolute tolerances, by unit."""
        others = [rule for rule in self.tolerances if rule.unit not in given]
        own = [Tolerance(unit=unit, absolute=value) for unit, value in given.items()]
        return self.model_copy(update={"tolerances": [*own, *others]})


@cache
def shipped_rules() -> Rules:
    """The rules of ``assets/compare.yaml``."""
    return load_document(shipped("assets", "compare.yaml"), Rules)


def parse_tolerance(text: str) -> tuple[str, float]:
    """``"5 mm"`` as unit and number in the unit in which signals are: ``("m", 0.005)``.

    Raises:
        InputError: it is no number with a unit that something is measured in.
    """
    number, _, unit = text.strip().partition(" ")
    try:
        value = float(number)
        if not math.isfinite(value) or value < 0:
            raise ValueError
        known = [rule.unit for rule in shipped_rules().tolerances if rule.unit != ANY]
        si = {"mm": "m", "deg": "rad", "°": "rad", "kN": "N"}.get(unit, unit)
        if unit not in known:
            raise ValueError
        return si, float(convert(value, unit, si)) if si != unit else value
    except ValueError:
        expected = "a number and its unit: " + ", ".join(
            rule.unit for rule in shipped_rules().tolerances if rule.unit != ANY
        )
        raise InputError(key="tolerance", expected=expected, got=repr(text), hint="for example '5 mm'") from None


def while_steady(force: Series, speed: Series) -> Series:
    """A drive's force, not known while its speed changes: what it takes to get going is a matter of pace."""
    t, v = force
    t_speed, moves = speed
    known = np.abs(moves[np.isfinite(moves)])
    if len(t_speed) < 3 or not len(known):
        return force
    change = np.abs(np.diff(moves, prepend=moves[:1]))
    off = change > _STEADY_SHARE * float(known.max()) + 5 * noise_of(moves)
    if not off.any():
        return force
    # For a while before and after too: a filter, and the spring of what is pushed.
    times = t_speed[off]
    before = np.searchsorted(times, t - _SETTLING_NS, side="left")
    after = np.searchsorted(times, t + _SETTLING_NS, side="right")
    return t, np.where(after > before, np.nan, v)


def noise_of(values: Numbers) -> float:
    """Standard deviation of what a number jitters by from sample to sample, movement left out."""
    known = values[np.isfinite(values)]
    if len(known) < 8:
        return 0.0
    # A second difference is free of steady movement; the median, of the rest of it.
    return float(np.median(np.abs(np.diff(known, 2))) / (0.6745 * math.sqrt(6.0)))


@dataclass(frozen=True)
class Common:
    """The signals that two Records share and are compared by.

    Args:
        signals: name to the signal of A.
        only_a, only_b: names that take part and that the other does not have.
    """

    signals: Mapping[str, Signal]
    only_a: list[str]
    only_b: list[str]


def common(a: Mapping[str, Signal], b: Mapping[str, Signal], rules: Rules) -> Common:
    """What two Records can be compared by.

    Raises:
        InputError: they share no signal that takes part.
    """
    mine = {name: signal for name, signal in a.items() if rules.takes_part(signal)}
    other = {name for name, signal in b.items() if rules.takes_part(signal)}
    shared = {name: signal for name, signal in mine.items() if name in other and b[name].unit == signal.unit}
    if not shared:
        raise InputError(
            key="compare", expected="two records with signals in common",
            got=f"none: {len(mine)} in the first, {len(other)} in the second",
            hint="an imported log needs a map that names the same signals (docs/import.md)",
        )  # fmt: skip
    return Common(shared, sorted(set(mine) - set(shared)), sorted(other - set(shared)))
