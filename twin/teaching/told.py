"""What a trainee is shown of a lesson while it goes on: in guided mode the next step, in practice what he asks for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from twin.event import PERSONAL
from twin.fault import FAULTS
from twin.lesson import Lesson, Progress, Scored
from twin.lesson.session import Mode


def told(
    lesson: Lesson, mode: Mode, progress: Progress | None, hints: Collection[str], given: Mapping[str, str],
    scored: Scored | None,
) -> dict[str, Any]:  # fmt: skip
    """A lesson as a page shows it, JSON-ready. What the mode does not show is not in it.

    Args:
        progress: None before the first scan. hints: steps whose hint was asked for. given: answers, by question.
    """
    ended = scored is not None
    return {
        "name": lesson.name, "text": lesson.text.model_dump(), "briefing": lesson.briefing.model_dump(),
        "goal": lesson.goal.model_dump(), "mode": mode, "pass_mark": lesson.scoring.pass_mark,
        "steps": _steps(lesson, mode, progress, hints, ended) if progress else [],
        "step_count": len(lesson.steps),
        "done_count": _done(progress) if progress and (mode != "exam" or ended) else None,
        "won": bool(progress and progress.won_ns is not None) and (mode != "exam" or ended),
        "questions": _questions(lesson, mode, progress, given, ended) if progress else [],
        "notices": _notices(lesson, progress) if progress and (mode != "exam" or ended) else [],
        "score": scored.score.model_dump(mode="json") if scored else None,
    }  # fmt: skip


def remedies() -> list[dict[str, Any]]:
    """What somebody can put right at the station, whatever is wrong: ``name``, ``text``, ``pattern`` of where."""
    found = []
    for name, kind in FAULTS.items():
        target = kind.model_json_schema()["properties"].get("target", {})
        found.append({"name": name, "text": kind.about.title._asdict(), "pattern": target.get("pattern", "")})
    return found


#: What people at the station do to it; what else is done to it goes wrong.
_PERSONAL = frozenset(action.tag for action in PERSONAL)


def is_kept_back(event: Mapping[str, Any], *, to_be_found_out: bool) -> bool:
    """Whether an event is not for the two at the station: what the instructor observed, and where it is to be found
    out, what goes wrong by the scenario or by the instructor."""
    kind, data = event["kind"], event["data"]
    if kind == "lesson":
        return bool(data.get("remark", {}).get("what") == "observed")
    by_them = data.get("id") == "" and not _PERSONAL.isdisjoint(data)
    return to_be_found_out and kind in ("fault", "event") and not by_them


def may_answer(lesson: Lesson, progress: Progress, question: str, answer: str, given: Mapping[str, str]) -> bool:
    """Whether an answer may be given now: to a question that is asked already, and was not answered."""
    asked = lesson.questions.get(question)
    if asked is None or question in given or question in progress.answers or not _is_asked(lesson, progress, question):
        return False
    # Without choices it is any signal's name: a wrong one is a wrong answer.
    return not asked.choices or answer in asked.choices


def _is_asked(lesson: Lesson, progress: Progress, question: str) -> bool:
    after = lesson.questions[question].after
    return progress.won_ns is not None if after is None else progress.steps[after].done_ns is not None


def _done(progress: Progress) -> int:
    return sum(step.done_ns is not None for step in progress.steps.values())


def _steps(lesson: Lesson, mode: Mode, progress: Progress, hints: Collection[str], ended: bool) -> list[dict[str, Any]]:
    """All of them in guided mode and at the end; in practice those whose turn it is, with the hint once asked for."""
    found = []
    for name, step in lesson.steps.items():
        state = progress.steps[name]
        turn = state.turn_ns is not None and state.done_ns is None
        if not (ended or mode == "guided" or (mode == "practice" and turn)):
            continue
        open_ = ended or mode == "guided" or name in hints
        found.append(
            {
                "name": name, "text": step.text.model_dump() if open_ else None, "turn": turn,
                "hint": step.hint.model_dump() if open_ and turn and not ended else None,
                "done_ns": state.done_ns, "due_ns": state.due_ns if open_ else None, "late": state.late and open_,
            }
        )  # fmt: skip
    return found


def _questions(
    lesson: Lesson, mode: Mode, progress: Progress, given: Mapping[str, str], ended: bool
) -> list[dict[str, Any]]:
    found = []
    for name, question in lesson.questions.items():
        if not ended and not _is_asked(lesson, progress, name):
            continue
        answer = progress.answers.get(name)
        shown = answer is not None and (mode != "exam" or ended)
        found.append(
            {
                "name": name, "text": question.text.model_dump(),
                "choices": {key: words.model_dump() for key, words in question.choices.items()},
                "given": answer.answer if answer else given.get(name),
                "right": answer.right if answer and shown else None,
                "why": question.why.model_dump() if shown else None,
            }
        )  # fmt: skip
    return found


def _notices(lesson: Lesson, progress: Progress) -> list[dict[str, Any]]:
    """What went wrong, in the order of time."""
    found = [
        {"kind": "never", "t_ns": start, "text": lesson.never_text(name).model_dump()}
        for name, stretches in progress.broken.items()
        for start, _ in stretches[:1]
    ]
    found += [
        {"kind": "mistake", "t_ns": t_ns, "text": lesson.mistakes[name].text.model_dump()}
        for name, instants in progress.mistakes.items()
        for t_ns in instants
    ]
    return sorted(found, key=lambda one: one["t_ns"])
