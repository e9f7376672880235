"""Where a log's controller stands: the station's I/O list, its settings and its scan period, as the log tells them."""

from __future__ import annotations

from dataclasses import dataclass

from twin import assets
from twin.clock import ms_to_ns
from twin.control import Settings
from twin.document import parse_document
from twin.errors import InputError
from twin.layout import io_list
from twin.program.settings import settings_of
from twin.record import Record
from twin.scenario import Scenario, Truck, parse_scenario
from twin.signals import SignalTable
from twin.tag_map import TagMap

#: Fields whose labels the log decides: who a pack and a truck is.
SERIALS = ("pv_pack_serial", "pv_truck_id")
_NOBODY = "none"


@dataclass(frozen=True)
class Site:
    """What a controller is made of.

    Args:
        table: the I/O list. settings: the station's, with what the log's scenario says over it.
        scan_ns: scan period. why: where the settings and the scan period come from.
    """

    table: SignalTable
    settings: Settings
    scan_ns: int
    why: str


def site_of(record: Record) -> Site:
    """The site of a log: of a simulated Record its own scenario and station, as they were when it ran; of an imported
    one the station that its map names, with the settings that are its own.

    Raises:
        InputError: the log does not say which station it is of.
    """
    attachments = record.attachments
    if "scenario.yaml" in attachments and "station.json" in attachments:
        name = record.metadata.get("scenario", "scenario")
        scenario = parse_scenario(attachments["scenario.yaml"].decode(), name=name)
        station = parse_document(attachments["station.json"].decode(), assets.Station, file="station.json")
        settings = settings_of(scenario.truck.asset, station, scenario.controller)
        table = io_list(scenario, station)
        scan_ns = ms_to_ns(scenario.scan_ms)
        return Site(table, settings, scan_ns, "settings of the log's own scenario")
    tag_map = map_of(record)
    named = [machine for machine in tag_map.machines.values() if machine.station is not None]
    if not named or named[0].station is None:
        raise InputError(
            key="station", expected="a log of a station: its map names it under `machines`",
            got="a log that names none", file=str(record.path),
        )  # fmt: skip
    station = assets.load_station(named[0].station)
    settings = settings_of(named[0].truck or Truck().asset, station)
    scan_ns = ms_to_ns(int(Scenario.model_fields["scan_ms"].default))
    why = (
        f"the log does not say its settings and scan period: those of {named[0].station}, and {scan_ns // 1_000_000} ms"
    )
    return Site(assets.signal_table(station, _labels(record)), settings, scan_ns, why)


def map_of(record: Record) -> TagMap:
    """The map that an imported log was read with; empty where the log carries none."""
    if "map.yaml" not in record.attachments or not (text := record.attachment("map.yaml").decode()).strip():
        return TagMap()
    return parse_document(text, TagMap, file="map.yaml")


def _labels(record: Record) -> dict[str, dict[int, str]]:
    """One numbering of the packs and trucks that the log's signals name, each of which has a numbering of its own."""
    found = {}
    for field in SERIALS:
        words = {word for signal in record.signals if signal.field == field for word in signal.labels.values()}
        found[field] = dict(enumerate([_NOBODY, *sorted(words - {_NOBODY})]))
    return found
