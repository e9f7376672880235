"""The table of the mutation bench, as docs/benchmarks.md has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.mutants.mutant import CLASSES, SAFETY

_HEAD = (
    "| class | mutants | equal | judged | wrong | only different | missed | caught wrong | verdict p50, s | p95, s |"
)


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: a row a class, then safety and all; then the equal ones, and what was not found wrong, by name."""
    lines = [_HEAD, "|" + "---|" * _HEAD.count(" | ") + "---|"]
    for kind, text in CLASSES.items():
        of_kind = [row for row in rows if row["kind"] == kind]
        if of_kind:
            lines.append(_line(f"{text} (safety)" if kind in SAFETY else text, of_kind))
    lines.append(_line("safety", [row for row in rows if row["kind"] in SAFETY]))
    lines.append(_line("all", rows))
    by = _found_by(rows)
    lines += ["", "Found wrong by: " + ", ".join(f"{what} {count}" for what, count in by.items()) + "."]
    for fate, title in (("missed", "Missed"), ("different", "Only different"), ("equal", "Equal, left out")):
        lines += ["", f"{title}:", *(f"- `{r['name']}` {r['diff']}" for r in rows if r["fate"] == fate)]
    return "\n".join(lines)


def _line(title: str, rows: Sequence[Mapping[str, Any]]) -> str:
    count = {fate: sum(row["fate"] == fate for row in rows) for fate in ("equal", "wrong", "different", "missed")}
    judged = len(rows) - count["equal"]
    took = [row["wall_s"] for row in rows if row["fate"] == "wrong"]
    p50, p95 = (f"{np.percentile(took, p):.0f}" if took else "" for p in (50, 95))
    share = f"{100 * count['wrong'] / judged:.1f}" if judged else ""
    cells = [title, len(rows), count["equal"], judged, count["wrong"], count["different"], count["missed"], share]
    return "| " + " | ".join(map(str, [*cells, p50, p95])) + " |"


def _found_by(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    found = {"a rule": 0, "a worse outcome": 0, "the controller's end": 0}
    for row in rows:
        if row["fate"] == "wrong":
            key = str(row["finding"]).partition(":")[0]
            found[{"rule": "a rule", "verdict": "the controller's end"}.get(key, "a worse outcome")] += 1
    return found
