"""Time of a run: integer nanoseconds since its start, counted in steps and scans that divide each other."""

from __future__ import annotations

from dataclasses import dataclass

from twin.errors import InputError

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


def s_to_ns(time_s: float) -> int:
    """Seconds to the nearest nanosecond."""
    return round(time_s * NS_PER_S)


def ns_to_s(t_ns: int) -> float:
    return t_ns / NS_PER_S


def ms_to_ns(time_ms: float) -> int:
    """Milliseconds to the nearest nanosecond."""
    return round(time_ms * NS_PER_MS)


def ns_to_ms(t_ns: int) -> float:
    return t_ns / NS_PER_MS


@dataclass(slots=True)
class ScanClock:
    """Counts scans; a scan is a whole number of physics steps.

    Args:
        scan_ns: period of one controller scan.
        step_ns: period of one physics step; divides ``scan_ns``.
        scan: number of scans done.

    Raises:
        InputError: the step does not divide the scan.
    """

    scan_ns: int
    step_ns: int
    scan: int = 0

    def __post_init__(self) -> None:
        if self.step_ns <= 0 or self.scan_ns <= 0 or self.scan_ns % self.step_ns:
            raise InputError(
                key="step_ns",
                expected=f"a positive period that divides the scan of {self.scan_ns} ns",
                got=self.step_ns,
            )

    @property
    def t_ns(self) -> int:
        """Time at the end of the last scan done."""
        return self.scan * self.scan_ns

    @property
    def time_s(self) -> float:
        return self.t_ns / NS_PER_S

    @property
    def steps_per_scan(self) -> int:
        return self.scan_ns // self.step_ns

    def advance(self) -> int:
        """Count one scan and return the new time in ns."""
        self.scan += 1
        return self.t_ns

    def scans_in(self, duration_s: float) -> int:
        """Whole scans that cover a duration: a wait of this many scans is never shorter than asked."""
        return -(-s_to_ns(duration_s) // self.scan_ns)
