"""The generic cell: a table, a bridge that travels along x, a slide across it, and a tool that goes up and down."""

from __future__ import annotations

from twin import palette as look
from twin.gltf import Model
from twin.mesh import box, cylinder, join

#: The bridge's underside, the length of the rails, and how far the bridge's feet stand apart.
BRIDGE_Z, RAIL_X, FEET_Y = 0.75, 1.30, 0.46


def base() -> Model:
    """Table, legs, rails, and plates that a part may lie on."""
    model = Model("base")
    legs = [(sx * 0.60, sy * 0.42, -0.40) for sx in (-1, 1) for sy in (-1, 1)]
    model.add(look.RACK_GREY, box((1.45, 1.10, 0.05), (0.0, 0.0, -0.025)))
    model.add(look.FRAME, box((0.08, 0.08, 0.75)).at(legs))
    model.add(look.ALLOY, box((RAIL_X, 0.04, 0.03), (0.0, FEET_Y, 0.015)).both_sides())
    model.add(look.TRIM, box((0.22, 0.22, 0.02), (-0.30, -0.15, 0.01)))
    model.add(look.TRIM, box((0.22, 0.22, 0.02), (0.30, -0.15, 0.01)))
    return model


def bridge() -> Model:
    """Two feet on the rails and the beam between them."""
    model = Model("bridge")
    model.add(look.FRAME, box((0.16, 0.07, 0.05), (0.0, FEET_Y, 0.055)).both_sides())
    model.add(look.ORANGE, box((0.10, 0.06, BRIDGE_Z - 0.08), (0.0, FEET_Y, 0.08 + (BRIDGE_Z - 0.08) / 2)).both_sides())
    model.add(look.ORANGE, box((0.10, 2 * FEET_Y + 0.06, 0.10), (0.0, 0.0, BRIDGE_Z + 0.05)))
    model.add(look.ALLOY, box((0.02, 2 * FEET_Y, 0.02), (0.06, 0.0, BRIDGE_Z + 0.05)))
    return model


def slide() -> Model:
    """The saddle on the beam."""
    model = Model("slide")
    model.add(look.FRAME, box((0.05, 0.16, 0.20), (0.10, 0.0, BRIDGE_Z + 0.05)))
    model.add(look.ALLOY, box((0.02, 0.03, 0.18), (0.135, 0.045, BRIDGE_Z + 0.05)).both_sides())
    return model


def tool() -> Model:
    """The column, its gripper at the tool's centre point in z."""
    model = Model("tool")
    column = box((0.05, 0.06, 0.80), (0.17, 0.0, 0.50))
    model.add(look.ALLOY, column)
    model.add(look.FRAME, join([box((0.20, 0.06, 0.05), (0.09, 0.0, 0.125)), cylinder(0.025, 0.06).moved(z=0.07)]))
    model.add(look.ORANGE, box((0.02, 0.025, 0.06), (0.0, 0.03, 0.02)).both_sides())
    return model


PARTS = {"base": base, "bridge": bridge, "slide": slide, "tool": tool}
