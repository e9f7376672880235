"""The settings that the controller of a station gets."""

from __future__ import annotations

from collections.abc import Mapping

from twin import assets
from twin.control import Settings
from twin.layout import controller_settings
from twin.program.model import laid_over


def settings_of(
    truck_asset: str, station: assets.Station, changes: Mapping[str, bool | float] | None = None
) -> Settings:
    """What follows from a station's layout, then what its file says, then ``changes``, as of a scenario's
    ``controller``.

    Args:
        truck_asset: the truck whose brackets it knows.

    Raises:
        InputError: as of :func:`twin.program.model.laid_over`.
    """
    return laid_over(Settings.from_mapping(controller_settings(truck_asset, station)), changes or {})
