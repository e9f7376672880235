"""The 6×4 tractor: chassis (sprung), running gear (wheels and axles), one wheel, and the pack bracket."""

from __future__ import annotations

import math

from mesh_parts import cab
from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, arc, box, cylinder, disc, extrude, lathe, soft_shadow, tube

FRONT_AXLE_X, DRIVE_AXLES_X = 1.95, (-1.95, -3.30)
TYRE_RADIUS = 0.54
SEAT_Z = 0.53  # origin of the pack bracket above the ground, and of a seated pack


def chassis() -> Model:
    """Cab, frame and everything carried by the springs; frame T: on the ground under the middle pack position."""
    model = cab.build()
    model.name = "chassis"
    for piece in (_frame, _behind_cab, _sides, _rear, _fifth_wheel):
        piece(model)
    return model


def _frame(model: Model) -> None:
    rail = [
        (-0.04, 0.75),
        (0.04, 0.75),
        (0.04, 0.765),
        (-0.02, 0.765),
        (-0.02, 0.985),
        (0.04, 0.985),
        (0.04, 1.0),
        (-0.04, 1.0),
    ]
    model.add(look.FRAME, extrude(rail, 7.0, axis=0).moved(-0.45, 0.425).both_sides())
    for x in (-3.75, -3.0, -2.25, -1.35, -0.4, 0.4, 1.3, 2.2, 2.95):
        model.add(look.FRAME, box((0.09, 0.79, 0.15), (x, 0, 0.9)))
    bolts = [(x, 0.467, z) for x in (-3.0, -2.25, -1.35, -0.4, 0.4) for z in (0.84, 0.95)]
    model.add(look.STEEL, cylinder(0.016, 0.02, axis=1, sides=8).at(bolts).both_sides())
    # wiring and air lines along the rails
    for y, z, m in ((0.33, 0.97, look.CABLE), (0.30, 0.97, look.HIGH_VOLTAGE)):
        model.add(m, tube([(1.3, y, z), (0, y, z), (-1.6, y, z), (-2.3, y - 0.12, z - 0.02)], 0.018, sides=6))


def _behind_cab(model: Model) -> None:
    """The power electronics and cooling tower behind the cab, and the deck."""
    model.add(look.PAINT_BAND, box((0.62, 2.2, 1.5), (0.72, 0, 1.86), bevel=0.03))
    model.add(look.FRAME, box((0.7, 2.0, 0.1), (0.72, 0, 1.06)))
    for k in range(8):
        model.add(look.TRIM, box((0.44, 0.02, 0.045), (0.72, 1.1, 1.38 + 0.13 * k)).both_sides())
    model.add(look.PAINT, box((0.63, 2.206, 0.14), (0.72, 0, 2.42)))
    for y in (-0.55, 0.55):
        model.add(look.GRILLE, cylinder(0.36, 0.02, axis=0, sides=28).moved(0.405, y, 1.86))
        model.add(
            look.TRIM,
            lathe([(0.35, 0), (0.39, 0), (0.39, 0.03), (0.35, 0.03)], sides=28).turned(ry=-90).moved(0.41, y, 1.86),
        )
        model.add(look.TRIM, cylinder(0.09, 0.03, axis=0, sides=16).moved(0.395, y, 1.86))
        for k in range(4):
            blade = box((0.012, 0.62, 0.06), bevel=0.004).turned(rx=45.0 * k)
            model.add(look.FRAME, blade.moved(0.392, y, 1.86))
    for y in (-0.2, -0.08, 0.08, 0.2):
        bend = [(0.45, y, 1.2), (0.3, y, 1.18), (0.2, y, 1.1), (0.16, y, 0.98), (0.15, y, 0.9)]
        model.add(look.HIGH_VOLTAGE if abs(y) < 0.1 else look.CABLE, tube(bend, 0.028, sides=8))
    model.add(look.ALLOY, box((1.35, 0.84, 0.025), (-0.5, 0, 1.02)))
    for k in range(9):
        model.add(look.STEEL, box((0.02, 0.78, 0.008), (-1.1 + 0.15 * k, 0, 1.036)))
    # coiled air lines and the rail they hang on
    model.add(
        look.CHROME, tube([(0.36, -0.5, 2.45), (0.25, -0.5, 2.5), (0.25, 0.5, 2.5), (0.36, 0.5, 2.45)], 0.014, sides=6)
    )
    for y, m in ((-0.25, look.FIRE_RED), (0.0, look.MARK_YELLOW), (0.25, look.COOLANT)):
        coil = [(0.25 + 0.05 * math.cos(t * 1.2), y + 0.05 * math.sin(t * 1.2), 2.47 - 0.036 * t) for t in range(28)]
        model.add(m, tube([*coil, (0.1, y, 1.35), (0.0, y, 1.1)], 0.011, sides=5))


def _sides(model: Model) -> None:
    """Air tanks and boxes beside the frame, above the packs."""
    for x in (-0.95, -0.25):
        model.add(look.ALLOY, cylinder(0.13, 0.6, axis=0, sides=20, bevel=0.04).moved(x, 0.66, 0.95).both_sides())
        for dx in (-0.18, 0.18):
            strap = lathe([(0.128, -0.02), (0.134, -0.02), (0.134, 0.02), (0.128, 0.02)], sides=20).turned(ry=90)
            model.add(look.FRAME, strap.moved(x + dx, 0.66, 0.95).both_sides())
            model.add(look.FRAME, box((0.04, 0.1, 0.06), (x + dx, 0.5, 0.95)).both_sides())
    model.add(look.TRIM, box((0.55, 0.42, 0.22), (0.5, 0.74, 0.93), bevel=0.03).both_sides())
    model.add(look.INDICATOR, box((0.06, 0.015, 0.04), (0.5, 0.955, 0.95)).both_sides())
    # steps up to the deck
    model.add(look.ALLOY, box((0.3, 0.22, 0.025), (0.07, 0.86, 0.82)).both_sides())
    model.add(look.FRAME, box((0.28, 0.3, 0.03), (0.07, 0.6, 0.82)).both_sides())


def _fender(x: float) -> Shape:
    outer, inner = arc(0.625, 35, 145, steps=12), arc(0.60, 35, 145, steps=12)
    return extrude([*outer, *inner[::-1]], 0.64, axis=1).moved(x, 0.945, 0.54)


def _rear(model: Model) -> None:
    for x in DRIVE_AXLES_X:
        model.add(look.TRIM, _fender(x).both_sides())
        model.add(look.FRAME, tube([(x, 0.45, 0.95), (x, 0.7, 1.12), (x, 1.2, 1.14)], 0.02, sides=6).both_sides())
    model.add(look.RUBBER, box((0.012, 0.62, 0.5), (-3.9, 0.94, 0.62)).both_sides())
    model.add(look.FRAME, box((0.07, 2.4, 0.12), (-3.90, 0, 0.92)))
    model.add(look.FRAME, box((0.06, 0.78, 0.2), (-3.91, 0, 0.88)))
    for y, m in ((1.08, look.INDICATOR), (0.93, look.TAIL_LIGHT), (0.78, look.TAIL_LIGHT), (0.63, look.HEADLIGHT)):
        model.add(m, box((0.02, 0.13, 0.09), (-3.937, y, 0.92)).both_sides())
    model.add(look.LABEL, box((0.01, 0.44, 0.12), (-3.944, 0, 0.9)))


def _fifth_wheel(model: Model) -> None:
    hole = [(0.05 * math.cos(a), 0.05 * math.sin(a)) for a in (math.pi / 2 - k * math.pi / 6 for k in range(7))]
    outline = [
        (0.42, -0.2),
        (0.46, 0.0),
        (0.42, 0.2),
        (0.25, 0.42),
        (-0.2, 0.46),
        (-0.52, 0.34),
        (-0.5, 0.2),
        (-0.06, 0.05),
    ]
    outline += [*hole, (-0.06, -0.05), (-0.5, -0.2), (-0.52, -0.34), (-0.2, -0.46), (0.25, -0.42)]
    # built level at z = 0, tilted back a little, its top at 1.15 to 1.18 m
    model.add(look.GREASE, extrude(outline, 0.045, axis=2).turned(ry=-2.0).moved(-2.6, 0, 1.15))
    for x in (-2.85, -2.4):
        model.add(look.FRAME, box((0.12, 0.86, 0.1), (x, 0, 1.03)))
    model.add(look.STEEL, box((0.16, 0.08, 0.14), (-2.6, 0.4, 1.08)).both_sides())
    model.add(look.FRAME, box((1.1, 0.12, 0.04), (-2.6, 0.425, 1.02)).both_sides())
    model.add(look.FIRE_RED, tube([(-2.5, 0.4, 1.12), (-2.5, 0.62, 1.12), (-2.45, 0.68, 1.12)], 0.012, sides=6))


def wheel(*, dished: bool = False, plain: bool = False) -> Model:
    """One wheel, its middle at the origin, axle along y, outer face towards +y.

    Args:
        dished: the deep rim of a drive wheel.
        plain: tyre only, for the hidden inner wheel of a pair.
    """
    model = Model("wheel")
    r, w = TYRE_RADIUS, 0.15
    tread = [(0.29, -w + 0.01), (0.37, -w), (0.50, -w + 0.006), (0.53, -w + 0.035), (r, -w + 0.06)]
    if not plain:
        for z in (-0.04, 0.04):
            tread += [(r, z - 0.01), (r - 0.016, z), (r, z + 0.01)]
    tread += [(x, -z) for x, z in tread[4::-1]]
    model.add(look.TYRE, lathe(tread, sides=24 if plain else 36).turned(rx=-90))
    if plain:
        return model
    face = -0.06 if dished else 0.08
    rim = [(0.0, face + 0.03), (0.14, face + 0.03), (0.15, face), (0.235, face + 0.005), (0.255, 0.1)]
    rim += [(0.275, w - 0.012), (0.3, w - 0.01)]
    # the profile is listed from the axle outward, so seen from +y it runs top down: turned over
    model.add(look.ALLOY, lathe([(x, -z) for x, z in rim], sides=28).turned(rx=90))
    cap = [(0.08, 0.16), (0.1, 0.13), (0.1, 0.0)] if dished else [(0.07, 0.09), (0.09, 0.07), (0.095, 0.0)]
    model.add(look.FRAME, lathe([(x, -z - face) for x, z in [(0.0, cap[0][1]), *cap]], sides=18).turned(rx=90))
    nuts = [(0.17 * math.cos(t), face + 0.006, 0.17 * math.sin(t)) for t in (2 * math.pi * k / 10 for k in range(10))]
    model.add(look.CHROME, cylinder(0.017, 0.045, axis=1, sides=6, bevel=0.006).at(nuts))
    spots = [
        (0.212 * math.cos(t), face + 0.006, 0.212 * math.sin(t))
        for t in (math.pi * (2 * k + 1) / 10 for k in range(10))
    ]
    model.add(look.GRILLE, disc(0.02, sides=10).turned(rx=-90).at(spots))
    # lettering on the tyre: without it nobody sees it turn
    for turn in (0.0, 180.0):
        model.add(look.LABEL, box((0.16, 0.004, 0.022), (0, w, 0.435), bevel=0.001).turned(ry=turn))
    return model


def wheel_pair() -> Model:
    """The two wheels at one end of a drive axle; the origin is the outer one's middle, the outer face towards +y."""
    model = wheel(dished=True)
    model.name = "wheel_pair"
    model.include(wheel(plain=True), y=-0.32)
    return model


def running_gear() -> Model:
    """Axles and springs, and the soft shadow; frame T with the truck at rest. The wheels are parts of their own."""
    model = Model("running_gear")
    model.add(look.FRAME, box((0.12, 1.9, 0.12), (FRONT_AXLE_X, 0, 0.5)))
    for x in DRIVE_AXLES_X:
        model.add(look.FRAME, cylinder(0.085, 1.9, axis=1, sides=14).moved(x, 0, TYRE_RADIUS))
        model.add(look.FRAME, cylinder(0.22, 0.26, axis=0, sides=18, bevel=0.07).moved(x, 0, TYRE_RADIUS))
        for dx in (-0.34, 0.34):
            model.add(
                look.RUBBER,
                lathe([(0.0, 0), (0.1, 0), (0.125, 0.05), (0.11, 0.1), (0.125, 0.15), (0.1, 0.2), (0, 0.2)], sides=14)
                .moved(x + dx, 0.56, 0.56)
                .both_sides(),
            )
        model.add(look.FRAME, box((0.86, 0.1, 0.06), (x, 0.56, 0.53)).both_sides())
    model.add(look.FRAME, tube([(-1.65, 0, 0.56), (-1.3, 0, 0.66), (-1.2, 0, 0.8)], 0.05, sides=10))
    model.add(look.FRAME, box((1.0, 0.09, 0.05), (FRONT_AXLE_X, 0.42, 0.6)).both_sides())
    model.add(look.SHADOW, soft_shadow((6.3, 1.7), (-0.3, 0, 0.006), fade=0.75, darkness=0.5))
    return model


def bracket() -> Model:
    """What holds one pack under the frame: frame S, the seat of the pack, 0.53 m above the ground.

    Cones point down at (0, ±0.92), pads at (±0.30, ±0.75) end on the pack's top (z = 0.14), locks at (±0.28, ±0.60).
    """
    model = Model("bracket")
    for x in (-0.3, 0.3):
        model.add(look.FRAME, box((0.10, 2.08, 0.016), (x, 0, 0.211)))
        for y in (-0.775, 0.775):
            model.add(look.FRAME, box((0.08, 0.56, 0.05), (x, y, 0.243)))
    for y in (-0.92, 0.92):
        model.add(look.FRAME, box((0.70, 0.16, 0.016), (0, y, 0.212)))
    for y in (-0.47, 0.47):
        model.add(look.FRAME, box((0.66, 0.05, 0.1), (0, y, 0.268)))
    for x in (-0.25, 0.25):
        model.add(look.STEEL, cylinder(0.014, 0.02, axis=1, sides=8).moved(x, 0.5, 0.28).both_sides())
    # guide cones: 54 mm long, radius 23.5 to 9 mm, as in collision/cone.obj
    cone = lathe(
        [
            (0, -0.054),
            (0.007, -0.054),
            (0.009, -0.052),
            (0.0235, -0.012),
            (0.0235, 0.0),
            (0.04, 0.0),
            (0.04, 0.012),
            (0, 0.012),
        ],
        sides=24,
    )
    model.add(look.HARDENED, cone.moved(0, 0.92, 0.2).both_sides())
    pad = lathe(
        [(0, 0.0), (0.012, 0.002), (0.02, 0.008), (0.02, 0.03), (0.028, 0.03), (0.028, 0.065), (0, 0.065)], sides=18
    )
    corners = [(0.30, 0.75), (0.30, -0.75), (-0.30, 0.75), (-0.30, -0.75)]
    model.add(look.HARDENED, pad.moved(z=0.14).at(corners))
    locks = [(0.28, 0.60), (0.28, -0.60), (-0.28, 0.60), (-0.28, -0.60)]
    model.add(look.ORANGE, box((0.13, 0.12, 0.05), (0, 0, 0.18)).at(locks))
    model.add(
        look.STEEL, lathe([(0.026, 0), (0.038, 0), (0.038, 0.012), (0, 0.012)], sides=18).moved(z=0.145).at(locks)
    )
    model.add(look.HIGH_VOLTAGE, box((0.12, 0.2, 0.026), (0.25, 0.30, 0.192)))
    model.add(look.COOLANT, box((0.12, 0.16, 0.026), (0.25, -0.30, 0.192)))
    for y, m in ((0.30, look.HIGH_VOLTAGE), (-0.30, look.COOLANT)):
        line = [(0.25, y, 0.2), (0.2, y, 0.25), (0.0, y * 0.95, 0.29), (-0.3, y * 0.95, 0.3)]
        model.add(m, tube(line, 0.016, sides=6))
    return model
