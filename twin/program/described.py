"""An error of somebody's controller, told in a line."""

from __future__ import annotations

from pathlib import Path


def describe(error: BaseException) -> str:
    """``ZeroDivisionError: division by zero (mine.py:12)``: its kind, its words, and the innermost line."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})"
        trace = trace.tb_next
    return f"{type(error).__name__}: {error}{place}"
