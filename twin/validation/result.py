"""What a validation says, as data: the JSON file is this, and every report is made of it alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from twin.coverage import Coverage
from twin.document import Document
from twin.errors import InputError
from twin.finding import Approval, Finding, FindingReason, Kind, Mode, Sentence, Severity, SignalValue

__all__ = [
    "EXIT_CODES",
    "Approval",
    "CaseResult",
    "Coverage",
    "Finding",
    "FindingReason",
    "InputUse",
    "Kind",
    "KnownFact",
    "Match",
    "MatchRow",
    "Mode",
    "PhaseTime",
    "ProgramUse",
    "RequirementResult",
    "Result",
    "Rule",
    "Sentence",
    "Severity",
    "SignalValue",
    "Stretch",
    "Trouble",
    "Verdict",
    "load_result",
]

Verdict = Literal["no_objection", "objection", "bad_input", "not_enough_evidence"]
EXIT_CODES: Mapping[Verdict, int] = {"no_objection": 0, "objection": 1, "bad_input": 2, "not_enough_evidence": 3}


class ProgramUse(Document):
    """A controller that took part.

    Args:
        name: as people are told it. spec, settings: as :class:`twin.program.Program` takes them.
        digest: of all that it is made of, as far as that can be read; what approvals name.
    """

    name: str
    spec: str = ""
    settings: dict[str, bool | float] = {}
    digest: str = ""


class InputUse(Document):
    """How inputs that the controller reads were got from a log, and which."""

    how: Literal["recorded", "held", "interpolated", "missing"]
    why: str = ""
    names: tuple[str, ...]


class Stretch(Document):
    """A stretch of a log that was replayed in open loop, times in the log's ns.

    Args:
        judged: parts, each (start, end), in which the controller agreed with the log and was judged.
        brought_by: how it came to agree: ``from the start``, ``seq_ values``, ``warm-up from Idle``.
        scans, judged_scans: how many scans it has, and how many were judged.
        horizon_ns: until when the log is evidence; None: to its end. by: the command that ended it. how: how that was
            judged. horizon: all of it as a sentence.
        beyond: findings after the horizon, which are not told.
    """

    start_ns: int
    end_ns: int
    judged: tuple[tuple[int, int], ...] = ()
    brought_by: str = ""
    scans: int = 0
    judged_scans: int = 0
    horizon_ns: int | None = None
    by: str = ""
    how: str = ""
    horizon: Sentence | None = None
    beyond: int = 0


class MatchRow(Document):
    """How well the rebuilt situation reproduces one quantity of the log; ``text`` is what it is called."""

    quantity: str
    text: Sentence | None = None
    unit: str = ""
    error: float | None = None
    tolerance: float | None = None
    ok: bool


class Match(Document):
    """How well the rebuilt situation reproduces the log.

    Args:
        with_program: the controller of the run that was compared with the log.
        score_frac: share of what could be compared that lies within its tolerance.
        until_ns: in the log's time; None: to its end.
    """

    with_program: str
    score_frac: float
    enough: bool
    until_ns: int | None = None
    rows: tuple[MatchRow, ...] = ()
    text: Sentence


class KnownFact(Document):
    """Something of a rebuilt situation, and where it is known from."""

    what: str
    value: str
    how: str
    error: str = ""
    text: Sentence


class Rule(Document):
    """What a requirement is, as its file tells: what it says, how much it weighs, where it comes from."""

    text: Sentence
    severity: Severity
    clause: str = ""


class RequirementResult(Document):
    """What a case says of one requirement; what it is stands once, in the Result's ``rules``.

    Args:
        status: as of :data:`twin.requirement.Status`.
        missing: signals that the log lacks. exercised: stretches in which its ``when`` held.
        margin: the least of NEW's margins as share of its limit, where it held; old_margin: the same of OLD.
    """

    name: str
    status: Literal["held", "violated", "not_applicable", "not_exercised", "not_known"]
    missing: tuple[str, ...] = ()
    exercised: int = 0
    margin: float | None = None
    old_margin: float | None = None


class PhaseTime(Document):
    """How long a phase took, s; None where it did not come or did not end. ``text``: what its station calls it.

    NEW stands beside OLD or, where there is none, beside what the log recorded.
    """

    name: str
    text: Sentence | None = None
    recorded_s: float | None = None
    old_s: float | None = None
    new_s: float | None = None


class Trouble(Document):
    """Something that could not be used, by name: a log that cannot be read, a rule that does not fit."""

    what: str
    text: str


class CaseResult(Document):
    """One log or scenario in one mode.

    Args:
        status: ``judged``; ``not_enough_evidence``, with why; ``unreadable``, with why.
        why: of a status that is not ``judged``; of one that is, what is to be known of how it was judged.
        identical: NEW's outputs equal the compared ones in every judged scan.
        simulated: whether anything was played in physics.
        effects: settings, of those that NEW and OLD do not share, without which NEW would have written something else.
        records: ``log``, ``old`` and ``new`` to the file, where there is one.
        wall_s: what it cost.
    """

    name: str
    kind: Literal["log", "scenario"]
    mode: Mode
    status: Literal["judged", "not_enough_evidence", "unreadable"]
    why: Sentence | None = None
    identical: bool = False
    simulated: bool = False
    effects: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    requirements: tuple[RequirementResult, ...] = ()
    coverage: Coverage = Coverage()
    stretches: tuple[Stretch, ...] = ()
    inputs: tuple[InputUse, ...] = ()
    match: Match | None = None
    known: tuple[KnownFact, ...] = ()
    phases: tuple[PhaseTime, ...] = ()
    seed: int | None = None
    records: dict[str, str] = {}
    wall_s: float = 0.0


class Result(Document):
    """A whole validation.

    Args:
        format: layout of the JSON file.
        program, baseline: NEW and OLD; baseline None: NEW is compared with the logs alone.
        coverage: of all judged cases; what nothing exercised has 0.
        untested: what differs between OLD and NEW and no case exercised.
        approved: approvals that met their finding. stale: those that did not, each with why.
        troubles: what could not be used.
        requirements: the files of rules. rules: those in them, by name.
        versions: of the program and what it computes with.
        stopped: the validation was broken off; cases hold what was done until then.
        command: how to do it again.
    """

    format: Literal[1] = 1
    program: ProgramUse
    baseline: ProgramUse | None = None
    verdict: Verdict
    why: tuple[Sentence, ...] = ()
    cases: tuple[CaseResult, ...] = ()
    coverage: Coverage = Coverage()
    untested: tuple[Sentence, ...] = ()
    approved: tuple[Approval, ...] = ()
    stale: tuple[Trouble, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    requirements: tuple[str, ...] = ()
    rules: dict[str, Rule] = {}
    versions: dict[str, str] = {}
    started_at: str = ""
    wall_s: Annotated[float, Field(ge=0)] = 0.0
    stopped: bool = False
    command: str = ""

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]

    @property
    def findings(self) -> list[Finding]:
        """Of all cases, what matters most first."""
        return sorted((one for case in self.cases for one in case.findings), key=lambda finding: finding.rank)

    def to_json(self) -> str:
        """The text of the JSON file."""
        return self.model_dump_json(indent=1) + "\n"


def load_result(path: Path) -> Result:
    """Read the JSON file of a validation.

    Raises:
        InputError: it cannot be read, or is none.
    """
    try:
        return Result.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(key="result", expected="a readable file", got=error.strerror, file=path) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise InputError(
            key=place, expected="the JSON of a validation", got=first["msg"], file=path,
            hint="`swaptwin validate --json FILE` writes it",
        ) from None  # fmt: skip
