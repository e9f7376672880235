"""A viewer in a thread of its own, for benchmarks that talk to it from this process."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator

from web.app import ViewerServer


@contextlib.contextmanager
def serving(viewer: ViewerServer) -> Iterator[ViewerServer]:
    """The viewer, answering."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    asyncio.run_coroutine_threadsafe(viewer.start(), loop).result(20)
    try:
        yield viewer
    finally:
        asyncio.run_coroutine_threadsafe(viewer.stop(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
