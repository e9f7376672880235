"""The report of a validation as one page: what was compared, what was exercised, the verdict, what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from twin import __version__
from twin.coverage import KINDS as COVERED
from twin.coverage import Coverage
from twin.finding import Finding
from twin.formula.document import Sentence
from twin.report.page import clock, render
from twin.report.plot import span_bar
from twin.validation.report.group import Group, groups
from twin.validation.report.opened import MOST_PAGES, Place, place, since_start_s, view_command
from twin.validation.report.picture import Picture, pictures
from twin.validation.report.shelf import Shelf, told_values
from twin.validation.result import CaseResult, Result, Stretch
from twin.validation.words import (
    BROUGHT,
    HOW,
    KINDS,
    LIMIT,
    MODES,
    NOT_JUDGED,
    SECTIONS,
    SEVERITIES,
    SIDES,
    STATUSES,
    VERDICTS,
    Section,
    evidence,
)

#: Findings that are told with plots; further ones are told without; and of those told at all. The rest is in the JSON.
_MOST_PICTURES, _MOST_TOLD = 40, 300
#: Cases that a finding names one by one; cases that are listed; and how many are told of though nothing was found.
_MOST_PLACES, _MOST_CASES, _MOST_DULL = 30, 400, 40


@dataclass(frozen=True)
class Where:
    """A case that shows a finding: its time as text, and how to open it."""

    finding: Finding
    time: str
    link: str
    command: str


@dataclass(frozen=True)
class Told:
    """A finding as the page tells it."""

    group: Group
    places: list[Where]
    more_places: int
    values: list[tuple[str, Sentence]]
    pictures: list[Picture]
    window: tuple[str, str]


def report_page(result: Result, shelf: Shelf, links: Mapping[Place, str]) -> str:
    """The page.

    Args:
        links: to the offline pages of findings, as of :func:`twin.validation.report.opened.page_texts`.
    """
    told: dict[Section, list[Told]] = {}
    left, room, untold = _MOST_TOLD, _MOST_PICTURES, 0
    by_section = groups(result)
    for section in SECTIONS:
        shown = by_section[section][: max(left, 0)]
        untold += len(by_section[section]) - len(shown)
        left -= len(shown)
        told[section] = [_told(group, shelf, links, drawn=n < room) for n, group in enumerate(shown)]
        room -= len(shown)
    ordered = sorted(result.cases, key=_attention)
    told_cases = [n for n, case in enumerate(ordered) if n < _MOST_DULL or case.findings or case.status != "judged"]
    return render(
        "validation.html", result=result, verdict=VERDICTS[result.verdict], evidence=evidence(result), told=told,
        counts={section: len(found) for section, found in by_section.items()}, untold=untold,
        following={section: sum(len(group.followers) for group in found) for section, found in by_section.items()},
        coverage=_coverage(result.coverage), cases=ordered[:_MOST_CASES], more_cases=len(ordered[_MOST_CASES:]),
        told_cases=[ordered[n] for n in told_cases if n < _MOST_CASES],
        bars={id(stretch): _bar(stretch) for case in ordered[:_MOST_CASES] for stretch in case.stretches},
        not_judged={id(case): _not_judged(case) for case in ordered[:_MOST_CASES]},
        pages=len({link.split("#")[0] for link in links.values()}), most_pages=MOST_PAGES, version=__version__, id=id,
        KINDS=KINDS, SECTIONS=SECTIONS, SEVERITIES=SEVERITIES, STATUSES=STATUSES, MODES=MODES, SIDES=SIDES, HOW=HOW,
        NOT_JUDGED=NOT_JUDGED, limit=LIMIT, BROUGHT=BROUGHT,
    )  # fmt: skip


def _told(group: Group, shelf: Shelf, links: Mapping[Place, str], *, drawn: bool) -> Told:
    first = group.first
    record = shelf.record(first.record)
    zero_ns = 0 if record is None else record.start_ns
    ends_ns = (first.traces[0].start_ns, first.traces[0].end_ns) if first.traces else (0, 0)
    return Told(
        group,
        [_where(finding, shelf, links) for finding in group.findings[:_MOST_PLACES]],
        max(len(group.findings) - _MOST_PLACES, 0),
        [(value.signal, told_values(value, shelf.signal(first, value.signal))) for value in first.values],
        pictures(first) if drawn else [],
        (clock((ends_ns[0] - zero_ns) / 1e9), clock((ends_ns[1] - zero_ns) / 1e9)),
    )


def _where(finding: Finding, shelf: Shelf, links: Mapping[Place, str]) -> Where:
    record = shelf.record(finding.record)
    time = ""
    if finding.t_ns is not None:
        time = clock(since_start_s(finding, record) if record is not None else finding.t_ns / 1e9)
    return Where(finding, time, links.get(place(finding), ""), view_command(finding, shelf))


def _coverage(coverage: Coverage) -> list[dict[str, Any]]:
    """Kind by kind: what nothing exercised, what no log could tell of, and how often the rest came."""
    never: dict[str, list[str]] = {}
    for one in coverage.never():
        never.setdefault(one.kind, []).append(one.name)
    return [
        {
            "kind": Sentence(en=COVERED[kind][0], zh=COVERED[kind][1]),
            "exercised": coverage.exercised(kind)[0],
            "all": coverage.exercised(kind)[1],
            "never": never.get(kind, []),
            "blind": set(coverage.blind.get(kind, ())),
            "counts": sorted(((n, c) for n, c in counts.items() if c), key=lambda item: (item[1], item[0])),
        }
        for kind, counts in coverage.counts.items()
        if counts
    ]


def _attention(case: CaseResult) -> tuple[bool, int]:
    """Cases that somebody should look at stand first; others as they were given."""
    against = sum(finding.counts for finding in case.findings)
    return case.status == "judged" and not against, -against


def _bar(stretch: Stretch) -> Markup:
    """A stretch of a log: what was judged, and what lies beyond its horizon."""
    length = max(stretch.end_ns - stretch.start_ns, 1)
    end_ns = stretch.end_ns if stretch.horizon_ns is None else stretch.horizon_ns
    share = [((start - stretch.start_ns) / length, (end - stretch.start_ns) / length) for start, end in stretch.judged]
    parts = [("there", start, end) for start, end in share]
    if stretch.horizon_ns is not None:
        parts.append(("beyond", (end_ns - stretch.start_ns) / length, 1.0))
        parts.append(("mark", (end_ns - stretch.start_ns) / length, (end_ns - stretch.start_ns) / length))
    return span_bar(parts)


def _not_judged(case: CaseResult) -> list[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    """Rules that said nothing of a case, by why; each with the signals that the log lacks."""
    return [
        (status, found)
        for status in NOT_JUDGED
        if (found := [(rule.name, rule.missing) for rule in case.requirements if rule.status == status])
    ]
