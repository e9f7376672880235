"""From what each case said to the verdict."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from twin import __version__
from twin.coverage import Coverage
from twin.finding import Approval, Finding, Sentence
from twin.program import Program
from twin.requirement import shipped_requirements
from twin.validation.approval import applied
from twin.validation.case import Case
from twin.validation.digest import program_digest
from twin.validation.outputs import changed_settings
from twin.validation.result import CaseResult, ProgramUse, Result, Rule, Trouble, Verdict
from twin.validation.simulate import library_versions
from twin.validation.task import load_rules
from twin.validation.trace import only_first
from twin.validation.words import case_name


def conclude(
    done: Sequence[CaseResult],
    cases: Sequence[Case],
    program: Program,
    baseline: Program | None,
    *,
    requirements: Sequence[Path] = (),
    approvals: Sequence[Approval] = (),
    stopped: bool = False,
    started_at: str = "",
    wall_s: float = 0.0,
    command: str = "",
) -> Result:
    """The Result of what was done, in the order of the cases whatever the order in which they were.

    Args:
        requirements: files of rules; the shipped sets if none are given, as of ``validate``.
        cases: all that were asked for; those that are not done yet are missing where it was ``stopped``.
        started_at, wall_s, command: as of :class:`Result`.
    """
    files = tuple(requirements) or shipped_requirements()
    order: dict[tuple[str, str], int] = {(case.kind, case.name): n for n, case in enumerate(cases)}
    # A log of several swaps has a result for each, `day_17#2`; they come in their order.
    results = sorted(done, key=lambda one: _place(one, order))
    new = program_use(program)
    results, met, stale = applied(only_first(results), approvals, new.digest)
    untested = list(_untested(results, program, baseline))
    verdict, why = _verdict(results, stale, untested, stopped=stopped)
    if verdict == "no_objection":
        why += _no_effect(results, program, baseline)
    return Result(
        program=new, baseline=None if baseline is None else program_use(baseline), verdict=verdict, why=tuple(why),
        cases=tuple(results),
        coverage=Coverage.total(_coverages(results, order)),
        untested=tuple(untested), approved=tuple(met), stale=tuple(stale),
        troubles=tuple(
            Trouble(what=one.records.get("log", one.name), text=one.why.en if one.why else "")
            for one in results if one.status == "unreadable"
        ),
        requirements=tuple(path.name for path in files), rules=_rules(files), versions=_versions(),
        started_at=started_at, wall_s=wall_s, stopped=stopped, command=command,
    )  # fmt: skip


def _rules(files: Sequence[Path]) -> dict[str, Rule]:
    return {
        name: Rule(text=rule.text, severity=rule.severity, clause=rule.clause)
        for rules in load_rules(files)
        for name, rule in rules.requirements.items()
    }


def _coverages(results: Sequence[CaseResult], order: Mapping[tuple[str, str], int]) -> Iterator[Coverage]:
    """Of what was judged; what a case's run in physics exercised is not counted once more by its open loop."""
    judged = [one for one in results if one.status == "judged"]
    closed = {_place(one, order)[0] for one in judged if one.mode == "closed"}
    for one in judged:
        if one.mode == "closed" or _place(one, order)[0] not in closed:
            yield one.coverage


def _place(one: CaseResult, order: Mapping[tuple[str, str], int]) -> tuple[int, bool, int]:
    """Number of its case, mode, and number of its swap."""
    case, _, swap = one.name.rpartition("#")
    if (one.kind, one.name) in order:
        return order[one.kind, one.name], one.mode != "open", 0
    return order[one.kind, case], one.mode != "open", int(swap)


def program_use(program: Program) -> ProgramUse:
    """A controller as a Result names it."""
    return ProgramUse(
        name=program.name, spec=program.controller, settings=dict(program.settings), digest=program_digest(program)
    )


def _versions() -> dict[str, str]:
    installed = {name: version for name, version in library_versions().items() if version}
    return {"swaptwin": __version__, "python": platform.python_version(), **installed}


def _untested(results: Sequence[CaseResult], program: Program, baseline: Program | None) -> Iterator[Sentence]:
    """Settings that NEW and OLD do not share and that showed no effect in anything that was judged."""
    judged = [one for one in results if one.status == "judged"]
    shown = {key for one in judged for key in one.effects}
    for key in changed_settings(program, baseline) if baseline is not None and judged else []:
        if key not in shown:
            yield Sentence(
                en=f"The setting {key} differs, and nothing that was judged shows an effect of it.",
                zh=f"参数 {key} 不同，但所有已判定的用例均未显示其影响。",
            )


def _no_effect(results: Sequence[CaseResult], program: Program, baseline: Program | None) -> Iterator[Sentence]:
    """That another controller did the same everywhere: as it is meant to be where it was only written anew."""
    judged = [one for one in results if one.status == "judged"]
    if baseline is not None and program.controller != baseline.controller and all(one.identical for one in judged):
        yield Sentence(
            en="The new controller writes what the old one writes in every scan that was judged: what was changed in "
            "it has no effect, or was not reached.",
            zh="在所有已判定的扫描周期中，新控制器的输出与旧控制器相同：其改动没有影响，或未被触及。",
        )


def _verdict(
    results: Sequence[CaseResult], stale: Sequence[Trouble], untested: Sequence[Sentence], *, stopped: bool
) -> tuple[Verdict, list[Sentence]]:
    """The verdict and why; a verdict is worth what the weakest of its cases is."""
    against = [finding for one in results for finding in one.findings if finding.counts]
    why = list(_against(against))
    if stale:
        names = ", ".join(one.what for one in stale)
        why.append(Sentence(en=f"Stale approvals: {names}.", zh=f"失效的批准：{names}。"))
    lacking = list(_lacking(results, untested, stopped=stopped))
    if against:
        return "objection", why
    if stale:
        return "bad_input", why
    if lacking:
        return "not_enough_evidence", lacking
    return "no_objection", [
        Sentence(
            en="No requirement is broken, and nothing unapproved differs, in the evidence given.",
            zh="在所给证据中，没有违反任何要求，也没有未经批准的差异。",
        )
    ]


def _against(findings: Sequence[Finding]) -> Iterator[Sentence]:
    wrong = [one for one in findings if one.wrong]
    if wrong:
        keys = {one.key for one in wrong}
        yield Sentence(
            en=f"Wrong: {_count(wrong)}.",
            zh=f"错误：{len({one.case for one in wrong})} 个用例中有 {len(wrong)} 项发现（{len(keys)} 种）。",
        )
    other = [one for one in findings if not one.wrong]
    if other:
        keys = {one.key for one in other}
        yield Sentence(
            en=f"Different and not approved: {_count(other)}.",
            zh=f"不同且未经批准：{len({one.case for one in other})} 个用例中有 {len(other)} 项发现（{len(keys)} 种）。",
        )


def _count(findings: Sequence[Finding]) -> str:
    kinds, cases = len({one.key for one in findings}), len({one.case for one in findings})
    words = [(len(findings), "finding"), (kinds, "kind"), (cases, "case")]
    many, of, places = (f"{number} {word}" + ("s" if number > 1 else "") for number, word in words)
    return f"{many} of {of}, in {places}"


def _lacking(results: Sequence[CaseResult], untested: Sequence[Sentence], *, stopped: bool) -> Iterator[Sentence]:
    """Why the evidence is not enough, if it is not."""
    if stopped:
        yield Sentence(en="It was stopped before all was judged.", zh="在全部判定完成之前被中止。")
    if not any(one.status == "judged" for one in results):
        yield Sentence(en="Nothing could be judged.", zh="没有任何内容可以判定。")
    for one in results:
        if one.status != "judged" and one.why is not None:
            name = case_name(one)
            yield Sentence(en=f"{name.en}: {one.why.en}", zh=f"{name.zh}：{one.why.zh}")
    yield from untested
