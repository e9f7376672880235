"""A call that takes long does not hide a page's other calls."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from web import rpc
from web.log import Library


class _Protocol(rpc.LogProtocol):
    """A server with one more call, that takes its time."""

    asked = 0

    @rpc.call("test.slow", slow=True)
    def slow(self, seconds: float, answer: str) -> dict[str, Any]:
        self.asked += 1
        time.sleep(seconds)
        return {"answer": answer}


def test_what_takes_long_is_asked_for_again_and_done_once(monkeypatch: pytest.MonkeyPatch, record: Path) -> None:
    monkeypatch.setattr(rpc, "ANSWERED_WITHIN_S", 0.05)

    async def ask() -> tuple[list[Any], int]:
        protocol = _Protocol(Library([record]))
        answers = [await protocol.slow(0.3, "a")]  # type: ignore[misc]
        while answers[-1] == {"working": True}:
            answers.append(await protocol.slow(0.3, "a"))  # type: ignore[misc]
        quick = await protocol.slow(0.0, "b")  # type: ignore[misc]
        return [*answers, quick], protocol.asked

    answers, asked = asyncio.run(ask())
    assert answers[0] == {"working": True}
    assert answers[-2:] == [{"answer": "a"}, {"answer": "b"}]
    assert asked == 2
