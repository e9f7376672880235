"""Drives a controller through a log in virtual time: recorded inputs in, its own outputs out, as fast as it scans."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twin.clock import ns_to_s
from twin.control import Controller
from twin.errors import ControllerError
from twin.formula import Intervals
from twin.program import Program, describe
from twin.record import Record
from twin.replay.feed import Feed, Filler, recorded_feed
from twin.replay.rule import InputRule
from twin.replay.site import site_of
from twin.signals import Image, SignalTable

_FOREVER_NS = 2**63 - 1


@dataclass
class Replay:
    """One stretch of a log, a whole log or one swap of it, through one controller.

    Args:
        t_ns: (n,) times of the scans, on the log's time axis.
        outputs: the controller's outputs. values: (n, k), what it wrote, a column a signal in the table's order.
        inputs: how each input was filled.
        engaged: where the controller agreed with the log and may be judged.
        how: how it was brought to agree: ``from the start``, ``seq_ values`` or ``warm-up from Idle``.
        verdict: what ended it early (it raised, it wrote no number), with the instant; the outputs end there. Empty:
            it went through.
    """

    t_ns: npt.NDArray[np.int64]
    outputs: SignalTable
    values: npt.NDArray[np.float64]
    inputs: list[InputRule]
    engaged: Intervals
    how: str
    verdict: str = ""


def replay(record: Record, program: Program, *, t0_ns: int | None = None, t1_ns: int | None = None) -> list[Replay]:
    """What a program's controller writes, given a log's inputs.

    Args:
        t0_ns, t1_ns: the window wanted, inclusive; what is before it is driven through too.

    Raises:
        InputError: the log does not say which station it is of, or has no inputs of it.
        ControllerError: the controller cannot be made.
    """
    site = site_of(record)
    controller = program.make(site.table, site.settings, site.scan_ns)
    try:
        inputs, outputs = controller.images()
        feed = recorded_feed(record, inputs.table, _FOREVER_NS if t1_ns is None else t1_ns)
        values, verdict = drive(controller, feed, inputs, outputs)
    finally:
        controller.close()
    t_ns = feed.t_ns[: len(values)]
    wanted = t_ns >= (0 if t0_ns is None else t0_ns)
    t_ns, values = t_ns[wanted], values[wanted]
    ends = ([int(t_ns[0])], [int(t_ns[-1]) + site.scan_ns]) if len(t_ns) else ([], [])
    table = SignalTable(outputs.table[name] for name in outputs.order)
    return [Replay(t_ns, table, values, feed.rules, Intervals.of(*ends), "from the start", verdict)]


def drive(
    controller: Controller, feed: Feed, inputs: Image, outputs: Image
) -> tuple[npt.NDArray[np.float64], str]:  # fmt: skip
    """Scan a controller once for each row of a feed.

    Returns:
        Its outputs (n, k) in the order of the output image's row, and what ended them early, or an empty string.
    """
    written = array("d")
    verdict = ""
    fill, scan, row, keep = Filler(feed, inputs).fill, controller.scan, outputs.row, written.extend
    for number, t_ns in enumerate(feed.t_ns.tolist()):
        fill(number)
        try:
            scan(t_ns, inputs, outputs)
        except ControllerError as error:
            verdict = str(error)
            break
        except Exception as error:
            verdict = f"the controller raised at {ns_to_s(t_ns):.3f} s: {describe(error)}"
            break
        try:
            keep(row())
        except TypeError:
            verdict = _no_number(outputs, t_ns)
            break
    width = len(outputs.order)
    count = len(written) // width
    values = np.frombuffer(written, dtype=np.float64, count=count * width).reshape(count, width)
    if np.isfinite(values.sum()):
        return values, verdict
    bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if not len(bad):
        return values, verdict
    first = int(bad[0])
    column = int(np.flatnonzero(~np.isfinite(values[first]))[0])
    at_s = ns_to_s(int(feed.t_ns[first]))
    told = f"the controller wrote {values[first, column]} to {outputs.order[column]} at {at_s:.3f} s, not a number"
    return values[:first], told


def _no_number(outputs: Image, t_ns: int) -> str:
    written: list[tuple[str, object]] = list(zip(outputs.order, outputs.row(), strict=True))
    name, value = next(pair for pair in written if not isinstance(pair[1], bool | int | float))
    return f"the controller wrote {value!r} to {name} at {ns_to_s(t_ns):.3f} s, not a number"
