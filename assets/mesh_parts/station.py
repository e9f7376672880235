"""The station around the machines. Everything is in the station frame W."""

from __future__ import annotations

import math

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, box, cylinder, extrude, grid, join, lathe, soft_shadow, tube

LANE_HALF_Y = 1.8
HALL_X, HALL_Y = (-14.0, 14.0), (-3.6, 12.2)
TRANSFER_Y, SUPPORT_TOP_Z = 4.60, 0.36
PLACES_X = (0.8, -0.8)
CLAMP_X, CLAMP_CLOSED_Y, CLAMP_STROKE_Y = 1.95, 1.05, 0.25  # at the middle of the front wheels
ENTRY_LIGHT, EXIT_LIGHT = (-9.6, -2.2), (6.0, -2.2)  # x, y of the posts
PAINT_Z = 0.0015  # paint stands this far above the floor


def _paint(size: tuple[float, float], centre: tuple[float, float]) -> Shape:
    return box((*size, 0.002), (*centre, PAINT_Z), bevel=0.0004)


def _flat(outline: list[tuple[float, float]]) -> Shape:
    return extrude(outline, 0.002).moved(z=PAINT_Z)


def lane() -> Model:
    """Floor, lane and road with their markings, wheel kerbs, drains; station frame, top at z = 0."""
    model = Model("lane")
    (x0, x1), (y0, y1) = HALL_X, HALL_Y
    model.add(
        look.CONCRETE, box((x1 - x0, y1 - LANE_HALF_Y, 0.2), ((x0 + x1) / 2, (y1 + LANE_HALF_Y) / 2, -0.1), bevel=0.004)
    )
    model.add(
        look.CONCRETE,
        box((x1 - x0, -y0 - LANE_HALF_Y, 0.2), ((x0 + x1) / 2, (y0 - LANE_HALF_Y) / 2, -0.1), bevel=0.004),
    )
    model.add(look.ASPHALT, box((x1 - x0, 2 * LANE_HALF_Y, 0.2), ((x0 + x1) / 2, 0, -0.1), bevel=0.004))
    for a, b in ((-46.0, x0), (x1, 46.0)):
        model.add(look.ASPHALT, box((b - a, 2 * LANE_HALF_Y + 1.2, 0.2), ((a + b) / 2, 0, -0.1), bevel=0.004))
        for k in range(int((b - a) / 4)):
            for y in (-2.1, 2.1):
                model.add(look.MARK_WHITE, _paint((2.2, 0.1), (a + 2 + 4 * k, y)))
    # joints of the slab
    for x in (-10.5, -7.0, -3.5, 3.5, 7.0, 10.5):
        model.add(look.GRAPHITE, _paint((0.012, y1 - LANE_HALF_Y), (x, (y1 + LANE_HALF_Y) / 2)))
        model.add(look.GRAPHITE, _paint((0.012, -y0 - LANE_HALF_Y), (x, (y0 - LANE_HALF_Y) / 2)))
    for y in (4.6, 7.0):
        model.add(look.GRAPHITE, _paint((x1 - x0, 0.012), ((x0 + x1) / 2, y)))
    _markings(model)
    _kerbs(model)
    return model


def _markings(model: Model) -> None:
    for y in (-1.72, 1.72):
        for a, b in ((-14.0, -1.45), (1.45, 14.0)):
            model.add(look.MARK_WHITE, _paint((b - a, 0.1), ((a + b) / 2, y)))
    for x in (-9.0, 9.0):  # entry and exit line
        model.add(look.MARK_WHITE, _paint((0.25, 3.2), (x, 0)))
    model.add(look.MARK_YELLOW, _paint((0.2, 3.2), (3.62, 0)))  # stop bar under the bumper of a parked truck
    arrow = [(-1.0, -0.09), (0.3, -0.09), (0.3, -0.3), (1.0, 0.0), (0.3, 0.3), (0.3, 0.09), (-1.0, 0.09)]
    for x in (-12.0, -6.8, 6.0, 12.0):
        model.add(look.MARK_WHITE, _flat([(x + u, v) for u, v in arrow]))
    # hatched keep-clear zone where the shuttle crosses
    for x in (-1.34, 1.34):
        model.add(look.MARK_YELLOW, _paint((0.07, 5.25), (x, 1.755)))
    for y in (-0.87, 4.36):
        model.add(look.MARK_YELLOW, _paint((2.75, 0.07), (0, y)))
    for k in range(9):
        y = 1.95 + 0.3 * k
        for x in (-0.52, 0.52):
            stripe = [(x - 0.42, y), (x - 0.42, y + 0.1), (x + 0.42, y + 0.22 + 0.1), (x + 0.42, y + 0.22)]
            model.add(look.MARK_YELLOW, _flat(stripe))
    # walkway to the operator's cabinet
    for y in (2.35, 3.65):
        model.add(look.MARK_YELLOW, _paint((6.0, 0.07), (-8.0, y)))


def _kerbs(model: Model) -> None:
    """Low guide kerbs beside the wheels, open where the shuttle crosses, and flush covers of the drains."""
    profile = [(-0.09, 0), (0.09, 0), (0.07, 0.1), (0.04, 0.12), (-0.04, 0.12), (-0.07, 0.1)]
    for a, b in ((-6.6, -1.6), (2.75, 4.2)):
        kerb = extrude(profile, b - a, axis=0).moved((a + b) / 2, 1.56)
        model.add(look.MARK_YELLOW, kerb.both_sides())
        n = int((b - a) / 0.5)
        for k in range(n):
            strip = extrude([(u * 1.004, v * 1.01) for u, v in profile], 0.2, axis=0)
            model.add(look.GRAPHITE, strip.moved(a + 0.25 + 0.5 * k, 1.56).both_sides())
    # flared entry of the kerbs
    flare = extrude(profile, 1.1, axis=0).turned(rz=-14).moved(-7.12, 1.69)
    model.add(look.MARK_YELLOW, flare.both_sides())
    for x in (-4.0, 5.0):
        model.add(look.GRAPHITE, _paint((0.3, 3.0), (x, 0)))
        for k in range(14):
            model.add(look.SOCKET, box((0.22, 0.05, 0.002), (x, -1.365 + 0.21 * k, PAINT_Z + 0.001), bevel=0.0004))


def transfer() -> Model:
    """The portal with both transfer places, under which the shuttle passes; station frame."""
    model = Model("transfer")
    top = 1.62
    for x in (-1.62, 1.62):
        for y in (TRANSFER_Y - 0.75, TRANSFER_Y + 0.75):
            model.add(look.PORTAL, box((0.12, 0.12, top), (x, y, top / 2), bevel=0.012))
            model.add(look.GRAPHITE, box((0.24, 0.24, 0.016), (x, y, 0.008), bevel=0.004))
            model.add(look.YELLOW, box((0.126, 0.126, 0.5), (x, y, 0.3), bevel=0.012))
            for k in range(3):
                model.add(look.GRAPHITE, box((0.128, 0.128, 0.06), (x, y, 0.14 + 0.16 * k), bevel=0.012))
        model.add(look.PORTAL, box((0.12, 1.62, 0.14), (x, TRANSFER_Y, top + 0.02), bevel=0.014))
    for y in (TRANSFER_Y - 0.75, TRANSFER_Y + 0.75):
        model.add(look.PORTAL, box((3.36, 0.14, 0.18), (0, y, top + 0.03), bevel=0.016))
        model.add(look.UPRIGHT, box((3.0, 0.146, 0.06), (0, y, top + 0.03), bevel=0.006))
    for place, name in zip(PLACES_X, ("full", "empty"), strict=True):
        _place(model, place, name, top)
    model.add(look.SHADOW, soft_shadow((2.9, 1.3), (0, TRANSFER_Y, 0.0045), fade=0.6, darkness=0.3))
    return model


def _place(model: Model, x: float, name: str, top: float) -> None:
    """Hangers of one place with a ledge on each and a domed support at each corner."""
    for side in (-1, 1):
        hanger_x = x + side * 0.46
        for y in (-0.75, 0.75):
            model.add(
                look.UPRIGHT,
                box((0.04, 0.16, top - 0.27), (hanger_x, TRANSFER_Y + y, (top + 0.27) / 2 + 0.02), bevel=0.008),
            )
            model.add(
                look.HARDENED,
                box((0.15, 0.14, 0.022), (x + side * 0.385, TRANSFER_Y + y, SUPPORT_TOP_Z - 0.028), bevel=0.005),
            )
            rib = extrude([(0, 0), (0.11, 0), (0, 0.16)], 0.014, axis=1)
            rib = (rib.mirrored(0) if side > 0 else rib).moved(
                x + side * 0.44, TRANSFER_Y + y + 0.078, SUPPORT_TOP_Z - 0.016
            )
            model.add(look.UPRIGHT, rib)
            dome = lathe([(0.032, -0.02), (0.03, -0.007), (0.018, -0.0015), (0, 0)], sides=16)
            model.add(look.HARDENED, dome.moved(x + side * 0.33, TRANSFER_Y + y, SUPPORT_TOP_Z))
            model.add(look.ORANGE, box((0.03, 0.16, 0.1), (x + side * 0.43, TRANSFER_Y + y, 0.44), bevel=0.006))
        model.add(look.UPRIGHT, box((0.04, 1.9, 0.1), (hanger_x, TRANSFER_Y, 0.335), bevel=0.01))
        model.add(look.UPRIGHT, box((0.035, 1.5, 0.05), (hanger_x, TRANSFER_Y, 0.95), bevel=0.008))
        # light barrier at each hanger
        model.add(look.CABINET_DARK, box((0.03, 0.05, 0.08), (x + side * 0.43, TRANSFER_Y - 0.6, 0.55), bevel=0.008))
    model.add(look.CABINET_DARK, box((0.34, 0.02, 0.16), (x, TRANSFER_Y - 0.83, top + 0.2), bevel=0.006))
    lamp = look.LAMP_SLOT.named(f"lamp_{name}")
    model.add(lamp, box((0.28, 0.012, 0.05), (x, TRANSFER_Y - 0.842, top + 0.2), bevel=0.004))


def clamp_left() -> Model:
    """The wheel clamp on the left (+y), drawn open; its frame is the station's and moves by −0.25 m in y to close.

    Closed, the pad stands at the outer side of the front tyre (y = 1.20).
    """
    model = Model("clamp_left")
    part = Model("clamp_left")
    part.add(look.YELLOW, box((0.62, 0.09, 0.20), (0, 0.215, 0.29), bevel=0.02))
    part.add(look.RUBBER, box((0.54, 0.022, 0.15), (0, 0.161, 0.29), bevel=0.006))
    for x in (-0.22, 0.0, 0.22):
        part.add(look.GRAPHITE, box((0.07, 0.094, 0.204), (x, 0.216, 0.29), bevel=0.02))
    rods = cylinder(0.032, 0.55, axis=1, sides=16).at([(-0.17, 0.505, 0.27), (0.17, 0.505, 0.27)])
    part.add(look.HARDENED, rods)
    part.add(look.GRAPHITE, box((0.50, 0.20, 0.12), (0, 0.25, 0.13), bevel=0.012))
    part.add(look.GRAPHITE, box((0.10, 0.24, 0.05), (0, 0.26, 0.045), bevel=0.01).at([(-0.2, 0), (0.2, 0)]))
    model.include(part, x=CLAMP_X, y=CLAMP_CLOSED_Y + CLAMP_STROKE_Y)
    return model


def clamp_right() -> Model:
    """The wheel clamp on the right (−y): the mirror image of the left one, closing by +0.25 m."""
    model = Model("clamp_right")
    for material, shapes in clamp_left().shapes.items():
        model.add(material, join(shapes).mirrored())
    return model


def clamp_base() -> Model:
    """The fixed housings the clamps slide out of, both sides; station frame."""
    model = Model("clamp_base")
    model.add(look.GRAPHITE, box((0.62, 0.34, 0.36), (1.95, 1.98, 0.19), bevel=0.02).both_sides())
    model.add(look.YELLOW, box((0.624, 0.345, 0.07), (1.95, 1.98, 0.31), bevel=0.02).both_sides())
    model.add(
        look.STEEL, box((0.06, 0.55, 0.014), (1.95, 1.62, 0.007), bevel=0.004).at([(-0.2, 0), (0.2, 0)]).both_sides()
    )
    model.add(look.LAMP_AMBER, cylinder(0.03, 0.05, sides=14).moved(1.95, 1.98, 0.39).both_sides())
    return model


def entry_light() -> Model:
    """The light at which a truck waits to drive in; station frame."""
    return _light("entry_light", ENTRY_LIGHT)


def exit_light() -> Model:
    """The light that lets a truck out; station frame."""
    return _light("exit_light", EXIT_LIGHT)


def _light(name: str, foot: tuple[float, float]) -> Model:
    """A lane light on its post, lenses towards −x where the driver comes from."""
    model = Model(name)
    model.add(look.CABINET_DARK, cylinder(0.05, 2.35, sides=18, bevel=0.01).moved(0, 0, 1.175))
    model.add(look.GRAPHITE, box((0.3, 0.3, 0.03), (0, 0, 0.015)))
    model.add(look.YELLOW, cylinder(0.06, 0.5, sides=18, bevel=0.01).moved(0, 0, 0.45))
    model.add(look.GRILLE, box((0.20, 0.34, 0.98), (-0.02, 0, 2.82), bevel=0.03))
    model.add(look.CABINET, box((0.012, 0.42, 1.06), (0.05, 0, 2.82), bevel=0.005))
    for z, lens in ((3.12, look.LAMP_RED), (2.82, look.LAMP_AMBER), (2.52, look.LAMP_GREEN)):
        dome = lathe([(0.115, 0), (0.1, 0.022), (0.06, 0.04), (0.0, 0.047)], sides=24).turned(ry=-90)
        model.add(lens, dome.moved(-0.122, 0, z))
        hood = [(math.cos(math.radians(t)) * 0.128, math.sin(math.radians(t)) * 0.128) for t in range(0, 181, 20)]
        # a smaller one on the back tells people in the station what the driver sees
        model.add(lens, cylinder(0.07, 0.02, axis=0, sides=20, bevel=0.006).moved(0.086, 0, z))
        inner = [(y * 0.94, v * 0.94) for y, v in hood[::-1]]
        model.add(look.GRILLE, extrude([*hood, *inner], 0.16, axis=0).moved(-0.19, 0, z))
    model.add(look.SHADOW, soft_shadow((0.14, 0.14), (0, 0, 0.004), fade=0.25, darkness=0.35, rings=3))
    there = Model(name)
    there.include(model, x=foot[0], y=foot[1])
    return there


def _wire(x: float, low: float, high: float) -> Shape:
    """A thin upright wire, three-sided: a fence has hundreds of them."""
    ring = [(0.0045 * math.cos(t), 0.0045 * math.sin(t)) for t in (0.5, 0.5 + 2 * math.pi / 3, 0.5 + 4 * math.pi / 3)]
    return grid([[(x + a, b, z) for a, b in ring[::-1]] for z in (low, high)], closed=True)


def _panel(start: tuple[float, float], end: tuple[float, float], height: float = 1.9) -> tuple[Shape, Shape, Shape]:
    """One fence panel: wires, frame with post at its start, and the foot."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length, turn = math.hypot(dx, dy), math.degrees(math.atan2(dy, dx))
    n = int(length / 0.1)
    wires = [_wire(length * (k + 0.5) / n, 0.19, height - 0.03) for k in range(n)]
    rails = [box((length - 0.06, 0.018, 0.024), (length / 2, 0, z), bevel=0.004) for z in (0.19, 1.05, height - 0.03)]
    post = [box((0.06, 0.06, height + 0.02), (0, 0, (height + 0.02) / 2), bevel=0.008)]
    foot = [box((0.15, 0.15, 0.012), (0, 0, 0.006), bevel=0.003)]
    placed = [join(s).turned(rz=turn).moved(*start) for s in ([*wires, *rails], post, foot)]
    return placed[0], placed[1], placed[2]


def fence() -> Model:
    """The guard fence along the lane and around the aisle, open where the shuttle passes; station frame."""
    model = Model("fence")
    y0, y1, x0, x1, gap = 2.3, 11.6, -4.2, 6.9, 1.85
    runs = [((x0, y0), (-gap, y0)), ((gap, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x0, y1), (x0, y0))]
    for (ax, ay), (bx, by) in runs:
        count = max(1, round(math.hypot(bx - ax, by - ay) / 1.5))
        for k in range(count):
            a = (ax + (bx - ax) * k / count, ay + (by - ay) * k / count)
            b = (ax + (bx - ax) * (k + 1) / count, ay + (by - ay) * (k + 1) / count)
            mesh, post, foot = _panel(a, b)
            model.add(look.MESH_DARK, mesh)
            model.add(look.YELLOW, post)
            model.add(look.GRAPHITE, foot)
    # light curtains at both sides of the shuttle's passage
    for x in (-gap, gap):
        model.add(look.YELLOW, box((0.09, 0.1, 1.3), (x, y0, 0.65), bevel=0.012))
        inward = 0.046 if x < 0 else -0.046
        model.add(look.GRILLE, box((0.006, 0.05, 1.15), (x + inward, y0, 0.67), bevel=0.002))
    # gate with its switch on the side of the operator's cabinet
    model.add(look.YELLOW, box((0.05, 0.95, 0.05), (-4.2, 5.8, 1.9), bevel=0.008))
    model.add(look.FIRE_RED, box((0.07, 0.06, 0.14), (-4.24, 4.9, 1.15), bevel=0.012))
    return model


def cabinet() -> Model:
    """The operator's cabinet with desk, screens, stop button and signal tower; station frame, at (−5, 3)."""
    model = Model("cabinet")
    body = Model("cabinet")
    body.add(look.CABINET, box((0.62, 0.9, 1.02), (0, 0, 0.56), bevel=0.02))
    body.add(look.GRAPHITE, box((0.58, 0.86, 0.06), (0, 0, 0.03)))
    body.add(look.CABINET_DARK, box((0.012, 0.8, 0.82), (-0.31, 0, 0.52), bevel=0.004))
    desk = extrude([(-0.42, 1.02), (-0.40, 0.98), (0.31, 1.0), (0.31, 1.22), (0.18, 1.22)], 0.96, axis=1)
    body.add(look.CABINET_DARK, desk)
    tilt = {"ry": -18.4}
    for y, colour in ((-0.30, look.LAMP_GREEN), (-0.2, look.LAMP_AMBER), (-0.1, look.COOLANT), (0.0, look.LABEL)):
        body.add(colour, cylinder(0.026, 0.03, sides=14).turned(**tilt).moved(-0.20, y, 1.107))
    body.add(look.YELLOW, cylinder(0.062, 0.016, sides=20).turned(**tilt).moved(-0.17, 0.3, 1.115))
    body.add(look.FIRE_RED, cylinder(0.043, 0.06, sides=20).turned(**tilt).moved(-0.177, 0.3, 1.14))
    body.add(look.GRAPHITE, box((0.06, 0.08, 0.42), (0.24, 0, 1.4)))
    for y, turn in ((-0.32, 10.0), (0.32, -10.0)):
        body.add(look.GRILLE, box((0.035, 0.6, 0.38), bevel=0.012).turned(ry=-8, rz=turn).moved(0.2, y, 1.62))
        body.add(
            look.SCREEN,
            box((0.006, 0.55, 0.32), bevel=0.002).turned(ry=-8, rz=turn).moved(0.1805, y + turn * 0.0003, 1.617),
        )
    body.add(look.STEEL, cylinder(0.015, 0.5, sides=10).moved(0.24, 0.40, 1.42))
    for z, lamp in ((1.93, look.LAMP_GREEN), (2.02, look.LAMP_AMBER), (2.11, look.LAMP_RED)):
        body.add(lamp, cylinder(0.038, 0.082, sides=18, bevel=0.008).moved(0.24, 0.40, z))
    body.add(look.STEEL, cylinder(0.015, 0.3, sides=10).moved(0.24, 0.40, 1.78))
    body.add(look.SHADOW, soft_shadow((0.6, 0.9), (0, 0, 0.004), fade=0.35, darkness=0.45, rings=4))
    body.add(look.RUBBER, box((0.8, 1.1, 0.012), (-0.85, 0, 0.006), bevel=0.004))
    model.include(body, x=-5.0, y=3.0)
    # cable duct to the fence
    model.add(look.STEEL, box((0.5, 0.12, 0.05), (-4.5, 3.0, 0.025), bevel=0.008))
    model.add(look.CABLE, tube([(-4.7, 3.0, 0.2), (-4.6, 3.0, 0.08), (-4.4, 3.0, 0.06)], 0.02, sides=6))
    return model


PARTS = {
    "lane": lane,
    "transfer": transfer,
    "clamp_base": clamp_base,
    "clamp_left": clamp_left,
    "clamp_right": clamp_right,
    "entry_light": entry_light,
    "exit_light": exit_light,
    "fence": fence,
    "cabinet": cabinet,
}
