"""A log through a controller in virtual time, swap by swap: recorded inputs in, its own outputs out."""

from __future__ import annotations

import numpy as np

from twin.program import Program
from twin.record import Record
from twin.replay.course import AGREES_NS, Course, Log
from twin.replay.driver import Driver
from twin.replay.feed import Times
from twin.replay.model import Replay
from twin.replay.sampled import SampledLog
from twin.replay.scanned import ScannedLog, is_scanned
from twin.replay.site import site_of
from twin.signals import SignalTable

#: A swap is over where the station is idle again.
_STATE, _IDLE = "station.unit.seq_state", "Idle"


def replay(record: Record, program: Program, *, t0_ns: int | None = None, t1_ns: int | None = None) -> list[Replay]:
    """What a program's controller writes, given a log's inputs: a stretch for each swap, which ends with Idle.

    Args:
        t0_ns, t1_ns: the window wanted, inclusive; what is before it is driven through too.

    Raises:
        InputError: the log does not say which station it is of, or has no inputs of it.
        ControllerError: the controller cannot be made.
    """
    site = site_of(record)
    driver = Driver(program, site)
    try:
        table = SignalTable(driver.outputs.table[name] for name in driver.outputs.order)
        log: Log
        if is_scanned(record):
            log = ScannedLog(record, driver.inputs.table, table)
        else:
            log = SampledLog(record, driver.inputs.table, table, site.scan_ns, site.why)
        course = Course(log, driver, table)
        scans = log.scans if t1_ns is None else log.scans[log.scans <= t1_ns]
        found = [course.through(stretch) for stretch in _stretches(log, table, scans, site.scan_ns)]
    finally:
        driver.close()
    if t0_ns is None:
        return found
    return [one.since(t0_ns) for one in found if len(one.t_ns) and one.t_ns[-1] >= t0_ns]


def _stretches(log: Log, table: SignalTable, scans: Times, scan_ns: int) -> list[Times]:
    """The scans of each swap."""
    if not len(scans):
        return []
    if _STATE not in log.written:
        return [scans]
    idle = next(number for number, label in table[_STATE].labels.items() if label == _IDLE)
    resting = log.said([_STATE], scans)[:, 0] == idle
    begins = np.flatnonzero(resting[1:] & ~resting[:-1]) + 1
    # Idle right after power on ends no swap, and after the last swap nothing begins.
    worked = np.flatnonzero(~resting)
    last = int(worked[-1]) if len(worked) else 0
    return np.split(scans, begins[(begins > AGREES_NS // scan_ns) & (begins < last)])
