"""The 171 kWh traction pack; frame B: the centre of its outline of 0.75 × 2.20 × 0.40 m."""

from __future__ import annotations

from twin import palette as look
from twin.gltf import Model
from twin.mesh import Shape, box, cylinder, disc, join, lathe

LOCK_POINTS = [(0.28, 0.60), (0.28, -0.60), (-0.28, 0.60), (-0.28, -0.60)]


def _socket(wide_y: float) -> Shape:
    """A raised guide socket, z 0.14 to 0.20, with a square hole of 52 mm in x and ``wide_y`` in y."""
    sx, sy, z = 0.12, wide_y + 0.068, 0.17
    walls = [box(((sx - 0.052) / 2, sy, 0.06), (s * (sx + 0.052) / 4, 0, z), bevel=0.002) for s in (-1, 1)]
    walls += [box((0.052, (sy - wide_y) / 2, 0.06), (0, s * (sy + wide_y) / 4, z), bevel=0.002) for s in (-1, 1)]
    return join(walls)


def build() -> Model:
    """Housing with ribs, sockets, lock points, connectors, label and the charge strip (material ``soc``)."""
    model = Model("pack")
    # the housing stands back 12 mm from the outline, so that ribs and rims carry the outer faces
    model.add(look.HOUSING, box((0.726, 2.17, 0.30), (0, 0, -0.035), bevel=0.014))
    model.add(look.HOUSING_RIB, box((0.75, 2.20, 0.045), (0, 0, -0.1775), bevel=0.01))
    model.add(look.HOUSING_RIB, box((0.75, 2.20, 0.036), (0, 0, 0.098), bevel=0.008))
    for k in range(10):
        y = -0.945 + 0.21 * k
        model.add(look.HOUSING_RIB, box((0.024, 0.05, 0.245), (0.362, y, -0.035), bevel=0.006).both_sides(0))
    for x in (-0.24, 0.0, 0.24):
        model.add(look.HOUSING_RIB, box((0.05, 0.018, 0.245), (x, 1.089, -0.035), bevel=0.006).both_sides())
    # lid: cross ribs and its bolts
    model.add(look.HOUSING, box((0.69, 2.1, 0.024), (0, 0, 0.123), bevel=0.008))
    for y in (-0.42, -0.14, 0.14, 0.42):
        model.add(look.HOUSING_RIB, box((0.34, 0.03, 0.012), (-0.1, y, 0.133), bevel=0.004))
    bolts = [(x, -1.04 + 0.26 * k, 0.118) for x in (-0.358, 0.358) for k in range(9)]
    model.add(look.STEEL, cylinder(0.009, 0.008, sides=6, bevel=0.002).at(bolts))
    # guide sockets: a square hole at +y, a slot along y at −y
    for y, wide in ((0.92, 0.052), (-0.92, 0.090)):
        model.add(look.STEEL, _socket(wide).moved(0, y))
        model.add(look.SOCKET, box((0.054, wide + 0.002, 0.004), (0, y, 0.139), bevel=0.001))
    # locks take hold of rings on top; keys come through bores from below
    ring = lathe(
        [(0.022, -0.005), (0.05, -0.005), (0.05, 0.003), (0.046, 0.006), (0.024, 0.006), (0.022, 0.003)], sides=20
    )
    model.add(look.HARDENED, ring.moved(z=0.134).at(LOCK_POINTS))
    model.add(look.SOCKET, disc(0.024).moved(z=0.1385).at(LOCK_POINTS))
    model.add(look.SOCKET, disc(0.03, sides=16).turned(rx=180).moved(z=-0.2).at(LOCK_POINTS))
    model.add(look.HIGH_VOLTAGE, box((0.11, 0.19, 0.036), (0.25, 0.30, 0.155)))
    model.add(look.SOCKET, box((0.07, 0.14, 0.006), (0.25, 0.30, 0.173)))
    model.add(look.COOLANT, box((0.11, 0.15, 0.03), (0.25, -0.30, 0.152)))
    model.add(look.STEEL, cylinder(0.022, 0.022, sides=14).at([(0.25, -0.34, 0.168), (0.25, -0.26, 0.168)]))
    _labels(model)
    return model


def _labels(model: Model) -> None:
    """Charge strips along both long sides and both ends, type plates and high-voltage marks."""
    model.add(look.GRILLE, box((0.012, 1.0, 0.062), (0.366, 0, 0.04), bevel=0.002).both_sides(0))
    model.add(look.SOC, box((0.008, 0.96, 0.044), (0.371, 0, 0.04), bevel=0.002).both_sides(0))
    model.add(look.GRILLE, box((0.5, 0.012, 0.062), (0, 1.091, 0.04), bevel=0.002).both_sides())
    model.add(look.SOC, box((0.46, 0.008, 0.044), (0, 1.096, 0.04), bevel=0.002).both_sides())
    model.add(look.LABEL, box((0.004, 0.30, 0.13), (0.3725, 0.735, -0.055), bevel=0.001).both_sides(0))
    model.add(look.MARK_YELLOW, box((0.004, 0.13, 0.13), (0.3725, -0.735, -0.055), bevel=0.001).both_sides(0))
    model.add(look.LABEL, box((0.18, 0.004, 0.13), (-0.12, 1.0975, -0.06), bevel=0.001).both_sides())
    model.add(look.MARK_YELLOW, box((0.11, 0.004, 0.13), (0.12, 1.0975, -0.06), bevel=0.001).both_sides())
    # on the lid, for whoever looks from above
    model.add(look.GRILLE, box((0.07, 1.44, 0.006), (0.12, 0, 0.138), bevel=0.002))
    model.add(look.SOC, box((0.05, 1.40, 0.006), (0.12, 0, 0.1405), bevel=0.002))
    for k in range(3):
        line = box((0.0045, 0.2 - 0.04 * k, 0.008), (0.3727, 0.735, -0.03 - 0.025 * k), bevel=0.001)
        model.add(look.GRILLE, line.both_sides(0))
    # lightning bolt on the yellow mark: two slanted bars
    for dy, dz in ((0.008, 0.018), (-0.008, -0.018)):
        bar = box((0.0045, 0.016, 0.05), bevel=0.001).turned(rx=-25).moved(0.3727, -0.735 + dy, -0.055 + dz)
        model.add(look.GRILLE, bar.both_sides(0))
