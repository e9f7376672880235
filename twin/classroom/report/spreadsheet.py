"""A class as a spreadsheet: who has which competency until when, every session, and what that says and does not say."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from twin import __version__
from twin.classroom.report.transcript import Class, Entry, Shown, Transcript
from twin.classroom.report.words import LIMITS, MODES, SOURCES
from twin.clock import NS_PER_S
from twin.errors import InputError, needing_extra
from twin.formula.document import Sentence
from twin.teaching import Word

#: The longest text of a cell, by the format.
_LONGEST = 32_767
Cell: TypeAlias = "str | int | float | datetime.date | None"
#: Heading in English and Chinese, and width in characters.
Column: TypeAlias = tuple[str, str, int]

_COMPETENCIES: list[Column] = [
    ("Number", "工号", 12), ("Name", "姓名", 16), ("Competency", "能力", 60), ("State", "状态", 16),
    ("Valid until", "有效期至", 12), ("Lesson", "课程", 28), ("Exam on", "考试日期", 12), ("Score", "得分", 8),
    ("Pass mark", "及格线", 8), ("Confirmed by", "确认教员", 16), ("Lessons passed", "已通过课程", 28),
    ("Lessons that train it", "相关课程", 40), ("SHA-256", "SHA-256 摘要", 68),
]  # fmt: skip
_SESSIONS: list[Column] = [
    ("Number", "工号", 12), ("Name", "姓名", 16), ("Begun", "开始时间", 17), ("Lesson", "课程", 28),
    ("Title", "课程名称", 40), ("Mode", "模式", 14), ("Attempt", "次数", 8), ("Score", "得分", 8),
    ("Pass mark", "及格线", 8), ("Passed", "是否通过", 12), ("Took, s", "用时 s", 9),
    ("Shows its competencies", "是否证明能力", 44), ("Confirmed by", "确认教员", 16), ("Confirmation", "确认意见", 40),
    ("Observations", "教员观察", 60), ("Said to the trainee", "对学员的提示", 40), ("Faults given", "教员注入故障", 20),
    ("Guardian", "监护人", 16), ("Signature", "签名", 36),
    ("Seed", "种子", 12), ("SwapTwin", "程序版本", 10), ("Lesson digest", "课程摘要", 15), ("File", "文件", 36),
    ("SHA-256", "SHA-256 摘要", 68),
]  # fmt: skip


def check_spreadsheet() -> Any:
    """The library that writes it.

    Raises:
        MissingExtraError: the extra `train` is not installed.
    """
    with needing_extra("train", "a spreadsheet"):
        import xlsxwriter
    return xlsxwriter


def write_spreadsheet(of: Class, out: Path) -> None:
    """Write a class, whole or not at all, every heading and word in both languages.

    Raises:
        MissingExtraError: the extra `train` is not installed. InputError: it cannot be written.
    """
    library = check_spreadsheet()
    beside = out.with_name(out.name + ".writing")
    try:
        try:
            # A name is a name, whatever it begins with: no cell is a formula or a link.
            book = library.Workbook(beside, {"strings_to_formulas": False, "strings_to_urls": False})
            _Book(book).write(of)
            book.close()
            beside.replace(out)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, library.exceptions.XlsxWriterException) as error:
        got = getattr(error, "strerror", None) or str(error)
        raise InputError(key="--out", expected="a file that can be written", got=got, file=out) from None


class _Book:
    def __init__(self, book: Any) -> None:
        self._book = book
        common = {"text_wrap": True, "valign": "top"}
        self._plain = book.add_format(common)
        self._formats = {
            datetime.datetime: book.add_format({**common, "num_format": "yyyy-mm-dd hh:mm"}),
            datetime.date: book.add_format({**common, "num_format": "yyyy-mm-dd"}),
            float: book.add_format({**common, "num_format": "0.00"}),
        }
        self._head = book.add_format({**common, "bold": True, "bottom": 1, "bg_color": "#E7ECF2"})
        self._expired = book.add_format({**common, "num_format": "yyyy-mm-dd", "font_color": "#C2410C"})

    def write(self, of: Class) -> None:
        day = of.made.date()
        self._overview(of, day)
        rows = [[*_who(one), *_competency(shown, day)] for one in of.people for shown in one.competencies]
        self._table("Competencies 能力", _COMPETENCIES, rows)
        rows = [[*_who(one), *_session(entry)] for one in of.people for entry in one.sessions]
        self._table("Sessions 会话", _SESSIONS, rows)
        self._table("Notes 说明", [("", "", 30), ("", "", 120)], _notes(of))

    def _overview(self, of: Class, day: datetime.date) -> None:
        names = [(shown.text.en, shown.text.zh, 15) for shown in (of.people[0].competencies if of.people else [])]
        rows = [[*_who(one), *(shown.until for shown in one.competencies)] for one in of.people]
        sheet = self._table("Valid until 有效期至", [("Number", "工号", 12), ("Name", "姓名", 16), *names], rows)
        for row, one in enumerate(of.people, 1):
            for column, shown in enumerate(one.competencies, 2):
                if shown.until is not None and not shown.valid(day):
                    sheet.write_datetime(row, column, shown.until, self._expired)

    def _table(self, name: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Any:
        sheet = self._book.add_worksheet(name)
        for n, (en, zh, width) in enumerate(columns):
            sheet.set_column(n, n, width)
            if en:
                sheet.write_string(0, n, f"{en}\n{zh}", self._head)
        if columns[0][0]:
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for row, cells in enumerate(rows, 1 if columns[0][0] else 0):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell)
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        form = self._formats.get(type(cell), self._plain)
        if cell is None or cell == "":
            sheet.write_blank(row, column, None, form)
        elif isinstance(cell, datetime.date):
            sheet.write_datetime(row, column, cell, form)
        elif isinstance(cell, str):
            sheet.write_string(row, column, cell[:_LONGEST], form)
        else:
            sheet.write_number(row, column, cell, form)


def _both(text: Sentence) -> str:
    return f"{text.en} {text.zh}"


def _who(one: Transcript) -> list[Cell]:
    return [one.person.number, one.person.name]


def _competency(shown: Shown, day: datetime.date) -> list[Cell]:
    state = "not shown 未证明" if shown.until is None else "valid 有效" if shown.valid(day) else "expired 已过期"
    lessons = [", ".join(shown.passed), ", ".join(shown.lessons)]
    if shown.by is None or shown.by.scored is None or shown.by.began is None:
        return [_both(shown.text), state, None, None, None, None, None, None, *lessons, None]
    score, by = shown.by.scored.score, shown.by.confirmed
    return [
        _both(shown.text), state, shown.until, score.lesson, shown.by.began.date(), float(score.total), score.pass_mark,
        by.by if by else "", *lessons, shown.by.digest,
    ]  # fmt: skip


def _session(entry: Entry) -> list[Cell]:
    # A cell's time has no zone; the notes say which it is.
    began = entry.began.replace(tzinfo=None) if entry.began else None
    against = "; ".join(map(_both, entry.against)) or "yes 是"
    if entry.scored is None:
        return [began, *[None] * 8, against, *[None] * 8, entry.version, None, entry.file, entry.digest]
    session, score = entry.scored.session, entry.scored.score
    return [
        began, session.lesson, _both(entry.scored.lesson.text), _both(MODES[session.mode]), session.attempt,
        float(score.total), score.pass_mark, "yes 是" if score.passed else "no 否", entry.took_ns / NS_PER_S, against,
        entry.confirmed.by if entry.confirmed else "", entry.confirmed.text if entry.confirmed else "",
        "\n".join(map(_said, entry.observed)), "\n".join(map(_said, entry.messages)), ", ".join(entry.faults),
        session.guardian.name, _both(entry.signature), session.seed, entry.version, entry.lesson_digest,
        entry.file, entry.digest,
    ]  # fmt: skip


def _said(one: Word) -> str:
    return f"{one.t_ns / NS_PER_S:.0f} s {one.by}: {one.text}"


def _notes(of: Class) -> list[list[Cell]]:
    return [list(pair) for pair in _pairs(of)]


def _pairs(of: Class) -> Iterator[tuple[Cell, Cell]]:
    yield "Class 班级", of.name
    yield "Made 生成时间", of.made.isoformat(timespec="seconds") + ", SwapTwin " + __version__
    yield "Zone of all times 时区", of.made.strftime("%z")
    yield "Valid, months 有效月数", of.valid_months
    yield "Signatures 签名", "checked with the class's key 已用班级密钥核验" if of.keyed else "not checked 未核验"
    yield None, None
    yield "Where it comes from 数据来源", None
    for what, where in SOURCES:
        yield _both(what), f"{where.en}\n{where.zh}"
    yield None, None
    yield "What it does not certify 不证明的内容", None
    for limit in LIMITS:
        yield None, f"{limit.en}\n{limit.zh}"
