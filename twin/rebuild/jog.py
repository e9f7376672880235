"""What a person moved by hand: each axis until where it came to stand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from twin import event as events
from twin.analysis.samples import RecordSamples
from twin.formula import Evaluation, parse
from twin.formula.document import Sentence
from twin.panel import operator_signals
from twin.rebuild.happening import Happening, Until

#: An axis that goes less was not jogged, by its unit; and the jog ends so much before where it came to stand.
_LEAST = {"m": "5 mm", "rad": "0.3 °"}
_SHORT = {"m": 0.002, "rad": 0.001}


def jogs(samples: RecordSamples, start_ns: int, end_ns: int) -> Iterator[Happening]:
    """The moves of a stretch in which nobody but a person moves anything, in no order."""
    evaluation = Evaluation(samples)
    for axis in operator_signals()["op_jog_axis"].labels.values():
        for unit, least in _LEAST.items():
            name = f"{axis}.pv_position_{unit}"
            if name not in samples.signals:
                continue
            moving = evaluation.truth(parse(f"moving({name}, {least})")).sure.clipped(start_ns, end_ns)
            times, values = samples.series(name)
            for begin, end in zip(moving.start.tolist(), moving.end.tolist(), strict=True):
                rows = np.searchsorted(times, [begin - 1, end], side="right") - 1
                was, is_ = (float(values[max(row, 0)]) for row in rows)
                if not abs(is_ - was) > 2 * _SHORT[unit]:
                    continue
                yield _jog(axis, name, unit, (begin, end), was, is_)


def _jog(axis: str, name: str, unit: str, span_ns: tuple[int, int], was: float, is_: float) -> Happening:
    up = is_ > was
    until = Until(name, above=is_ - _SHORT[unit] if up else None, below=None if up else is_ + _SHORT[unit])
    released = events.OperatorAction(set={"op_jog_axis": "none", "op_jog_speed_frac": 0.0})
    action = events.OperatorAction(set={"op_jog_axis": axis, "op_jog_speed_frac": 1.0 if up else -1.0})
    text = Sentence(
        en=f"The operator jogs {axis} until {is_:.3f} {unit}.", zh=f"操作员点动 {axis} 至 {is_:.3f} {unit}。"
    )
    return Happening(
        span_ns[0], action, "op_jog", "estimated", text, "its speed is not known", (span_ns[1], until, released)
    )
