"""The cab of the 6×4 tractor: a cab-over with sleeper, drawn as pieces of one rounded skin."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, arc, box, cylinder, extrude, grid, join, patch, tube

REAR_X = 1.15
HALF_WIDTH = 1.235
CORNER = 0.20
FLAT = HALF_WIDTH - CORNER  # half the flat part of the front
FLOOR_Z = 1.13
ROOF_Z = 3.52
BUMPER_Z = 0.34
WHEEL_X = 1.95


def front_x(z: float) -> float:
    """Where the front skin stands at height z: upright below the windscreen, raked above."""
    rake = max(0.0, z - 1.95)
    return 3.325 - 0.055 * max(0.0, (1.0 - z)) ** 1.5 - 0.085 * rake - 0.045 * rake**2


def skin(s: float, z: float, out: float = 0.0) -> tuple[float, float, float]:
    """A point of the skin, ``s`` metres along it from the middle of the front towards +y, ``out`` metres above it."""
    side = 1.0 if s >= 0 else -1.0
    s = abs(s)
    flat, bend = FLAT, CORNER * math.pi / 2.0
    centre_x = front_x(z) - CORNER
    if s <= flat:
        bow = 0.05 * (s / flat) ** 2  # the front is slightly bowed; the corner takes it up
        return front_x(z) + out - bow * (1.0 - CORNER), side * s, z
    bow = 0.05 * (1.0 - CORNER)
    if s <= flat + bend:
        a = (s - flat) / CORNER
        x = centre_x + (CORNER + out) * math.cos(a) - bow * math.cos(a)
        return x, side * (flat + (CORNER + out) * math.sin(a)), z
    return centre_x - (s - flat - bend), side * (flat + CORNER + out), z


def side_s(x: float, z: float) -> float:
    """The skin coordinate of the side at x."""
    return FLAT + CORNER * math.pi / 2.0 + front_x(z) - CORNER - x


def _net(lines: Sequence[Sequence[tuple[float, float]]], out: float) -> Shape:
    """A piece of skin through (s, z) points: rows along the skin, columns upward."""
    return grid([[skin(s, z, out) for s, z in line] for line in lines])


def _across(s0: float, s1: float, z0: float, z1: float, out: float, *, m: int = 2) -> Shape:
    """A piece of the front between two skin coordinates and two heights; it bends where the skin bends."""
    bends = [f * FLAT for f in (0.0, 0.3, 0.6, 0.85, 1.0)]
    bends += [FLAT + CORNER * math.pi / 10.0 * i for i in range(1, 6)]
    inner = sorted({s for b in bends for s in (-b, b) if s0 + 0.02 < s < s1 - 0.02})
    return patch(lambda s, z: skin(s, z, out), [s0, *inner, s1], list(np.linspace(z0, z1, m)))


def _side(
    x0: float, x1: float, z0: float, z1: float, out: float, *, lean: float = 0.0, n: int = 3, m: int = 4
) -> Shape:
    """A piece of the left side between two x; ``lean`` moves the front edge back by metres over its height."""
    lines = []
    for k in range(n):
        line = []
        for z in np.linspace(z0, z1, m):
            front = x1 - lean * (z - z0) / (z1 - z0)
            x = front + (x0 - front) * k / (n - 1)
            line.append((side_s(x, z), float(z)))
        lines.append(line)
    return _net(lines, out)


def _shell(model: Model) -> None:
    heights = [FLOOR_Z, 1.5, 1.95, 2.2, 2.5, 2.8, 3.1, 3.35, ROOF_Z]
    rows = []
    s_half = [0.0, 0.3, 0.6, 0.85, 1.0]
    for k in range(30):
        line = []
        for z in heights:
            flat, bend, end = FLAT, CORNER * math.pi / 2, side_s(REAR_X + 0.04, z)
            path = [f * flat for f in s_half] + [flat + bend * i / 5 for i in range(1, 6)]
            path += [flat + bend + (end - flat - bend) * f for f in (0.25, 0.5, 0.75, 0.97, 1.0)]
            full = [-s for s in path[::-1]] + path
            line.append(skin(full[k], z))
        rows.append(line)
    model.add(look.PAINT, grid(rows))
    # roof: the skin's upper edge drawn in and up, then closed
    edge = [row[-1] for row in rows]
    crown = [
        [(x - k_in * (1 if x > 1.3 else -0.2), y * (1 - k_in * 0.55), z + up) for x, y, z in edge]
        for k_in, up in ((0.0, 0.0), (0.035, 0.045), (0.1, 0.075), (0.3, 0.095))
    ]
    crown.append([(x * 0.2 + 0.8 * 2.0, 0.0, ROOF_Z + 0.1) for x, _, _ in edge])
    model.add(look.PAINT, grid(np.swapaxes(np.array(crown), 0, 1)))
    model.add(
        look.PAINT,
        box((0.09, 2 * HALF_WIDTH - 0.004, ROOF_Z - FLOOR_Z + 0.04), (REAR_X + 0.045, 0, (FLOOR_Z + ROOF_Z) / 2)),
    )
    model.add(look.TRIM, box((2.05, 2.36, 0.06), (2.2, 0, FLOOR_Z)))


def _windows(model: Model) -> None:
    model.add(look.TRIM, _across(-1.19, 1.19, 1.99, 3.0, 0.004, m=7))
    model.add(look.GLASS, _across(-1.13, 1.13, 2.06, 2.93, 0.008, m=7))
    model.add(look.GLASS, _side(2.06, 2.93, 2.05, 2.85, 0.008, lean=0.13).both_sides())
    model.add(look.TRIM, _side(2.02, 2.97, 2.0, 2.9, 0.004, lean=0.14).both_sides())
    model.add(look.TRIM, _side(1.36, 1.84, 2.27, 2.8, 0.004).both_sides())
    model.add(look.GLASS, _side(1.40, 1.80, 2.31, 2.76, 0.008).both_sides())
    # the seams of the door, its handle, and the sleeper's locker
    seams = [
        _side(1.955, 1.97, 1.16, 3.05, 0.003),
        _side(3.035, 3.05, 1.16, 1.95, 0.003),
        _side(1.97, 3.04, 1.16, 1.175, 0.003),
        _side(1.25, 1.86, 1.35, 1.36, 0.003),
        _side(1.25, 1.86, 1.82, 1.83, 0.003),
    ]
    model.add(look.TRIM, join(seams).both_sides())
    model.add(look.TRIM, box((0.2, 0.03, 0.045), (2.15, HALF_WIDTH + 0.014, 1.86)).both_sides())
    # sun visor and wipers
    spread = [-1.06, -0.88, -0.6, -0.3, 0.0, 0.3, 0.6, 0.88, 1.06]
    visor = patch(lambda s, t: skin(s, 3.09 - 0.09 * t, 0.01 + 0.11 * t), spread, [1.0, 0.0])
    model.add(look.TRIM, visor, Shape(visor.points, -visor.normals, visor.triangles[:, ::-1]).moved(z=-0.006))
    for y in (-0.62, 0.1):
        wiper = [skin(y, 2.02, 0.03), skin(y + 0.3, 2.12, 0.028), skin(y + 0.72, 2.2, 0.022)]
        model.add(look.GRILLE, tube(wiper, 0.009, sides=5))


def _band(model: Model) -> None:
    """A white band that rises towards the rear along both sides, with a thin second line over it."""
    for lower, width in ((1.42, 0.2), (1.68, 0.045)):
        lines = []
        for x in np.linspace(3.02, REAR_X + 0.06, 9):
            z = lower + 0.10 * (3.02 - float(x)) ** 1.35
            lines.append([(side_s(float(x), z), z), (side_s(float(x), z + width), z + width)])
        model.add(look.PAINT_BAND, _net(lines, 0.0045).both_sides())


def _face(model: Model) -> None:
    model.add(look.GRILLE, _across(-0.93, 0.93, 1.2, 1.87, 0.006, m=3))
    for z in (1.27, 1.37, 1.47, 1.57):
        model.add(look.TRIM, _across(-0.88, 0.88, z, z + 0.055, 0.022))
    model.add(look.CHROME, _across(-0.9, 0.9, 1.655, 1.69, 0.02))
    model.add(look.CHROME, cylinder(0.095, 0.03, axis=0, sides=24).moved(front_x(1.76) + 0.012, 0, 1.765))
    model.add(look.PAINT, cylinder(0.075, 0.03, axis=0, sides=24).moved(front_x(1.76) + 0.018, 0, 1.765))
    # lower face: its own piece of skin down to the bumper's edge, ending before the wheel
    z_rows = [BUMPER_Z, 0.42, 0.6, 0.9, FLOOR_Z + 0.01]
    inset = [0.05, 0.0, 0.0, 0.0, 0.0]
    lines = []
    for f in np.linspace(-1, 1, 27):
        lines.append([skin(float(f) * side_s(2.58, z), z, -i) for z, i in zip(z_rows, inset, strict=True)])
    model.add(look.PAINT, grid(lines))
    model.add(look.TRIM, box((0.66, 2.36, 0.05), (2.92, 0, BUMPER_Z + 0.04)))
    model.add(look.TRIM, box((0.03, 0.3, 0.76), (2.59, HALF_WIDTH - 0.16, 0.74)).both_sides())
    model.add(look.TRIM, _across(-1.22, 1.22, 0.40, 0.56, 0.006))
    model.add(look.GRILLE, _across(-0.62, 0.62, 0.62, 0.93, 0.006))
    for z in (0.67, 0.75, 0.83):
        model.add(look.TRIM, _across(-0.58, 0.58, z, z + 0.03, 0.016))
    model.add(look.LABEL, box((0.012, 0.46, 0.13), (front_x(0.48) + 0.012, 0, 0.48)))
    model.add(look.GRILLE, _across(0.69, 1.27, 0.69, 0.97, 0.004).both_sides())
    for y in (0.80, 0.97):
        x = skin(y, 0.8)[0]
        model.add(look.CHROME, cylinder(0.075, 0.03, axis=0, sides=20).moved(x + 0.002, y, 0.81).both_sides())
        model.add(look.HEADLIGHT, cylinder(0.058, 0.03, axis=0, sides=20).moved(x + 0.008, y, 0.81).both_sides())
    model.add(look.HEADLIGHT, _across(0.71, 1.14, 0.915, 0.95, 0.010).both_sides())
    model.add(look.HEADLIGHT, _across(0.78, 1.0, 0.46, 0.52, 0.012).both_sides())
    model.add(look.INDICATOR, _across(1.08, 1.24, 0.73, 0.89, 0.007).both_sides())
    # steps into the cab: recesses with bright treads, ahead of the wheel
    for z in (0.52, 0.82):
        model.add(look.GRILLE, _side(2.66, 3.02, z - 0.1, z + 0.12, 0.004, m=2).both_sides())
        model.add(look.ALLOY, box((0.34, 0.06, 0.03), (2.84, HALF_WIDTH - 0.012, z - 0.07)).both_sides())


def _arches(model: Model) -> None:
    ring = arc(0.64, 22, 158, steps=12)
    inner = arc(0.60, 22, 158, steps=12)
    outline = [*ring, *inner[::-1]]
    model.add(look.TRIM, extrude(outline, 0.40, axis=1).moved(WHEEL_X, 1.065, 0.54).both_sides())
    model.add(look.TRIM, box((0.2, 0.36, 0.5), (1.25, 1.06, 0.93)).both_sides())
    # panel over the wheel, up to the cab's floor
    model.add(look.PAINT, box((1.4, 0.05, 0.1), (1.88, HALF_WIDTH - 0.03, 1.16)).both_sides())


def _roof(model: Model) -> None:
    """The air deflector: sections across x with rounded shoulders."""
    rows = []
    for x in np.linspace(2.98, 1.2, 10):
        t = (2.98 - x) / 1.78
        height, width = 0.02 + 0.275 * math.sin(t * math.pi / 2) ** 1.2, 0.55 + 0.56 * min(1.0, t * 2.2) ** 0.6
        line = []
        for a in np.linspace(0, math.pi, 17):
            c, s = math.cos(a), math.sin(a)
            y = width * math.copysign(abs(c) ** 0.45, c)
            line.append((x, y, ROOF_Z + 0.07 + height * abs(s) ** 0.45))
        rows.append(line)
    model.add(look.PAINT, grid(np.array(rows)))
    back = [(y, z) for _, y, z in rows[-1]]
    model.add(look.TRIM, extrude([*back, (-1.11, ROOF_Z), (1.11, ROOF_Z)], 0.02, axis=0).moved(1.2))
    for y in (-0.7, -0.35, 0.0, 0.35, 0.7):
        model.add(look.INDICATOR, box((0.07, 0.1, 0.035), (3.02 - 0.05 * abs(y), y, ROOF_Z + 0.055)))


def _mirrors(model: Model) -> None:
    arm = [
        (2.98, 1.2, 2.72),
        (3.1, 1.32, 2.7),
        (3.14, 1.38, 2.62),
        (3.14, 1.38, 2.2),
        (3.1, 1.3, 2.08),
        (3.0, 1.22, 2.06),
    ]
    model.add(look.TRIM, tube(arm, 0.016, sides=6).both_sides())
    model.add(look.TRIM, box((0.11, 0.2, 0.42), (3.13, 1.375, 2.48), bevel=0.03).both_sides())
    model.add(look.TRIM, box((0.11, 0.2, 0.18), (3.13, 1.375, 2.17), bevel=0.03).both_sides())
    model.add(look.CHROME, box((0.01, 0.165, 0.37), (3.073, 1.375, 2.48)).both_sides())
    model.add(look.CHROME, box((0.01, 0.165, 0.14), (3.073, 1.375, 2.17)).both_sides())


def build() -> Model:
    """The cab in the truck's chassis frame, x from 1.15 to 3.35 m."""
    model = Model("cab")
    for piece in (_shell, _windows, _band, _face, _arches, _roof, _mirrors):
        piece(model)
    return model
