"""Numbers over time, and what is worked out from them. A number that is not known is NaN, and so is what needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twin.errors import InputError
from twin.formula.interval import Times
from twin.units import convert, same_dimension

Numbers = npt.NDArray[np.float64]
COMPARE: Mapping[str, Callable[[Numbers, Numbers], npt.NDArray[np.bool_]]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
ARITHMETIC: Mapping[str, Callable[[Numbers, Numbers], Numbers]] = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "min": np.minimum,
    "max": np.maximum,
}  # fmt: skip
#: When a constant began to be what it is.
_EVER = np.iinfo(np.int64).min
#: Samples of a periodic signal that lie so many periods apart lack one between; stamps may be off by a quarter period.
_ONE_MISSING = 1.5


@dataclass(frozen=True)
class Series:
    """Numbers over time, each holding until the next, and their unit (None: a pure number, or given without one).

    ``labels``: what the numbers of an enum are called.
    """

    t_ns: Times
    values: Numbers
    unit: str | None = None
    labels: Mapping[int, str] | None = None

    @classmethod
    def constant(cls, value: float, unit: str | None = None) -> Series:
        """A number that always was what it is."""
        return cls(np.array([_EVER]), np.array([value]), unit)

    @property
    def is_constant(self) -> bool:
        return len(self.t_ns) == 1 and self.t_ns[0] == _EVER

    @property
    def before(self) -> Numbers:
        """To each sample the value of the one before it, NaN to the first."""
        return np.concatenate([[np.nan], self.values[:-1]])

    def at(self, t_ns: Times) -> Numbers:
        """The values that stand at instants; of a constant the one value, for all of them."""
        if t_ns is self.t_ns or self.is_constant:
            return self.values
        index = np.searchsorted(self.t_ns, t_ns, side="right") - 1
        held = self.values[np.maximum(index, 0)] if len(self.values) else np.full(len(t_ns), np.nan)
        return np.where(index >= 0, held, np.nan)

    def in_unit(self, unit: str | None) -> Series:
        """The same in another unit; a number without one is in any.

        Raises:
            InputError: none of its kind.
        """
        if self.unit is None or unit is None or self.unit == unit:
            return self
        return replace(self, values=convert(self.values, self.unit, unit), unit=unit)

    def code(self, label: str) -> float:
        """The number that is called so.

        Raises:
            InputError: none is.
        """
        for value, text in (self.labels or {}).items():
            if text == label:
                return float(value)
        known = list((self.labels or {}).values())
        if not known:
            raise InputError(key=label, expected="a number, for the other side has no words", got=label)
        raise InputError(key=label, expected="one of " + ", ".join(known[:20]), got=label)


def compared(op: str, a: Series, b: Series) -> tuple[Times, Numbers]:
    """Where a comparison of two series in one unit holds (1) and where it does not (0)."""
    t_ns = _grid(a, b)
    x, y = a.at(t_ns), b.at(t_ns)
    with np.errstate(invalid="ignore"):
        holds = COMPARE[op](x, y).astype(np.float64)
    holds[np.isnan(x) | np.isnan(y)] = np.nan
    return t_ns, holds


def combined(op: str, a: Series, b: Series) -> Series:
    """A sum, difference, product, quotient, minimum or maximum.

    Raises:
        InputError: their units do not fit.
    """
    if op in ("multiply", "divide"):
        if op == "divide" and same_dimension(a.unit or "", b.unit or ""):
            b = b.in_unit(a.unit)
        unit = _product(op, a.unit, b.unit)
    else:
        b = b.in_unit(a.unit)
        unit = a.unit or b.unit
    t_ns = _grid(a, b)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Series(t_ns, ARITHMETIC[op](a.at(t_ns), b.at(t_ns)), unit)


def _negative(a: Series) -> Series:
    return replace(a, values=-a.values, labels=None)


def _absolute(a: Series) -> Series:
    return replace(a, values=np.abs(a.values), labels=None)


def _rate(a: Series) -> Series:
    """How much it changed since the sample before, per second."""
    dt_s = np.diff(a.t_ns, prepend=a.t_ns[:1]) / 1e9
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(dt_s > 0, (a.values - a.before) / dt_s, np.nan)
    return Series(a.t_ns, values, None if a.unit is None else f"{a.unit}/s")


OF_ONE: Mapping[str, Callable[[Series], Series]] = {"negative": _negative, "abs": _absolute, "rate": _rate}


def previous(a: Series, period_ns: int) -> Series:
    """The sample before; not known where one was due between and is missing.

    Args:
        period_ns: how often there is a sample; 0 where it is written as it changes.
    """
    values = a.before
    if period_ns:
        values[np.diff(a.t_ns, prepend=a.t_ns[:1]) > _ONE_MISSING * period_ns] = np.nan
    return replace(a, values=values)


def _product(op: str, a: str | None, b: str | None) -> str | None:
    """The unit of a product or a quotient; one that is not told by a symbol of its own goes into no other."""
    if not b:
        return a
    if op == "divide":
        return "" if a == b else f"{a or 1}/{b}"
    return f"{a}·{b}" if a else b


def _grid(a: Series, b: Series) -> Times:
    """The instants at which either takes a value."""
    if a.is_constant:
        return b.t_ns
    if b.is_constant or a.t_ns is b.t_ns or np.array_equal(a.t_ns, b.t_ns):
        return a.t_ns
    # Merged, for each is in order already.
    t_ns = np.concatenate([a.t_ns, b.t_ns])
    t_ns.sort(kind="stable")
    return t_ns[np.append(True, t_ns[1:] != t_ns[:-1])] if len(t_ns) else t_ns
