"""Closed loop on a log: its situation is rebuilt, and how well OLD's run of it reproduces the log is told first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from twin.finding import Sentence
from twin.rebuild import Match as Matched
from twin.rebuild import Outcome, Situation, match, outcome, situations
from twin.record import Record
from twin.replay import open_loop
from twin.validation.closed_loop import Run, closed_loop, compared, played
from twin.validation.outputs import replays, same_outputs
from twin.validation.result import CaseResult, KnownFact, Match, MatchRow
from twin.validation.task import Task


def rebuilt_cases(task: Task, path: Path) -> list[CaseResult]:
    """A result for each swap of a log, or one of a simulated Record.

    Raises:
        InputError: a log of no known station, or in which no swap is found; MissingExtraError: nothing can be played.
    """
    record = Record.open(path)
    found = situations(record)
    results = [_Rebuilt(task, path, record, situation).result() for situation in found]
    if len(results) == 1:
        return results
    return [_numbered(one, f"{one.name}#{n}") for n, one in enumerate(results, 1)]


def _numbered(result: CaseResult, name: str) -> CaseResult:
    findings = tuple(one.model_copy(update={"case": name}) for one in result.findings)
    return result.model_copy(update={"name": name, "findings": findings})


@dataclass
class _Rebuilt:
    """One swap of a log."""

    task: Task
    path: Path
    record: Record
    situation: Situation

    def result(self) -> CaseResult:
        task, scenario = self.task, self.situation.scenario
        # The log is OLD's run itself where OLD writes what it holds, and where there is no other OLD.
        if self.situation.exact and (task.baseline is None or same_outputs(self.record, task.baseline)):
            return self._told(closed_loop(task, scenario, self.path), None)
        if task.baseline is not None:
            before = played(task, scenario, task.baseline)
            return self._told(compared(task, scenario, before), self._match(before, task.baseline.name, None))
        # Without OLD the log is what NEW is compared with, as far as its inputs answer NEW.
        swap = self.situation
        # A finding's instant is of NEW's run: the log has another time, and cannot be drawn beside it.
        before = Run(None, outcome(self.record, task.rules(), start_ns=swap.start_ns, end_ns=swap.end_ns))
        result = compared(task, scenario, before)
        after = Run(Path(result.records["new"]) if "new" in result.records else None, Outcome())
        return self._told(result, self._match(after, task.program.name, self._horizon_ns()))

    def _horizon_ns(self) -> int | None:
        """Until when the log's inputs answer NEW; its beginning where NEW cannot be replayed on it."""
        looks = [open_loop(self.record, one) for one in replays(self.record, self.task.program)]
        ends = [look.horizon.t_ns for look in looks if look.horizon.t_ns is not None]
        mine = [t_ns for t_ns in ends if t_ns >= (self.situation.start_ns or 0)]
        return min(mine, default=None)

    def _match(self, run: Run, who: str, until_ns: int | None) -> Match:
        if run.path is None:
            text = Sentence(en=f"{who} could not be run.", zh=f"{who} 无法运行。")
            return Match(with_program=who, score_frac=0.0, enough=False, text=text)
        found = match(
            self.record, Record.open(run.path), until_ns, start_ns=self.situation.start_ns,
            end_ns=self.situation.end_ns,
        )  # fmt: skip
        return _told_match(found, who)

    def _told(self, result: CaseResult, matched: Match | None) -> CaseResult:
        update: dict[str, object] = {
            "known": tuple(
                KnownFact(what=one.what, value=one.value, how=one.how, error=one.error, text=one.text)
                for one in self.situation.known
            ),
            "records": {**result.records, "log": str(self.path)},
            "match": matched,
        }  # fmt: skip
        if matched is not None and not matched.enough:
            update |= {"status": "not_enough_evidence", "why": _poor(matched)}
        return result.model_copy(update=update)


def _told_match(found: Matched, who: str) -> Match:
    rows = (
        MatchRow(
            quantity=row.quantity, text=row.text, unit=row.unit, error=row.error, tolerance=row.tolerance, ok=row.ok
        )
        for row in found.rows
    )
    return Match(
        with_program=who, score_frac=found.score_frac, enough=found.enough, until_ns=found.until_ns, rows=tuple(rows),
        text=found.text,
    )  # fmt: skip


def _poor(matched: Match) -> Sentence:
    return Sentence(
        en=f"The rebuilt situation does not reproduce the log: {matched.text.en}",
        zh=f"重建的工况未能复现该日志：{matched.text.zh}",
    )
