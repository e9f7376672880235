"""Requirements in open loop: what NEW writes on a log's inputs, judged as long as the log can answer it.

An interlock that permits what it must not is broken there already, long before anybody moves into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twin.analysis.samples import RecordSamples
from twin.finding import Finding
from twin.formula import Intervals, Samples
from twin.record import Record
from twin.replay import OpenLoop, Replay, replay_samples
from twin.requirement import Judgement, RequirementSet, judge
from twin.validation.judged import violations


def open_violations(
    record: Record, new: Replay, old: Replay | None, look: OpenLoop, rules: Sequence[RequirementSet]
) -> list[Finding]:
    """Requirements that NEW breaks where it was judged; ``before``: OLD, or without it the log itself, does so as well.

    Raises:
        InputError: a requirement that means nothing on these signals.
    """
    if not len(look.judged) or not (look.differences or look.beyond):
        return []
    mine = _until(new, int(look.judged.end[-1]))
    if not len(mine.t_ns):
        return []
    begin_ns, end_ns = int(mine.t_ns[0]), int(mine.t_ns[-1])
    theirs: Samples = (
        RecordSamples(record, begin_ns, end_ns)
        if old is None
        else replay_samples(record, _until(old, int(look.judged.end[-1])))
    )
    start_ns = int(look.judged.start[0])
    broken = _judged(rules, replay_samples(record, mine), start_ns, look.judged)
    if not broken:
        return []
    before = _judged(rules, theirs, start_ns, look.judged)
    return violations(broken.values(), before)


def _until(one: Replay, end_ns: int) -> Replay:
    """A replay up to an instant, that one left out."""
    kept = int(np.searchsorted(one.t_ns, end_ns))
    given = {name: values[:kept] for name, values in one.given.items()}
    return replace(one, t_ns=one.t_ns[:kept], values=one.values[:kept], given=given)


def _judged(
    rules: Sequence[RequirementSet], samples: Samples, start_ns: int, judged: Intervals
) -> dict[str, Judgement]:  # fmt: skip
    """The requirements that are broken, each with the violations that begin where the controller was judged."""
    found = {}
    for one in (judgement for some in rules for judgement in judge(some, samples, start_ns)):
        kept = [v for v in one.violations if judged.contains(np.array([v.start_ns])).all()]
        if kept:
            found[one.name] = replace(one, violations=kept, count=len(kept))
    return found
