"""The map that makes an exported table the same signals again, written beside it."""

from __future__ import annotations

import math
from typing import Any

import yaml

from twin.signals import Signal


def map_text(signals: list[Signal]) -> str:
    """A map whose tags are the signals' own names."""
    tags = {signal.name: _tag(signal) for signal in signals}
    return yaml.safe_dump({"tags": tags}, allow_unicode=True, sort_keys=False, width=120)


def _tag(signal: Signal) -> dict[str, Any]:
    tag: dict[str, Any] = {"signal": signal.name, "type": signal.type}
    if signal.unit:
        tag["unit"] = signal.unit
    if signal.labels:
        tag["labels"] = dict(signal.labels)
    if math.isfinite(signal.low):
        tag["low"] = signal.low
    if math.isfinite(signal.high):
        tag["high"] = signal.high
    if signal.text:
        tag["text"] = dict(signal.text)
    if signal.period_s:
        tag |= {"logged": "periodic", "period_s": signal.period_s}
    if signal.private:
        tag["private"] = True
    return tag
