"""The Records that a Result names, each opened once; one that is gone or cannot be read is None."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from twin.errors import SwapTwinError
from twin.finding import Finding, SignalValue
from twin.formula.document import Sentence
from twin.record import Record
from twin.signals import Signal
from twin.validation.words import SIDES


class Shelf:
    """Records by the path that a Result gives."""

    def __init__(self) -> None:
        self.record = cache(_opened)

    def signal(self, finding: Finding, name: str) -> Signal | None:
        """What is declared of a signal, by the finding's traces or its Record."""
        traced = next((trace.signal for trace in finding.traces if trace.signal["name"] == name), None)
        if traced is not None:
            return Signal.from_dict(traced)
        record = self.record(finding.record)
        return record.signals[name] if record is not None and name in record.signals else None


def _opened(path: str | None) -> Record | None:
    if not path or not Path(path).is_file():
        return None
    try:
        record = Record.open(path)
        record.signals  # noqa: B018  a file that is cut short says so here
    except SwapTwinError:
        return None
    return record


def value_text(value: float, signal: Signal | None) -> str:
    """A value as a person reads it, with its unit or by its label."""
    if signal is None:
        return f"{value:.6g}"
    if signal.type == "bool":
        return "true" if value else "false"
    return signal.labels.get(int(value)) or f"{value:.6g} {signal.unit}".strip()


def told_values(value: SignalValue, signal: Signal | None) -> Sentence:
    """What each side says of a signal, in one line."""
    sides = [(SIDES[side], getattr(value, side)) for side in SIDES if getattr(value, side) is not None]
    if signal is not None and signal.private:
        return Sentence(en="private", zh="隐私")
    told = [(words, value_text(number, signal)) for words, number in sides]
    return Sentence(
        en=", ".join(f"{words.en} {text}" for words, text in told) or "–",
        zh="，".join(f"{words.zh} {text}" for words, text in told) or "–",
    )
