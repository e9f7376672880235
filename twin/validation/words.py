"""Words in which a Result is told, wherever it is, in both languages. None says more than the evidence does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from twin.finding import Kind, Mode, Sentence, Severity
from twin.validation.result import CaseResult, Result, Verdict

#: What becomes of a finding: under which heading it stands.
Section = Literal["wrong", "worse", "different", "approved", "before"]


def _pair(en: str, zh: str) -> Sentence:
    return Sentence(en=en, zh=zh)


VERDICTS: Mapping[Verdict, Sentence] = {
    "no_objection": _pair("No objection in the evidence given", "在所给证据范围内无异议"),
    "objection": _pair("Objection", "有异议"),
    "bad_input": _pair("Not judged: something given cannot be used", "未作判定：所给内容有误"),
    "not_enough_evidence": _pair("Not enough evidence", "证据不足"),
}
KINDS: Mapping[Kind, Sentence] = {
    "violation": _pair("Rule broken", "违反规则"),
    "verdict": _pair("Controller failed", "控制器故障"),
    "worse": _pair("Worse outcome", "结果变差"),
    "difference": _pair("Different", "不同"),
}
#: In the order they are told.
SECTIONS: Mapping[Section, Sentence] = {
    "wrong": _pair("Wrong: rules broken", "错误：违反规则"),
    "worse": _pair("Wrong: worse outcomes", "错误：结果变差"),
    "different": _pair("Different, not approved", "不同，尚未批准"),
    "approved": _pair("Different, approved", "不同，已批准"),
    "before": _pair("There before", "原已存在"),
}
SEVERITIES: Mapping[Severity, Sentence] = {
    "safety": _pair("safety", "安全类"),
    "process": _pair("process", "工艺类"),
    "quality": _pair("quality", "质量类"),
}
STATUSES: Mapping[str, Sentence] = {
    "judged": _pair("judged", "已判定"),
    "not_enough_evidence": _pair("not enough evidence", "证据不足"),
    "unreadable": _pair("cannot be read", "无法读取"),
}
MODES: Mapping[Mode, Sentence] = {"open": _pair("open loop", "开环"), "closed": _pair("closed loop", "闭环")}
SIDES: Mapping[str, Sentence] = {
    "recorded": _pair("recorded", "记录"),
    "old": _pair("OLD", "原控制器"),
    "new": _pair("NEW", "新控制器"),
}
#: How an input was got from a log, what is doubtful first.
HOW: Mapping[str, Sentence] = {
    "missing": _pair("missing", "缺失"),
    "interpolated": _pair("interpolated", "插值"),
    "held": _pair("held", "保持"),
    "recorded": _pair("recorded", "有记录"),
}
#: How a replayed controller came to agree with a log.
BROUGHT: Mapping[str, Sentence] = {
    "from the start": _pair("from the start", "从头开始"),
    "seq_ values": _pair("logged seq_ values", "记录的 seq_ 值"),
    "warm-up from Idle": _pair("warm-up from the last Idle", "从最近一次空闲开始预热"),
}
NOT_JUDGED: Mapping[str, Sentence] = {
    "not_applicable": _pair("not applicable: the log lacks signals", "不适用：日志缺少信号"),
    "not_exercised": _pair("not exercised", "未触发"),
    "not_known": _pair("not known: the log is silent where it matters", "未知：关键处日志无记录"),
}


#: Below every verdict.
LIMIT = _pair("A verdict speaks of the evidence given and of nothing else.", "结论仅针对所给证据，不涉及其他。")


def evidence(result: Result) -> Sentence:
    """How much was judged, in one line: what a verdict rests on."""
    judged = [case for case in result.cases if case.status == "judged"]

    def count(kind: str, mode: str) -> int:
        return sum(case.kind == kind and case.mode == mode for case in judged)

    parts = [
        (count("log", "open"), "log{} in open loop", "个日志开环"),
        (count("log", "closed"), "log{} in closed loop", "个日志闭环"),
        (count("scenario", "open"), "scenario{} in open loop", "个场景开环"),
        (count("scenario", "closed"), "scenario{} in closed loop", "个场景闭环"),
    ]
    told = [part for part in parts if part[0]]
    rest = len(result.cases) - len(judged)
    en = ", ".join(f"{number} {words.format('' if number == 1 else 's')}" for number, words, _ in told) or "nothing"
    zh = "，".join(f"{number} {words}" for number, _, words in told) or "无"
    return _pair(
        f"judged: {en}" + (f"; not judged: {rest}" if rest else ""),
        f"已判定：{zh}" + (f"；未判定：{rest}" if rest else ""),
    )


def case_name(case: CaseResult) -> Sentence:
    """A case and how it was played."""
    mode = MODES[case.mode]
    return _pair(f"{case.name}, {mode.en}", f"{case.name}（{mode.zh}）")
