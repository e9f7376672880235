"""The picture of a rack, built from the keys of a station file: uprights, ledges, chargers, cables, isolation bay.

Everything is in the station frame W (metres, z up). The rack is entered from −y; its back is a cable wall with one
connector for each slot. Estimated geometry: right in kind and proportion, no drawing of a real product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from twin import palette as look
from twin.assets import RACK_DEPTH_M, UPRIGHT_ABOVE_M, UPRIGHT_X_M, Station
from twin.gltf import Model, shade
from twin.mesh import Shape, box, cylinder, join, lathe, soft_shadow, tube

PACK_Z = 0.40
PLUG_X = 0.25  # the pack's connectors stand this far from its middle
SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "4": "fgbc",
    "5": "afgcd",
    "6": "afgedc",
    "7": "abc",
    "8": "abcdefg",
    "9": "abcdfg",
}


@dataclass(frozen=True)
class _Rack:
    columns: int
    levels: int
    slots: int
    first_x: float
    y: float
    pitch_x: float
    pitch_z: float
    support_top: float
    support_x: float
    support_y: float

    @property
    def edges(self) -> list[float]:
        """The x of each row of uprights."""
        return [self.first_x + (k - 0.5) * self.pitch_x for k in range(self.columns + 1)]

    @property
    def height(self) -> float:
        return self.support_top + self.levels * self.pitch_z + UPRIGHT_ABOVE_M

    def place(self, cell: int) -> tuple[float, float]:
        """The x and the support height of a cell; cells count along a level, then upwards."""
        level, column = divmod(cell, self.columns)
        return self.first_x + column * self.pitch_x, self.support_top + level * self.pitch_z


@cache
def build_rack(
    *,
    columns: int,
    levels: int,
    slots: int,
    first_x_m: float,
    y_m: float,
    pitch_x_m: float,
    pitch_z_m: float,
    support_top_m: float,
    isolation_x_m: float | None = None,
    isolation_support_top_m: float | None = None,
    support_x_m: float = 0.33,
    support_y_m: float = 0.75,
) -> dict[str, bytes]:
    """The rack of a station as binary glTF in the station frame, part by part.

    Args:
        columns, levels: cells along x and upwards.
        slots: how many cells are charging slots, counted along a level and then upwards; chargers stand in the rest.
        first_x_m, y_m: the middle of the first column.
        pitch_x_m, pitch_z_m: from one cell to the next.
        support_top_m: top of the ledge supports of the lowest level above the floor.
        isolation_x_m: the middle of the isolation slot; none leaves it and its fire wall out.
        isolation_support_top_m: its support height; the lowest level's when not given.
        support_x_m, support_y_m: the four supports of a slot stand at (±x, ±y) from its middle.

    Returns:
        Part to bytes: ``rack`` is the frame with chargers and cables, then ``slot1`` … and ``isolation``, each with
        the strip ``lamp_slot`` over it.
    """
    rack = _Rack(columns, levels, slots, first_x_m, y_m, pitch_x_m, pitch_z_m, support_top_m, support_x_m, support_y_m)
    model = Model("rack")
    _frame(model, rack)
    parts = [model]
    for cell in range(columns * levels):
        x, z = rack.place(cell)
        if cell < slots:
            parts.append(Model(f"slot{cell + 1}"))
            _slot(parts[-1], rack, x, z, str(cell + 1))
        else:
            _charger(model, rack, x, z)
    _cable_wall(model, rack)
    if isolation_x_m is not None:
        parts.append(Model("isolation"))
        top = support_top_m if isolation_support_top_m is None else isolation_support_top_m
        _isolation(parts[-1], rack, isolation_x_m, top)
    width = columns * pitch_x_m
    middle = first_x_m + (columns - 1) * pitch_x_m / 2.0
    model.add(look.SHADOW, soft_shadow((width, RACK_DEPTH_M - 0.1), (middle, y_m, 0.004), fade=0.7, darkness=0.5))
    return {part.name: part.to_glb() for part in shade(parts, floor=True)}


def number_plate(text: str, *, height: float = 0.12) -> Shape:
    """Digits in seven strokes, standing in the x–z plane, read from −y, their middle at the origin."""
    h, w, t = height, height * 0.52, height * 0.14
    strokes = {
        "a": ((w, t), (0, h / 2)),
        "g": ((w, t), (0, 0)),
        "d": ((w, t), (0, -h / 2)),
        "f": ((t, h / 2 + t), (-w / 2 + t / 2, h / 4)),
        "b": ((t, h / 2 + t), (w / 2 - t / 2, h / 4)),
        "e": ((t, h / 2 + t), (-w / 2 + t / 2, -h / 4)),
        "c": ((t, h / 2 + t), (w / 2 - t / 2, -h / 4)),
    }
    shapes = []
    for k, digit in enumerate(text):
        x = (k - (len(text) - 1) / 2.0) * w * 1.5
        for key in SEGMENTS[digit]:
            (sx, sz), (px, pz) = strokes[key]
            shapes.append(box((sx, 0.004, sz), (x + px, 0, pz), bevel=0.001))
    return join(shapes)


def _frame(model: Model, rack: _Rack) -> None:
    """Uprights in pairs with lacing, feet, and beams along each level."""
    front, back, top = rack.y - RACK_DEPTH_M / 2 + 0.05, rack.y + RACK_DEPTH_M / 2 - 0.05, rack.height
    for x in rack.edges:
        for y in (front, back):
            model.add(look.UPRIGHT, box((UPRIGHT_X_M, 0.1, top), (x, y, top / 2), bevel=0.01))
            model.add(look.RACK_GREY, box((0.16, 0.18, 0.014), (x, y, 0.007), bevel=0.004))
        model.add(look.YELLOW, box((UPRIGHT_X_M + 0.03, 0.03, 0.36), (x, front - 0.055, 0.18), bevel=0.008))
        rungs = [0.2 + k * (top - 0.4) / 4 for k in range(5)]
        for low, high in pairwise(rungs):
            a, b = (front, back) if rungs.index(low) % 2 == 0 else (back, front)
            model.add(look.RACK_GREY, tube([(x, a, low), (x, b, high)], 0.018, sides=5))
    left, right = rack.edges[0], rack.edges[-1]
    for level in range(rack.levels + 1):
        z = rack.support_top + level * rack.pitch_z - 0.12
        model.add(look.RACK_GREY, box((right - left, 0.05, 0.09), ((left + right) / 2, back, z), bevel=0.01))
    model.add(look.RACK_GREY, box((right - left, 0.05, 0.1), ((left + right) / 2, front, top - 0.06), bevel=0.01))


def _ledges(model: Model, rack: _Rack, x: float, z: float) -> None:
    """Two ledges from the uprights inward with a domed support at each corner; the fork passes between them."""
    half = rack.pitch_x / 2 - UPRIGHT_X_M / 2
    for side in (-1, 1):
        inner = rack.support_x - 0.05
        middle, width = x + side * (half + inner) / 2, half - inner
        model.add(look.RACK_GREY, box((width, 2.16, 0.02), (middle, rack.y, z - 0.05), bevel=0.005))
        model.add(look.RACK_GREY, box((0.03, 2.16, 0.09), (x + side * (half - 0.015), rack.y, z - 0.085), bevel=0.006))
        for y in (-rack.support_y, rack.support_y):
            dome = lathe([(0.034, -0.042), (0.034, -0.008), (0.022, -0.002), (0.0, 0.0)], sides=16)
            model.add(look.HARDENED, dome.moved(x + side * rack.support_x, rack.y + y, z))
            guide = box((0.018, 0.24, 0.14), (x + side * (half - 0.02), rack.y + y, z + 0.02), bevel=0.006)
            model.add(look.ORANGE, guide)


def _connector(model: Model, rack: _Rack, x: float, z: float) -> None:
    """The plug units over a pack, drawn up, on an arm from the back, with their lines to the tray."""
    back, arm = rack.y + RACK_DEPTH_M / 2, z + PACK_Z + 0.18
    x += PLUG_X
    model.add(look.RACK_GREY, box((0.06, 1.65, 0.03), (x, rack.y + 0.34, arm), bevel=0.006))
    for y, colour in ((0.30, look.HIGH_VOLTAGE), (-0.30, look.COOLANT)):
        model.add(look.CABINET_DARK, box((0.13, 0.2, 0.05), (x, rack.y + y, arm - 0.03), bevel=0.01))
        model.add(colour, box((0.08, 0.14, 0.03), (x, rack.y + y, arm - 0.06), bevel=0.006))
        line = [(rack.y + y + 0.08, arm - 0.01), (rack.y + y + 0.2, arm + 0.022), (back - 0.2, arm + 0.022)]
        line += [(back - 0.02, arm + 0.015), (back + 0.07, arm - 0.01)]
        dx = 0.018 if y > 0 else -0.018
        model.add(colour, tube([(x + dx, a, b) for a, b in line], 0.014, sides=6))


def _slot(model: Model, rack: _Rack, x: float, z: float, number: str) -> None:
    front, back = rack.y - RACK_DEPTH_M / 2, rack.y + RACK_DEPTH_M / 2
    _ledges(model, rack, x, z)
    _connector(model, rack, x, z)
    head = z + PACK_Z + 0.17  # over the pack with room for the fork's stroke
    wide = rack.pitch_x - UPRIGHT_X_M
    model.add(look.RACK_GREY, box((wide, 0.05, 0.09), (x, front + 0.05, head + 0.02), bevel=0.008))
    model.add(
        look.LAMP_SLOT,
        box((wide - 0.34, 0.012, 0.034), (x + 0.12, front + 0.021, head + 0.022), bevel=0.003),
    )
    model.add(look.CABINET, box((0.16, 0.008, 0.15), (x - wide / 2 + 0.12, front + 0.02, head + 0.02), bevel=0.002))
    model.add(
        look.CABINET_DARK, number_plate(number, height=0.085).moved(x - wide / 2 + 0.12, front + 0.015, head + 0.02)
    )
    # smoke detector and sprinkler above the pack
    model.add(look.CABINET, cylinder(0.05, 0.03, sides=14).moved(x + 0.2, rack.y - 0.3, head + 0.01))
    model.add(
        look.FIRE_RED, tube([(x - 0.2, front + 0.3, head + 0.03), (x - 0.2, back - 0.2, head + 0.03)], 0.014, sides=6)
    )


def _charger(model: Model, rack: _Rack, x: float, z: float) -> None:
    """Power cabinets in a cell without a slot."""
    wide, height = rack.pitch_x - UPRIGHT_X_M - 0.06, rack.pitch_z - 0.14
    low = z - 0.05
    model.add(look.RACK_GREY, box((rack.pitch_x - UPRIGHT_X_M, 2.2, 0.03), (x, rack.y, low - 0.015), bevel=0.006))
    for y in (-0.56, 0.56):
        model.add(look.CABINET, box((wide, 1.04, height), (x, rack.y + y, low + height / 2), bevel=0.016))
    face = rack.y - 1.084
    for k in (-1, 1):
        door = x + k * wide / 4
        model.add(
            look.CABINET_DARK, box((wide / 2 - 0.06, 0.012, height - 0.1), (door, face, low + height / 2), bevel=0.004)
        )
        model.add(look.SCREEN, box((0.14, 0.006, 0.08), (door, face - 0.008, low + height - 0.14), bevel=0.002))
        for slat in range(5):
            model.add(
                look.GRILLE,
                box((wide / 2 - 0.14, 0.006, 0.016), (door, face - 0.007, low + 0.1 + 0.05 * slat), bevel=0.002),
            )
        model.add(
            look.LAMP_GREEN, box((0.02, 0.008, 0.02), (door + 0.12, face - 0.008, low + height - 0.14), bevel=0.003)
        )


def _cable_wall(model: Model, rack: _Rack) -> None:
    """Trays behind the rack, one for each level, and the risers to the ceiling tray."""
    back = rack.y + RACK_DEPTH_M / 2 + 0.09
    left, right = rack.edges[0], rack.edges[-1]
    for level in range(rack.levels):
        z = rack.support_top + level * rack.pitch_z + 0.6
        model.add(look.STEEL, box((right - left, 0.14, 0.012), ((left + right) / 2, back, z - 0.05), bevel=0.003))
        model.add(look.STEEL, box((right - left, 0.01, 0.07), ((left + right) / 2, back + 0.07, z - 0.02), bevel=0.002))
        for dy, m in ((-0.03, look.HIGH_VOLTAGE), (0.02, look.CABLE)):
            model.add(m, tube([(left + 0.1, back + dy, z - 0.02), (right - 0.02, back + dy, z - 0.02)], 0.022, sides=6))
    model.add(
        look.FIRE_RED,
        tube([(left, back - 0.2, rack.height - 0.1), (right, back - 0.2, rack.height - 0.1)], 0.03, sides=8),
    )


def _isolation(model: Model, rack: _Rack, x: float, z: float) -> None:
    """The isolation slot in a walled bay of its own, and the fire wall between it and the rack."""
    front, back = rack.y - RACK_DEPTH_M / 2, rack.y + RACK_DEPTH_M / 2
    half, top = rack.pitch_x / 2, z + PACK_Z + 0.75
    wall_x = (rack.edges[-1] + x - half) / 2.0
    high = rack.height + 0.25
    model.add(look.FIRE_WALL, box((0.2, RACK_DEPTH_M + 0.3, high), (wall_x, rack.y, high / 2), bevel=0.01))
    model.add(look.FIRE_RED, box((0.204, RACK_DEPTH_M + 0.304, 0.12), (wall_x, rack.y, high - 0.3), bevel=0.004))
    for side in (-1, 1):
        for y in (front + 0.05, back - 0.05):
            model.add(look.FIRE_RED, box((UPRIGHT_X_M, 0.1, top), (x + side * half, y, top / 2), bevel=0.01))
        model.add(
            look.FIRE_WALL, box((0.05, RACK_DEPTH_M - 0.2, top - 0.1), (x + side * half, rack.y, top / 2), bevel=0.006)
        )
    model.add(look.FIRE_WALL, box((2 * half, 0.06, top - 0.1), (x, back - 0.05, top / 2), bevel=0.006))
    model.add(look.FIRE_RED, box((2 * half + UPRIGHT_X_M, 0.1, 0.1), (x, front + 0.05, top - 0.05), bevel=0.01))
    model.add(look.RACK_GREY, box((2 * half, RACK_DEPTH_M - 0.1, 0.04), (x, rack.y, top), bevel=0.008))
    # immersion basin under the ledges, exhaust stack over the roof
    model.add(look.STEEL, box((0.86, 2.0, z - 0.24), (x, rack.y, (z - 0.24) / 2 + 0.01), bevel=0.012))
    model.add(look.COOLANT, box((0.78, 1.9, 0.01), (x, rack.y, z - 0.228), bevel=0.002))
    model.add(look.STEEL, cylinder(0.13, 0.8, sides=20).moved(x, rack.y + 0.6, top + 0.4))
    model.add(look.CABINET_DARK, cylinder(0.17, 0.06, sides=20).moved(x, rack.y + 0.6, top + 0.84))
    _ledges(model, rack, x, z)
    model.add(look.LAMP_SLOT, box((0.5, 0.012, 0.034), (x, front - 0.006, top - 0.05), bevel=0.003))
    model.add(look.MARK_YELLOW, box((0.24, 0.008, 0.24), (wall_x, front - 0.155, 1.5), bevel=0.002))
    bolt = join(
        [
            box((0.03, 0.008, 0.1), (0.016, 0, 0.04)).turned(ry=20),
            box((0.03, 0.008, 0.1), (-0.016, 0, -0.04)).turned(ry=20),
        ]
    )
    model.add(look.GRILLE, bolt.moved(wall_x, front - 0.158, 1.5))
    model.add(look.SHADOW, soft_shadow((1.1, RACK_DEPTH_M - 0.1), (x, rack.y, 0.004), fade=0.6, darkness=0.5))


def station_rack(station: Station) -> dict[str, bytes]:
    """The rack of a station as its file has it, name to binary glTF."""
    rack, supports = station.rack, station.supports
    return build_rack(
        columns=rack.columns, levels=rack.levels, slots=rack.slots, first_x_m=rack.first_x_m.value,
        y_m=rack.y_m.value, pitch_x_m=rack.pitch_x_m.value, pitch_z_m=rack.pitch_z_m.value,
        support_top_m=rack.support_top_m.value, isolation_x_m=rack.isolation_x_m.value,
        isolation_support_top_m=rack.isolation_support_top_m.value,
        support_x_m=supports.x_m.value, support_y_m=supports.y_m.value,
    )  # fmt: skip
