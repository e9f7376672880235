"""What came of it, as docs/benchmarks.md has it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.rubric.rubric import BANDS

Row = Mapping[str, Any]
#: Bands of a session that is passed.
_PASSED = ("excellent", "pass")
#: What is told of each kind of deed.
_KINDS: Mapping[str, str] = {
    "": "nothing wrong", "unsafe": "unsafe", "left_out": "left out", "fault": "fault: blind, needless, out of turn",
    "late": "fault: late", "wrong": "fault: wrong answer", "open": "fault: no answer", "slip": "slip: refused request",
    "hint": "slip: a hint",
}  # fmt: skip


def table(rows: Sequence[Row]) -> str:
    """Markdown: all, each kind of deed, each lesson, how many deeds; then who said what, and every disagreement."""
    lines = ["| sessions | number | same band | % | passed or not, the same |", "|---|---|---|---|---|"]
    lines.append(_line("**all**", rows))
    for kind, title in _KINDS.items():
        lines.append(_line(title, [row for row in rows if kind in (_kinds(row) or {""})]))
    for number, title in ((1, "one thing wrong"), (2, "two"), (3, "three")):
        lines.append(_line(title, [row for row in rows if len(_wrong(row)) == number]))
    for lesson in sorted({row["lesson"] for row in rows}):
        lines.append(_line(f"`{lesson}`", [row for row in rows if row["lesson"] == lesson]))
    lines += ["", "| the rubric says | " + " | ".join(f"the score: {band}" for band in BANDS) + " |"]
    lines.append("|---" * (len(BANDS) + 1) + "|")
    for band in BANDS:
        said = [row["score"] for row in rows if row["rubric"] == band]
        lines.append(f"| {band} | " + " | ".join(str(said.count(other)) for other in BANDS) + " |")
    lines += ["", "| session | lesson | what was done | rubric | score |", "|---|---|---|---|---|"]
    for row in rows:
        if row["rubric"] != row["score"]:
            did = ", ".join(one["name"] for one in _wrong(row)) or ("nothing wrong" if row["reached"] else "")
            did += "" if row["reached"] else " (goal not reached)"
            name = row["name"].rsplit("-", 1)[-1]
            where = " ".join(filter(None, [row["lesson"], row["drawn"]]))
            lines.append(f"| {name} | {where} | {did.strip()} | {row['rubric']} | {row['score']}, {row['total']} |")
    return "\n".join(lines)


def _wrong(row: Row) -> list[Mapping[str, Any]]:
    """The deeds that happened and were not as good."""
    return [one for one in row["deeds"] if one["happened"] and one["says"] != "fine"]


def _kinds(row: Row) -> set[str]:
    return {str(one["kind"]) for one in _wrong(row)}


def _line(title: str, rows: Sequence[Row]) -> str:
    same = sum(row["rubric"] == row["score"] for row in rows)
    alike = sum((row["rubric"] in _PASSED) == (row["score"] in _PASSED) for row in rows)
    share = f"{100 * same / len(rows):.1f}" if rows else "–"
    return f"| {title} | {len(rows)} | {same} | {share} | {alike} |"
