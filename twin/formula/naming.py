"""What the names in a formula stand for: signals of a log, and with stars several of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from twin.errors import InputError, did_you_mean
from twin.formula.syntax import Formula
from twin.signals import Signal

#: Of these the names with stars are their own matter: they are tried one by one inside.
_CLOSED = frozenset({"any", "all", "count"})


class Naming:
    """The signals of a log by what formulas call them; what was looked up once is known.

    Args:
        signals: by name, all there are.
    """

    def __init__(self, signals: Mapping[str, Signal]) -> None:
        self._signals = signals
        self._matches: dict[str, dict[str, tuple[str, ...]]] = {}
        self._expanded: dict[Formula, list[tuple[str, Formula]]] = {}

    def read(self, formula: Formula) -> list[str]:
        """The signals of the log that a formula reads."""
        found = {known for name in _names(formula) for known in self._matching(name)}
        return [name for name in self._signals if name in found]

    def missing(self, formula: Formula) -> list[str]:
        """Signals, or patterns of signals, that a formula needs and the log lacks, and labels that its signals lack."""
        lacking = [name for name in _names(formula) if not self._matching(name)]
        for part in formula.walk():
            if part.op in ("==", "!="):
                label, signal = part.parts if part.parts[0].op == "label" else part.parts[::-1]
                while signal.op == "previous":
                    (signal,) = signal.parts
                if label.op == "label" and signal.op == "signal":
                    known = [self._signals[name].labels.values() for name in self._matching(signal.name)]
                    if any(label.name not in labels for labels in known):
                        lacking.append(f"{signal.name} = {label.name}")
        return list(dict.fromkeys(lacking))

    def source(self, text: str) -> str:
        """The signal that a log calls so, or whose text says so.

        Raises:
            InputError: none, or more than one.
        """
        found = [
            name
            for name, signal in self._signals.items()
            if text in (signal.source, signal.source.rpartition("/")[2], *signal.text.values())
        ]
        if len(found) != 1:
            expected = "the source name or the text of one signal"
            raise InputError(key=f"`{text}`", expected=expected, got="none" if not found else ", ".join(found[:5]))
        return found[0]

    def each(self, formula: Formula) -> list[tuple[str, Formula]]:
        """A formula once for each device that its stars outside any, all and count match, and what they stand for."""
        if formula.op in _CLOSED or not any("*" in name for name in _open_names(formula)):
            return [("", formula)]
        return self.expand(formula)

    def expand(self, formula: Formula) -> list[tuple[str, Formula]]:
        """A formula once for each match of its first open name with stars; the same stars stand for the same text.

        Raises:
            InputError: it has no such name, or no signal matches it.
        """
        if formula not in self._expanded:
            self._expanded[formula] = self._matches_of(formula)
        return self._expanded[formula]

    def _matches_of(self, formula: Formula) -> list[tuple[str, Formula]]:
        patterns = [name for name in _open_names(formula) if "*" in name]
        if not patterns:
            expected = "a name with * in any, all or count"
            raise InputError(key="condition", expected=expected, got=formula.called)
        matches = self._matching(patterns[0])
        if not matches:
            raise InputError(key=patterns[0], expected="a pattern that some signal matches", got="none does")
        return [(", ".join(groups), _filled(formula, groups)) for groups in matches.values()]

    def _matching(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """The signals that a name, or a name with stars, stands for, and what its stars stand for in each."""
        if "*" not in name:
            return {name: ()} if name in self._signals else {}
        if name not in self._matches:
            # A star is any text within a part of a name.
            pattern = re.compile(re.escape(name).replace(r"\*", "([a-z0-9_]*)"))
            found = ((known, pattern.fullmatch(known)) for known in self._signals)
            self._matches[name] = {known: match.groups() for known, match in found if match}
        return self._matches[name]


def find_signal(name: str, signals: Mapping[str, Signal]) -> Signal:
    """The signal of a name.

    Raises:
        InputError: there is none; the message names one that is alike.
    """
    if name in signals:
        return signals[name]
    hint = did_you_mean(name, signals) or "`swaptwin info LOG` lists them"
    raise InputError(key=name, expected="a signal of this log", got="none of this name", hint=hint)


def _names(formula: Formula) -> list[str]:
    """The signals, with their stars, that a formula names, each once."""
    return list(dict.fromkeys(part.name for part in formula.walk() if part.op == "signal"))


def _open_names(formula: Formula) -> list[str]:
    """The signals of a formula that stand in no any, all or count of it."""
    if formula.op == "signal":
        return [formula.name]
    return [name for part in formula.parts if part.op not in _CLOSED for name in _open_names(part)]


def _filled(node: Formula, texts: Sequence[str]) -> Formula:
    """A formula with the stars of its open names replaced, in what it says too."""
    if node.op == "signal":
        name = _starless(node.name, texts)
        return replace(node, value=name, text=node.text.replace(node.name, name))
    if node.op in _CLOSED:
        return node
    text = node.text
    for name in dict.fromkeys(_open_names(node)):
        text = text.replace(name, _starless(name, texts))
    return replace(node, parts=tuple(_filled(part, texts) for part in node.parts), text=text)


def _starless(name: str, texts: Sequence[str]) -> str:
    for text in texts:
        name = name.replace("*", text, 1)
    return name
