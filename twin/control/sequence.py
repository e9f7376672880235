"""The transition-table engine: a sequence is data, and it can say what it waits for.

A table is a list of :class:`Row`. A step does its action in every scan; when the guard of one of its rows is
true the row's bookkeeping is done once and the next step begins. A guard is a list of named conditions, and a
condition is one boolean of the facts of this scan, so "why does it stand still" has an answer in words.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Seq
from dataclasses import dataclass
from typing import Any

from twin.errors import InputError

#: Ends of a row other than a step.
HOLD, SUSPEND, DONE = "HOLD", "SUSPEND", "DONE"
_ENDS = (HOLD, SUSPEND, DONE)

NS_PER_S = 1_000_000_000


@dataclass(frozen=True)
class Row:
    """One line of a transition table.

    Args:
        step: ``phase.what``; several rows of one step are tried in order, and share action, timeout and retry.
        action: method that is called in every scan of the step.
        guard: name of a guard, or of a single condition.
        next: the step that follows, or HOLD (raise the alarm, hold), SUSPEND (the same, an outside cause) or DONE.
        timeout: name of a setting in ``timeouts``. Empty: the step may take for ever.
        alarm: raised by the timeout, or by HOLD and SUSPEND. May hold ``*`` for what the unit knows better.
        then: method that is called once when this row fires: what is known from here on.
        retry: where a person's confirmation leads after this step has failed. Empty: the step itself.
    """

    step: str
    action: str
    guard: str
    next: str
    timeout: str = ""
    alarm: str = ""
    then: str = ""
    retry: str = ""


@dataclass(frozen=True)
class Waiting:
    """What a sequence waits for: for each row of the step its guard and the conditions that are false."""

    step: str
    guards: Mapping[str, tuple[str, ...]]


class Predicate:
    """Conditions that must all hold, compiled to one attribute fetch."""

    __slots__ = ("conditions", "fetch", "name")

    def __init__(self, name: str, conditions: Iterable[str], facts: object) -> None:
        self.name = name
        self.conditions = tuple(conditions)
        for condition in self.conditions:
            if not hasattr(facts, condition):
                raise InputError(key=name, expected="conditions that the facts hold", got=condition)
        # With one name attrgetter gives a bare value; named twice it always gives a tuple.
        names = self.conditions if len(self.conditions) > 1 else self.conditions * 2
        self.fetch: Callable[[object], tuple[bool, ...]] = operator.attrgetter(*names)

    def false(self, facts: object) -> tuple[str, ...]:
        """The conditions that do not hold."""
        return tuple(name for name in self.conditions if not getattr(facts, name))


class _Step:
    __slots__ = ("action", "index", "name", "phase", "retry", "rows", "timeout_ns", "timeout_row")

    def __init__(self, index: int, name: str) -> None:
        self.index, self.name, self.phase, self.retry = index, name, name.split(".")[0], name
        self.action: Callable[[], None] | None = None
        self.timeout_ns: int | None = None
        self.timeout_row: Row | None = None
        self.rows: list[tuple[Predicate, Callable[[object], tuple[bool, ...]], Row, Callable[[], None] | None]] = []


class Sequence:
    """Runs one table.

    Args:
        rows: the table.
        guards: guard name to the conditions it is made of.
        facts: the object whose boolean attributes are the conditions.
        unit: the object whose methods are the actions.
        timeouts: the object whose attributes are the timeouts, in seconds.

    Raises:
        InputError: a step, guard, condition, action or timeout of the table does not exist.
    """

    def __init__(
        self, rows: Seq[Row], guards: Mapping[str, Seq[str]], facts: object, unit: object, timeouts: object
    ) -> None:
        self._facts = facts
        self.steps: dict[str, _Step] = {}
        for row in rows:
            step = self.steps.setdefault(row.step, _Step(len(self.steps), row.step))
            step.action = step.action or _method(unit, row.action)
            step.retry = row.retry or step.retry
            if row.timeout:
                step.timeout_ns, step.timeout_row = round(getattr(timeouts, row.timeout) * NS_PER_S), row
            guard = Predicate(row.guard, guards.get(row.guard, (row.guard,)), facts)
            step.rows.append((guard, guard.fetch, row, _method(unit, row.then)))
        for row in rows:
            for target in (row.next, row.retry or row.step):
                if target not in self.steps and target not in _ENDS:
                    raise InputError(key=f"table row {row.step}", expected="a step of the table", got=target)
        self.names = list(self.steps)
        self._enter(self.steps[rows[0].step])
        #: Time spent in this step, holds left out.
        self.elapsed_ns = 0
        #: The step failed and waits for a person.
        self.failed = False
        #: The table's end was reached.
        self.done = False
        #: Semi-automatic: a row fires only after :attr:`confirmed`.
        self.confirm_each = False
        self.confirmed = False
        #: The guard is true and only the confirmation is missing.
        self.wait_confirm = False

    def transitions(self) -> list[dict[str, Any]]:
        """The table as plain data: each row's step, guard with its conditions, next step, timeout (s) and alarm."""
        return [
            {
                "step": row.step, "guard": row.guard, "conditions": list(guard.conditions), "next": row.next,
                "timeout_s": step.timeout_ns / NS_PER_S if row.timeout and step.timeout_ns is not None else None,
                "alarm": row.alarm,
            }
            for step in self.steps.values()
            for guard, _, row, _ in step.rows
        ]  # fmt: skip

    @property
    def retry(self) -> str:
        """Where a confirmation leads after this step has failed."""
        return self._step.retry

    def _enter(self, step: _Step) -> None:
        self._step = step
        #: Name, phase and number of the step; the number is the order in which the table names it first.
        self.step, self.phase, self.index = step.name, step.phase, step.index

    def goto(self, step: str) -> None:
        """Begin a step."""
        self._enter(self.steps[step])
        self.elapsed_ns = 0
        self.failed = self.done = self.confirmed = self.wait_confirm = False

    def run(self, scan_ns: int) -> Row | None:
        """One scan: action, guards, timeout.

        Returns:
            The row that ended in HOLD, SUSPEND or DONE, or the one whose time ran out; None: it goes on.
        """
        step = self._step
        facts = self._facts
        if self.elapsed_ns:  # Facts are older than the step in its first scan.
            for _, fetch, row, then in step.rows:
                if False not in fetch(facts):
                    return self._fire(row, then)
            if step.timeout_ns is not None and self.elapsed_ns > step.timeout_ns:
                self.failed = True
                return step.timeout_row
        self.elapsed_ns += scan_ns
        if step.action is not None:
            step.action()
        return None

    def _fire(self, row: Row, then: Callable[[], None] | None) -> Row | None:
        if self.confirm_each and not self.confirmed and row.next not in (HOLD, SUSPEND):
            self.wait_confirm = True
            return None
        if then is not None:
            then()
        if row.next == HOLD:
            self.failed = True
            return row
        if row.next == SUSPEND:
            self.elapsed_ns = 0
            return row
        if row.next == DONE:
            self.done = True
            return row
        self.goto(row.next)
        return None

    def waits_for(self) -> Waiting:
        """The guards of this step and the conditions of each that are false now."""
        return Waiting(self.step, {guard.name: guard.false(self._facts) for guard, _, _, _ in self._step.rows})

    def state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "elapsed_ns": self.elapsed_ns,
            "failed": self.failed,
            "done": self.done,
            "confirm_each": self.confirm_each,
            "confirmed": self.confirmed,
            "wait_confirm": self.wait_confirm,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        self._enter(self.steps[state["step"]])
        for name in ("elapsed_ns", "failed", "done", "confirm_each", "confirmed", "wait_confirm"):
            setattr(self, name, state[name])


def _method(unit: object, name: str) -> Callable[[], None] | None:
    if not name:
        return None
    method = getattr(unit, name, None)
    if method is None:
        raise InputError(key=f"action {name}", expected=f"a method of {type(unit).__name__}", got="nothing")
    result: Callable[[], None] = method
    return result
