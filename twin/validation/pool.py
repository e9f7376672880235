"""Work on cases: here, on this machine's cores, or on a cluster. Results come as they are done."""

from __future__ import annotations

import importlib
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol, TypeVar

from twin.errors import InputError, needing_extra

T = TypeVar("T")
R = TypeVar("R")

#: How often a task is tried whose worker died under it.
TRIES = 3
_CLUSTER_WAIT_S = "10s"


class WorkerLostError(Exception):
    """A task's worker died each time it was tried."""


class Pool(Protocol):
    """Where work is done."""

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R | WorkerLostError]]:
        """Each task's number and result, in the order in which they are done."""


class Here:
    """In this process, one after another."""

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R | WorkerLostError]]:
        for number, task in enumerate(tasks):
            yield number, function(task)


class Processes:
    """On so many processes of this machine. One that dies is replaced, and its task tried again."""

    def __init__(self, count: int) -> None:
        self.count = count

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R | WorkerLostError]]:
        tries = dict.fromkeys(range(len(tasks)), 0)
        while tries:
            # After a death it is not known whose fault it was: the suspects go one at a time.
            suspects = [number for number, tried in tries.items() if tried]
            count, waiting = (1, suspects) if suspects else (self.count, list(tries))
            for number, result in self._round(function, tasks, waiting, count):
                if isinstance(result, WorkerLostError):
                    tries[number] += 1
                    if tries[number] < TRIES:
                        continue
                del tries[number]
                yield number, result

    @staticmethod
    def _round(
        function: Callable[[T], R], tasks: Sequence[T], waiting: list[int], count: int
    ) -> Iterator[tuple[int, R | WorkerLostError]]:
        """Until all are done or a process has died; of those under way then the death is told."""
        context = multiprocessing.get_context("spawn")
        others = set(multiprocessing.active_children())
        pool = ProcessPoolExecutor(count, mp_context=context, initializer=_leave_interrupts)
        under_way: dict[Future[R], int] = {}
        queue = list(reversed(waiting))
        try:
            while queue or under_way:
                # No more than are worked on at once, so that a death touches those alone.
                while queue and len(under_way) < count:
                    number = queue.pop()
                    under_way[pool.submit(function, tasks[number])] = number
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                broken = False
                for future in done:
                    number = under_way.pop(future)
                    try:
                        yield number, future.result()
                    except BrokenProcessPool:
                        broken = True
                        yield number, WorkerLostError("its process ended by itself")
                if broken:
                    for number in under_way.values():
                        yield number, WorkerLostError("its process ended by itself")
                    return
        finally:
            # Nobody waits any more for what is under way; a process that nobody stops is waited for at the exit.
            ours = set(multiprocessing.active_children()) - others
            pool.shutdown(wait=False, cancel_futures=True)
            if under_way:
                for process in ours:
                    process.terminate()


def _leave_interrupts() -> None:
    """An interrupt is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Cluster:
    """On a dask.distributed cluster. What a worker held that died is done again by another.

    Args:
        address: of the scheduler, ``tcp://host:8786``.

    Raises:
        MissingExtraError: dask.distributed is not installed.
        InputError: nobody answers there.
    """

    def __init__(self, address: str) -> None:
        with needing_extra("cluster", "--cluster"):
            distributed: Any = importlib.import_module("distributed")
        try:
            self._distributed = distributed
            self._client: Any = distributed.Client(address, timeout=_CLUSTER_WAIT_S)
        except (OSError, ValueError) as error:
            raise InputError(
                key="--cluster", expected="a dask scheduler that answers, as tcp://host:8786",
                got=f"{address}: {error}", hint="`dask scheduler` starts one",
            ) from None  # fmt: skip

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R | WorkerLostError]]:
        futures = self._client.map(function, tasks, pure=False, retries=0)
        numbers = {future.key: number for number, future in enumerate(futures)}
        try:
            for future in self._distributed.as_completed(futures):
                try:
                    result: R | WorkerLostError = future.result()
                except self._distributed.KilledWorker as error:
                    result = WorkerLostError(str(error))
                yield numbers[future.key], result
                future.release()
        finally:
            self._client.cancel(futures)
            self._client.close()
