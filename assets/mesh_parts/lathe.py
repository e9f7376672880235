"""The two-axis lathe: a slant bed with headstock and chuck, a saddle along the spindle, a turret across it.

All but the bed is modelled in the frame of the slope, whose origin is the middle of the chuck's face: x along the
spindle, y up the slope, z away from it. ``bed`` is in the frame of the floor below that point.
"""

from __future__ import annotations

import math

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, box, cylinder, extrude, join, tube

#: The spindle's height above the floor, the bed's inclination, and the length of the ways along x.
SPINDLE_Z, SLANT_DEG, WAYS_X = 1.15, 45.0, (-1.00, 1.75)
#: The slope's surface below the spindle, and where the two ways stand on it.
SLOPE_Z, WAYS_Y = -0.42, (0.36, 0.92)
#: Chuck: outside radius and depth. Turret: where its axis is above the tool's tip, its radius, its stations.
CHUCK_R, CHUCK_X = 0.127, 0.11
TURRET_Y, TURRET_R, STATIONS = 0.31, 0.19, 12


def _on_slope(shape: Shape) -> Shape:
    """From the slope's frame to that of the floor."""
    return shape.turned(rx=SLANT_DEG).moved(z=SPINDLE_Z)


def bed() -> Model:
    """Casting, ways, chip tray and conveyor, headstock, covers and the operator's panel."""
    model = Model("bed")
    length, middle = WAYS_X[1] - WAYS_X[0], sum(WAYS_X) / 2.0
    side = [(-0.42, 0.12), (1.50, 0.12), (1.50, 1.836), (1.28, 1.836), (-0.06, 0.496), (-0.42, 0.496)]
    model.add(look.FRAME, extrude(side, length - 0.10, axis=0).moved(middle))
    model.add(look.TRIM, box((length - 0.3, 1.70, 0.12), (middle, 0.55, 0.06)))
    for y in WAYS_Y:
        model.add(look.HARDENED, _on_slope(box((length, 0.075, 0.07), (middle, y, SLOPE_Z + 0.03))))
        model.add(look.STEEL, _on_slope(box((length, 0.045, 0.02), (middle, y, SLOPE_Z + 0.005))))
    screw = cylinder(0.022, length - 0.2, axis=0).moved(middle, sum(WAYS_Y) / 2.0, SLOPE_Z + 0.035)
    model.add(look.CHROME, _on_slope(screw))
    # what the chips fall into, and the conveyor that takes them out to the right
    tray = [(-0.74, 0.30), (-0.42, 0.16), (-0.42, 0.58), (-0.74, 0.72)]
    model.add(look.CABINET_DARK, extrude(tray, length - 0.10, axis=0).moved(middle))
    model.add(look.CABINET_DARK, box((0.95, 0.34, 0.30), (WAYS_X[1] + 0.30, -0.55, 0.24)))
    rise = [(0.0, 0.10), (0.42, 0.75), (0.42, 1.05), (-0.16, 0.28)]
    model.add(look.CABINET_DARK, extrude(rise, 0.34, axis=1).moved(WAYS_X[1] + 0.72, -0.55, 0.02))
    _headstock(model)
    _covers(model)
    return model


def _headstock(model: Model) -> None:
    """The spindle's housing on the slope, its nose at the chuck's back."""
    back = -CHUCK_X
    outline = [(-0.25, SLOPE_Z), (0.25, SLOPE_Z), (0.25, 0.10), (0.13, 0.23), (-0.13, 0.23), (-0.25, 0.10)]
    model.add(look.PORTAL, _on_slope(extrude(outline, 0.78, axis=0).moved(back - 0.06 - 0.39)))
    model.add(look.STEEL, _on_slope(cylinder(0.135, 0.06, axis=0, sides=32).moved(back - 0.03)))
    model.add(look.MOTOR, _on_slope(cylinder(0.15, 0.34, axis=0, sides=32).moved(back - 1.01)))
    model.add(look.GRILLE, _on_slope(join([_ring(0.152, 0.012, back - 0.92 - 0.05 * k) for k in range(5)])))


def _ring(radius: float, width: float, x: float) -> Shape:
    return cylinder(radius, width, axis=0, sides=32).moved(x)


def _covers(model: Model) -> None:
    """Sheet metal behind and to the left, the cabinet, the panel on its arm, and the signal lamp."""
    length, middle = WAYS_X[1] - WAYS_X[0], sum(WAYS_X) / 2.0
    model.add(look.CABINET, box((length + 0.12, 0.05, 1.95), (middle, 1.53, 1.10)))
    model.add(look.UPRIGHT, box((length + 0.12, 0.055, 0.16), (middle, 1.53, 2.00)))
    left = [(-0.74, 0.12), (1.55, 0.12), (1.55, 2.08), (1.10, 2.08), (-0.20, 1.55), (-0.74, 1.10)]
    model.add(look.CABINET, extrude(left, 0.05, axis=0).moved(WAYS_X[0] - 0.035))
    model.add(look.UPRIGHT, extrude(_band(), 0.054, axis=0).moved(WAYS_X[0] - 0.035))
    model.add(look.CABINET, box((1.30, 0.42, 1.75), (0.10, 1.79, 1.00)))
    model.add(look.CABINET_DARK, box((1.32, 0.44, 0.10), (0.10, 1.79, 0.07)))
    x = WAYS_X[1] + 0.06
    model.add(look.CABINET_DARK, tube([(x, 1.40, 1.90), (x, 0.20, 1.98), (x, -0.62, 1.90), (x, -0.66, 1.72)], 0.03))
    panel = box((0.52, 0.09, 0.66), bevel=0.015)
    model.add(look.CABINET_DARK, panel.turned(rx=-12).moved(x, -0.70, 1.42))
    model.add(look.SCREEN, box((0.40, 0.012, 0.28)).turned(rx=-12).moved(x, -0.737, 1.535))
    model.add(look.RACK_GREY, box((0.40, 0.012, 0.20)).turned(rx=-12).moved(x, -0.795, 1.255))
    model.add(look.LAMP_RED, cylinder(0.022, 0.03, axis=1).moved(x + 0.20, -0.80, 1.17))
    for name, z in ((look.LAMP_GREEN, 2.16), (look.LAMP_AMBER, 2.24), (look.LAMP_RED, 2.32)):
        model.add(name, cylinder(0.035, 0.078).moved(WAYS_X[1] - 0.15, 1.53, z))


def _band() -> list[tuple[float, float]]:
    """A coloured band along the sloping edge of the left cover."""
    return [(-0.74, 0.96), (-0.20, 1.41), (1.10, 1.94), (1.55, 1.94), (1.55, 2.08), (1.10, 2.08), (-0.20, 1.55),
            (-0.74, 1.10)]  # fmt: skip


def chuck() -> Model:
    """A three-jaw chuck, its face at x = 0."""
    model = Model("chuck")
    body = cylinder(CHUCK_R, CHUCK_X, axis=0, sides=40, bevel=0.008).moved(-CHUCK_X / 2.0)
    model.add(look.STEEL, body)
    model.add(look.GRAPHITE, join([_ring(CHUCK_R + 0.001, 0.006, -0.075), cylinder(0.04, 0.004, axis=0).moved(0.001)]))
    for k in range(3):
        jaw = join([box((0.03, 0.036, 0.075), (0.012, 0.0, 0.078)), box((0.038, 0.034, 0.03), (0.04, 0.0, 0.062))])
        model.add(look.HARDENED, jaw.turned(rx=90 + 120 * k))
    return model


def saddle() -> Model:
    """The carriage on both ways, with the cross ways on it; it stands where the tool's tip is at z = 0."""
    model = Model("saddle")
    low, high = WAYS_Y[0] - 0.10, WAYS_Y[1] + 0.42
    middle = (low + high) / 2.0
    for y in WAYS_Y:
        model.add(look.GRAPHITE, box((0.13, 0.15, 0.10), (0.0, y, SLOPE_Z + 0.075)))
        model.add(look.GRAPHITE, box((0.13, 0.15, 0.10), (0.42, y, SLOPE_Z + 0.075)))
    model.add(look.FRAME, box((0.62, high - low, 0.075), (0.21, middle, SLOPE_Z + 0.155)))
    for x in (0.02, 0.40):
        model.add(look.HARDENED, box((0.05, high - low, 0.045), (x, middle, SLOPE_Z + 0.21)))
    model.add(look.MOTOR, cylinder(0.065, 0.22, axis=1).moved(0.21, high + 0.11, SLOPE_Z + 0.20))
    # covers that ride along over the ways
    for x in (-0.36, 0.76):
        model.add(look.ALLOY, box((0.50, 0.72, 0.012), (x, sum(WAYS_Y) / 2.0, SLOPE_Z + 0.09)))
    return model


def turret() -> Model:
    """Cross slide and a turret of twelve stations; the tip of the tool that is in work is at the origin."""
    model = Model("turret")
    model.add(look.GRAPHITE, box((0.50, 0.60, 0.075), (0.21, 0.56, SLOPE_Z + 0.27)))
    model.add(look.PORTAL, box((0.34, 0.42, 0.36), (0.26, TURRET_Y + 0.12, SLOPE_Z + 0.49), bevel=0.03))
    model.add(look.MOTOR, cylinder(0.085, 0.12, axis=0, sides=28).moved(0.49, TURRET_Y + 0.06, 0.02))
    flats = [
        (TURRET_Y + TURRET_R * math.cos(a), TURRET_R * math.sin(a))
        for a in (math.radians(360 / STATIONS * (k + 0.5)) for k in range(STATIONS))
    ]
    model.add(look.STEEL, extrude(flats, 0.11, axis=0).moved(0.03))
    model.add(look.GRAPHITE, cylinder(0.10, 0.02, axis=0, sides=28).moved(-0.03, TURRET_Y))
    for k in range(STATIONS):
        held = join([_holder(k % 3), _tool(k % 3)]) if k else _first()
        model.add(look.GRAPHITE if k % 3 else look.ALLOY, held.turned(rx=360 / STATIONS * k).moved(y=TURRET_Y))
    model.add(look.ORANGE, box((0.022, 0.03, 0.008), (0.006, 0.017, 0.0)))
    return model


def _holder(kind: int) -> Shape:
    """A holder on the turret's rim, below its axis."""
    return box((0.09, 0.065, 0.075 if kind else 0.06), (0.03, -TURRET_R - 0.02, 0.0))


def _tool(kind: int) -> Shape:
    """What stands in a holder: a turning tool, a drill along the spindle, or a short bar."""
    if kind == 0:
        return box((0.024, 0.06, 0.024), (0.012, -TURRET_R - 0.06, 0.0))
    return cylinder(0.014 if kind == 1 else 0.02, 0.10, axis=0).moved(-0.055, -TURRET_R - 0.025)


def _first() -> Shape:
    """The tool in work, as long as from the rim to the origin."""
    reach = TURRET_Y - TURRET_R
    shank = box((0.026, reach - 0.03, 0.026), (0.013, -TURRET_R - reach / 2.0 + 0.012, 0.0))
    return join([box((0.09, 0.065, 0.06), (0.03, -TURRET_R - 0.02, 0.0)), shank])


PARTS = {"bed": bed, "chuck": chuck, "saddle": saddle, "turret": turret}
