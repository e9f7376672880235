"""Where a log's controller stands: the station's I/O list, its settings and its scan period, as the log tells them."""

from __future__ import annotations

from dataclasses import dataclass

from twin import assets
from twin.clock import ms_to_ns
from twin.control import Settings
from twin.document import parse_document
from twin.errors import InputError
from twin.layout import controller_settings, io_list
from twin.record import Record
from twin.scenario import parse_scenario
from twin.signals import SignalTable


@dataclass(frozen=True)
class Site:
    """What a controller is made of.

    Args:
        table: the I/O list. settings: the station's, with what the log's scenario says over it.
        scan_ns: scan period.
    """

    table: SignalTable
    settings: Settings
    scan_ns: int


def site_of(record: Record) -> Site:
    """The site of a simulated Record: its own scenario and station, as they were when it ran.

    Raises:
        InputError: the Record does not say which station it is of.
    """
    attachments = record.attachments
    if "scenario.yaml" not in attachments or "station.json" not in attachments:
        raise InputError(
            key="log", expected="a log with its station and scenario", got="neither", file=str(record.path),
        )  # fmt: skip
    name = record.metadata.get("scenario", "scenario")
    scenario = parse_scenario(attachments["scenario.yaml"].decode(), name=name)
    station = parse_document(attachments["station.json"].decode(), assets.Station, file="station.json")
    settings = Settings.from_mapping(controller_settings(scenario, station)).overridden(scenario.controller)
    return Site(io_list(scenario, station), settings, ms_to_ns(scenario.scan_ms))
