"""What the shipped requirements, procedures and lessons have to do with a fault."""

from __future__ import annotations

from twin.clock import s_to_ns
from twin.desk import load_panel
from twin.fault import Fault
from twin.formula import reach
from twin.lesson import lesson_paths, load_lesson
from twin.lesson.document import LONGEST_AHEAD_S
from twin.lesson.requirement import requirement_names, requirement_set
from twin.requirement.document import alike

_MOST_RULES = 6
_COMMONEST = ("read_alarm", "safe_state")


def procedure_of(alarm: str, station: str) -> str | None:
    """What a person does at an alarm, by the station's panel; None where it does not say."""
    said = load_panel(station).alarm(alarm)
    return None if said is None else str(said["procedure"])


def competencies_of(procedure: str | None) -> list[str]:
    """Those of the shipped lessons of a procedure; the commonest where there is none."""
    shipped = [load_lesson(path) for path in lesson_paths().values()]
    found = [lesson.competencies for lesson in shipped if lesson.procedure == procedure]
    return list(dict.fromkeys(name for names in found for name in names)) or list(_COMMONEST)


def rules_about(fault: Fault) -> list[str]:
    """Safety requirements that speak of where a fault is seen, and can be followed in a lesson; the first few."""
    found = []
    for name in requirement_names():
        of = requirement_set(name)
        if of.requirements[name].severity != "safety":
            continue
        formulas = of.formulas(name)
        names = {inner.name for formula in formulas for inner in formula.walk() if inner.op == "signal"}
        ahead = [reach(formula).ahead_ns for formula in formulas]
        soon = all(one is not None and one <= s_to_ns(LONGEST_AHEAD_S) for one in ahead)
        if soon and any(alike(one, other) or alike(other, one) for one in names for other in fault.signals):
            found.append(name)
    return found[:_MOST_RULES]
