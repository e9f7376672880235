"""The situations of any Record."""

from __future__ import annotations

from twin.rebuild.logged import logged
from twin.rebuild.repeated import is_repeatable, repeated
from twin.rebuild.situation import Situation
from twin.record import Record


def situations(record: Record) -> list[Situation]:
    """What stood where and what happened, as scenarios that run: a simulated Record's own, or one for each logged swap.

    Raises:
        InputError: a log that names no known station, or in which no swap can be found.
    """
    return [repeated(record)] if is_repeatable(record) else logged(record)
