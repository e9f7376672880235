"""Lessons by name or file."""

from __future__ import annotations

from pathlib import Path

from twin.document import load_document, parse_document
from twin.errors import InputError, did_you_mean
from twin.lesson.document import Lesson
from twin.shipped import shipped


def load_lesson(path: str | Path) -> Lesson:
    """A lesson by its shipped name or by its file.

    Raises:
        InputError: with file, line and key, of the first thing that is wrong.
    """
    file = find_lesson(path)
    lesson = load_document(file, Lesson)
    lesson._name = file.stem
    return lesson


def parse_lesson(text: str, *, name: str) -> Lesson:
    """A lesson of a text at hand, as a session carries it.

    Raises:
        InputError: as :func:`load_lesson`.
    """
    lesson = parse_document(text, Lesson, file=f"{name}.yaml")
    lesson._name = name
    return lesson


def lesson_paths() -> dict[str, Path]:
    """Name to file of every shipped lesson, by name."""
    return {path.stem: path for path in sorted(shipped("scenarios", "lessons").glob("*.yaml"))}


def find_lesson(name_or_path: str | Path) -> Path:
    """The file of a lesson given by its shipped name or by a path.

    Raises:
        InputError: neither a file nor a shipped name.
    """
    path, known = Path(name_or_path), lesson_paths()
    if path.is_file():
        return path
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    raise InputError(
        key="lesson", expected="a file or the name of a shipped lesson", got=repr(str(name_or_path)),
        hint=did_you_mean(str(name_or_path), known) or "`swaptwin lesson list` lists the names",
    )  # fmt: skip
