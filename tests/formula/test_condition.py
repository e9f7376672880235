"""Conditions as text: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pytest

from twin.errors import InputError
from twin.formula import Evaluation, parse
from twin.signals import Signal

S = 1_000_000_000
LABELS = {0: "Idle", 1: "Held"}


class Log:
    """Signals held in memory, over 10 s."""

    end_ns = 10 * S

    def __init__(self) -> None:
        self._series: dict[str, tuple[list[float], list[float]]] = {
            "shuttle.lift.pv_force_n": ([0, 1, 2, 3, 4], [0, 13_000, 11_000, 12_500, 0]),
            "shuttle.lift.pv_position_m": ([0, 2.5, 5], [0.0, 0.35, np.nan]),
            "bracket1.lock1.st_locked": ([0, 2], [1, 0]),
            "bracket1.lock2.st_locked": ([0, 6], [1, 0]),
            "bracket2.lock1.st_locked": ([0], [0]),
            "bracket1.lock1.st_released": ([0, 2.4], [0, 1]),
            "bracket1.lock2.st_released": ([0, 7.5], [0, 1]),
            "station.unit.seq_state": ([0, 3, 8], [0, 1, 0]),
            "cell.drive.pv_speed": ([0, 4], [1.0, 3.0]),
            "cell.pump.pv_flow": ([0, 1, 2, 4.5, 5], [1.0, 2.0, 2.0, 3.0, 4.0]),
        }
        self.signals: Mapping[str, Signal] = {name: self._signal(name) for name in self._series}

    @staticmethod
    def _signal(name: str) -> Signal:
        if name.endswith("state"):
            return Signal(name, "enum", labels=LABELS)
        if ".st_" in name:
            return Signal(name, "bool")
        unit = {"n": "N", "m": "m"}.get(name.rsplit("_", 1)[1], "")
        return Signal(name, unit=unit, text={"zh": "驱动速度"} if "drive" in name else {}, source="plc/DB5.Speed")

    def load(self, names: Iterable[str]) -> None:
        """Everything is at hand."""

    def period_ns(self, signal: Signal) -> int:
        return S if ".pump." in signal.name else 0

    def series(self, name: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        t_s, values = self._series[name]
        return (np.array(t_s) * S).astype(np.int64), np.array(values, dtype=float)


def stretches(text: str) -> list[tuple[float, float]]:
    """Where a condition surely holds, in s."""
    sure = Evaluation(Log()).truth(parse(text)).sure.clipped(0, Log.end_ns)
    return [(start / S, end / S) for start, end in zip(sure.start.tolist(), sure.end.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shuttle.lift.pv_force_n > 12 kN", [(1, 2), (3, 4)]),
        ("shuttle.lift.pv_force_n > 12000", [(1, 2), (3, 4)]),
        ("12 kN < shuttle.lift.pv_force_n", [(1, 2), (3, 4)]),
        ("shuttle.lift.pv_force_n > 12 kN while any(bracket1.lock*.st_locked)", [(1, 2), (3, 4)]),
        ("shuttle.lift.pv_force_n > 12 kN while all(bracket1.lock*.st_locked)", [(1, 2)]),
        ("any(bracket*.lock1.st_locked)", [(0, 2)]),
        # The same star is the same device: neither locked nor released.
        ("any(not bracket1.lock*.st_locked and not bracket1.lock*.st_released)", [(2, 2.4), (6, 7.5)]),
        ("count(bracket1.lock*.st_locked) == 1", [(2, 6)]),
        ("station.unit.seq_state == Held", [(3, 8)]),
        ("'Held' != station.unit.seq_state", [(0, 3), (8, 10)]),
        ("station.unit.seq_state == Held for 2 s", [(5, 8)]),
        ("shuttle.lift.pv_force_n > 10 kN lasts 2 s", [(1, 4)]),
        ("shuttle.lift.pv_position_m between 300 mm and 40e1 mm", [(2.5, 5)]),
        ("not shuttle.lift.pv_position_m > 1", [(0, 5)]),
        ("abs(-shuttle.lift.pv_force_n) - 2 kN > 10 kN", [(1, 2), (3, 4)]),
        ("1.1 * shuttle.lift.pv_force_n + 200 N > 14 kN", [(1, 2)]),
        ("shuttle.lift.pv_force_n / 13 kN >= 1", [(1, 2)]),
        ("rate(cell.drive.pv_speed) > 0.4", [(4, 10)]),
        ("previous(cell.drive.pv_speed) < cell.drive.pv_speed", [(4, 10)]),
        ("previous(station.unit.seq_state) == Held", [(8, 10)]),
        # What was due at 3 s is missing.
        ("previous(cell.pump.pv_flow) >= 1", [(1, 4.5), (5, 10)]),
        ("max(cell.drive.pv_speed, 2) * 2 >= 5", [(4, 10)]),
        ("`驱动速度` > 2", [(4, 10)]),
        ("bracket1.lock1.st_released within last 1 s implies false", [(1, 2.4)]),
        ("bracket1.lock1.st_locked until bracket1.lock1.st_released", [(2.4, 10)]),
        ("bracket1.lock1.st_released until station.unit.seq_state == Idle by 1 s to 2 s", [(6, 9)]),
        ("rises(bracket1.lock1.st_released) implies (station.unit.seq_state == Held within 1 s)", [(0, 10)]),
    ],
)  # fmt: skip
def test_condition(text: str, expected: list[tuple[float, float]]) -> None:
    assert stretches(text) == expected


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("rises(bracket1.lock1.st_released)", 2.4),
        ("changes(cell.drive.pv_speed)", 4.0),
        ("falls(station.unit.seq_state == Held)", 8.0),
    ],
)
def test_an_edge_is_an_instant(text: str, at: float) -> None:
    assert stretches(text) == [(at, at + 1e-9)]


def test_a_formula_is_asked_once_for_each_device_of_its_open_stars() -> None:
    each = Evaluation(Log()).each
    locked = parse("bracket1.lock*.st_locked for 1 s")
    assert [(stars, one.text) for stars, one in each(locked)] == [
        ("1", "bracket1.lock1.st_locked for 1 s"), ("2", "bracket1.lock2.st_locked for 1 s"),
    ]  # fmt: skip
    for closed in ("any(bracket1.lock*.st_locked)", "not any(bracket1.lock*.st_locked)"):
        assert each(parse(closed)) == [("", parse(closed))]


def test_a_silent_signal_is_neither_true_nor_false() -> None:
    truth = Evaluation(Log()).truth(parse("shuttle.lift.pv_position_m > 0.3"))
    assert truth.at(np.array([1, 3, 6, 11]) * S).tolist() == [0, 1, -1, -1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shuttle.lift.pv_force_n >", "got the end"),
        ("shuttle.lift.pv_force_n > > 3", "character 27"),
        ("shuttle.lift.pv_forse_n > 3", "did you mean shuttle.lift.pv_force_n"),
        ("shuttle.lift.pv_force_n > 3 mm", "got mm"),
        ("shuttle.lift.pv_force_n * 2 m > 3 N", "told in N·m, got N"),
        ("station.unit.seq_state == Hold", "one of Idle, Held"),
        ("shuttle.lift.pv_force_n == Held", "the other side has no words"),
        ("shuttle.lift.pv_force_n + 3", "true or false"),
        ("any(shuttle.lift.pv_force_n > 3)", "a name with \\*"),
        ("any(rack.*.st_x)", "some signal matches"),
        ("fluctuates(shuttle.lift.pv_force_n)", "one of rises"),
        ("min(shuttle.lift.pv_force_n) > 3", "2 in its brackets"),
        ("cell.drive.pv_speed > 1 within 5 s to 2 s", "not before its start"),
        ("`nowhere` > 3", "got none"),
        ("`plc/DB5.Speed` > 3", "of one signal, got shuttle.lift"),
        ("", "got the end"),
    ],
)
def test_a_condition_that_means_nothing_says_why(text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        stretches(text)
