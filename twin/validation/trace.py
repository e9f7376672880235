"""Keeps with a finding what its signals do around its instant, so that a report needs neither log nor controller."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from twin.finding import Finding, Side, Trace, TraceSamples
from twin.record import Record
from twin.replay import Replay
from twin.report.plot import cut
from twin.signals import Signal
from twin.validation.result import CaseResult

#: Findings of a case that are traced, the worst first, and signals of each: a Result of 1,000 cases stays a file.
MOST_FINDINGS, MOST_SIGNALS = 12, 4
#: Findings of one key that keep their traces in a whole validation.
_MOST_ALIKE = 3
#: Signals that are looked at to find those.
_MOST_TRIED = 16
#: How much is kept before and after a finding, and of a long one, s.
_BEFORE_S, _AFTER_S, _LONGEST_S = 2.0, 3.0, 12.0

Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
#: A signal by name in a window of ns, with what stood before; None where there is no such signal.
Source = Callable[[str, int, int], "tuple[Signal, Times, Numbers] | None"]


def with_traces(findings: Sequence[Finding], sides: Mapping[Side, Source]) -> list[Finding]:
    """The findings of one case, the worst of them with their traces.

    Args:
        sides: where the log's, OLD's and NEW's signals are from, in one time.
    """
    roots = sorted((one for one in findings if one.t_ns is not None and not one.follows), key=lambda one: one.rank)
    traced = {id(one) for one in roots[:MOST_FINDINGS]}
    return [one.model_copy(update={"traces": _traces(one, sides)}) if id(one) in traced else one for one in findings]


def only_first(cases: Sequence[CaseResult]) -> list[CaseResult]:
    """The cases, of many findings of one key the traces of the first few: a report draws one of them."""
    seen: Counter[tuple[str, str]] = Counter()
    kept: set[tuple[int, int]] = set()
    places = [(n, m, one) for n, case in enumerate(cases) for m, one in enumerate(case.findings) if one.traces]
    for n, m, one in sorted(places, key=lambda place: place[2].rank):
        seen[one.mode, one.key] += 1
        if seen[one.mode, one.key] <= _MOST_ALIKE:
            kept.add((n, m))
    return [
        case.model_copy(
            update={
                "findings": tuple(
                    one if (n, m) in kept or not one.traces else one.model_copy(update={"traces": ()})
                    for m, one in enumerate(case.findings)
                )
            }
        )
        for n, case in enumerate(cases)
    ]


def of_record(record: Record) -> Source:
    """Signals of a Record."""

    def source(name: str, t0_ns: int, t1_ns: int) -> tuple[Signal, Times, Numbers] | None:
        if name not in record.signals:
            return None
        return record.signals[name], *record.signal(name, t0_ns, t1_ns, before=True)

    return source


def of_replays(replays: Sequence[Replay]) -> Source:
    """Outputs of a controller on the inputs of a log."""

    def source(name: str, t0_ns: int, t1_ns: int) -> tuple[Signal, Times, Numbers] | None:
        found = []
        for one in replays:
            if name in one.outputs and len(one.t_ns) and one.t_ns[0] <= t1_ns and one.t_ns[-1] >= t0_ns:
                first = max(int(np.searchsorted(one.t_ns, t0_ns, side="right")) - 1, 0)
                stop = int(np.searchsorted(one.t_ns, t1_ns, side="right"))
                column = one.outputs.names.index(name)
                found.append((one.outputs[name], one.t_ns[first:stop], one.values[first:stop, column]))
        if not found:
            return None
        return found[0][0], np.concatenate([t for _, t, _ in found]), np.concatenate([v for _, _, v in found])

    return source


def _traces(finding: Finding, sides: Mapping[Side, Source]) -> tuple[Trace, ...]:
    assert finding.t_ns is not None
    lasts_ns = min(max((finding.end_ns or finding.t_ns) - finding.t_ns, 0), round(_LONGEST_S * 1e9))
    t0_ns = max(finding.t_ns - round(_BEFORE_S * 1e9), 0)
    t1_ns = finding.t_ns + lasts_ns + round(_AFTER_S * 1e9)
    names = dict.fromkeys([*finding.signals, *(value.signal for reason in finding.reasons for value in reason.values)])
    found = [_trace(name, sides, t0_ns, t1_ns) for name in list(names)[:_MOST_TRIED]]
    return tuple(sorted((trace for trace in found if trace is not None), key=_dull)[:MOST_SIGNALS])


def _dull(trace: Trace) -> tuple[bool, bool]:
    """What differs between the sides says most, then what changes; the rest keeps the order of the finding."""
    sides = list(trace.samples.values())
    changes = any(len(set(one.values)) > 1 for one in sides)
    return all(one == sides[0] for one in sides), not changes


def _trace(name: str, sides: Mapping[Side, Source], t0_ns: int, t1_ns: int) -> Trace | None:
    signal: Signal | None = None
    samples: dict[Side, TraceSamples] = {}
    for side, source in sides.items():
        told = source(name, t0_ns, t1_ns)
        if told is None or not len(told[1]):
            continue
        signal = signal or told[0]
        t_ns, values = cut(*(_changes(*told[1:]) if told[0].steps else told[1:]), t0_ns, t1_ns)
        samples[side] = TraceSamples(
            t_ns=tuple(t_ns.tolist()), values=tuple(None if np.isnan(value) else value for value in values.tolist())
        )
    if signal is None or signal.private:
        return None
    return Trace(signal=signal.to_dict(), start_ns=t0_ns, end_ns=t1_ns, samples=samples)


def _changes(t_ns: Times, values: Numbers) -> tuple[Times, Numbers]:
    """The samples at which a value that holds until the next becomes another, and the last."""
    same = (values[1:] == values[:-1]) | (np.isnan(values[1:]) & np.isnan(values[:-1]))
    kept = np.flatnonzero(np.concatenate([[True], ~same]))
    kept = np.unique(np.append(kept, len(values) - 1))
    return t_ns[kept], values[kept]
