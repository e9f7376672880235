"""The overhead hoist station: a bridge crane over a lane and a row of slots, and the cradle behind a tractor's cab.

All parts are in the station's frame, z = 0 the floor and x along the lane, but the grab and the rope above it, whose
origin is the grab's underside, and the pack, whose origin is its middle.
"""

from __future__ import annotations

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, box, cylinder, extrude, join, tube

#: Slots along x, across the lane at ``SLOT_Y``; a pack stands on ``SLOT_Z`` there and on ``SEAT_Z`` on the truck.
SLOT_X = tuple((number - 4.5) * 1.5 for number in range(1, 9))
SLOT_Y, SLOT_Z, SEAT_Z = 6.0, 0.30, 1.10
#: Pack outline.
PACK = (0.90, 2.40, 1.60)
#: Rails of the bridge: where, how far along x, their top. Ropes: where, from the grab's underside up to the drum.
RAIL_Y, RAIL_X, RAIL_Z = (-2.6, 7.9), 6.8, 5.80
ROPES, ROPE_Z = ((-0.28, -0.8), (-0.28, 0.8), (0.28, -0.8), (0.28, 0.8)), (0.30, 1.85)


def site() -> Model:
    """Columns and rails, the lane's marks, and the row of slots with their chargers."""
    model = Model("site")
    model.add(look.ASPHALT, box((22.0, 4.2, 0.02), (0.0, 0.0, -0.014)))
    model.add(look.MARK_WHITE, box((22.0, 0.12, 0.006), (0.0, 2.0, -0.003), bevel=0.001).both_sides())
    model.add(look.CONCRETE, box((14.4, 4.0, 0.02), (0.0, 6.2, -0.013)))
    for y in RAIL_Y:
        for x in (-6.5, 0.0, 6.5):
            if x or y < 0:
                model.add(look.UPRIGHT, box((0.30, 0.30, RAIL_Z - 0.45), (x, y, (RAIL_Z - 0.45) / 2.0)))
                model.add(look.GRAPHITE, box((0.60, 0.60, 0.03), (x, y, 0.015)))
                model.add(look.MARK_YELLOW, box((0.31, 0.31, 0.9), (x, y, 0.65)))
        web = [(-0.14, -0.45), (0.14, -0.45), (0.14, -0.40), (0.02, -0.38), (0.02, -0.07), (0.14, -0.05), (0.14, 0.0)]
        web += [(-0.14, 0.0), (-0.14, -0.05), (-0.02, -0.07), (-0.02, -0.38), (-0.14, -0.40)]
        model.add(look.UPRIGHT, extrude(web, 2 * RAIL_X, axis=0).moved(0.0, y, RAIL_Z))
        model.add(look.STEEL, box((2 * RAIL_X, 0.06, 0.06), (0.0, y, RAIL_Z + 0.03)))
    for number, x in enumerate(SLOT_X):
        _slot(model, x, number)
    # wheel guides: the truck stops between them
    guide = box((3.2, 0.14, 0.16), (2.2, 1.35, 0.09))
    model.add(look.MARK_YELLOW, guide.both_sides())
    return model


def _slot(model: Model, x: float, number: int) -> None:
    """A stand with four supports and guides, and the charger behind it."""
    px, py, _ = PACK
    legs = [(x + sx * (px / 2 - 0.08), SLOT_Y + sy * (py / 2 - 0.15), SLOT_Z / 2) for sx in (-1, 1) for sy in (-1, 1)]
    model.add(look.RACK_GREY, box((0.12, 0.12, SLOT_Z - 0.04)).at(legs))
    model.add(look.RACK_GREY, box((0.10, py, 0.10), (x - px / 2 + 0.08, SLOT_Y, SLOT_Z - 0.09)))
    model.add(look.RACK_GREY, box((0.10, py, 0.10), (x + px / 2 - 0.08, SLOT_Y, SLOT_Z - 0.09)))
    posts = [(x + sx * (px / 2 + 0.07), SLOT_Y + sy * (py / 2 - 0.3), 0.55) for sx in (-1, 1) for sy in (-1, 1)]
    model.add(look.YELLOW, box((0.06, 0.12, 0.60)).at(posts))
    model.add(look.CABINET, box((0.95, 0.55, 1.9), (x, 7.45, 0.95)))
    model.add(look.CABINET_DARK, box((0.70, 0.02, 0.50), (x, 7.17, 1.45)))
    model.add(look.SCREEN, box((0.22, 0.012, 0.14), (x - 0.15, 7.158, 1.52)))
    model.add(look.CABLE, tube([(x, 7.17, 0.6), (x, 7.12, 0.45), (x, 7.10, 0.35), (x, 7.02, 0.30)], 0.035))
    # as many strokes as its number, so that slots can be told apart
    strokes = [(x - 0.32 + 0.09 * k, 7.165, 0.92) for k in range(number + 1)]
    model.add(look.MARK_WHITE, box((0.035, 0.012, 0.20)).at(strokes))


def bridge() -> Model:
    """Two girders on end carriages."""
    model = Model("bridge")
    span, middle = RAIL_Y[1] - RAIL_Y[0], sum(RAIL_Y) / 2.0
    for y in RAIL_Y:
        model.add(look.YELLOW, box((2.2, 0.26, 0.34), (0.0, y, RAIL_Z + 0.25)))
        wheels = [(x, y, RAIL_Z + 0.14) for x in (-0.85, 0.85)]
        model.add(look.STEEL, cylinder(0.11, 0.09, axis=1).at(wheels))
        model.add(look.MOTOR, cylinder(0.10, 0.30, axis=1).moved(0.45, y - 0.28 if y < 0 else y + 0.28, RAIL_Z + 0.25))
    for x in (-0.80, 0.80):
        model.add(look.YELLOW, box((0.24, span - 0.2, 0.50), (x, middle, RAIL_Z + 0.60)))
        model.add(look.STEEL, box((0.06, span - 0.2, 0.05), (x, middle, RAIL_Z + 0.875)))
    rail = join([box((0.03, span - 0.4, 0.03), (1.0, middle, RAIL_Z + 1.55))] + [
        box((0.03, 0.03, 0.75), (1.0, RAIL_Y[0] + 0.4 + 1.6 * k, RAIL_Z + 1.2)) for k in range(7)
    ])  # fmt: skip
    model.add(look.GRAPHITE, rail)
    return model


def trolley() -> Model:
    """The crab with its drums, and the upper part of the ropes; it stands over y = 0."""
    model = Model("trolley")
    z = RAIL_Z + 0.90
    model.add(look.ORANGE, box((1.9, 0.16, 0.20), (0.0, 0.95, z + 0.12)).both_sides())
    model.add(look.ORANGE, box((0.16, 1.9, 0.20), (0.75, 0.0, z + 0.12)).both_sides(0))
    wheels = [(x, y, z + 0.07) for x in (-0.8, 0.8) for y in (-0.8, 0.8)]
    model.add(look.STEEL, cylinder(0.10, 0.08, axis=0).at(wheels))
    model.add(look.STEEL, cylinder(0.17, 1.75, axis=1, sides=28).moved(0.28, 0.0, z + 0.20).both_sides(0))
    model.add(look.MOTOR, cylinder(0.16, 0.42, axis=1, sides=24).moved(0.0, 0.55, z + 0.30))
    model.add(look.CABINET, box((0.40, 0.5, 0.45), (0.0, -0.45, z + 0.42)))
    model.add(look.CABLE, _ropes(4.45 + ROPE_Z[0], z + 0.15))
    return model


def _ropes(low: float, high: float) -> Shape:
    return cylinder(0.014, high - low, sides=8).at([(x, y, (low + high) / 2.0) for x, y in ROPES])


def rope() -> Model:
    """The middle part of the ropes: it follows the grab half way."""
    model = Model("rope")
    model.add(look.CABLE, _ropes(*ROPE_Z))
    return model


def grab() -> Model:
    """The spreader: frame, guide flaps at its corners, hooks; its underside is at the origin."""
    model = Model("grab")
    x, y, _ = PACK
    model.add(look.ORANGE, box((0.12, y - 0.1, 0.16), (x / 2 - 0.16, 0.0, 0.10)).both_sides(0))
    model.add(look.ORANGE, box((x - 0.3, 0.12, 0.16), (0.0, y / 2 - 0.20, 0.10)).both_sides())
    model.add(look.ORANGE, box((x - 0.3, 0.12, 0.16), (0.0, 0.0, 0.10)))
    for sy in (-1, 1):
        flap = [(0.0, -0.22), (0.03, -0.22), (0.10, -0.34), (0.07, -0.34), (0.0, -0.24)]
        flaps = extrude(flap, 0.22, axis=1).moved(x / 2 + 0.01, sy * 0.8, 0.0).both_sides(0)
        model.add(look.YELLOW, flaps)
        model.add(look.YELLOW, box((0.03, 0.22, 0.40), (x / 2 + 0.025, sy * 0.8, -0.02)).both_sides(0))
        model.add(look.YELLOW, box((0.16, 0.22, 0.05), (x / 2 - 0.05, sy * 0.8, 0.16)).both_sides(0))
        model.add(look.HARDENED, cylinder(0.035, 0.16).moved(0.25, sy * 0.95, -0.02).both_sides(0))
    sheaves = [(px, py, 0.25) for px, py in ROPES]
    model.add(look.STEEL, cylinder(0.09, 0.05, axis=0).at(sheaves))
    model.add(look.CABINET_DARK, box((0.34, 0.5, 0.22), (0.0, 0.42, 0.27)))
    model.add(look.CABLE, _ropes(*ROPE_Z))
    return model


def cradle() -> Model:
    """What carries the pack behind the cab: a frame on the truck's rails, guides and locks; origin on the floor."""
    model = Model("cradle")
    x, y, _ = PACK
    model.add(look.FRAME, box((0.10, y - 0.1, 0.10), (x / 2 - 0.08, 0.0, SEAT_Z - 0.05)).both_sides(0))
    model.add(look.FRAME, box((x, 0.10, 0.10), (0.0, 0.38, SEAT_Z - 0.07)).both_sides())
    model.add(look.FRAME, box((x, 0.08, 0.10), (0.0, y / 2 - 0.10, SEAT_Z - 0.05)).both_sides())
    for sy in (-1, 1):
        model.add(look.YELLOW, box((0.05, 0.10, 0.28), (x / 2 + 0.04, sy * 0.9, SEAT_Z + 0.06)).both_sides(0))
        model.add(look.HARDENED, cylinder(0.03, 0.08).moved(0.30, sy * 1.05, SEAT_Z + 0.02).both_sides(0))
    return model


def pack() -> Model:
    """The pack in its frame: two columns of boxes between posts, lifting sockets on top; origin in its middle."""
    model = Model("pack")
    x, y, z = PACK
    posts = [(sx * (x / 2 - 0.04), sy * (y / 2 - 0.04), 0.0) for sx in (-1, 1) for sy in (-1, 1)]
    model.add(look.PORTAL, box((0.08, 0.08, z)).at(posts))
    for level in (-z / 2 + 0.05, z / 2 - 0.05):
        model.add(look.PORTAL, box((0.08, y, 0.10), (x / 2 - 0.04, 0.0, level)).both_sides(0))
        model.add(look.PORTAL, box((x, 0.08, 0.10), (0.0, y / 2 - 0.04, level)).both_sides())
    for k in range(3):
        centre = -z / 2 + 0.32 + 0.47 * k
        model.add(look.HOUSING, box((x - 0.08, y - 0.12, 0.40), (0.0, 0.0, centre), bevel=0.02))
        model.add(look.HOUSING_RIB, box((x - 0.06, y - 0.10, 0.03), (0.0, 0.0, centre + 0.14)))
        model.add(look.HOUSING_RIB, box((x - 0.06, y - 0.10, 0.03), (0.0, 0.0, centre - 0.14)))
    model.add(look.SOC, box((0.008, 1.5, 0.06), (x / 2 - 0.033, 0.0, 0.235)).both_sides(0))
    model.add(look.HIGH_VOLTAGE, box((0.02, 0.30, 0.18), (x / 2 - 0.03, -0.75, -0.24)).both_sides(0))
    sockets = [(sx * 0.25, sy * 0.95, z / 2 - 0.01) for sx in (-1, 1) for sy in (-1, 1)]
    model.add(look.STEEL, box((0.16, 0.20, 0.02)).at(sockets))
    return model


PARTS = {"site": site, "bridge": bridge, "trolley": trolley, "rope": rope, "grab": grab, "cradle": cradle}
