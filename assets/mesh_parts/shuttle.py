"""The rail-guided shuttle, a part for each link of ``shuttle.urdf``.

Rails, carriage and trolley have their origin on the floor. From the lift upwards the origin is the top of the plate
(0.19 m above the floor when the lift is down), and the lock driver's is the underside of the plate.

The lift is four telescopic columns of four tubes each. The outer tube stands in the trolley, the inner one hangs from
the lift; the two between belong to ``lift_stage1`` and ``lift_stage2``, children of the trolley that rise by one and
two thirds of the lift's stroke and whose origin is the floor at the trolley's middle.
"""

from __future__ import annotations

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, box, cylinder, disc, join, lathe, soft_shadow, tube

PLATE_TOP_Z = 0.19
KEYS = [(0.28, 0.60), (0.28, -0.60), (-0.28, 0.60), (-0.28, -0.60)]
COLUMNS = [(0.11, 0.36), (0.11, -0.36), (-0.11, 0.36), (-0.11, -0.36)]
RAIL_X = 1.10


def rails() -> Model:
    """Two crane rails flush with the floor, their grooves, end buffers and the cable channel; the station's frame."""
    model = Model("rails")
    length, middle = 6.7, 2.45
    model.add(look.SOCKET, box((0.157, length, 0.004), (RAIL_X, middle, 0.0), bevel=0.001).both_sides(0))
    model.add(look.STEEL, box((0.067, length, 0.006), (RAIL_X, middle, 0.001), bevel=0.0015).both_sides(0))
    for dx in (-0.085, 0.085):
        model.add(
            look.MARK_YELLOW, box((0.016, length, 0.004), (RAIL_X + dx, middle, 0.0005), bevel=0.001).both_sides(0)
        )
    # buffers stand at the rack's end only: in the lane the tyres roll over the rails' ends
    model.add(look.YELLOW, box((0.16, 0.05, 0.075), (RAIL_X, 5.83, 0.037)).both_sides(0))
    model.add(look.RUBBER, cylinder(0.028, 0.03, axis=1, sides=14).moved(RAIL_X, 5.795, 0.045).both_sides(0))
    model.add(look.MARK_YELLOW, box((0.19, 0.05, 0.004), (RAIL_X, -0.925, 0.0005), bevel=0.001).both_sides(0))
    model.add(look.GRAPHITE, box((0.12, 4.8, 0.006), (0.0, 3.25, 0.0005), bevel=0.001))
    return model


def carriage() -> Model:
    """The frame that travels across the lane: two long beams, low ends over the rails; origin on the floor."""
    model = Model("carriage")
    model.add(look.ORANGE, box((2.40, 0.113, 0.10), (0, 0.5915, 0.083), bevel=0.016).both_sides())
    model.add(look.GRAPHITE, box((2.36, 0.045, 0.05), (0, 0.512, 0.05)).both_sides())  # the trolley's running ledge
    model.add(look.STEEL, box((2.34, 0.024, 0.006), (0, 0.512, 0.077), bevel=0.002).both_sides())
    model.add(look.GRAPHITE, box((0.055, 1.26, 0.034), (1.17, 0, 0.033)).both_sides(0))
    for x in (-RAIL_X, RAIL_X):
        model.add(look.GRAPHITE, box((0.20, 0.06, 0.09), (x, 0.614, 0.065)).both_sides())
        model.add(look.STEEL, cylinder(0.045, 0.06, axis=0, sides=20).moved(x, 0.585, 0.046).both_sides())
    # covers, drive, scanners and the yellow-black corner marks
    model.add(look.MOTOR, box((0.34, 0.085, 0.075), (-0.72, 0.592, 0.1), bevel=0.02).both_sides())
    for k in range(6):
        model.add(look.GRAPHITE, box((0.01, 0.09, 0.078), (-0.83 + 0.045 * k, 0.592, 0.1), bevel=0.003).both_sides())
    for x in (-1.1, 1.1):
        for k in range(3):
            model.add(
                look.GRAPHITE, box((0.022, 0.004, 0.07), (x - 0.06 + 0.055 * k, 0.649, 0.083), bevel=0.001).both_sides()
            )
        model.add(look.YELLOW, box((0.17, 0.003, 0.074), (x, 0.6485, 0.083), bevel=0.001).both_sides())
    model.add(look.GRAPHITE, box((0.10, 0.05, 0.05), (0.95, 0.60, 0.112)).both_sides())
    model.add(look.LAMP_AMBER, cylinder(0.016, 0.02, sides=12).moved(0.55, 0.592, 0.139).both_sides())
    model.add(look.LABEL, box((0.34, 0.003, 0.04), (0.1, 0.6495, 0.085), bevel=0.001).both_sides())
    model.add(look.CABLE, tube([(-1.1, 0.47, 0.03), (0.0, 0.46, 0.03), (1.1, 0.47, 0.03)], 0.012, sides=6).both_sides())
    model.add(look.SHADOW, soft_shadow((2.3, 1.2), (0, 0, 0.006), fade=0.25, darkness=0.45, rings=4))
    return model


def _column(radius: float, foot: float, head: float, *, collar: float = 0.006) -> Shape:
    """One tube of a column with a collar at its head."""
    rise = [
        (0.0, foot),
        (radius, foot),
        (radius, head - 0.018),
        (radius + collar, head - 0.016),
        (radius + collar, head),
    ]
    return lathe([*rise, (0.0, head)], sides=18).at(COLUMNS)


def trolley() -> Model:
    """What runs along the beams of the carriage and carries the lift; origin on the floor, 0.50 × 1.04 m."""
    model = Model("trolley")
    model.add(look.GRAPHITE, box((0.50, 0.9, 0.03), (0, 0, 0.075)))
    model.add(look.ORANGE, box((0.50, 0.045, 0.05), (0, 0.475, 0.112)).both_sides())
    model.add(look.GRAPHITE, box((0.035, 0.9, 0.05), (0.232, 0, 0.10)).both_sides(0))
    for x in (-0.19, 0.19):
        model.add(look.STEEL, cylinder(0.022, 0.028, axis=1, sides=16).moved(x, 0.512, 0.102).both_sides())
    model.add(look.GRAPHITE, _column(0.064, 0.006, 0.147))
    # pump, motor and the chain between the columns
    model.add(look.MOTOR, cylinder(0.026, 0.26, axis=1, sides=16).moved(0.12, 0.0, 0.112))
    model.add(look.STEEL, box((0.09, 0.10, 0.045), (0.12, -0.18, 0.11)))
    model.add(look.CABINET_DARK, box((0.16, 0.34, 0.04), (-0.1, 0.0, 0.108)))
    model.add(look.LAMP_GREEN, box((0.02, 0.02, 0.006), (-0.06, 0.1, 0.13), bevel=0.002))
    return model


def lift_stage1() -> Model:
    """The second tubes: raised by a third of the lift's stroke; origin as the trolley's."""
    model = Model("lift_stage1")
    model.add(look.YELLOW, _column(0.052, 0.006, 0.148, collar=0.005))
    return model


def lift_stage2() -> Model:
    """The third tubes: raised by two thirds of the lift's stroke; origin as the trolley's."""
    model = Model("lift_stage2")
    model.add(look.YELLOW, _column(0.041, 0.006, 0.149, collar=0.005))
    return model


def lift() -> Model:
    """The innermost tubes and the deck they carry; origin at the plate's top with everything down."""
    model = Model("lift")
    foot, deck = 0.006 - PLATE_TOP_Z, -0.0385
    model.add(look.HARDENED, _column(0.031, foot, deck, collar=0.0))
    for x, y in COLUMNS:
        model.add(look.GRAPHITE, box((0.11, 0.11, 0.004), (x, y, deck), bevel=0.001))
    model.add(look.ORANGE, box((0.07, 0.82, 0.004), (0.11, 0, deck), bevel=0.001).both_sides(0))
    model.add(look.ORANGE, box((0.30, 0.07, 0.004), (0, 0.2, deck), bevel=0.001).both_sides())
    return model


def turntable() -> Model:
    """The slewing ring between lift and plate."""
    model = Model("turntable")
    ring = lathe([(0.135, -0.0355), (0.175, -0.0355), (0.175, -0.0325), (0.135, -0.0325)], sides=32)
    model.add(look.STEEL, ring)
    return model


def float_x() -> Model:
    """The lower cross slide of the floating plate: two thin guides along x."""
    model = Model("float_x")
    model.add(look.HARDENED, box((0.30, 0.03, 0.0025), (0, 0.26, -0.0335), bevel=0.001).both_sides())
    return model


def float_y() -> Model:
    """The upper cross slide of the floating plate: two thin guides along y."""
    model = Model("float_y")
    model.add(look.HARDENED, box((0.03, 0.30, 0.002), (0.19, 0, -0.0312), bevel=0.001).both_sides(0))
    return model


def plate() -> Model:
    """The floating plate, 0.48 × 1.60 × 0.03 m, its top at z = 0, with the guides of the keys beside it."""
    model = Model("plate")
    model.add(look.GRAPHITE, box((0.48, 1.60, 0.024), (0, 0, -0.018), bevel=0.006))
    model.add(look.RUBBER, box((0.40, 0.16, 0.008), (0, 0.70, -0.004), bevel=0.002).both_sides())
    model.add(look.RUBBER, box((0.40, 0.50, 0.008), (0, 0, -0.004), bevel=0.002))
    model.add(look.ORANGE, box((0.484, 0.10, 0.020), (0, 0.45, -0.018), bevel=0.005).both_sides())
    for x, y in KEYS:
        model.add(look.ORANGE, box((0.09, 0.085, 0.018), (x * 0.985, y, -0.019), bevel=0.005))
        model.add(look.SOCKET, disc(0.027, sides=18).moved(x, y, -0.0095))
    model.add(look.SCREEN, box((0.03, 0.004, 0.012), (0.18, 0.7995, -0.017), bevel=0.001).both_sides())
    return model


def lock_driver() -> Model:
    """The four keys that rise through the pack to its locks; origin at the plate's underside, keys down."""
    model = Model("lock_driver")
    key = lathe([(0, -0.018), (0.021, -0.018), (0.021, 0.008), (0.017, 0.012), (0.013, 0.024), (0, 0.024)], sides=14)
    model.add(look.HARDENED, key.at(KEYS))
    tip = join(
        [box((0.034, 0.008, 0.010), (0, 0, 0.017), bevel=0.002), box((0.008, 0.034, 0.010), (0, 0, 0.017), bevel=0.002)]
    )
    model.add(look.YELLOW, tip.at(KEYS))
    return model


PARTS = {
    "rails": rails,
    "carriage": carriage,
    "trolley": trolley,
    "lift_stage1": lift_stage1,
    "lift_stage2": lift_stage2,
    "lift": lift,
    "turntable": turntable,
    "float_x": float_x,
    "float_y": float_y,
    "plate": plate,
    "lock_driver": lock_driver,
}
