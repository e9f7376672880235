"""Offline pages of the stretches in which the worst findings lie, and how to open the others."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass, field
from typing import Any

from twin.errors import InputError
from twin.finding import Finding
from twin.record import Record
from twin.report import incident_page
from twin.validation.report.shelf import Shelf, told_values
from twin.validation.result import CaseResult, Result

#: Pages of one report, and their size in all: what a build server keeps and a person downloads.
MOST_PAGES = 8
MOST_BYTES = 32_000_000
#: How much a page holds before the first finding and after its instant, s.
_BEFORE_S, _AFTER_S = 8.0, 12.0
#: A finding that lies no closer to the end of a page than this is told on it, s.
_INSIDE_S = 2.0
Place = tuple[str, str, str, int | None]


@dataclass
class Opened:
    """A page of a stretch of a Record, and the findings in it."""

    name: str
    record: Record
    path: str
    t0_ns: int
    t1_ns: int
    case: CaseResult
    findings: list[Finding] = field(default_factory=list)

    def holds(self, finding: Finding) -> bool:
        inside_ns = round(_INSIDE_S * 1e9)
        return (
            finding.record == self.path
            and finding.mode == self.case.mode
            and self.t0_ns <= (finding.t_ns or 0) <= self.t1_ns - inside_ns
        )


def place(finding: Finding) -> Place:
    """Which finding it is, of all of a Result."""
    return finding.case, finding.mode, finding.key, finding.t_ns


def since_start_s(finding: Finding, record: Record) -> float:
    """A finding's instant in s since the start of its Record, as the viewer counts."""
    return ((finding.t_ns or 0) - record.start_ns) / 1e9


def view_command(finding: Finding, shelf: Shelf) -> str:
    """The command that opens a finding in the viewer; empty where there is nothing to open."""
    record = shelf.record(finding.record)
    if record is None or finding.t_ns is None:
        return ""
    return f"swaptwin view {shlex.quote(str(finding.record))} --at {since_start_s(finding, record):.2f}s"


def chosen(result: Result, shelf: Shelf) -> list[Opened]:
    """The stretches that get a page: of what counts, the worst first, then of what is approved; with all in them."""
    cases = {(case.name, case.mode): case for case in result.cases}
    pages: list[Opened] = []
    for finding in result.findings:
        case, record = cases.get((finding.case, finding.mode)), shelf.record(finding.record)
        if case is None or record is None or finding.t_ns is None:
            continue
        if not record.start_ns <= finding.t_ns <= record.end_ns:
            continue
        page = next((page for page in pages if page.holds(finding)), None)
        if page is None:
            if len(pages) >= MOST_PAGES or finding.before:
                continue
            t0_ns = max(finding.t_ns - round(_BEFORE_S * 1e9), record.start_ns)
            t1_ns = min(finding.t_ns + round(_AFTER_S * 1e9), record.end_ns)
            page = Opened(_name(finding), record, str(finding.record), t0_ns, t1_ns, case)
            pages.append(page)
        page.findings.append(finding)
    return pages


def page_text(page: Opened, result: Result, shelf: Shelf) -> str:
    """The page: a stretch of the Record with its findings.

    Raises:
        InputError: it has nothing to show, or is larger than a page may be.
    """
    told = {
        "program": result.program.name,
        "baseline": None if result.baseline is None else result.baseline.name,
        "mode": page.case.mode,
        "findings": [_told(finding, shelf) for finding in page.findings],
    }
    return incident_page(
        page.record, page.t0_ns, page.t1_ns, title=f"{page.case.name} · {result.program.name}",
        extras={"validation": told},
    )  # fmt: skip


def page_texts(result: Result, shelf: Shelf) -> tuple[dict[str, str], dict[Place, str]]:
    """The pages by file name, as many as the size allows; and the link to each finding that is on one."""
    texts: dict[str, str] = {}
    links: dict[Place, str] = {}
    left = MOST_BYTES
    for page in chosen(result, shelf):
        try:
            text = page_text(page, result, shelf)
        except InputError:
            continue
        if (size := len(text.encode())) > left:
            break
        left -= size
        texts[page.name] = text
        links |= {place(one): f"pages/{page.name}#t={since_start_s(one, page.record):.10g}" for one in page.findings}
    return texts, links


def _told(finding: Finding, shelf: Shelf) -> dict[str, Any]:
    return {
        "key": finding.key,
        "kind": finding.kind,
        "t_ns": finding.t_ns,
        "end_ns": finding.end_ns,
        "text": finding.text.model_dump(),
        "signals": [trace.signal["name"] for trace in finding.traces] or list(finding.signals),
        "values": [
            {"name": value.signal, "value": told_values(value, shelf.signal(finding, value.signal)).model_dump()}
            for value in finding.values
        ],
        "reasons": [{"text": reason.text, "held": reason.held} for reason in finding.reasons],
    }


def _name(finding: Finding) -> str:
    """A file's name that says which, and is the same for the same finding."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in finding.case)[:40]
    digest = hashlib.sha256(f"{finding.case} {finding.mode} {finding.key} {finding.t_ns}".encode()).hexdigest()
    return f"{words}-{finding.mode}-{digest[:8]}.html"
