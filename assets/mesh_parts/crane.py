"""The stacker crane, a part for each link of ``crane.urdf``.

Base and mast have their origin on the floor in the middle of the aisle; carriage and forks have theirs at the top
surface of the fork, the forks drawn in.
"""

from __future__ import annotations

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, box, cylinder, extrude, join, soft_shadow, tube

RAIL_X = (-3.5, 6.1)
COLUMN_X = 0.64
TOP_Z = 3.55


def base() -> Model:
    """The floor rail, the upper guide rail on its posts, and the end stops."""
    model = Model("base")
    length, middle = RAIL_X[1] - RAIL_X[0], sum(RAIL_X) / 2.0
    foot = [(-0.075, 0), (0.075, 0), (0.075, 0.012), (0.012, 0.022), (0.012, 0.07), (0.034, 0.078), (0.034, 0.1)]
    foot += [(-0.034, 0.1), (-0.034, 0.078), (-0.012, 0.07), (-0.012, 0.022), (-0.075, 0.012)]
    model.add(look.STEEL, extrude(foot, length, axis=0).moved(middle))
    for k in range(13):
        model.add(look.GRAPHITE, box((0.16, 0.22, 0.02), (RAIL_X[0] + 0.3 + 0.75 * k, 0, 0.008), bevel=0.004))
    model.add(look.UPRIGHT, box((length, 0.09, 0.12), (middle, 0, TOP_Z + 0.14), bevel=0.012))
    for x in (RAIL_X[0] + 0.05, RAIL_X[1] - 0.05):
        model.add(look.UPRIGHT, box((0.12, 0.12, TOP_Z + 0.2), (x, 0, (TOP_Z + 0.2) / 2), bevel=0.012))
        model.add(look.GRAPHITE, box((0.34, 0.34, 0.02), (x, 0, 0.01), bevel=0.005))
        inward = 0.12 if x < 0 else -0.12
        model.add(look.YELLOW, box((0.12, 0.2, 0.2), (x + inward, 0, 0.2)))
        model.add(look.RUBBER, cylinder(0.055, 0.1, axis=0, sides=16).moved(x + inward * 1.8, 0, 0.22))
    # collector rail for power and data
    model.add(look.HIGH_VOLTAGE, box((length - 0.4, 0.035, 0.03), (middle, -0.2, 0.09), bevel=0.006))
    for k in range(7):
        model.add(look.GRAPHITE, box((0.03, 0.1, 0.08), (RAIL_X[0] + 0.4 + 1.45 * k, -0.17, 0.045)))
    return model


def mast() -> Model:
    """Two columns on a sole beam with drive, hoist winch, ladder and control cabinet; travels along x."""
    model = Model("mast")
    # the sole is low between the columns, where the hoist carriage comes down to 0.09 m above the floor
    model.add(look.GRAPHITE, box((0.46, 0.24, 0.16), (0.79, 0, 0.19), bevel=0.02).both_sides(0))
    model.add(look.GRAPHITE, box((1.3, 0.05, 0.05), (0, 0.095, 0.055), bevel=0.01).both_sides())
    model.add(look.GRAPHITE, box((0.08, 0.24, 0.12), (0.60, 0, 0.09), bevel=0.01).both_sides(0))
    for side in (-1, 1):
        column = box((0.17, 0.24, TOP_Z - 0.24), (side * COLUMN_X, 0, (TOP_Z + 0.24) / 2), bevel=0.014)
        model.add(look.YELLOW, column)
        model.add(
            look.STEEL, box((0.012, 0.05, TOP_Z - 0.4), (side * (COLUMN_X - 0.09), 0, (TOP_Z + 0.24) / 2), bevel=0.003)
        )
        model.add(look.STEEL, cylinder(0.13, 0.06, axis=1, sides=24).moved(side * 0.86, 0, 0.23))
        model.add(look.GRAPHITE, box((0.3, 0.3, 0.1), (side * 0.86, 0, 0.29)))
        for k in range(3):
            mark = box((0.05, 0.245, 0.07), (side * (COLUMN_X - 0.05 + 0.05 * k), 0, 0.34 + 0.09 * k), bevel=0.002)
            model.add(look.GRAPHITE, mark)
    model.add(look.YELLOW, box((2 * COLUMN_X + 0.17, 0.26, 0.14), (0, 0, TOP_Z - 0.04), bevel=0.014))
    model.add(look.GRAPHITE, box((0.5, 0.16, 0.05), (0, 0, TOP_Z + 0.05)))
    for x in (-0.2, 0.2):
        model.add(look.RUBBER, cylinder(0.05, 0.05, sides=16).moved(x, 0.075, TOP_Z + 0.12))
        model.add(look.RUBBER, cylinder(0.05, 0.05, sides=16).moved(x, -0.075, TOP_Z + 0.12))
    # travel drive and hoist winch
    model.add(look.MOTOR, cylinder(0.085, 0.3, sides=18).moved(0.86, 0.0, 0.49))
    model.add(look.MOTOR, cylinder(0.1, 0.34, axis=0, sides=18).moved(-0.93, 0.0, 0.72))
    model.add(look.GRAPHITE, box((0.1, 0.3, 0.36), (-0.76, 0, 0.72)))
    model.add(look.STEEL, cylinder(0.12, 0.14, axis=0, sides=20).moved(-0.83, 0, 0.72))
    for y in (-0.04, 0.04):
        rope = [
            (-0.83, y, 0.82),
            (-0.83, y, 2.0),
            (-0.83, y, TOP_Z - 0.02),
            (-0.76, y, TOP_Z + 0.045),
            (-0.55, y, TOP_Z + 0.05),
        ]
        model.add(look.CABLE, tube(rope, 0.008, sides=5))
        model.add(look.CABLE, tube([(-0.5, y, TOP_Z - 0.1), (-0.5, y, TOP_Z - 0.14)], 0.008, sides=5))
    model.add(look.CABINET, box((0.34, 0.5, 0.95), (0.93, 0, 1.25), bevel=0.012))
    model.add(look.CABINET_DARK, box((0.30, 0.012, 0.88), (0.93, 0.253, 1.25), bevel=0.004).both_sides())
    model.add(look.SCREEN, box((0.16, 0.008, 0.1), (0.93, -0.262, 1.5), bevel=0.002))
    model.add(look.LAMP_AMBER, cylinder(0.035, 0.08, sides=14).moved(0.93, 0, 1.77))
    # ladder
    for y in (-0.16, 0.16):
        model.add(look.STEEL, box((0.03, 0.025, 2.6), (-0.77, y, 2.25), bevel=0.005))
    for k in range(9):
        model.add(look.STEEL, box((0.022, 0.32, 0.022), (-0.77, 0, 1.1 + 0.28 * k), bevel=0.004))
    model.add(look.SHADOW, soft_shadow((1.9, 0.5), (0, 0, 0.005), fade=0.5, darkness=0.32, rings=4))
    return model


def carriage() -> Model:
    """The hoist carriage between the columns with the fixed part of the fork."""
    model = Model("carriage")
    for side in (-1, 1):
        model.add(look.GRAPHITE, box((0.07, 0.40, 0.62), (side * 0.505, 0, 0.12), bevel=0.014))
        for z in (-0.12, 0.36):
            for y in (-0.14, 0.14):
                model.add(look.RUBBER, cylinder(0.045, 0.04, axis=0, sides=14).moved(side * 0.525, y, z))
        model.add(look.YELLOW, box((0.02, 0.30, 0.06), (side * 0.468, 0, 0.36)))
        model.add(look.GRAPHITE, box((0.25, 0.16, 0.055), (side * 0.36, 0, -0.1425)))
        model.add(look.GRAPHITE, box((0.07, 1.9, 0.05), (side * 0.265, 0, -0.14), bevel=0.01))
        for y in (-0.9, 0.9):
            model.add(look.YELLOW, box((0.07, 0.1, 0.052), (side * 0.265, y, -0.14), bevel=0.008))
    model.add(look.GRAPHITE, box((0.44, 2.0, 0.045), (0, 0, -0.1425), bevel=0.01))
    model.add(look.STEEL, box((0.04, 1.96, 0.012), (0.16, 0, -0.118), bevel=0.003).both_sides(0))
    model.add(look.MOTOR, cylinder(0.05, 0.16, axis=1, sides=16).moved(0.38, 0.2, -0.10))
    model.add(look.CABLE, tube([(-0.5, 0.02, 0.42), (-0.5, 0.0, 0.5)], 0.02, sides=8).both_sides(0))
    return model


def _blade(width: float, top: float, thickness: float, rim: float) -> Shape:
    """A long flat blade with bevelled ends, 2.20 m in y."""
    outline = [
        (-1.10, top - thickness),
        (1.10, top - thickness),
        (1.10, top - 0.02),
        (1.06, top),
        (-1.06, top),
        (-1.10, top - 0.02),
    ]
    side = box((rim, 2.16, thickness * 0.6), (width / 2 - rim / 2, 0, top - thickness / 2))
    return join([extrude(outline, width - 2 * rim, axis=0), side.both_sides(0)])


def fork_mid() -> Model:
    """The middle section of the fork: moves half as far as the fork itself."""
    model = Model("fork_mid")
    model.add(look.MOTOR, _blade(0.36, -0.056, 0.05, 0.02))
    model.add(look.STEEL, box((0.03, 2.1, 0.008), (0.12, 0, -0.056), bevel=0.002).both_sides(0))
    model.add(look.CABLE, box((0.05, 2.1, 0.008), (0, 0, -0.057), bevel=0.002))
    return model


def fork() -> Model:
    """The upper section that carries a pack: 0.44 × 2.20 × 0.05 m, its top at z = 0."""
    model = Model("fork")
    model.add(look.YELLOW, _blade(0.44, -0.006, 0.044, 0.03))
    model.add(look.RUBBER, box((0.34, 0.34, 0.007), (0, 0.72, -0.0035), bevel=0.002).both_sides())
    model.add(look.RUBBER, box((0.34, 0.5, 0.007), (0, 0, -0.0035), bevel=0.002))
    for y in (-0.43, 0.43):
        for k in (-1, 0, 1):
            model.add(look.GRAPHITE, box((0.06, 0.05, 0.003), (0.13 * k, y, -0.006), bevel=0.001))
    return model


PARTS = {"base": base, "mast": mast, "carriage": carriage, "fork_mid": fork_mid, "fork": fork}
