"""A controller's process: started, asked a line at a time, watched, and ended when it does harm.

A thread watches it ten times a second: for an answer that does not come, for memory that only grows, for prints without
end. It then ends the process, and who waits for the answer is told why.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from twin.errors import ControllerError
from twin.program.wire import Lines, WireError, write_all
from twin.vitals import Prints, megabytes, resident_bytes

_WATCH_S = 0.1


@dataclass(frozen=True)
class Limits:
    """What a controller's process may take. Wall time in s.

    Args:
        start_s: to get acquainted. answer_s: for one answer; less than a run may be silent (``twin.process``), so that
            it is told who is.
        start_bytes: memory until it is ready. growth_bytes: beyond what it held when it was ready.
        printed_bytes: what it may print in all.
    """

    start_s: float = 30.0
    answer_s: float = 4.0
    start_bytes: int = 1024 * 2**20
    growth_bytes: int = 128 * 2**20
    printed_bytes: int = 16 * 2**20


class Child:
    """One process.

    Args:
        command: what is started. name: what it is called in what people are told.
        environment: instead of this process's.

    Raises:
        ControllerError: it cannot be started.
    """

    def __init__(
        self, command: Sequence[str], name: str, limits: Limits, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name, self.limits = name, limits
        #: Where in its life it is, for what people are told: ``while it was starting``, ``at 12.340 s``.
        self.when = "while it was starting"
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                env=environment,
            )  # fmt: skip
        except OSError as error:
            raise ControllerError(f"{name} cannot be started: {error.strerror or error}", reason="ended") from None
        assert self._process.stdout is not None
        self._lines = Lines(self._process.stdout.fileno())
        self._asked_s: float | None = None
        self._limit_s = limits.start_s
        self._verdict: tuple[str, str] | None = None
        self._ready_bytes = 0
        assert self._process.stderr is not None
        self._prints = Prints(self._process.stderr)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    # ---------------------------------------------------------------------------------------------------- talking

    def ask(self, message: str) -> str:
        """Say one or several lines and wait for one.

        Raises:
            ControllerError: it hangs, it ended, or it was ended.
        """
        self._asked_s = time.monotonic()
        try:
            self._write(message)
            return self._line()
        except OSError:
            raise self._death() from None
        finally:
            self._asked_s = None

    def line(self) -> str:
        """One more line, where an answer has several."""
        self._asked_s = time.monotonic()
        try:
            return self._line()
        finally:
            self._asked_s = None

    def ready(self) -> None:
        """It is acquainted: from now on its memory counts from what it holds, and an answer has its own time."""
        self._ready_bytes = resident_bytes(self._process.pid)
        self._limit_s = self.limits.answer_s

    def fault(self, told: str, reason: str) -> ControllerError:
        """The error of an answer that is none, and the end of the process."""
        self.end()
        return ControllerError(f"{self.name} {told} {self.when}{self._last_words()}", reason=reason)

    def end(self) -> None:
        """Ask it to end, and end it."""
        process = self._process
        with contextlib.suppress(OSError, ValueError):
            self._write("end\n")
        with contextlib.suppress(OSError, ValueError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(0.5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._prints.wait(1.0)
        self._watcher.join(1.0)
        with contextlib.suppress(OSError, ValueError):
            if process.stdout is not None:
                process.stdout.close()

    def ends_with(self, owner: object) -> None:
        """When nobody holds the owner any more, or Python ends, the process is ended."""
        weakref.finalize(owner, _kill, self._process)

    @property
    def ended(self) -> bool:
        """Whether the process is no more."""
        return self._process.poll() is not None

    @property
    def last_print(self) -> str:
        """The last line that it printed, as far as it was read; all of it once the process has ended."""
        return self._prints.last_line

    def _write(self, message: str) -> None:
        assert self._process.stdin is not None
        write_all(self._process.stdin.fileno(), message)

    def _line(self) -> str:
        try:
            line = self._lines.read()
        except WireError as error:
            raise self.fault(str(error), "garbled") from None
        if line is None:
            raise self._death()
        return line

    # --------------------------------------------------------------------------------------------------- watching

    def _watch(self) -> None:
        process, limits = self._process, self.limits
        while process.poll() is None:
            asked_s = self._asked_s
            if asked_s is not None and time.monotonic() - asked_s > self._limit_s:
                self._verdict = ("hangs", f"hangs: no answer within {self._limit_s:g} s of wall time")
            grown = resident_bytes(process.pid) - self._ready_bytes
            if grown > (limits.growth_bytes if self._ready_bytes else limits.start_bytes):
                begun = f"{megabytes(self._ready_bytes)} when it was ready, " if self._ready_bytes else ""
                told = f"leaks memory: {begun}{megabytes(self._ready_bytes + grown)}"
                self._verdict = ("leaks", told)
            if self._prints.count > limits.printed_bytes:
                self._verdict = ("prints", f"prints without end: more than {megabytes(limits.printed_bytes)}")
            if self._verdict is not None:
                process.kill()
                return
            time.sleep(_WATCH_S)

    def _death(self) -> ControllerError:
        """Why there is no answer."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        if self._process.poll() is None:
            # It closed its output and lives on.
            return self.fault("closed its standard output", "ended")
        self._prints.wait(1.0)
        if self._verdict is None:
            self._verdict = ("ended", f"ended by itself, {_exit_words(self._process.returncode)},")
        reason, told = self._verdict
        return ControllerError(f"{self.name} {told} {self.when}{self._last_words()}", reason=reason)

    def _last_words(self) -> str:
        words = self._prints.last_line
        return f": {words}" if words else ""


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):
        process.kill()


def _exit_words(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
