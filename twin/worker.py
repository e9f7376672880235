"""The child process of a run: its job and what people ask come in on standard input, how it goes on standard output.

One JSON object a line. In: the job (see :class:`twin.process.Job`), then ``{"request": {…}, "number": n}``,
``{"do": {…}, "number": n}`` (an action, as a scenario has it), ``{"speed": x}``, ``{"stop": true}``. Out:
``{"progress": {…}}`` once built and then at least every 0.2 s, for each request and action
``{"taken": t_ns, "number": n}`` or ``{"refused": {…}, "number": n}``, and at the end ``{"summary": {…}}`` or
``{"error": {…}}``. What a controller prints goes to standard error.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import math
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TextIO

from twin.bounds import bind
from twin.clock import NS_PER_S
from twin.errors import InputError, MissingExtraError, SwapTwinError, error_to_dict
from twin.event import action_of
from twin.panel import operator_signals
from twin.process import Job
from twin.scenario import load_scenario

if TYPE_CHECKING:
    from twin.run import Run

#: What simulating needs, in one line.
NEEDS_PYBULLET = (
    "simulating needs PyBullet: pip install 'swaptwin[sim]' on Linux x86-64 with Python 3.10 or 3.11; "
    "viewing and replaying work without it"
)
_PROGRESS_S = 0.1
#: A run that is more than this behind its pace does not try to catch up.
_LATE_S = 0.25


def simulation_available() -> bool:
    """Whether this installation can simulate."""
    return importlib.util.find_spec("pybullet") is not None


def require_simulation() -> None:
    """Refuse where nothing can be simulated.

    Raises:
        MissingExtraError: it says what to install.
    """
    if not simulation_available():
        raise MissingExtraError(NEEDS_PYBULLET)


class Inbox:
    """What the parent says, read by a thread so that the run never waits for it."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._messages: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self._lines:
            with contextlib.suppress(json.JSONDecodeError):
                message = json.loads(line)
                if isinstance(message, dict):
                    self._messages.put(message)
        # The parent is gone: nobody waits for this run any more.
        self._messages.put({"stop": True})

    def drain(self) -> list[dict[str, Any]]:
        """The messages since the last time."""
        messages = []
        while not self._messages.empty():
            messages.append(self._messages.get())
        return messages


class Pacer:
    """Keeps a run to wall time at a speed.

    Args:
        speed: simulated seconds per second of wall time; None is unpaced, 0 paused.
        clock, sleep: wall time in s.
    """

    def __init__(
        self,
        speed: float | None,
        *,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self.speed = speed
        self._wall_s, self._t_ns = clock(), 0

    def set_speed(self, speed: float | None, t_ns: int) -> None:
        """Change the speed from this instant on."""
        self.speed, self._wall_s, self._t_ns = speed, self._clock(), t_ns

    def wait_s(self, t_ns: int) -> float:
        """Wall time until the run may go on from ``t_ns``: 0 when it may, infinite while paused."""
        if self.speed is None:
            return 0.0
        if self.speed <= 0.0:
            return float("inf")
        due_s = self._wall_s + (t_ns - self._t_ns) / NS_PER_S / self.speed
        early_s = due_s - self._clock()
        if early_s < -_LATE_S:
            self._wall_s, self._t_ns = self._clock(), t_ns
        return max(early_s, 0.0)

    def sleep(self, duration_s: float) -> None:
        """Sleep, but not longer than a sign of life may be away."""
        self._sleep(min(duration_s, _PROGRESS_S / 2))


def work(job: Job, inbox: Inbox, tell: Callable[..., None]) -> None:
    """Do a job and tell how it goes.

    Raises:
        SwapTwinError: the run could not begin; nothing is left behind.
    """
    overrides = [*job.overrides, *([] if job.seed is None else [f"seed={job.seed}"])]
    scenario = load_scenario(job.scenario, overrides)
    require_simulation()
    from twin.program import Handover, Program
    from twin.run import Run

    program = Handover.from_list(Program.from_words(job.controller), job.handovers)
    existed = job.out.exists()
    try:
        run = Run(
            scenario, controller=program, out=job.out, watched=job.watched, about=job.about, until_ns=job.until_ns,
            attachments=job.attachments,
        )  # fmt: skip
    except Exception:
        if not existed:
            job.out.unlink(missing_ok=True)
        raise
    # The world that was built stays; the collector need not go through it again and again.
    gc.freeze()
    with run:
        verdict = None
        try:
            verdict = _Conversation(run, job, inbox, tell).to_the_end()
        except SwapTwinError as error:
            verdict = str(error)
        except Exception as error:
            traceback.print_exc()
            verdict = f"the run broke: {type(error).__name__}: {error}"
        tell("progress", {**run.progress(), "closing": True})
        tell("summary", run.finish(verdict=verdict))


class _Conversation:
    """A run and who looks at it: what is asked of it, at which pace it goes, and what is told of it.

    Up to ``job.ahead_ns`` it goes as fast as it can, and nobody can ask anything of it.
    """

    def __init__(self, run: Run, job: Job, inbox: Inbox, tell: Callable[..., None]) -> None:
        self._run, self._inbox, self._tell = run, inbox, tell
        self._ahead_ns = job.ahead_ns
        #: The speed from ``ahead_ns`` on.
        self._speed = job.speed
        self._pacer = Pacer(None if job.ahead_ns else job.speed)
        self._asked_then = deque(job.asked)
        #: Requests that are in the next scan, and actions that it has not come to, by number.
        self._taken: list[int] = []
        self._waiting: set[int] = set()
        self._stopping = False
        self._told_s, self._flushed_ns = float("-inf"), 0

    def to_the_end(self) -> str | None:
        """Scan until the run has ended; the verdict when it did not end by itself."""
        while True:
            self._tell_progress()
            self._listen()
            # What was asked before the end still stands in the record, of a run that is paused too.
            if self._stopping and not self._waiting:
                return "stopped by a person"
            if self._ahead_ns and self._run.t_ns >= self._ahead_ns:
                self._arrive()
            if not self._waits() and not self._scan():
                return None

    def _tell_progress(self) -> None:
        now_s = time.perf_counter()
        if now_s - self._told_s >= _PROGRESS_S:
            self._told_s = now_s
            self._tell("progress", self._run.progress())

    def _listen(self) -> None:
        for message in self._inbox.drain():
            self._stopping = self._stopping or "stop" in message
            if "speed" in message:
                self._speed = message["speed"]
                if not self._ahead_ns:
                    self._pacer.set_speed(self._speed, self._run.t_ns)
            if "number" in message:
                try:
                    self._take(message, message["number"])
                except InputError as error:
                    self._tell("refused", error_to_dict(error), number=message["number"])

    def _take(self, message: dict[str, Any], number: int) -> None:
        """Take a request or an action.

        Raises:
            InputError: the run cannot take it.
        """
        if self._ahead_ns:
            expected, got = "a run that has come to where it goes on", "one on its way there"
            raise InputError(key="request", expected=expected, got=got)
        if "request" in message:
            self._run.request(message["request"])
            self._taken.append(number)
        elif "do" in message:
            self._run.ask(action_of(message["do"]), lambda refused: self._answer(number, refused))
            self._waiting.add(number)

    def _answer(self, number: int, refused: InputError | None) -> None:
        """What the scan that came to an action says of it."""
        self._waiting.discard(number)
        if refused is None:
            self._taken.append(number)
        else:
            self._tell("refused", error_to_dict(refused), number=number)

    def _arrive(self) -> None:
        """The run has come to where it goes on: what somebody held until here, such as a jog, nobody holds any more."""
        self._ahead_ns = 0
        self._pacer.set_speed(self._speed, self._run.t_ns)
        inputs = self._run.inputs
        for name, held in operator_signals().items():
            if held.renewed_within_ns and held.address in inputs.table and inputs.get(held.address):
                self._run.request({name: False if held.type == "bool" else 0.0})

    def _waits(self) -> bool:
        """Sleep a little where the next scan is not due yet; false where it is."""
        t_ns = self._run.t_ns
        wait_s = 0.0 if self._stopping else self._pacer.wait_s(t_ns)
        if wait_s <= 0.0:
            return False
        if math.isinf(wait_s) and self._flushed_ns != t_ns:
            # Who looks at a run that stands sees all of it.
            self._run.flush()
            self._flushed_ns = t_ns
        self._pacer.sleep(wait_s)
        return True

    def _scan(self) -> bool:
        """One scan, and what it took; false when the run is over."""
        t_ns, asked_then = self._run.t_ns, self._asked_then
        while asked_then and asked_then[0]["t_ns"] <= t_ns:
            self._run.ask(action_of(asked_then.popleft()["do"]), _again)
        goes_on = self._run.scan()
        for number in self._taken:
            self._tell("taken", t_ns, number=number)
        self._taken.clear()
        return goes_on


def _again(refused: InputError | None) -> None:
    """What could be done once can be done again."""
    if refused is not None:
        raise refused


def main() -> int:
    """Work on the job that stands in the first line of standard input."""
    # The parent decides when a run ends; an interrupt from the keyboard reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    protocol = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    sys.stdout = sys.stderr

    def tell(kind: str, content: Any, **more: Any) -> None:
        protocol.write(json.dumps({kind: content, **more}) + "\n")
        protocol.flush()

    lines = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    try:
        job = Job.from_dict(json.loads(lines.readline()))
        bind(memory_bytes=job.memory_limit_bytes, processor_s=job.processor_limit_s, niceness=job.niceness)
        work(job, Inbox(lines), tell)
    except SwapTwinError as error:
        tell("error", error_to_dict(error))
        return 2
    except Exception as error:
        traceback.print_exc()
        tell("error", {"type": "Crash", "text": f"the run broke: {type(error).__name__}: {error}"})
        return 1
    return 0


if __name__ == "__main__":
    # Threads that still wait for a closed pipe must not hold the process up.
    code = main()
    sys.stderr.flush()
    os._exit(code)
