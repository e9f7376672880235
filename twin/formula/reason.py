"""Why a formula holds or not at an instant: the conditions that it is made of, as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from twin.formula.evaluate import Evaluation
from twin.formula.syntax import Formula

#: What only joins conditions, or says when they are to hold.
_JOINS = frozenset(
    {"and", "or", "not", "implies", "held", "lasts", "within", "throughout", "within_last", "until"}
)  # fmt: skip
#: A condition at an instant: whether it held, and since when, ns (None: not known, or since ever).
State = tuple[bool | None, int | None]
#: An instant, and how a condition stood then.
Before = tuple[int, State]


@dataclass(frozen=True)
class Reason:
    """A condition at an instant.

    Args:
        text: as it is written, stars filled in; of a signal its name.
        held: whether it did; None: not known. since_ns: since when; None: not known, or since ever.
        signals, values: those it reads; of patterns no value is told.
    """

    text: str
    held: bool | None
    since_ns: int | None
    signals: tuple[str, ...]
    values: tuple[float, ...]


def conditions(formula: Formula) -> list[Formula]:
    """The parts that only logic and time join, each once: comparisons, signals, edges, any, all and motion."""
    if formula.op in _JOINS:
        return list(dict.fromkeys(condition for part in formula.parts for condition in conditions(part)))
    return [] if formula.op in ("number", "label") else [formula]


def reasons(
    formula: Formula, evaluation: Evaluation, t_ns: int, before: Mapping[Formula, Before] | None = None
) -> tuple[Reason, ...]:
    """The conditions of a formula as they stand at an instant.

    Args:
        before: an instant and how each condition stood then, where ``evaluation`` may not know since when.
    """
    found = []
    for part in conditions(formula):
        held, since_ns = state_at(part, evaluation, t_ns, (before or {}).get(part))
        names = tuple(dict.fromkeys(inner.name for inner in part.walk() if inner.op == "signal"))
        values = tuple(evaluation.value_at(name, t_ns) for name in names if "*" not in name)
        found.append(Reason(part.name if part.op == "signal" else part.text, held, since_ns, names, values))
    return tuple(found)


def state_at(condition: Formula, evaluation: Evaluation, t_ns: int, before: Before | None = None) -> State:
    """A condition at an instant."""
    held, since_ns = evaluation.truth(condition).state_at(t_ns)
    if before is not None and since_ns is not None and since_ns <= before[0]:
        return held, before[1][1]
    return held, since_ns
