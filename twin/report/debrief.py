"""The debrief of a session: the score with every point, what was done against what should have been, the best path.

All of it follows from the session's Record; the best path is the Record of the lesson's oracle.
"""

from __future__ import annotations

import io
import math
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin import __version__
from twin.errors import InputError
from twin.event import (
    Action,
    ClearAction,
    FaultAction,
    GiveAnswer,
    OperatorAction,
    PressEstop,
    ReleaseEstop,
    Remark,
    TakeHint,
)
from twin.fault import FAULTS
from twin.files import write_text
from twin.formula.document import Sentence
from twin.lesson import Lesson, Scored, score_session
from twin.panel import operator_signals
from twin.rebuild.asked import done_by_people
from twin.record import Record
from twin.report.offline import write_offline_page
from twin.report.page import render

#: What is shown before and after the score's instants where a page cannot hold the whole session, ns.
_MARGIN_NS = 15_000_000_000


@dataclass(frozen=True)
class Done:
    """Something that the trainee did, and when."""

    t_ns: int
    text: Sentence


@dataclass(frozen=True)
class Row:
    """A step on the timeline: when it should have been done, when it was, and when on the best path; ns."""

    text: Sentence
    turn_ns: int | None
    due_ns: int | None
    done_ns: int | None
    late: bool
    best_ns: int | None


@dataclass(frozen=True)
class Side:
    """A session beside the other, with the pages that show it in 3D, by the stretch they hold."""

    record: Record
    scored: Scored
    done: list[Done]
    pages: list[tuple[int, int, str]] = field(default_factory=list)

    def link(self, t_ns: int | None) -> str:
        """Where an instant is shown; empty where nothing shows it."""
        if t_ns is None:
            return ""
        since_s = max(t_ns - self.record.start_ns, 0) / 1e9
        return next((f"{page}#t={since_s:.10g}" for t0, t1, page in self.pages if t0 <= t_ns <= t1), "")


def write_debrief(record: Record, best: Record | None, folder: Path) -> list[Path]:
    """Write the debrief of a session that has ended: ``debrief.html``, and beside it the pages in 3D that it links to.

    Args:
        best: the session of the lesson's oracle; None: the best path is left out, and the page says so.

    Raises:
        InputError: it is no session, it has not ended, or the folder cannot be written.
    """
    _check_ended(record)
    sides = [_side(record), *([] if best is None else [_side(best)])]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(key="--out", expected="a folder that can be made", got=error.strerror, file=folder) from None
    written = []
    for side, name in zip(sides, ("session", "best"), strict=False):
        for t0_ns, t1_ns, page in _in_3d(side, name, folder):
            side.pages.append((t0_ns, t1_ns, page))
            written.append(folder / page)
    write_text(folder / "debrief.html", _page(*sides))
    return [folder / "debrief.html", *written]


def debrief_archive(record: Record, best: Record | None = None) -> bytes:
    """The debrief of a session that has ended, the pages of :func:`write_debrief` in a ZIP archive.

    Raises:
        InputError: it is no session, or it has not ended.
    """
    packed = io.BytesIO()
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder, zipfile.ZipFile(packed, "w") as archive:
        for page in write_debrief(record, best, Path(folder)):
            archive.write(page, page.name, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _check_ended(record: Record) -> None:
    if not record.finished:
        raise InputError(key="session", expected="a session that has ended", got="one that has not", file=record.path)


def _side(record: Record) -> Side:
    scored = score_session(record)
    return Side(record, scored, list(_done(record, scored.lesson)))


def _done(record: Record, lesson: Lesson) -> Iterator[Done]:
    """What was done, and what the instructor did to it; what he observed is for himself."""
    for t_ns, action in done_by_people(record.events()):
        if t_ns >= lesson.begin_ns and not (isinstance(action, Remark) and action.what == "observed"):
            yield Done(t_ns, _words(action, record, lesson))


def _in_3d(side: Side, name: str, folder: Path) -> list[tuple[int, int, str]]:
    """The whole session as a page of the viewer, or, where that is more than a page holds, what the score speaks of."""
    record = side.record
    start_ns, end_ns = record.start_ns, record.end_ns
    title = f"{side.scored.session.lesson} {name}"
    try:
        write_offline_page(record, start_ns, end_ns, folder / f"{name}.html", title=title)
        return [(start_ns, end_ns, f"{name}.html")]
    except InputError as error:
        if error.key != "range":
            raise
    instants = sorted({item.t_ns for item in side.scored.score.items if item.t_ns is not None})
    pages: list[tuple[int, int, str]] = []
    for t_ns in instants:
        if pages and t_ns <= pages[-1][1]:
            continue
        t0_ns, t1_ns = max(t_ns - _MARGIN_NS, start_ns), min(t_ns + _MARGIN_NS, end_ns)
        page = f"{name}-{len(pages) + 1}.html"
        write_offline_page(record, t0_ns, t1_ns, folder / page, title=title)
        pages.append((t0_ns, t1_ns, page))
    return pages


def _page(side: Side, best: Side | None = None) -> str:
    scored, lesson = side.scored, side.scored.lesson
    steps = {} if best is None else best.scored.progress.steps
    rows = [
        Row(
            lesson.steps[name].text, state.turn_ns, state.due_ns, state.done_ns, state.late,
            steps[name].done_ns if name in steps else None,
        )
        for name, state in scored.progress.steps.items()
    ]  # fmt: skip
    ends = [side.record.end_ns, *(row.best_ns or 0 for row in rows), *(row.due_ns or 0 for row in rows)]
    bad = [item for item in scored.score.items if item.kind in ("mistake", "early", "never", "hint")]
    begin_ns, end_ns = lesson.begin_ns, min(max(ends), lesson.end_ns)
    return render(
        "debrief.html", side=side, best=best, session=scored.session, lesson=lesson, score=scored.score, rows=rows,
        bad=bad, begin_ns=begin_ns, end_ns=end_ns, questions=_questions(scored),
        metadata=side.record.metadata, version=__version__, marks=_marks(begin_ns, end_ns),
    )  # fmt: skip


def _marks(begin_ns: int, end_ns: int) -> list[int]:
    """Whole seconds for a time axis, at most a dozen."""
    begin_s, end_s = begin_ns / 1e9, end_ns / 1e9
    steps = (5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200)
    step_s = next(step for step in steps if (end_s - begin_s) / step <= 12)
    return list(range(math.ceil(begin_s / step_s) * step_s, int(end_s) + 1, step_s))


def _questions(scored: Scored) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for name, question in scored.lesson.questions.items():
        answer = scored.progress.answers.get(name)
        right = [question.choices[one] if question.choices else Sentence(en=one, zh=one) for one in question.right]
        given = None
        if answer is not None:
            given = question.choices.get(answer.answer) or Sentence(en=answer.answer, zh=answer.answer)
        found.append({"question": question, "answer": answer, "given": given, "right": right})
    return found


def _words(action: Action, record: Record, lesson: Lesson) -> Sentence:
    """What somebody did, in words."""
    if isinstance(action, OperatorAction):
        said = [_set(record, name, value) for name, value in action.set.items()]
        return Sentence(en=", ".join(one.en for one in said), zh="，".join(one.zh for one in said))
    if isinstance(action, ClearAction):
        title = FAULTS[action.name].about.title
        at = f" ({action.target})" if action.target else ""
        return Sentence(en=f"At the station: put right “{title.en}”{at}", zh=f"现场处理：“{title.zh}”{at}")
    if isinstance(action, TakeHint):
        step = (
            lesson.steps[action.step].text if action.step in lesson.steps else Sentence(en=action.step, zh=action.step)
        )
        return Sentence(en=f"Asked for a hint: {step.en}", zh=f"查看提示：{step.zh}")
    if isinstance(action, GiveAnswer):
        asked = lesson.questions.get(action.question)
        answer = asked.choices.get(action.answer) if asked is not None else None
        answer = answer or Sentence(en=action.answer, zh=action.answer)
        return Sentence(en=f"Answered: {answer.en}", zh=f"回答：{answer.zh}")
    if isinstance(action, Remark):
        return _remark(action)
    if isinstance(action, FaultAction):
        title = FAULTS[action.fault.tag].about.title
        return Sentence(en=f"The instructor let fail: {title.en}", zh=f"教员设置故障：{title.zh}")
    if isinstance(action, PressEstop):
        return Sentence(en="Pressed an emergency stop", zh="按下急停")
    if isinstance(action, ReleaseEstop):
        return Sentence(en="Pulled the emergency stop out", zh="拔出急停")
    return Sentence(en=action.tag, zh=action.tag)


_AROUND = {
    "frozen": Sentence(en="Held still", zh="暂停"), "resumed": Sentence(en="Went on", zh="继续"),
    "finished": Sentence(en="Finished", zh="结束"),
}  # fmt: skip
_WHY = {
    "instructor": Sentence(en="by the instructor", zh="教员"), "away": Sentence(en="no page was open", zh="页面未打开"),
    "over": Sentence(en="it was over", zh="已完成"),
}  # fmt: skip


def _remark(said: Remark) -> Sentence:
    """What happened around the session."""
    if said.what in _AROUND:
        text, why = _AROUND[said.what], _WHY.get(said.text)
        return text if why is None else Sentence(en=f"{text.en}: {why.en}", zh=f"{text.zh}：{why.zh}")
    if said.what == "confirmed":
        note = f": {said.text}" if said.text else ""
        return Sentence(en=f"Confirmed by {said.by}{note}", zh=f"{said.by} 已确认{note}")
    return Sentence(en=f"{said.by}: “{said.text}”", zh=f"{said.by}：“{said.text}”")


def _set(record: Record, name: str, value: bool | float | str) -> Sentence:
    known = operator_signals().get(name)
    address = known.address if known else name
    text = record.signals[address].text if address in record.signals else {}
    shown = {True: ("on", "接通"), False: ("off", "断开")}[value] if isinstance(value, bool) else (str(value),) * 2
    return Sentence(en=f"{text.get('en', name)}: {shown[0]}", zh=f"{text.get('zh', name)}：{shown[1]}")
