"""What a validation finds of a controller: what is wrong, what is worse, and what is only different."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from twin.document import Document
from twin.formula.document import Sentence

__all__ = ["Approval", "Finding", "FindingReason", "Kind", "Mode", "Sentence", "Severity", "SignalValue"]

#: ``violation``: a requirement is broken. ``worse``: the outcome is. ``verdict``: the controller raised, hung, answered
#: with no number. ``difference``: it does something else, and nothing says that this is wrong.
Kind = Literal["violation", "worse", "verdict", "difference"]
Severity = Literal["safety", "process", "quality"]
#: ``open``: recorded inputs through the controller. ``closed``: the situation played again in physics.
Mode = Literal["open", "closed"]
#: Who says something of a signal: the log, the old controller (or its run), the new one.
Side = Literal["recorded", "old", "new"]

#: What is told first.
KINDS: tuple[Kind, ...] = ("verdict", "violation", "worse", "difference")
SEVERITIES: tuple[Severity | None, ...] = ("safety", "process", "quality", None)


class SignalValue(Document):
    """A signal at the instant of a finding; None where it is not known, or where there is no such side."""

    signal: str
    recorded: float | None = None
    old: float | None = None
    new: float | None = None


class FindingReason(Document):
    """A condition that explains a finding: what it says, whether it held, since when, and what its signals said."""

    text: str
    held: bool | None = None
    since_ns: int | None = None
    values: tuple[SignalValue, ...] = ()


class TraceSamples(Document):
    """Samples of a signal in the order of time; None where it has no value."""

    t_ns: tuple[int, ...] = ()
    values: tuple[float | None, ...] = ()


class Trace(Document):
    """What a signal does around the instant of a finding.

    Args:
        signal: as of :meth:`twin.signals.Signal.to_dict`.
        start_ns, end_ns: the window, in the time of the finding's ``record``.
        samples: by side, as far as there are any.
    """

    signal: dict[str, Any]
    start_ns: int
    end_ns: int
    samples: dict[Side, TraceSamples] = {}


class Approval(Document):
    """An accepted finding: a visible act of somebody.

    Args:
        key: of the finding; ``*`` is any text. cases: the cases it is accepted in, by name; ``*`` is any text.
        date: of the act, as 2026-11-22.
        program: digest of the controller that it was accepted for.
    """

    key: Annotated[str, Field(min_length=1)]
    cases: list[str] = ["*"]
    reason: Annotated[str, Field(min_length=1)]
    by: Annotated[str, Field(min_length=1)]
    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    program: Annotated[str, Field(min_length=1)]


class Finding(Document):
    """One thing that a validation found in one case.

    Args:
        key: stable over runs and machines, and what an approval names: ``open:shuttle.lift.sp_speed_m_s:value``,
            ``rule:no_lift_without_brake``, ``worse:phase:raise``.
        t_ns, end_ns: in the time of ``record``; None where it has no instant.
        count: how often it came; the instant is the first.
        margin: what was left of the limit, in the limit's unit; negative: by how much it was passed.
        record: the file that shows it at ``t_ns``.
        follows: key of the finding of the same case that it follows from.
        traces: of its signals, all of one window; the worst findings of a case have some.
        before: the old controller does the same here, so that the change is not what brought it.
    """

    key: str
    kind: Kind
    text: Sentence
    severity: Severity | None = None
    case: str = ""
    mode: Mode = "closed"
    t_ns: int | None = None
    end_ns: int | None = None
    count: int = 1
    signals: tuple[str, ...] = ()
    values: tuple[SignalValue, ...] = ()
    reasons: tuple[FindingReason, ...] = ()
    margin: float | None = None
    record: str | None = None
    follows: str | None = None
    before: bool = False
    approved: Approval | None = None
    traces: tuple[Trace, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether it says that something is wrong, not only different."""
        return self.kind != "difference"

    @property
    def counts(self) -> bool:
        """Whether it speaks against the change: neither approved nor there before."""
        return self.approved is None and not self.before

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Sorts findings: what counts first, then by kind, severity and time."""
        t_ns = -1 if self.t_ns is None else self.t_ns
        return (not self.counts, KINDS.index(self.kind), SEVERITIES.index(self.severity), t_ns)
