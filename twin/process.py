"""A run in a process of its own: started, watched, spoken to and, when it hangs, ended.

The child is ``python -m twin.worker``. A controller that hangs, in C too, or takes its process down with it, costs the
run and nothing else: the record is closed properly and the summary says what happened.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from twin.errors import InputError, SwapTwinError, error_from_dict
from twin.files import write_json
from twin.record import recover
from twin.vitals import Prints, megabytes, resident_bytes

#: Wall time within which the child must answer, in s: while it builds or closes its record, and for each scan.
BUILD_LIMIT_S = 120.0
SCAN_LIMIT_S = 5.0
#: What a run may take beyond what it held when it was built, and what it may print.
GROWTH_LIMIT_BYTES = 512 * 2**20
PRINT_LIMIT_BYTES = 16 * 2**20
#: How long a run that was asked to stop may take to close its record.
STOP_LIMIT_S = 20.0
_WATCH_S = 0.05


@dataclass(frozen=True)
class Job:
    """What to run, and where its record goes.

    Args:
        scenario: name of a shipped one, or a file.
        out: the record.
        overrides: ``key.path=value`` each.
        seed: instead of the scenario's.
        summary: where the summary is written as JSON, if anywhere.
        controller: ``package.module:Class``, instead of the station's own.
        watched: someone looks at the record while it grows.
        speed: simulated seconds per second of wall time; None is as fast as it goes, 0 is paused.
        handovers: who takes over when, as :meth:`twin.program.Handover.to_list` has it.
        about: what else the record's metadata tell.
        until_ns: the run does not end by itself before.
        attachments: texts that the record carries beside its own, by file name.
        asked: what people ask, each ``t_ns`` of the scan and ``do`` as in a scenario, in the order of time.
        ahead_ns: up to here the run goes as fast as it can; what people held then, they let go.
        memory_limit_bytes, processor_limit_s: address space and processor time that the child may take; 0: any.
        niceness: how far it stands below others where the processors do not do for all.
    """

    scenario: str
    out: Path
    overrides: tuple[str, ...] = ()
    seed: int | None = None
    summary: Path | None = None
    controller: str | None = None
    watched: bool = False
    speed: float | None = None
    handovers: tuple[Mapping[str, Any], ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    until_ns: int = 0
    attachments: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Mapping[str, Any], ...] = ()
    ahead_ns: int = 0
    memory_limit_bytes: int = 0
    processor_limit_s: int = 0
    niceness: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data."""
        return {name: str(value) if isinstance(value, Path) else value for name, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Job:
        """The inverse of :meth:`to_dict`."""
        summary = data.get("summary")
        paths = {"out": Path(data["out"]), "summary": Path(summary) if summary else None}
        tuples = {name: tuple(data.get(name, ())) for name in ("overrides", "handovers", "asked")}
        return cls(**{**data, **paths, **tuples})


@dataclass
class _State:
    """What is known of the child, written by the watching thread alone."""

    progress: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] | None = None
    error: SwapTwinError | None = None
    built: bool = False
    sign_s: float = 0.0


class RunProcess:
    """One run in a child process. Safe to ask from any thread.

    Args:
        job: what to run.
        scan_limit_s: wall time without a finished scan after which the child is ended.
        build_limit_s: the same while it starts.
        clock: wall time in s.
    """

    def __init__(
        self,
        job: Job,
        *,
        scan_limit_s: float = SCAN_LIMIT_S,
        build_limit_s: float = BUILD_LIMIT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.job = job
        self._scan_limit_s, self._build_limit_s, self._clock = scan_limit_s, build_limit_s, clock
        self._state = _State()
        self._prints: Prints | None = None
        self._built_bytes = 0
        self._stop_by_s: float | None = None
        self._speaking = threading.Lock()
        self._requests = 0
        self._answers: dict[int, Future[int]] = {}
        self._done = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None

    # ------------------------------------------------------------------------------------------- from outside

    def start(self) -> RunProcess:
        """Start the child."""
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
        # The child must find this very package, also when it is not installed.
        here = str(Path(__file__).resolve().parent.parent)
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [here, environment.get("PYTHONPATH")]))
        self._state.sign_s = self._clock()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "twin.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
        assert self._child.stderr is not None
        self._prints = Prints(self._child.stderr)
        self._say(self.job.to_dict())
        reader = threading.Thread(target=self._read_out, daemon=True)
        reader.start()
        threading.Thread(target=self._watch, args=(reader,), daemon=True).start()
        return self

    @property
    def started(self) -> bool:
        return self._child is not None

    @property
    def running(self) -> bool:
        """True until the run has ended and its record is closed."""
        return not self._done.is_set()

    @property
    def progress(self) -> dict[str, Any]:
        """What the run last said of itself; empty until it is built."""
        return self._state.progress

    @property
    def summary(self) -> dict[str, Any] | None:
        """The summary, once the run has ended; None when it never began (then :attr:`error` says why)."""
        return self._state.summary

    @property
    def error(self) -> SwapTwinError | None:
        """Why the run could not begin."""
        return self._state.error

    def request(self, request: Mapping[str, Any]) -> Future[int]:
        """Hand operator signals to the run (``{"op_start": True}``).

        Returns:
            The time, ns, of the scan that had them in its input image; or why the run refused them.
        """
        return self._ask("request", request)

    def cause(self, action: Mapping[str, Any]) -> Future[int]:
        """Let something happen in the run: an action as a scenario has it under ``do``, ``{"press_estop": {}}``.

        Returns:
            The time, ns, of the scan in which it happened; or why it cannot happen.
        """
        return self._ask("do", action)

    def _ask(self, kind: str, content: Mapping[str, Any]) -> Future[int]:
        answer: Future[int] = Future()
        with self._speaking:
            self._requests += 1
            number = self._requests
            self._answers[number] = answer
        self._say({kind: dict(content), "number": number})
        if not self.running:
            self._give_up(number)
        return answer

    def set_speed(self, speed: float | None) -> None:
        """Pace the run; None is as fast as it goes, 0 pauses it."""
        self._say({"speed": speed})

    def stop(self) -> None:
        """Ask the run to end now and close its record; it is ended by force when it does not."""
        if self._stop_by_s is None:
            self._stop_by_s = self._clock() + STOP_LIMIT_S
        self._say({"stop": True})

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; true when it came."""
        return self._done.wait(timeout_s)

    # -------------------------------------------------------------------------------------------- the threads

    def _say(self, message: Mapping[str, Any]) -> None:
        child = self._child
        if child is None or child.stdin is None:
            return
        # A child that has just ended closes the pipe; that it ended is told elsewhere.
        with self._speaking, contextlib.suppress(OSError, ValueError):
            child.stdin.write(json.dumps(message).encode() + b"\n")
            child.stdin.flush()

    def _read_out(self) -> None:
        child, state = self._child, self._state
        assert child is not None and child.stdout is not None
        for line in child.stdout:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            state.sign_s = self._clock()
            if "progress" in message:
                if not state.built:
                    self._built_bytes = resident_bytes(child.pid)
                state.progress, state.built = message["progress"], True
            elif "summary" in message:
                state.summary = message["summary"]
            elif "error" in message:
                state.error = error_from_dict(message["error"])
            elif "taken" in message:
                self._answer(message["number"], message["taken"])
            elif "refused" in message:
                self._answer(message["number"], error_from_dict(message["refused"]))

    def _answer(self, number: int, answer: int | SwapTwinError) -> None:
        future = self._answers.pop(number, None)
        if future is None:
            return
        if isinstance(answer, SwapTwinError):
            future.set_exception(answer)
        else:
            future.set_result(answer)

    def _give_up(self, number: int) -> None:
        self._answer(number, SwapTwinError("the run has ended; it took no more requests"))

    def _watch(self, reader: threading.Thread) -> None:
        child = self._child
        assert child is not None and self._prints is not None
        verdict = ""
        while child.poll() is None:
            now = self._clock()
            scanning = self._state.built and not self._state.progress.get("closing")
            limit_s = self._scan_limit_s if scanning else self._build_limit_s
            if self._state.summary is None and now - self._state.sign_s > limit_s:
                verdict = self._hang_verdict(limit_s)
                child.kill()
                break
            verdict = self._excess_verdict(resident_bytes(child.pid)) if scanning else ""
            if verdict:
                child.kill()
                break
            if self._stop_by_s is not None and now > self._stop_by_s:
                verdict = f"stopped by a person; it did not close its record within {STOP_LIMIT_S:g} s and was ended"
                child.kill()
                break
            time.sleep(_WATCH_S)
        code = child.wait()
        reader.join(timeout=5.0)
        self._prints.wait(5.0)
        self._finish(verdict, code)
        for stream in (child.stdin, child.stdout):
            with contextlib.suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        self._done.set()
        for number in list(self._answers):
            self._give_up(number)

    def _hang_verdict(self, limit_s: float) -> str:
        if not self._state.built:
            return f"the run was not ready to start within {limit_s:g} s of wall time and was ended"
        if self._state.progress.get("closing"):
            return f"the run did not close its record within {limit_s:g} s of wall time and was ended"
        return f"{self._after} no scan was finished within {limit_s:g} s of wall time: {self._who} hangs"

    def _excess_verdict(self, held_bytes: int) -> str:
        """What it takes more than a run may, once it scans."""
        if self._built_bytes and held_bytes > self._built_bytes + GROWTH_LIMIT_BYTES:
            begun, now = megabytes(self._built_bytes), megabytes(held_bytes)
            return f"{self._after} the run holds {now} of memory, {begun} at its begin: {self._who} leaks memory"
        if self._prints is not None and self._prints.count > PRINT_LIMIT_BYTES:
            return (
                f"{self._after} more than {megabytes(PRINT_LIMIT_BYTES)} were printed: {self._who} prints without end"
            )
        return ""

    @property
    def _who(self) -> str:
        return f"the controller {self.job.controller}" if self.job.controller else "the controller"

    @property
    def _after(self) -> str:
        return f"after {self._state.progress.get('t_ns', 0) / 1e9:.2f} s"

    def _finish(self, verdict: str, code: int) -> None:
        state = self._state
        if state.summary is None and (state.error is None or state.built):
            if state.error is not None:
                verdict, state.error = str(state.error), None
            if not verdict:
                last = (self._prints.last_line if self._prints is not None else "") or "no last words"
                verdict = f"the run's process ended by itself with exit code {code}: {last}"
            if state.built:
                state.summary = self._rescue(verdict)
            else:
                state.error = SwapTwinError(verdict)
        if state.summary is not None and self.job.summary is not None:
            try:
                write_json(self.job.summary, state.summary)
            except InputError as error:
                state.error = error

    def _rescue(self, verdict: str) -> dict[str, Any]:
        """Close the record that the child left open; the summary of a run that could not say its own."""
        try:
            recover(self.job.out)
        except (SwapTwinError, OSError) as error:
            verdict += f" (its record could not be closed: {error})"
        progress = self._state.progress
        return {
            "scenario": Path(self.job.scenario).stem,
            "completed": False,
            "final_state": progress.get("state", "unknown"),
            "states_visited": [],
            "phases": [],
            "alarms": [],
            "packs": {},
            "sim_time_s": progress.get("t_ns", 0) / 1e9,
            "verdict": verdict,
        }


def run_job(job: Job, follow: Callable[[RunProcess], None] | None = None) -> Mapping[str, Any]:
    """Run a job in a process of its own and wait for its end; whoever breaks off the waiting ends the run too.

    Args:
        follow: is given the process after its start, to show how it goes.

    Returns:
        The summary.

    Raises:
        SwapTwinError: the run could not begin.
    """
    process = RunProcess(job).start()
    try:
        if follow is not None:
            follow(process)
        process.wait()
    except BaseException:
        process.stop()
        process.wait()
        raise
    if process.error is not None:
        raise process.error
    assert process.summary is not None
    return process.summary
