"""What somebody's controller did wrong, told in a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from twin.clock import ns_to_s


def describe(error: BaseException) -> str:
    """``ZeroDivisionError: division by zero (mine.py:12)``: its kind, its words, and the innermost line."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}{place}"


def raised(error: BaseException, t_ns: int) -> str:
    """What is told of a scan that raised."""
    return f"the controller raised at {ns_to_s(t_ns):.3f} s: {describe(error)}"


def no_number(names: Sequence[str], row: Sequence[float]) -> str:
    """``wrote nan to shuttle.lift.sp_speed_m_s, not a number``: the first such of a row; empty when there is none."""
    try:
        # Once a scan: one sum tells that all is well.
        if math.isfinite(sum(row)):
            return ""
    except TypeError:
        # A value that cannot be added: it is named below.
        pass
    pairs = zip(names, row, strict=True)
    wrong = ((n, v) for n, v in pairs if not isinstance(v, bool | int | float) or not math.isfinite(v))
    return next((f"wrote {value!r} to {name}, not a number" for name, value in wrong), "")
