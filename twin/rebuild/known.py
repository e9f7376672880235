"""What is known of a rebuilt situation, and from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from twin.formula.document import Sentence

#: ``exact``: as the run that is repeated had it. ``logged``: a signal says so. ``estimated``: worked out of signals.
#: ``assumed``: the log does not tell; a usual value stands for it. ``condition``: it happens when what it answered
#: happens, after the recorded time. ``clock``: at a time of its own, for nothing was found that it answered.
#: ``not known``: it was there, or may have been, and is not in the rebuilt situation.
How = Literal["exact", "logged", "estimated", "assumed", "condition", "clock", "not known"]


@dataclass(frozen=True)
class Known:
    """One fact. ``error``: how far off it may be, with its unit; empty where that is not known or makes no sense."""

    what: str
    value: str
    how: How
    error: str
    text: Sentence


def known(what: str, value: str, how: How, en: str, zh: str, error: str = "") -> Known:
    """A fact, told in both languages."""
    return Known(what, value, how, error, Sentence(en=en, zh=zh))
