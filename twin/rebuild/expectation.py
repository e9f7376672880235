"""What a scenario expects of its run, and what of it did not come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twin.scenario import Expectation


def unmet(expect: Expectation, summary: dict[str, Any], states: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Key of the expectation to what was expected and what came, of all that did not.

    Args:
        summary: of the run, as :func:`twin.summary.summarise` makes it. states: all that were passed, in order.
    """
    found: dict[str, tuple[str, str]] = {}

    def check(key: str, expected: str, got: str) -> None:
        if expected != got:
            found[key] = (expected, got)

    if expect.completed is not None:
        check("completed", str(expect.completed).lower(), str(bool(summary["completed"])).lower())
    if expect.final_state is not None:
        check("final_state", expect.final_state, str(summary["final_state"]))
    passed = iter(states)
    if not all(state in passed for state in expect.visited):
        found["visited"] = (", ".join(expect.visited), ", ".join(states))
    if expect.alarms is not None:
        check("alarms", ", ".join(sorted(expect.alarms)), ", ".join(sorted({a["tag"] for a in summary["alarms"]})))
    for serial, place in expect.packs.items():
        check(f"packs.{serial}", place, str(summary["packs"].get(serial, "nowhere")))
    return found
