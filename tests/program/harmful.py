"""Controllers that do harm, each from half a second on, for a process of their own."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from twin.control import Controller

AT_NS = 500_000_000


class Raises(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            raise ZeroDivisionError("my mistake")


class Hangs(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        while t_ns >= AT_NS:
            time.sleep(0.01)


class Ends(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            print("out of coffee")
            os._exit(7)


class Leaks(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            self.kept = [*getattr(self, "kept", []), b"x" * 1_000_000]


class Prints(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            sys.stdout.write("x" * 1_000_000)


class AnswersNothing(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            outputs.shuttle.lift.sp_speed_m_s = float("nan")


class AnswersAWord(Controller):
    def scan(self, t_ns: int, inputs: Any, outputs: Any) -> None:
        if t_ns >= AT_NS:
            outputs.shuttle.lift.sp_speed_m_s = "fast"
