"""What a Record calls private (a plate, a person) is left out of what is handed on.

A private signal goes with its labels and its tag in the log; so does an event that names one. A label that only private
signals have is somebody's name: wherever else it is written (a frame, a message, a file's name), a word stands for it.
"""

from __future__ import annotations

import re
from typing import Any

from twin.record import Event
from twin.signals import Signal, SignalTable

#: Words of a format, not of a person: they stay as they are.
FIXED_KEYS = frozenset({"type", "unit", "kind", "level", "colour", "edge", "material"})
#: Shorter labels stand in too many other words to be looked for inside a text.
SHORTEST_INSIDE = 3


class Withheld:
    """What of a Record is not handed on.

    Args:
        signals: all signals of the Record.
    """

    def __init__(self, signals: SignalTable) -> None:
        private = [signal for signal in signals if signal.private]
        self.names = frozenset(signal.name for signal in private)
        self._mentions = _any_of([*self.names, *(signal.source for signal in private if signal.source)])
        shared = {label for signal in signals if not signal.private for label in signal.labels.values()}
        labels = dict.fromkeys(label for signal in private for label in signal.labels.values() if label)
        #: The labels that tell who somebody is.
        self.words = [label for label in labels if label not in shared]
        self._stand_ins = {word.lower(): f"private-{number}" for number, word in enumerate(self.words, 1)}
        self._inside = _any_of([word for word in self.words if len(word) >= SHORTEST_INSIDE])

    def holds(self, signal: Signal) -> bool:
        return signal.name in self.names

    def holds_event(self, event: Event) -> bool:
        """Whether an event is about a private signal."""
        return self.mentioned([event.name, event.message, event.data])

    def mentioned(self, data: Any) -> bool:
        """Whether JSON-ready data names a private signal, or its tag in the log."""
        if isinstance(data, str):
            return self._mentions is not None and self._mentions.search(data) is not None
        if isinstance(data, dict):
            return any(self.mentioned(key) or self.mentioned(value) for key, value in data.items())
        return isinstance(data, list | tuple) and any(map(self.mentioned, data))

    def clean(self, data: Any) -> Any:
        """JSON-ready data with a stand-in for each private label in it, the same everywhere, and no private name."""
        if self._mentions is None:
            return data
        if isinstance(data, str):
            return self._clean_text(data)
        if isinstance(data, dict):
            return {
                self._clean_text(str(key)): value if key in FIXED_KEYS else self.clean(value)
                for key, value in data.items()
            }
        return [self.clean(item) for item in data] if isinstance(data, list | tuple) else data

    def _clean_text(self, text: str) -> str:
        if self._mentions is not None:
            text = self._mentions.sub("private", text)
        whole = self._stand_ins.get(text.lower())
        if whole is not None or self._inside is None:
            return whole or text
        return self._inside.sub(lambda found: self._stand_ins.get(found.group().lower(), "private"), text)


def _any_of(words: list[str]) -> re.Pattern[str] | None:
    """Finds any of the words, the longest first, where neither letters nor digits go on; None of no words."""
    if not words:
        return None
    return re.compile("|".join(map(_bounded, sorted(words, key=len, reverse=True))), re.IGNORECASE)


def _bounded(word: str) -> str:
    # Chinese text has no spaces between words: only Latin letters and digits can go on.
    before = "(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    after = "(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return f"{before}{re.escape(word)}{after}"
