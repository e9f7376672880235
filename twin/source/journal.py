"""Journals of alarms and events as tables: a row an alarm with its stamps, or a row an edge with its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from twin.source.sample import Damage, JournalEntry
from twin.source.table import Rows, check_given, word

#: What columns are called in English, German and Chinese, in lower case without blanks.
_WORDS: dict[str, frozenset[str]] = {
    "code": frozenset(
        {
            "code", "alarmcode", "alarmid", "alarmno", "alarmnr", "alarmnumber", "msgnr", "errorcode", "eventid",
            "eventcode", "id", "number", "nummer", "meldungsnummer", "meldenummer", "fehlercode", "fehlernummer",
            "报警代码", "报警编号", "报警号", "告警代码", "告警编号", "故障代码", "事件代码", "代码", "编号",
        }
    ),
    "class": frozenset(
        {
            "class", "alarmclass", "msgclass", "priority", "severity", "level", "category", "type", "klasse",
            "meldeklasse", "priorität", "prioritaet", "schweregrad",
            "报警级别", "报警等级", "报警类型", "报警类别", "告警级别", "告警等级", "故障等级", "级别", "等级",
            "优先级", "类别",
        }
    ),
    "text": frozenset(
        {
            "text", "message", "msg", "msgtext", "description", "alarmtext", "eventtext", "meldetext", "meldung",
            "meldungstext", "beschreibung", "fehlertext",
            "报警内容", "报警描述", "报警信息", "报警文本", "告警内容", "告警描述", "故障描述", "故障内容",
            "描述", "内容", "消息",
        }
    ),
    "raised": frozenset(
        {
            "raised", "raisedat", "raisetime", "start", "starttime", "activetime", "alarmtime", "occurred",
            "occurredat", "ontime", "came", "kommt", "gekommen", "beginn", "aufgetreten", "kommtzeit",
            "发生时间", "报警时间", "告警时间", "开始时间", "触发时间", "产生时间", "故障时间",
        }
    ),
    "cleared": frozenset(
        {
            "cleared", "clearedat", "cleartime", "end", "endtime", "offtime", "resolved", "recovered", "recoverytime",
            "rtn", "went", "geht", "gegangen", "ende", "behoben", "gehtzeit",
            "恢复时间", "消除时间", "结束时间", "解除时间", "复位时间", "消失时间",
        }
    ),
    "acknowledged": frozenset(
        {
            "acknowledged", "acknowledgedat", "acked", "ack", "acktime", "quittiert", "quittierung", "quittierzeit",
            "确认时间", "应答时间",
        }
    ),
    "state": frozenset(
        {
            "state", "status", "edge", "event", "eventtype", "alarmstate", "zustand", "ereignis",
            "状态", "报警状态", "告警状态", "事件", "事件类型", "动作",
        }
    ),
    "time": frozenset(
        {
            "time", "timestamp", "datetime", "ts", "timestring", "eventtime", "zeit", "zeitstempel",
            "时间", "时间戳", "日期时间", "记录时间",
        }
    ),
}  # fmt: skip
_EDGES: dict[str, frozenset[str]] = {
    "raised": frozenset(
        {
            "raised", "raise", "active", "on", "came", "come", "start", "started", "set", "true", "1", "alarm", "alm",
            "unack", "+", "k", "kommt", "gekommen", "发生", "产生", "报警", "触发", "开始", "激活",
        }
    ),
    "cleared": frozenset(
        {
            "cleared", "clear", "inactive", "off", "went", "gone", "go", "end", "ended", "reset", "false", "0", "rtn",
            "normal", "ok", "-", "g", "geht", "gegangen", "恢复", "消除", "解除", "结束", "复位", "消失", "正常",
        }
    ),
    "acknowledged": frozenset(
        {"acknowledged", "acknowledge", "acked", "ack", "q", "quittiert", "quit", "确认", "已确认", "应答"}
    ),
}  # fmt: skip
_EDGE_BY_WORD = {known: edge for edge, words in _EDGES.items() for known in words}
#: Roles that only a journal has.
ROLES = ("code", "class", "text", "raised", "cleared", "acknowledged", "state")
#: Columns of samples: a table that has one of them is no journal.
_VALUES = frozenset({"value", "val", "wert", "varvalue", "值", "数值", "变量值"})


@dataclass(frozen=True)
class JournalColumns:
    """Role to the number of its column. With ``state``, or no ``raised``, a row is an edge at its ``time``."""

    of: Mapping[str, int]

    @property
    def by_edge(self) -> bool:
        return "raised" not in self.of


def find_journal(names: Sequence[str], stream: str, given: Mapping[str, str] | None = None) -> JournalColumns | None:
    """The columns of a journal by the names given, else by what they are called; None for what is no journal.

    It is one when it says what happened (code or text), and when an alarm was raised; at least half of its columns are
    known. One with a row for each edge looks like a table of samples: of that three quarters are.

    Raises:
        InputError: a column that is given is not there.
    """
    given = given or {}
    check_given(names, stream, given)
    words = [word(name) for name in names]
    told = any(role in given for role in ROLES)
    if not told and any(w in _VALUES for w in words):
        return None
    at: dict[str, int] = {role: names.index(name) for role, name in given.items()}
    for role, known in _WORDS.items():
        free = (n for n, w in enumerate(words) if w in known and n not in at.values())
        if role not in at and (n := next(free, None)) is not None:
            at[role] = n
    says_what = "code" in at or "text" in at
    edges = "time" in at and ("state" in at or {"text", "class"} <= at.keys() or {"text", "code"} <= at.keys())
    known_share = len(at) / max(sum(bool(name) for name in names), 1)
    is_one = ("raised" in at and known_share >= 0.5) or (edges and known_share >= 0.75)
    return JournalColumns(at) if says_what and (is_one or (told and ("raised" in at or "time" in at))) else None


def entries_of(rows: Rows, at: JournalColumns, stream: str) -> Iterator[JournalEntry | Damage]:
    """The entries of some rows; an edge that is not known is damage."""
    cells = {role: _texts(rows.columns[n]) for role, n in at.of.items()}
    for n, row in enumerate(rows.line.tolist()):
        cell = {role: column[n] for role, column in cells.items()}
        stamps = {edge: cell.get(edge, "") for edge in _EDGES}
        if at.by_edge:
            state = cell.get("state", "")
            edge = _EDGE_BY_WORD.get(state.strip().lower()) if "state" in cell else "raised"
            if edge is None:
                yield Damage(stream, row, "an edge of an alarm that is not known", text=state[:200])
                continue
            stamps = dict.fromkeys(_EDGES, "") | {edge: cell["time"]}
        if not any(stamps.values()):
            yield Damage(stream, row, "an entry of a journal without a time stamp", text=cell.get("text", "")[:200])
            continue
        code, text = cell.get("code", ""), cell.get("text", "")
        yield JournalEntry(
            stream, row, stamps["raised"], code or text, text, cell.get("class", ""), stamps["cleared"],
            stamps["acknowledged"],
        )  # fmt: skip


def _texts(column: pa.Array) -> list[str]:
    return [text or "" for text in column.cast(pa.string()).to_pylist()]
