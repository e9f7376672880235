"""Work done a little ahead in a thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from twin.ahead import ahead


def test_every_item_comes_in_order() -> None:
    assert list(ahead(range(1000), 3)) == list(range(1000))
    assert list(ahead([])) == []


def test_what_raises_over_there_is_raised_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("three")

    taken: list[int] = []
    with pytest.raises(ValueError, match="three"):
        taken.extend(ahead(items()))
    assert taken == [1, 2]


def test_the_thread_ends_when_nobody_takes_any_more() -> None:
    before = threading.active_count()
    stream = ahead(iter(int, 1))
    assert next(stream) == 0
    stream.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
