"""What this process may take of the machine, kept by the system."""

from __future__ import annotations

import os

from twin.errors import SwapTwinError


def bind(*, memory_bytes: int = 0, processor_s: int = 0, niceness: int = 0) -> None:
    """Bind this process for good; 0 binds nothing.

    Args:
        memory_bytes: address space; what would take more fails. processor_s: the process is ended after so much.
        niceness: it stands so far below others, where the system knows that.

    Raises:
        SwapTwinError: the system cannot.
    """
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    if not memory_bytes and not processor_s:
        return
    try:
        import resource
    except ImportError:
        raise SwapTwinError("this system cannot bound what a process takes; Linux and macOS can") from None
    for kind, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, processor_s)):
        if limit:
            resource.setrlimit(kind, (limit, limit))
