"""What somebody's controller did wrong, told in a line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real
from pathlib import Path

from twin.clock import ns_to_s

_PLAIN = frozenset((bool, int, float))


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
    # Once a scan: a look at the types and one sum tell that all is well.
    if _PLAIN.issuperset(map(type, row)) and math.isfinite(sum(row)):
        return ""
    values: Sequence[object] = row
    wrong = (n for n, value in enumerate(values) if not isinstance(value, Real) or not math.isfinite(value))
    return next((f"wrote {values[n]!r} to {names[n]}, not a number" for n in wrong), "")
