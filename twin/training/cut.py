"""A lesson cut from a log: its file, with a word beside each part where it is from and what its author must write."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from twin.clock import ns_to_s
from twin.errors import InputError, did_you_mean
from twin.event import FaultAction, read_action
from twin.fault import FAULTS, Fault
from twin.files import write_text
from twin.formula.document import Sentence
from twin.record import Record
from twin.training.draft import Draft, draft
from twin.training.start import Start, UnderWayError, start_of

#: What is told of each part, above it.
_TOLD = {
    "procedure": "of the alarm that tells the fault; competencies: of its shipped lessons, else the commonest two",
    "situation": "all that came before it begins, and what happens to the station in the stretch; not what people did",
    "time_limit_s": "twice the stretch of the log, and a minute at least",
    "steps": "what the oracle came to when it was played, each with twice its time",
    "never": "safety requirements about the signals in which the fault is seen, up to six; none that the oracle breaks",
    "questions": "the alarm, and the signals in which the fault can be seen",
    "scoring": "par_s: one and a half times the oracle's time",
}
_ORDER = (
    "text", "briefing", "goal", "procedure", "competencies", "situation", "time_limit_s", "steps", "never", "mistakes",
    "questions", "scoring", "oracle", "fails",
)  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """What came of it: the file, where the lesson begins, and how far it could be written."""

    path: Path
    start: Start
    draft: Draft


def cut(record: Record, from_ns: int, to_ns: int, fault: Fault, out: Path, *, text: str = "") -> Cut:
    """Write the lesson of a stretch of a log, in which a fault is there or comes; the station is simulated for it.

    Args:
        from_ns, to_ns: of the log. out: the file; its name is the lesson's. text: its title; the fault's without.

    Raises:
        InputError: as of :func:`start_of`; the file is there already; the fault means nothing at this station.
        SwapTwinError: a run could not begin.
    """
    if out.exists():
        raise InputError(key="out", expected="a file that is not there yet", got="one that is", file=out)
    with tempfile.TemporaryDirectory(prefix="swaptwin-") as folder:
        start = start_of(record, from_ns, to_ns, Path(folder))
        title = fault.about.title
        words = Sentence(en=text, zh=text) if text else Sentence(en=title.en, zh=title.zh)
        at = f"{ns_to_s(from_ns - record.start_ns):.2f}"
        name = Path(record.path).stem
        made = draft(start, fault, out.stem, text=words, briefing=_briefing(start, name, at), folder=Path(folder))
    origin = f"Cut from {Path(record.path).name} ({record.identity}), {at} to {ns_to_s(to_ns - record.start_ns):.2f} s"
    lines = [origin, *(line.en for line in doubts(start, made)), *(_by_whom(made) if "oracle" in made.data else ())]
    write_text(out, "\n".join(_lines(lines, made)) + "\n")
    return Cut(out, start, made)


def cut_of_page(record: Record, from_ns: int, to_ns: int, fault: Mapping[str, Any], out: Path) -> dict[str, Any]:
    """The lesson that a page asks for, and what it is told of it, JSON-ready, as of :func:`cut`.

    Args:
        fault: as a scenario has it, ``name`` and the fields of its kind.

    Returns:
        ``file``, ``text``, ``told`` and ``open``; or ``nearest_ns`` where a pack is under way at its begin.
    """
    broken = fault_of(json.dumps(dict(fault)))
    try:
        found = cut(record, from_ns, to_ns, broken, out)
    except UnderWayError as error:
        return {"nearest_ns": list(error.nearest_ns)}
    told = [line.model_dump() for line in doubts(found.start, found.draft)]
    place = out.name if out.is_absolute() else out.as_posix()  # no page is told the paths of this machine
    text = out.read_text(encoding="utf-8")
    return {"file": place, "text": text, "told": told, "open": dict(found.draft.open)}


def fault_of(text: str, target: str = "") -> Fault:
    """A fault by its name, with the rest of an example of its kind, or all of it as YAML (``{name: …, target: …}``).

    Raises:
        InputError: there is no such fault, or it cannot be there.
    """
    known = FAULTS.get(text.strip())
    if known is not None:
        example = {"name": text.strip(), **known.about.example, **({"target": target} if target else {})}
        text = yaml.safe_dump(example, default_flow_style=True, width=10_000)
    elif "{" not in text:
        raise InputError(
            key="fault", expected="a name that `swaptwin faults` lists", got=text, hint=did_you_mean(text, FAULTS)
        )
    elif target:
        raise InputError(key="target", expected="none beside a fault that is written whole", got=target)
    action = read_action(f"fault: {text.strip()}", "fault")
    assert isinstance(action, FaultAction)
    return action.fault


def doubts(start: Start, made: Draft) -> Iterator[Sentence]:
    """How far the start is the log's: bit for bit, or an estimate, with its error and what it rests on."""
    if start.known is None and made.exact:
        yield Sentence(en="What comes before it begins is the log's own, bit for bit.", zh="开始之前与日志逐位相同。")
        return
    if start.known is None:
        en = "What comes before it begins is not the log's own exactly: that was made by other versions than these."
        yield Sentence(en=en, zh="开始之前与日志不完全相同：生成版本不同。")
        return
    yield Sentence(en="Rebuilt from a log: an estimate.", zh="由日志重建：为估算结果。")
    for one in start.apart:
        signal, off = one.signal, one.run - one.log
        told = f"{signal.name} {off:+.3g} {signal.unit}".strip()
        yield Sentence(en=f"Off then, against the log: {told}.", zh=f"该时刻与日志的偏差：{told}。")
    for fact in start.known:
        if fact.how in ("assumed", "not known"):
            value = f" {fact.value}" if fact.value else ""
            en, zh = ("Assumed", "假定") if fact.how == "assumed" else ("Not known", "未知")
            yield Sentence(en=f"{en}: {fact.what}{value}.", zh=f"{zh}：{fact.what}{value}。")


def _briefing(start: Start, name: str, at: str) -> Sentence:
    en, zh = f"The station as it stood in {name} at {at} s.", f"站的状态取自 {name} 的 {at} s。"
    if start.known is not None:
        off = [f"{abs(one.run - one.log):.2g} {one.signal.unit} ({one.signal.name})" for one in start.apart[:2]]
        told = "; ".join(off) or "none found"
        en += f" It was rebuilt from a log and is an estimate; measured values are off by: {told}."
        zh += f" 由日志重建，为估算结果；测量值偏差：{told}。"
    return Sentence(en=en + " Something is wrong, or goes wrong.", zh=zh + " 设备存在或将出现异常。")


def _by_whom(made: Draft) -> Iterator[str]:
    who = "what people did in the log" if made.by_log else "the fault's remedy: its cause removed, then a confirmation"
    yield f"The oracle is {who}. Played, it brought the station on."
    yield "Texts, steps and rules are derived: read them, and make them yours. Then: swaptwin lesson check FILE"


def _lines(head: list[str], made: Draft) -> Iterator[str]:
    yield from (f"# {line}" for line in head)
    for key in _ORDER:
        if key in made.open:
            yield f"# TO BE WRITTEN, {key}: {made.open[key]}"
        if key in made.data:
            if key in _TOLD:
                yield f"# {_TOLD[key]}"
            yield _as_yaml({key: made.data[key]})


def _as_yaml(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=118).rstrip("\n")
