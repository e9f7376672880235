"""Two outcomes of one situation: what of the new one is worse, and what is only different.

Worse is what the scenario expects and the new outcome alone lacks, a swap that is not completed, an alarm that is lost
or gained, what takes longer, presses harder, comes closer, or leaves less of a requirement's margin, each beyond its
threshold in ``assets/outcome.yaml``. Requirements that are broken are told by the judgements themselves.

A run beside a station's log is held to what a good match may be off by (``assets/match.yaml``), for the twin's drives
and packs are not the station's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from twin.finding import Finding, Kind, Severity, SignalValue
from twin.formula.document import Sentence
from twin.rebuild.match_table import load_match_table
from twin.rebuild.measure import OutcomeTable, Tolerance, load_outcome_table
from twin.rebuild.outcome import Outcome, SwapOutcome

#: Alarm classes that stop for people's sake.
_SAFETY_CLASSES = frozenset({"A1", "A2"})
#: PackML states that a station ends in when it is done, or has stopped for a reason.
_AT_REST = frozenset({"Idle", "Held", "Aborted", "Stopped", "Complete"})

_UNITS = {"m": ("mm", 1e3), "N": ("kN", 1e-3)}


def worse(old: Outcome, new: Outcome, table: OutcomeTable | None = None) -> list[Finding]:
    """What is worse in ``new`` than in ``old``, most serious first."""
    return _sorted(one for one in _compared(old, new, table or load_outcome_table()) if one.kind != "difference")


def changed(old: Outcome, new: Outcome, table: OutcomeTable | None = None) -> list[Finding]:
    """What is different in ``new`` and not worse."""
    return _sorted(one for one in _compared(old, new, table or load_outcome_table()) if one.kind == "difference")


def _sorted(found: Iterator[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: finding.rank)


def _compared(old: Outcome, new: Outcome, table: OutcomeTable) -> Iterator[Finding]:
    alike = old.simulated == new.simulated
    if not alike:
        table = _beside_a_log(table)
    yield from _ending(old, new)
    yield from _expectation(old, new)
    yield from _alarms(old, new)
    yield from _times(old, new, table, left_out=() if alike else load_match_table().people)
    yield from _peaks(old, new, table)
    if alike:
        yield from _states(old, new)
        yield from _margins(old, new, table)


def _beside_a_log(table: OutcomeTable) -> OutcomeTable:
    """The table with tolerances that a good match may use up."""
    match = load_match_table()
    slack = match.phase_time.relative_frac
    times = {
        key: getattr(table, key).model_copy(update={"relative": slack, "absolute": match.phase_time.absolute_s})
        for key in ("phase_time", "swap_time")
    }
    peaks = {name: rule.model_copy(update={"relative": match.load_frac}) for name, rule in table.quantities.items()}
    return table.model_copy(update={**times, "quantities": peaks})


def _finding(
    kind: Kind, what: str, severity: Severity | None, en: str, zh: str, *, t_ns: int | None = None,
    signals: tuple[str, ...] = (), values: tuple[SignalValue, ...] = (), count: int = 1, margin: float | None = None,
) -> Finding:  # fmt: skip
    key = f"changed:{what}" if kind == "difference" else f"{'verdict' if kind == 'verdict' else 'worse'}:{what}"
    return Finding(
        key=key, kind=kind, severity=None if kind == "difference" else severity, text=Sentence(en=en, zh=zh), t_ns=t_ns,
        signals=signals, values=values, count=count, margin=margin,
    )  # fmt: skip


# -- how it ended ------------------------------------------------------------------------------------------------------


def _ending(old: Outcome, new: Outcome) -> Iterator[Finding]:
    if new.verdict and not old.verdict:
        yield _finding(
            "verdict", "run", "safety", f"The controller was ended: {new.verdict}", f"控制器被终止：{new.verdict}",
            t_ns=new.end_ns,
        )  # fmt: skip
        return
    if old.completed and new.completed is False:
        yield _finding(
            "worse", "completed", "process",
            f"The swap is not completed; it was before. It ends in {new.final_state or 'no known state'}.",
            f"换电未完成，而此前能完成。结束状态：{new.final_state or '未知'}。", t_ns=new.end_ns,
        )  # fmt: skip
    elif old.completed is False and new.completed:
        yield _finding(
            "difference", "completed", None, "The swap is completed; it was not before.", "换电完成，而此前未完成。",
            t_ns=new.end_ns,
        )  # fmt: skip
    hung = bool(new.final_state) and new.final_state not in _AT_REST
    if hung and new.ended == "time limit" and old.ended != "time limit":
        yield _finding(
            "worse", "no_end", "process",
            f"It comes to no end: still in {new.final_state} at the time limit.",
            f"无法结束：到时限仍处于 {new.final_state}。", t_ns=new.end_ns,
        )  # fmt: skip


def _states(old: Outcome, new: Outcome) -> Iterator[Finding]:
    if old.states and new.states and old.states != new.states:
        at = next((n for n, pair in enumerate(zip(old.states, new.states, strict=False)) if pair[0] != pair[1]), None)
        n = min(len(old.states), len(new.states)) if at is None else at
        was = old.states[n] if n < len(old.states) else "the end"
        is_ = new.states[n] if n < len(new.states) else "the end"
        yield _finding(
            "difference", "states", None, f"Other states are passed: {is_} where {was} came before.",
            f"经过的状态不同：原为 {was}，现为 {is_}。",
        )  # fmt: skip


def _expectation(old: Outcome, new: Outcome) -> Iterator[Finding]:
    for key, (expected, got) in new.expectation.items():
        if key in old.expectation:
            continue
        yield _finding(
            "worse", f"expect:{key}", "process",
            f"The scenario expects {key} to be {expected or 'none'}; it is {got or 'none'}.",
            f"场景预期 {key} 为 {expected or '无'}，实际为 {got or '无'}。", t_ns=new.end_ns,
        )  # fmt: skip


# -- alarms ------------------------------------------------------------------------------------------------------------


def _alarms(old: Outcome, new: Outcome) -> Iterator[Finding]:
    if old.alarms is None or new.alarms is None:
        return
    classes = {**old.classes, **new.classes}
    # Without a fault, an alarm that no longer comes while all goes well is no loss.
    excused = not old.troubled and bool(new.completed)
    # A log may not hold every alarm.
    lost, gained = old.alarms.keys() - new.alarms.keys(), new.alarms.keys() - old.alarms.keys()
    if not new.simulated:
        lost &= new.tags
    if not old.simulated:
        gained &= old.tags
    for tag in sorted(lost):
        severity: Severity = "safety" if classes.get(tag) in _SAFETY_CLASSES else "process"
        yield _finding(
            "difference" if excused else "worse", f"alarm_lost:{tag}", severity,
            f"The alarm {tag} is not raised any more.", f"报警 {tag} 不再触发。",
            t_ns=old.alarms[tag][0], signals=(tag,), count=len(old.alarms[tag]),
        )  # fmt: skip
    for tag in sorted(gained):
        notice = classes.get(tag) in ("C", "D")
        yield _finding(
            "difference" if notice else "worse", f"alarm_new:{tag}", "process",
            f"The alarm {tag} is raised; it was not before.", f"新触发报警 {tag}。",
            t_ns=new.alarms[tag][0], signals=(tag,), count=len(new.alarms[tag]),
        )  # fmt: skip


# -- numbers -----------------------------------------------------------------------------------------------------------


def _times(old: Outcome, new: Outcome, table: OutcomeTable, *, left_out: Iterable[str]) -> Iterator[Finding]:
    pairs = list(zip(old.swaps, new.swaps, strict=False))
    if len(old.swaps) != len(new.swaps):
        yield _finding(
            "difference", "swaps", None, f"{len(new.swaps)} swaps are seen instead of {len(old.swaps)}.",
            f"识别到 {len(new.swaps)} 次换电，原为 {len(old.swaps)} 次。",
        )  # fmt: skip
    names = dict.fromkeys(name for a, b in pairs for name in (*a.phases, *b.phases) if name not in left_out)
    for name in names:
        text = new.phase_texts.get(name) or old.phase_texts.get(name) or Sentence(en=name, zh=name)

        def took(swap: SwapOutcome, name: str = name) -> float | None:
            return swap.phases.get(name)

        yield from _time(f"phase:{name}", f"{name} ({text.en})", f"{name}（{text.zh}）", pairs, took, table.phase_time)
    yield from _time("swap_time", "The swap", "整个换电", pairs, lambda swap: swap.swap_s, table.swap_time)
    yield from _counts(pairs)


def _counts(pairs: list[tuple[SwapOutcome, SwapOutcome]]) -> Iterator[Finding]:
    """Phases that come more or less often, all of a swap in one."""
    off: dict[str, tuple[int, int]] = {}
    for a, b in pairs:
        for name in dict.fromkeys((*a.times, *b.times)):
            was, is_ = a.times.get(name, 0), b.times.get(name, 0)
            if was != is_:
                off.setdefault(name, (was, is_))
    if off:
        told = ", ".join(f"{name} {is_} (was {was})" for name, (was, is_) in off.items())
        told_zh = "，".join(f"{name} {is_} 次（原 {was} 次）" for name, (was, is_) in off.items())
        yield _finding(
            "difference", "phases", None, f"Phases come another number of times: {told}.", f"阶段次数不同：{told_zh}。"
        )


def _time(
    what: str, en: str, zh: str, pairs: list[tuple[SwapOutcome, SwapOutcome]],
    took: Callable[[SwapOutcome], float | None], tolerance: Tolerance,
) -> Iterator[Finding]:  # fmt: skip
    """A time that changed in some swap; of several swaps the one where it did most."""
    name = what.partition(":")[2]
    off = []
    for a, b in pairs:
        was, is_ = took(a), took(b)
        if was is not None and is_ is not None and tolerance.passed(was, is_):
            off.append((is_ - was, was, is_, b.starts.get(name), b.number))
    for longer in (True, False):
        mine = sorted((one for one in off if (one[0] > 0) == longer), key=lambda one: -abs(one[0]))
        if not mine:
            continue
        _, was, is_, t_ns, number = mine[0]
        some = f" (swap {number})" if len(pairs) > 1 else ""
        some_zh = f"（第 {number} 次换电）" if len(pairs) > 1 else ""
        yield _finding(
            "worse" if longer else "difference", what, tolerance.severity,
            f"{en} takes {is_:.1f} s instead of {was:.1f} s{some}.",
            f"{zh}用时 {is_:.1f} s，原为 {was:.1f} s{some_zh}。", t_ns=t_ns, count=len(mine),
        )  # fmt: skip


def _peaks(old: Outcome, new: Outcome, table: OutcomeTable) -> Iterator[Finding]:
    for name, rule in table.quantities.items():
        a, b = old.peaks.get(name), new.peaks.get(name)
        if a is None or b is None or not rule.passed(a.value, b.value):
            continue
        bad = (b.value > a.value) == (rule.worse == "higher")
        if not bad and old.completed != new.completed:
            # Less was done: that it took less force says nothing.
            continue
        unit, factor = _UNITS.get(b.unit, (b.unit, 1.0))
        was, is_ = f"{a.value * factor:.4g} {unit}".strip(), f"{b.value * factor:.4g} {unit}".strip()
        yield _finding(
            "worse" if bad else "difference", f"peak:{name}", rule.severity,
            f"The {rule.text.en} is {is_} instead of {was}.", f"{rule.text.zh}为 {is_}，原为 {was}。", t_ns=b.t_ns,
            signals=b.signals, values=tuple(SignalValue(signal=s, old=a.value, new=b.value) for s in b.signals[:1]),
        )  # fmt: skip


def _margins(old: Outcome, new: Outcome, table: OutcomeTable) -> Iterator[Finding]:
    rule = table.margin
    for name, now in new.rules.items():
        before = old.rules.get(name)
        if before is None or now.judgement.status != "held" or before.judgement.status != "held":
            continue
        least = {(one.text, one.limit): one for one in sorted(before.margins, key=lambda one: -one.left)}
        worst: tuple[float, Finding] | None = None
        for one in now.margins:
            was = least.get((one.text, one.limit))
            if was is None or one.left >= rule.kept.value * was.left:
                continue
            lost = (was.left - one.left) / max(abs(one.limit), 1e-12)
            if lost <= rule.of_limit.value or (worst is not None and lost <= worst[0]):
                continue
            unit = f" {one.unit}" if one.unit else ""
            text = now.judgement.requirement.text
            told = _finding(
                "worse", f"margin:{name}", now.judgement.requirement.severity,
                f"{one.left:.3g}{unit} is left of “{one.text}” instead of {was.left:.3g}{unit}: {text.en}",
                f"“{one.text}” 的余量为 {one.left:.3g}{unit}，原为 {was.left:.3g}{unit}：{text.zh}", margin=one.left,
            )  # fmt: skip
            worst = (lost, told)
        if worst is not None:
            yield worst[1]
