"""Controllers that do what a controller must not, for the tests of the supervising process."""

from __future__ import annotations

import os
import re
from typing import Any

from twin.control import Controller

AT_NS = 500_000_000


class Good(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        print("a controller may print what it likes", '{"progress": 1}')


class Raises(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            raise ZeroDivisionError("my mistake")


class Breaks(Controller):
    """Raises what the stub's run passes on as it came: a mistake of the run itself."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            raise OSError("disk full")


class Hangs(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        while t_ns >= AT_NS:
            pass


class HangsInC(Controller):
    """Never comes back from C, and never lets another thread run meanwhile."""

    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            re.match(r"(a+)+$", "a" * 60 + "b")


class Dies(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            os._exit(7)


class Leaks(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        self.kept = [*getattr(self, "kept", []), b"x" * 40_000_000]


class Prints(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        print("x" * 1_000_000)


class NotOne:
    pass
