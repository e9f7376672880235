"""The public base class of a station controller: one scan from input image to output image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from twin.control.settings import Settings
from twin.signals import Image, SignalTable

INPUT_KINDS = ("pv", "st", "op")
OUTPUT_KINDS = ("cmd", "sp", "seq", "ilk", "alm")


class Controller:
    """What a PLC is to a station: every ``scan_ns`` it reads one image and writes the other. There is no other way.

    To bring your own, subclass it and name the class on the command line
    (``swaptwin run nominal_swap --controller my_pkg.my_module:MyController``)::

        from twin.control import Controller
        from twin.signals import Image, Signal, SignalTable

        class MyController(Controller):
            @property
            def signals(self) -> SignalTable:                     # what it shows beyond the station's I/O list
                return SignalTable([Signal("shuttle.lift.alm_slow", "bool")])

            def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
                lift, drive = inputs.shuttle.lift, outputs.shuttle.lift
                drive.cmd_enable = inputs.station.safety.st_drives_on
                drive.sp_position_m, drive.sp_speed_m_s = 0.0, 0.05
                drive.cmd_move = lift.pv_position_m > 0.001
                outputs.shuttle.lift.alm_slow = lift.pv_speed_m_s < -0.06

    Outputs are levels: they keep their value until a scan writes them again. A misspelt signal is an
    ``AttributeError``; a value that is no number ends the run with a verdict that says so.

    Args:
        table: the station's I/O list, without this controller's own signals.
        settings: the station file's controller settings; a mapping is checked and made into ``Settings``.
        scan_ns: the scan period in nanoseconds.

    Raises:
        InputError: the settings hold an unknown key, a missing key or an impossible number.
    """

    def __init__(self, table: SignalTable, settings: Settings | Mapping[str, Any], scan_ns: int) -> None:
        self.table = table
        self.settings = settings if isinstance(settings, Settings) else Settings.from_mapping(settings)
        self.scan_ns = scan_ns

    @property
    def signals(self) -> SignalTable:
        """Extra ``seq_``, ``ilk_`` and ``alm_`` signals that this controller writes."""
        return SignalTable()

    @property
    def alarm_classes(self) -> Mapping[str, str]:
        """Name of each ``alm_`` signal to its class: A1, A2, B, C or D."""
        return {}

    @property
    def transitions(self) -> Mapping[str, list[dict[str, Any]]]:
        """Name of each sequence to its table as plain data, for the Record: what each step waits for."""
        return {}

    def images(self) -> tuple[Image, Image]:
        """A new input image and a new output image, over the I/O list and this controller's own signals."""
        table = self.table + self.signals
        return Image(table.select(*INPUT_KINDS)), Image(table.select(*OUTPUT_KINDS))

    def scan(self, t_ns: int, inputs: Image, outputs: Image) -> None:
        """Run one scan.

        Args:
            t_ns: time since the start of the run.
            inputs: measured values, states and operator requests, sampled once for this scan.
            outputs: commands and set points; what is not written keeps its value.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what it holds beyond memory (a process, a connection); nothing is asked of it afterwards."""

    @property
    def takes_up(self) -> bool:
        """Whether :meth:`take_up` can succeed at all."""
        return type(self).take_up is not Controller.take_up

    def take_up(self, inputs: Image, outputs: Image) -> bool:
        """Go on from where another controller stood, as its images tell: the next scan is the one after theirs.

        Called before the first scan, with the images of one of the other's scans; what the images do not hold (a log
        may lack signals) stands at its safe value.

        Returns:
            False: it cannot be told from these images; this controller is then not used any more.
        """
        return False

    def state(self) -> dict[str, Any]:
        """All memory between scans as plain data, so that :meth:`restore` continues exactly; empty: it has none."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take back what :meth:`state` gave. The output image is restored by the caller."""
