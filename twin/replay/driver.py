"""One controller on its way through a log: made, brought to the log's step, scanned, and brought there anew."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from twin.clock import ns_to_s
from twin.control import Controller
from twin.errors import ControllerError
from twin.program import Program, no_number, raised
from twin.replay.feed import Feed, Filler
from twin.replay.site import Site
from twin.signals import Image

Values = npt.NDArray[np.float64]


class Driver:
    """A controller and its images.

    Args:
        program: of which it is made, anew each time that it is to take up work.
    """

    def __init__(self, program: Program, site: Site) -> None:
        self._program, self.site = program, site
        self.controller = self._made()
        self.inputs, self.outputs = self.controller.images()

    def _made(self) -> Controller:
        site = self.site
        return self._program.make(site.table, site.settings, site.scan_ns)

    def fresh(self) -> None:
        """A new controller, as at power on, with new images.

        Raises:
            ControllerError: it cannot be made.
        """
        self._use(self._made())

    def take_up(self, feed: Feed, scan: int, said: Values) -> bool:
        """A new controller that goes on from a scan of the log, whose outputs in table order are ``said`` (k,).

        Returns:
            False: it cannot, and the one before stays.

        Raises:
            ControllerError: it cannot be made, hangs or ended; whatever else it raises itself.
        """
        if not self.controller.takes_up:
            return False
        candidate = self._made()
        inputs, outputs = candidate.images()
        for name, value in zip(feed.names, feed.values[scan].tolist(), strict=True):
            inputs.set(name, value)
        for name, value in zip(outputs.order, said.tolist(), strict=True):
            if not math.isnan(value):
                outputs.set(name, value)
        taken = False
        try:
            taken = candidate.take_up(inputs, outputs)
        finally:
            if not taken:
                candidate.close()
        if taken:
            self._use(candidate, inputs, outputs)
        return taken

    def _use(self, controller: Controller, inputs: Image | None = None, outputs: Image | None = None) -> None:
        self.close()
        self.controller = controller
        if inputs is None or outputs is None:
            inputs, outputs = controller.images()
        self.inputs, self.outputs = inputs, outputs

    def close(self) -> None:
        """Let go of the controller."""
        self.controller.close()


def drive(
    controller: Controller, filler: Filler, t_ns: npt.NDArray[np.int64], first: int, inputs: Image, outputs: Image
) -> tuple[Values, str]:
    """Scan a controller once at each of the times; the filler's scan ``first`` is the first of them.

    Returns:
        Its outputs (n, k) in the order of the output image's row, and what ended them early, or an empty string.
    """
    verdict = ""
    # Outputs seldom change: a row that is the one before is counted, not kept.
    rows: list[list[float]] = []
    begun: list[int] = []
    last: list[float] | None = None
    fill, scan, row = filler.fill, controller.scan, outputs.row
    ended = len(t_ns)
    for number, at_ns in enumerate(t_ns.tolist()):
        fill(first + number)
        try:
            scan(at_ns, inputs, outputs)
        except ControllerError as error:
            verdict, ended = str(error), number
            break
        except Exception as error:
            verdict, ended = raised(error, at_ns), number
            break
        written = row()
        if written != last:
            rows.append(written)
            begun.append(number)
            last = written
    for place, written in enumerate(rows):
        if wrong := no_number(outputs.order, written):
            ended = begun[place]
            verdict = f"the controller {wrong} at {ns_to_s(int(t_ns[ended])):.3f} s"
            del rows[place:], begun[place:]
            break
    values = np.array(rows, dtype=np.float64).reshape(len(rows), len(outputs.order))
    return np.repeat(values, np.diff([*begun, ended]), axis=0), verdict
