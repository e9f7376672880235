"""The station's controller with a clock: what it sees when, for ``benchmarks.live``."""

from __future__ import annotations

import os
import struct
import time
from pathlib import Path

from twin.control import StationController
from twin.signals import Image

#: The file it writes; a line is the scan's time, wall time at its input image (both ns), and the button asked about.
FILE = "SWAPTWIN_LIVE_PROBE"
LINE = struct.Struct("<qqq")


class Probe(StationController):
    """Notes wall time at the begin of each scan: what is in the input image then is what the controller acts on."""

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        if not hasattr(self, "_file"):
            self._file = Path(os.environ[FILE]).open("wb", buffering=0)  # noqa: SIM115 - as long as the process
        self._file.write(LINE.pack(t_ns, time.time_ns(), bool(inputs.operator.panel.op_confirm)))
        super().scan(t_ns, inputs, outputs)
