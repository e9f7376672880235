"""Keeps what a log calls private (a plate, a person) out of the texts of a Result that is handed on."""

from __future__ import annotations

from collections.abc import Callable

from twin.finding import Finding
from twin.formula.document import Sentence
from twin.playback.private import Withheld
from twin.validation.report.shelf import Shelf
from twin.validation.result import CaseResult, Result


def handed_on(result: Result, shelf: Shelf) -> Result:
    """The Result with a stand-in for each private word, as far as the Records that name them are there."""
    return result.model_copy(update={"cases": tuple(_cleaned(case, shelf) for case in result.cases)})


def without_paths(result: Result, shelf: Shelf) -> Result:
    """The Result in which no path of a Record, and not the command, tells what its log calls private."""
    command, cases = result.command, []
    for case in result.cases:
        withheld = _withheld(case, shelf)
        if withheld is not None:
            command = str(withheld.clean(command))
            paths = {side: str(withheld.clean(path)) for side, path in case.records.items()}
            findings = tuple(one.model_copy(update={"record": withheld.clean(one.record)}) for one in case.findings)
            case = case.model_copy(update={"records": paths, "findings": findings})
        cases.append(case)
    return result.model_copy(update={"cases": tuple(cases), "command": command})


def _withheld(case: CaseResult, shelf: Shelf) -> Withheld | None:
    # The log first: a run that rebuilds it knows no more than one truck of it.
    paths = dict.fromkeys([case.records.get("log"), *case.records.values()])
    records = [record for path in paths if (record := shelf.record(path)) is not None]
    return next((withheld for record in records if (withheld := Withheld(record.signals)).words), None)


def _cleaned(case: CaseResult, shelf: Shelf) -> CaseResult:
    withheld = _withheld(case, shelf)
    if withheld is None:
        return case

    def clean(text: str) -> str:
        return str(withheld.clean(text))

    def sentence(text: Sentence) -> Sentence:
        return Sentence(en=clean(text.en), zh=clean(text.zh))

    known = tuple(
        one.model_copy(update={"value": clean(one.value), "error": clean(one.error), "text": sentence(one.text)})
        for one in case.known
    )
    findings = tuple(_finding(one, clean, sentence) for one in case.findings)
    why = None if case.why is None else sentence(case.why)
    return case.model_copy(update={"known": known, "findings": findings, "why": why})


def _finding(one: Finding, clean: Callable[[str], str], sentence: Callable[[Sentence], Sentence]) -> Finding:
    reasons = tuple(reason.model_copy(update={"text": clean(reason.text)}) for reason in one.reasons)
    follows = None if one.follows is None else clean(one.follows)
    changed = {"key": clean(one.key), "follows": follows, "text": sentence(one.text), "reasons": reasons}
    return one.model_copy(update=changed)
