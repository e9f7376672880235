"""The errors a user can cause or must act on, each with the fields a message needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

#: What can become of a controller: it raised, wrote a value that is no number, answered what is no answer, gave no
#: answer in time, ended by itself, took ever more memory, or printed without end.
CONTROLLER_REASONS = ("raised", "not a number", "garbled", "hangs", "ended", "leaks", "prints")


class SwapTwinError(Exception):
    """Base of every error that is told to the user in one line instead of a traceback."""


class InputError(SwapTwinError):
    """Something handed in is wrong: says what was expected, what came, where, and what to do.

    Args:
        key: path of the key or name of the thing (``truck.parking.offset_y_mm``).
        expected: what would have been accepted.
        got: what came.
        file, line: where it stands, when it came from a file.
        hint: what to do about it.
    """

    def __init__(
        self,
        *,
        key: str,
        expected: str,
        got: object,
        file: str | Path | None = None,
        line: int | None = None,
        hint: str = "",
    ) -> None:
        self.key, self.expected, self.got = key, expected, got
        self.file, self.line, self.hint = file, line, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        place = "" if self.file is None else f" ({self.file}" + (f":{self.line})" if self.line else ")")
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.key}: expected {self.expected}, got {self.got}{hint}{place}"


class RecordError(SwapTwinError):
    """A Record cannot be read or written: damaged, of another kind, or of a version not known.

    Args:
        reason: a word for what is wrong with a whole file, for who tells it in another language.
    """

    def __init__(self, text: str, *, reason: str = "") -> None:
        self.reason = reason
        super().__init__(text)


class ControllerError(SwapTwinError):
    """A controller raised, answered with a value that is no number, or did not answer in time.

    Args:
        reason: a word for what happened, of :data:`CONTROLLER_REASONS`; empty when it is not told apart.
    """

    def __init__(self, text: str, *, reason: str = "") -> None:
        self.reason = reason
        super().__init__(text)


class MissingExtraError(SwapTwinError):
    """A part that this installation left out is needed; the message says how to install it."""


@contextmanager
def needing_extra(extra: str, what: str) -> Iterator[None]:
    """Imports of libraries that an extra of this installation brings, for something that needs them.

    Raises:
        MissingExtraError: one of them is not installed.
    """
    try:
        yield
    except ImportError:
        raise MissingExtraError(f"{what} needs: pip install 'swaptwin[{extra}]'") from None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean …?`` with the nearest of the known words, or an empty string when none is near."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else ""


def error_to_dict(error: SwapTwinError) -> dict[str, Any]:
    """An error as JSON-ready data, to cross from the child to its parent."""
    data: dict[str, Any] = {"type": type(error).__name__, "text": str(error)}
    if isinstance(error, InputError):
        data |= {"key": error.key, "expected": error.expected, "got": str(error.got), "hint": error.hint}
        data |= {"file": None if error.file is None else str(error.file), "line": error.line}
    return data


def error_from_dict(data: Mapping[str, Any]) -> SwapTwinError:
    """The inverse of :func:`error_to_dict`."""
    if data["type"] == "InputError":
        fields = ("key", "expected", "got", "hint", "file", "line")
        return InputError(**{name: data[name] for name in fields})
    kinds = {kind.__name__: kind for kind in (RecordError, ControllerError, MissingExtraError)}
    return kinds.get(data["type"], SwapTwinError)(data["text"])
