"""How much of a log around an instant a formula looks at there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from twin.errors import InputError
from twin.formula.syntax import Formula

#: Of these a stretch matters as a whole, or the whole log.
_WHOLE = frozenset({"moving", "starts", "starts_up", "starts_down", "stops", "event"})


@dataclass(frozen=True)
class Reach:
    """What the truth at an instant t follows from.

    Args:
        back_ns: signals from t - back_ns on. samples: and so many samples before those.
        ahead_ns: signals up to t + ahead_ns; None: any later instant may still decide.
    """

    back_ns: int = 0
    samples: int = 0
    ahead_ns: int | None = 0


@lru_cache(maxsize=4096)
def reach(formula: Formula) -> Reach:
    """What a formula looks at.

    Raises:
        InputError: it looks at a move, an event or at how often something changed, of which any part of a log may tell.
    """
    parts = [reach(part) for part in formula.parts]
    back_ns = max((part.back_ns for part in parts), default=0)
    samples = max((part.samples for part in parts), default=0)
    aheads = [part.ahead_ns for part in parts]
    ahead_ns = None if None in aheads else max((ns for ns in aheads if ns is not None), default=0)
    op, span_ns = formula.op, formula.until_ns
    if op in _WHOLE or (op in ("previous", "rate") and any(part.op == "count" for part in formula.walk())):
        raise InputError(
            key=formula.text or op, expected="a condition that a part of a log can tell", got=f"{op}(…)",
            hint="judge the whole log",
        )  # fmt: skip
    if op in ("previous", "rate", "changes"):
        return Reach(back_ns, samples + 1, ahead_ns)
    if op in ("rises", "falls"):
        return Reach(back_ns + 1, samples, ahead_ns)
    if op == "until" and span_ns is None:
        return Reach(back_ns, samples, None)
    if span_ns is None:
        return Reach(back_ns, samples, ahead_ns)
    if op in ("held", "within_last"):
        return Reach(back_ns + span_ns, samples, ahead_ns)
    both = span_ns if op == "lasts" else 0
    return Reach(back_ns + both, samples, None if ahead_ns is None else ahead_ns + span_ns)
