"""Open loop: a log's inputs through OLD and NEW, and what NEW does otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from twin.errors import ControllerError
from twin.finding import Finding, Sentence, Side, SignalValue
from twin.record import Record
from twin.replay import Difference, Horizon, OpenLoop, Replay, open_loop
from twin.replay.rule import How
from twin.validation.closed_loop import verdict_finding
from twin.validation.open_rules import open_rules
from twin.validation.outputs import effects, replays
from twin.validation.result import CaseResult, InputUse, Stretch
from twin.validation.task import Task
from twin.validation.trace import Source, of_record, of_replays, with_traces

#: Judged scans below which a log says nothing of a controller: 5 s of scans of 20 ms.
LEAST_SCANS = 250


def open_case(task: Task, path: Path) -> CaseResult:
    """Validate NEW on a Record in open loop.

    Raises:
        InputError: the log does not say which station it is of, or has no inputs of it.
        ControllerError: OLD cannot be made.
    """
    record = Record.open(path)
    try:
        new = replays(record, task.program)
    except ControllerError as error:
        return _never_began(task, path, str(error))
    old = [None] * len(new) if task.baseline is None else replays(record, task.baseline)
    looks = [open_loop(record, one, before) for one, before in zip(new, old, strict=True)]
    stretches = tuple(_stretch(one, look) for one, look in zip(new, looks, strict=True))
    judged = sum(one.judged_scans for one in stretches)
    found = [
        finding
        for one, before, look in zip(new, old, looks, strict=True)
        for finding in _findings(one, look, beside_old=before is not None)
    ]
    rules = open_rules(record, new, old, looks, task.rules())
    found += rules.findings
    place = {"case": task.case.name, "mode": "open", "record": str(path)}
    sides: dict[Side, Source] = {"recorded": of_record(record), "new": of_replays(new)}
    if task.baseline is not None:
        sides["old"] = of_replays([one for one in old if one is not None])
    ends = [look.horizon.seen_ns for look in looks]
    enough = judged >= LEAST_SCANS
    return CaseResult(
        name=task.case.name, kind=task.case.kind, mode="open", status="judged" if enough else "not_enough_evidence",
        why=None if enough else _too_few(judged),
        identical=not any(look.differences or look.beyond for look in looks) and not any(one.verdict for one in new),
        effects=() if task.baseline is None else effects(record, task.program, task.baseline, ends),
        findings=tuple(one.model_copy(update=place) for one in with_traces(found, sides)),
        requirements=rules.results, coverage=rules.coverage,
        stretches=stretches, inputs=tuple(_inputs(new)), records={"log": str(path)},
    )  # fmt: skip


def _never_began(task: Task, path: Path, verdict: str) -> CaseResult:
    """NEW cannot even be made."""
    place = {"case": task.case.name, "mode": "open", "record": str(path)}
    return CaseResult(
        name=task.case.name, kind=task.case.kind, mode="open", status="judged",
        findings=(verdict_finding(verdict, None, "verdict:replay").model_copy(update=place),),
        records={"log": str(path)},
    )  # fmt: skip


def _too_few(judged: int) -> Sentence:
    return Sentence(
        en=f"The controller could be judged in {judged} scans; below {LEAST_SCANS} they say nothing.",
        zh=f"只有 {judged} 个扫描周期可以判定；少于 {LEAST_SCANS} 个不足以说明问题。",
    )


def _stretch(one: Replay, look: OpenLoop) -> Stretch:
    judged = look.judged
    return Stretch(
        start_ns=int(one.t_ns[0]) if len(one.t_ns) else 0, end_ns=int(one.t_ns[-1]) if len(one.t_ns) else 0,
        judged=tuple(zip(judged.start.tolist(), judged.end.tolist(), strict=True)), brought_by=one.how,
        scans=len(one.t_ns), judged_scans=int(judged.contains(one.t_ns).sum()) if len(one.t_ns) else 0,
        horizon_ns=look.horizon.t_ns, by=look.horizon.by, how=look.horizon.how,
        horizon=Sentence(en=look.horizon.text["en"], zh=look.horizon.text["zh"]) if look.horizon.text else None,
        beyond=look.beyond,
    )  # fmt: skip


def _inputs(new: list[Replay]) -> Iterator[InputUse]:
    """Each input once, with those that were got alike; of several stretches the rule of the first."""
    alike: dict[tuple[How, str], list[str]] = {}
    for rule in {rule.name: rule for one in reversed(new) for rule in one.inputs}.values():
        alike.setdefault((rule.how, rule.why), []).append(rule.name)
    for (how, why), names in alike.items():
        yield InputUse(how=how, why=why, names=tuple(names))


def _findings(one: Replay, look: OpenLoop, *, beside_old: bool) -> Iterator[Finding]:
    if one.verdict:
        yield verdict_finding(one.verdict, int(one.t_ns[-1]) if len(one.t_ns) else None, "verdict:replay")
    if beside_old and look.horizon.t_ns is not None and not look.differences:
        yield _unseen(look.horizon)
    for difference in look.differences:
        yield _finding(difference)
        for follower in difference.followers:
            yield _finding(follower, follows=_key(difference))


def _unseen(horizon: Horizon) -> Finding:
    """A command that ended the horizon and that no judged difference tells of: it differs all the same."""
    t_ns = horizon.t_ns if horizon.seen_ns is None else horizon.seen_ns
    return Finding(
        key=f"open:{horizon.by}:unjudged", kind="difference", t_ns=t_ns, signals=(horizon.by,),
        text=Sentence(
            en=f"{horizon.by} differs where the log carries no controller along; what it means was not judged.",
            zh=f"{horizon.by} 在日志无法支持控制器的区段出现差异，其影响未判定。",
        ),
    )  # fmt: skip


def _key(difference: Difference) -> str:
    return f"open:{difference.key}"


def _finding(difference: Difference, follows: str | None = None) -> Finding:
    values = [one if isinstance(one, float | int) else None for one in (difference.expected, difference.value)]
    told = [SignalValue(signal=difference.signal, old=values[0], new=values[1])] if any(values) else []
    return Finding(
        key=_key(difference), kind="difference", t_ns=difference.t_ns, end_ns=difference.end_ns,
        count=difference.count, text=Sentence(en=difference.text["en"], zh=difference.text["zh"]),
        signals=(difference.signal,), values=tuple(told), follows=follows,
    )  # fmt: skip
