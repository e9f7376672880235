"""An iterator worked off in a thread of its own, a few items ahead of who takes them.

Worth it where both sides leave the interpreter for most of their time: parsing, sorting, compressing.
"""

from __future__ import annotations

import atexit
import contextlib
import queue
import threading
from collections.abc import Generator, Iterable
from typing import Final, TypeVar

Item = TypeVar("Item")
_END: Final = object()


def ahead(items: Iterable[Item], count: int = 1) -> Generator[Item, None, None]:
    """The same items, in the same order; what raises over there is raised here, where it would have come.

    Who stops before the end closes it: then the thread has ended, and ``items`` are closed where that can be.

    Args:
        count: how many may wait.
    """
    waiting: queue.Queue[object] = queue.Queue(count)
    stopped = threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for item in items:
                waiting.put(item)
                if stopped.is_set():
                    break
        except BaseException as error:  # raised where the items are taken
            failed.append(error)
        waiting.put(_END)

    thread = threading.Thread(target=work, daemon=True)

    def stop() -> None:
        stopped.set()
        # Room for what is being handed over: it is the last.
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                waiting.get(timeout=0.05)

    # A thread that is still within a library when the interpreter ends takes the process down with it.
    atexit.register(stop)
    thread.start()
    try:
        while (item := waiting.get()) is not _END:
            yield item  # type: ignore[misc]
        if failed:
            raise failed[0]
    finally:
        stop()
        atexit.unregister(stop)
        if isinstance(items, Generator):
            items.close()
