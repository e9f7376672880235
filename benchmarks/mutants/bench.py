"""One mutant at a time: where it differs, and whether what users are given calls it wrong."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from benchmarks.mutants.mutant import Mutant
from benchmarks.mutants.scan import Reference
from twin.analysis.samples import RecordSamples
from twin.coverage import coverage, tables_of
from twin.errors import ControllerError, SwapTwinError
from twin.finding import Finding
from twin.program import Program
from twin.rebuild import Outcome, outcome, worse
from twin.record import Record
from twin.requirement import RequirementSet, load_requirements, shipped_requirements
from twin.run import Run
from twin.scenario import Scenario, parse_scenario
from twin.validation.case import Case
from twin.validation.judged import violations
from twin.validation.open_case import open_case
from twin.validation.task import Task

#: ``equal``: the same outputs in every scan of every scenario; left out of the denominator, by name.
#: ``different``: what open loop says of it. ``missed``: it writes something else, and nothing says so.
Fate = Literal["wrong", "different", "missed", "equal"]
#: A run that takes so much longer than the reference has not come to an end.
_LONGER_S = 60.0
#: Scenarios that take longer are judged in open loop alone.
_LONGEST_S = 500.0


@dataclass
class Verdict:
    """What came of a mutant.

    Args:
        differs: scenario to time (s) and signal of the first difference, of those that were looked at.
        scenario, finding, text: by which it was found wrong. runs: how many were simulated.
        told: open loop said of some scenario that it differs.
    """

    name: str
    kind: str
    diff: str
    fate: Fate
    differs: dict[str, tuple[float, str]] = field(default_factory=dict)
    scenario: str = ""
    finding: str = ""
    text: str = ""
    runs: int = 0
    told: bool = False
    wall_s: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Bench:
    """The scenarios with what the reference makes of them.

    Args:
        records: Records of the reference, one a scenario.
        most_runs: simulated of one mutant before it is called different only.
    """

    def __init__(self, records: list[Path], *, most_runs: int = 12) -> None:
        self.references = most_first([Reference.of(path) for path in records])
        self.files = shipped_requirements()
        self.rules: list[RequirementSet] = [load_requirements(path) for path in self.files]
        self.most_runs = most_runs
        self._outcomes: dict[str, Outcome] = {}

    def judge(self, mutant: Mutant) -> Verdict:
        """Scenario after scenario, those that exercise most first, until one says that it is wrong."""
        began_s = time.perf_counter()
        found = Verdict(mutant.name, mutant.kind, mutant.diff, "equal")
        for reference in self.references:
            if found.runs >= self.most_runs:
                break
            try:
                first = reference.first_difference(mutant.program)
            except (ControllerError, SwapTwinError) as error:
                found.fate, found.finding, found.text = "wrong", "verdict:make", str(error)
                break
            if first is None:
                continue
            found.fate, found.differs[reference.name] = "missed", first
            wrong = next(self._wrong(reference, mutant.program, found), None)
            if wrong is not None:
                found.fate, found.scenario = "wrong", reference.name
                found.finding, found.text = wrong.key, wrong.text.en
                break
        if found.fate == "missed" and found.told:
            found.fate = "different"
        found.wall_s = round(time.perf_counter() - began_s, 2)
        return found

    def _wrong(self, reference: Reference, program: Program, found: Verdict) -> Iterator[Finding]:
        """What says wrong: open loop first, then physics; rules and margins of a run, which take longest, last."""
        case = Case(reference.name, "log", reference.path)
        result = open_case(Task(case, program, None, ("open",), self.files), reference.path)
        found.told = found.told or bool(result.findings)
        yield from (finding for finding in result.findings if finding.wrong and finding.counts)
        if reference.end_s > _LONGEST_S:
            return
        found.runs += 1
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "new.mcap")
            simulate(scenario_of(reference), program, path)
            record = Record.open(path)
            for rules in ((), self.rules):
                yield from wrong_in(self.outcome_of(reference), outcome(record, rules))

    def outcome_of(self, reference: Reference) -> Outcome:
        """What came of the reference's own run, worked out once."""
        if reference.name not in self._outcomes:
            self._outcomes[reference.name] = outcome(Record.open(reference.path), self.rules)
        return self._outcomes[reference.name]


def most_first(references: Sequence[Reference]) -> list[Reference]:
    """Each time the scenario that, for its length, exercises most of what none before it did."""
    left = {one.name: one for one in references}
    exercised = {one.name: _exercised(one.path) for one in references}
    seen: set[str] = set()
    ordered = []
    while left:
        best = max(left.values(), key=lambda one: (len(exercised[one.name] - seen) / one.end_s, -one.end_s))
        ordered.append(left.pop(best.name))
        seen |= exercised[best.name]
    return ordered


def _exercised(path: Path) -> set[str]:
    record = Record.open(path)
    counts = coverage(RecordSamples(record), tables_of(record)).counts
    return {f"{kind} {name}" for kind, names in counts.items() for name, count in names.items() if count}


def wrong_in(old: Outcome, new: Outcome) -> Iterator[Finding]:
    """What a validation in closed loop calls wrong: an outcome that is worse, rules that are broken and were not."""
    judged = {name: rule.judgement for name, rule in old.rules.items()}
    broken = violations((rule.judgement for rule in new.rules.values()), judged)
    yield from (one for one in (*worse(old, new), *broken) if one.wrong and one.counts)


def scenario_of(reference: Reference) -> Scenario:
    """The scenario of a Record, with an end that follows soon after the reference's."""
    scenario = parse_scenario(Record.open(reference.path).attachments["scenario.yaml"].decode(), name=reference.name)
    limit_s = min(scenario.time_limit_s, reference.end_s + _LONGER_S)
    return scenario.model_copy(update={"time_limit_s": limit_s})


def simulate(scenario: Scenario, program: Program, path: Path) -> None:
    """Run a scenario to its end, or to where the controller breaks, which the Record then says."""
    with Run(scenario, controller=program, out=path) as run:
        verdict = None
        try:
            while run.scan():
                pass
        except ControllerError as error:
            verdict = str(error)
        run.finish(verdict=verdict)
