"""Findings as people read them: one entry for what many cases show alike, and what follows from it folded in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.finding import SEVERITIES, Finding, Mode
from twin.validation.result import Result
from twin.validation.words import SECTIONS, Section


@dataclass
class Group:
    """What one key names in all cases, the one that matters most first."""

    section: Section
    findings: list[Finding]
    #: What follows from any of them: key to the findings.
    followers: dict[str, list[Finding]] = field(default_factory=dict)

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def cases(self) -> list[str]:
        """Names of the cases, each once."""
        return list(dict.fromkeys(finding.case for finding in self.findings))


def section_of(finding: Finding) -> Section:
    """Under which heading a finding stands."""
    if finding.approved is not None:
        return "approved"
    if finding.before:
        return "before"
    if finding.kind == "difference":
        return "different"
    return "worse" if finding.kind == "worse" else "wrong"


def groups(result: Result) -> dict[Section, list[Group]]:
    """All findings by section and key, safety first.

    One that follows from another is folded into it, unless it would be told under another heading: what follows from
    an approved change and is not approved itself must be seen.
    """
    findings = result.findings
    roots = {(one.case, one.mode, one.key): one for one in findings}
    found: dict[tuple[Section, str], Group] = {}
    folded = []
    for one in findings:
        root = _root(one, roots)
        if root is not one:
            folded.append((root, one))
            continue
        section = section_of(one)
        found.setdefault((section, one.key), Group(section, [])).findings.append(one)
    for root, one in folded:
        found[section_of(root), root.key].followers.setdefault(one.key, []).append(one)
    ordered = sorted(found.values(), key=lambda group: SEVERITIES.index(group.first.severity))
    return {section: [group for group in ordered if group.section == section] for section in SECTIONS}


def _root(finding: Finding, roots: Mapping[tuple[str, Mode, str], Finding]) -> Finding:
    """What a finding follows from in the end, told under the same heading; itself where there is none."""
    way = {finding.key: finding}
    root = finding
    while root.follows:
        above = roots.get((root.case, root.mode, root.follows))
        if above is None or section_of(above) != section_of(finding):
            break
        if above.key in way:
            # A ring has no root: any of it will do, if it is the same for all.
            return way[min(way)]
        way[above.key] = root = above
    return root
