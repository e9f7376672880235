"""What this process may take of the machine, kept by the system."""

from __future__ import annotations

from twin.errors import SwapTwinError


def bind(*, memory_bytes: int = 0, processor_s: int = 0) -> None:
    """Bind this process for good; 0 binds nothing.

    Args:
        memory_bytes: address space; what would take more fails. processor_s: the process is ended after so much.

    Raises:
        SwapTwinError: the system cannot.
    """
    if not memory_bytes and not processor_s:
        return
    try:
        import resource
    except ImportError:
        raise SwapTwinError("this system cannot bound what a process takes; Linux and macOS can") from None
    for kind, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, processor_s)):
        if limit:
            resource.setrlimit(kind, (limit, limit))
