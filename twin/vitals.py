"""What can be seen of a child process from outside: the memory it holds, and what it prints, kept within bounds."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import deque
from pathlib import Path
from typing import IO

_READ = 65_536
_KEPT = 4_000
_LONGEST_LINE = 160


class Prints:
    """Takes what a process prints, lest it waits for a reader, and keeps the last of it.

    Args:
        stream: its standard error, binary; closed when it has ended.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._parts: deque[bytes] = deque(maxlen=8)
        #: Bytes so far.
        self.count = 0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError), self._stream:
            while part := os.read(self._stream.fileno(), _READ):
                self.count += len(part)
                self._parts.append(part[-_KEPT:])

    def wait(self, timeout_s: float) -> None:
        """Wait until all of it was taken."""
        self._thread.join(timeout_s)

    @property
    def last(self) -> str:
        """The last of it."""
        return b"".join(self._parts).decode("utf-8", "replace")[-_KEPT:]

    @property
    def last_line(self) -> str:
        """Its last line that says something, or an empty string."""
        return next((line[:_LONGEST_LINE] for line in reversed(self.last.splitlines()) if line.strip()), "")


def resident_bytes(pid: int) -> int:
    """The memory that a process holds; 0 where the system does not tell (it is told under Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))
    except (OSError, StopIteration, ValueError):
        return 0


def megabytes(count: int) -> str:
    """A number of bytes, told to people."""
    return f"{count / 2**20:.0f} MB"
