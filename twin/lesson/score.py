"""The score of a session by published arithmetic (docs/score.md): fractions, exact, no rounding on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from twin.clock import s_to_ns
from twin.document import Document
from twin.formula.document import Sentence
from twin.lesson.course import Progress
from twin.lesson.document import Lesson

Kind = Literal["step", "answer", "time", "hint", "mistake", "early", "never"]
_WHOLE = Fraction(100)


class ScoreItem(Document):
    """Points, with their instant and reason.

    Args:
        t_ns: when it was decided; None where it never came.
        points: gained, or lost where negative, of ``of``; decimals as text, rounded for reading.
        leaves_percent: what a broken rule leaves of the score; it has no points.
    """

    kind: Kind
    name: str
    t_ns: int | None
    points: str = "0.00"
    of: str = "0.00"
    leaves_percent: int | None = None
    text: Sentence
    reason: Sentence


class Score(Document):
    """What a session is worth.

    Args:
        total: 0.00 to 100.00, two decimals, half up: ``quality`` times ``factor``. exact: the same as a fraction.
        won: every step was done. passed: won, and the total is the pass mark or more.
    """

    lesson: str
    total: str
    exact: str
    quality: str
    factor: str
    pass_mark: int
    won: bool
    passed: bool
    items: list[ScoreItem]


@dataclass(frozen=True)
class _Found:
    item: ScoreItem
    points: Fraction = Fraction(0)


def score(lesson: Lesson, progress: Progress) -> Score:
    """Score a session as far as it is told."""
    parts = {"steps": lesson.scoring.steps, "time": lesson.scoring.time}
    if lesson.questions:
        parts["answers"] = lesson.scoring.answers
    share = {name: _WHOLE * weight / sum(parts.values()) for name, weight in parts.items()}
    found = [*_steps(lesson, progress, share["steps"]), *_time(lesson, progress, share["time"])]
    found += _answers(lesson, progress, share.get("answers", Fraction(0)))
    found += [*_hints(lesson, progress), *_early(lesson, progress), *_mistakes(lesson, progress)]
    quality = min(max(sum((one.points for one in found), Fraction(0)), Fraction(0)), _WHOLE)
    factor = Fraction(1)
    for name, stretches in progress.broken.items():
        if stretches:
            leaves = lesson.never[name].leaves_percent
            factor *= Fraction(leaves, 100)
            found.append(_broken(lesson, name, stretches, leaves))
    total = quality * factor
    won = progress.won_ns is not None
    return Score(
        lesson=lesson.name, total=decimals(total), exact=str(total), quality=decimals(quality),
        factor=decimals(factor, 4), pass_mark=lesson.scoring.pass_mark, won=won,
        passed=won and total >= lesson.scoring.pass_mark,
        items=[one.item for one in sorted(found, key=_when)],
    )  # fmt: skip


def decimals(value: Fraction, places: int = 2) -> str:
    """A fraction as a decimal, half away from zero: ``-0.005`` is ``-0.01``."""
    scale = 10**places
    number = int(abs(value) * scale + Fraction(1, 2))
    sign = "-" if value < 0 and number else ""
    return f"{sign}{number // scale}.{number % scale:0{places}d}"


def _when(one: _Found) -> tuple[bool, int]:
    return one.item.t_ns is None, one.item.t_ns or 0


def _found(
    kind: Kind, name: str, t_ns: int | None, text: Sentence, points: Fraction, of: Fraction, en: str, zh: str
) -> _Found:
    reason = Sentence(en=en, zh=zh)
    item = ScoreItem(
        kind=kind, name=name, t_ns=t_ns, text=text, points=decimals(points), of=decimals(of), reason=reason
    )  # fmt: skip
    return _Found(item, points)


def _steps(lesson: Lesson, progress: Progress, share: Fraction) -> Iterator[_Found]:
    weights = sum(step.weight for step in lesson.steps.values())
    for name, step in lesson.steps.items():
        of, state = share * step.weight / weights, progress.steps[name]
        if state.done_ns is None:
            en, zh = ("not done", "未完成") if state.turn_ns is not None else ("its turn never came", "未轮到该步骤")
            yield _found("step", name, None, step.text, Fraction(0), of, en, zh)
            continue
        assert state.turn_ns is not None
        took, within = _seconds(state.done_ns - state.turn_ns), f"{step.within_s:g}"
        if state.late:
            points = max(of - lesson.scoring.late, Fraction(0))
            en, zh = f"done, but late: {took} s instead of {within} s", f"已完成但超时：用时 {took} s，限时 {within} s"
        else:
            points, en, zh = of, f"done within {took} s of {within} s", f"已完成：用时 {took} s，限时 {within} s"
        yield _found("step", name, state.done_ns, step.text, points, of, en, zh)


def _time(lesson: Lesson, progress: Progress, of: Fraction) -> Iterator[_Found]:
    """Whole up to the par time, none at the time limit, in proportion between."""
    if not of:
        return
    text = Sentence(en="Time for all steps", zh="全部步骤用时")
    par, limit = f"{lesson.scoring.par_s:g}", f"{lesson.time_limit_s:g}"
    if progress.won_ns is None:
        yield _found("time", "time", None, text, Fraction(0), of, "not all steps were done", "未完成全部步骤")
        return
    par_ns, limit_ns = s_to_ns(lesson.scoring.par_s), s_to_ns(lesson.time_limit_s)
    took_ns = progress.won_ns - lesson.begin_ns
    left = Fraction(limit_ns - took_ns, limit_ns - par_ns)
    points = of * min(max(left, Fraction(0)), Fraction(1))
    took = _seconds(took_ns)
    en = f"done at {took} s; whole up to {par} s, none at {limit} s"
    zh = f"于 {took} s 完成；{par} s 内得满分，{limit} s 时不得分"
    yield _found("time", "time", progress.won_ns, text, points, of, en, zh)


def _answers(lesson: Lesson, progress: Progress, share: Fraction) -> Iterator[_Found]:
    weights = sum(question.weight for question in lesson.questions.values())
    for name, question in lesson.questions.items():
        of, given = share * question.weight / weights, progress.answers.get(name)
        if given is None:
            yield _found("answer", name, None, question.text, Fraction(0), of, "not answered", "未回答")
        elif given.right:
            en, zh = f"right: {given.answer}", f"正确：{given.answer}"
            yield _found("answer", name, given.t_ns, question.text, of, of, en, zh)
        else:
            en, zh = f"wrong: {given.answer}", f"错误：{given.answer}"
            yield _found("answer", name, given.t_ns, question.text, Fraction(0), of, en, zh)


def _hints(lesson: Lesson, progress: Progress) -> Iterator[_Found]:
    cost = Fraction(-lesson.scoring.hint)
    seen: set[str] = set()
    for t_ns, step in progress.hints:
        points = Fraction(0) if step in seen else cost
        en, zh = ("asked for again", "再次查看提示") if step in seen else ("a hint was asked for", "查看提示")
        seen.add(step)
        yield _found("hint", step, t_ns, lesson.steps[step].text, points, Fraction(0), en, zh)


def _early(lesson: Lesson, progress: Progress) -> Iterator[_Found]:
    cost = Fraction(-lesson.scoring.early)
    for name, state in progress.steps.items():
        for t_ns in state.early_ns[:1]:
            times = len(state.early_ns)
            en, zh = f"before its turn, {times} time{'s' * (times > 1)}", f"未按顺序，共 {times} 次"
            yield _found("early", name, t_ns, lesson.steps[name].text, cost, Fraction(0), en, zh)


def _mistakes(lesson: Lesson, progress: Progress) -> Iterator[_Found]:
    for name, mistake in lesson.mistakes.items():
        left = mistake.at_most
        for number, t_ns in enumerate(progress.mistakes[name], 1):
            points = Fraction(-min(mistake.points, left))
            left += int(points)
            en, zh = f"{_ordinal(number)} time", f"第 {number} 次"
            yield _found("mistake", name, t_ns, mistake.text, points, Fraction(0), en, zh)


def _broken(lesson: Lesson, name: str, stretches: tuple[tuple[int, int], ...], leaves: int) -> _Found:
    times = len(stretches)
    reason = Sentence(
        en=f"happened {times} time{'s' * (times > 1)}: {leaves} % of the score is left",
        zh=f"发生 {times} 次：总分保留 {leaves} %",
    )
    text = lesson.never_text(name)
    item = ScoreItem(
        kind="never", name=name, t_ns=stretches[0][0], leaves_percent=leaves, text=text, reason=reason
    )  # fmt: skip
    return _Found(item)


def _seconds(t_ns: int) -> str:
    return decimals(Fraction(t_ns, 1_000_000_000))


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
