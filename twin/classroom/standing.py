"""Where a session stands, as data for the pages of a class."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from twin.clock import NS_PER_S
from twin.teaching import Teacher


def standing(seat: Teacher, *, for_trainee: bool = False) -> dict[str, Any]:
    """Where the session stands; to its trainee only what its mode shows."""
    now, lesson = seat.now, seat.lesson
    session, progress = now.session, now.progress
    told: dict[str, Any] = {
        "lesson": session.lesson, "text": lesson.text.model_dump(), "mode": session.mode, "attempt": session.attempt,
        "trainee": session.trainee.name, "guardian": session.guardian.name,
        "t_s": max(now.t_ns - lesson.begin_ns, 0) / NS_PER_S, "limit_s": lesson.time_limit_s, "running": now.running,
        "held": sorted(now.held) if now.running else [], "begun": now.speed != 0 or now.t_ns > lesson.begin_ns,
        "problem": now.wrong or str(now.process.error or ""),
        "words": [asdict(word) for word in seat.words],
    }  # fmt: skip
    if progress is not None and (not for_trainee or session.mode == "guided" or now.over):
        told["steps"] = [
            {
                "name": name, "text": lesson.steps[name].text.model_dump(), "late": step.late,
                "done_s": None if step.done_ns is None else (step.done_ns - lesson.begin_ns) / NS_PER_S,
                "turn": step.turn_ns is not None and step.done_ns is None,
            }
            for name, step in progress.steps.items()
        ]  # fmt: skip
        told["broken"] = [lesson.never_text(name).model_dump() for name, found in progress.broken.items() if found]
        told["mistakes"] = sum(map(len, progress.mistakes.values()))
    if now.result is not None:
        score = now.result.score
        told["score"] = {"total": score.total, "pass_mark": score.pass_mark, "passed": score.passed}
    return told
