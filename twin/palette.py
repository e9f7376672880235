"""The named materials of the shipped meshes: one table, so that a part looks the same wherever it is drawn.

Colours are written as sRGB hex, the way a person picks them; glTF stores them linear and ``Material.linear`` converts.
Some names are seams for a viewer, which may recolour them from signals: ``soc`` (charge strip of a pack), ``lamp_red``,
``lamp_amber``, ``lamp_green``, ``lamp_<slot>`` (strip above a rack slot), and ``shadow`` (drawn blended, no lighting).
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Material:
    """A glTF metallic-roughness material.

    Args:
        name: name in the file; one name is one look everywhere.
        srgb: colour as ``#rrggbb``.
        metallic, roughness: 0..1.
        blended: drawn see-through, with the opacity of its vertex colours.
        emission: 0..1, how much of its own colour it gives off.
    """

    name: str
    srgb: str
    metallic: float = 0.0
    roughness: float = 0.6
    blended: bool = False
    emission: float = 0.0

    @property
    def linear(self) -> tuple[float, float, float]:
        """The colour as linear RGB, 0..1 (sRGB transfer function, IEC 61966-2-1)."""
        parts = (int(self.srgb[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return round(r, 5), round(g, 5), round(b, 5)

    def named(self, name: str) -> Material:
        """The same look under another name, for a part that is recoloured by itself."""
        return replace(self, name=name)


# Truck
PAINT = Material("paint", "#2160bf", 0.2, 0.32)
PAINT_BAND = Material("paint_band", "#f2f5f7", 0.05, 0.35)
GLASS = Material("glass", "#263644", 0.4, 0.06)
TRIM = Material("trim", "#2a2f35", 0.0, 0.7)
GRILLE = Material("grille", "#1a1d21", 0.3, 0.5)
FRAME = Material("frame", "#434a52", 0.4, 0.55)
CHROME = Material("chrome", "#c9ced3", 0.85, 0.25)
ALLOY = Material("alloy", "#aab1b8", 0.75, 0.38)
TYRE = Material("tyre", "#242629", 0.0, 0.92)
HEADLIGHT = Material("headlight", "#f7fbff", 0.1, 0.1, emission=0.35)
INDICATOR = Material("indicator", "#ff9a1f", 0.0, 0.3, emission=0.2)
TAIL_LIGHT = Material("tail_light", "#c4161c", 0.0, 0.3, emission=0.2)
GREASE = Material("grease", "#2a2b2a", 0.7, 0.3)

# Packs and what holds them
HOUSING = Material("housing", "#3a4047", 0.45, 0.48)
HOUSING_RIB = Material("housing_rib", "#4b525a", 0.5, 0.45)
SOC = Material("soc", "#16b8a6", 0.0, 0.4, emission=0.45)
LABEL = Material("label", "#eef1f3", 0.0, 0.6)
HIGH_VOLTAGE = Material("high_voltage", "#f07d16", 0.0, 0.5)
COOLANT = Material("coolant", "#2f80d0", 0.1, 0.45)
STEEL = Material("steel", "#9aa2aa", 0.8, 0.35)
HARDENED = Material("hardened", "#d4d8db", 0.9, 0.22)
SOCKET = Material("socket", "#0e1012", 0.1, 0.8)

# Robots
ORANGE = Material("signal_orange", "#f26a1b", 0.1, 0.42)
YELLOW = Material("signal_yellow", "#f4b60d", 0.1, 0.42)
GRAPHITE = Material("graphite", "#353b42", 0.35, 0.5)
RUBBER = Material("rubber", "#1f2124", 0.0, 0.9)
CABLE = Material("cable", "#17191c", 0.0, 0.75)
MOTOR = Material("motor", "#56616c", 0.5, 0.45)

# Station
CONCRETE = Material("concrete", "#c9cbc8", 0.0, 0.92)
ASPHALT = Material("asphalt", "#a9adaf", 0.0, 0.95)
MARK_YELLOW = Material("mark_yellow", "#f2bd1d", 0.0, 0.8)
MARK_WHITE = Material("mark_white", "#f5f6f4", 0.0, 0.8)
UPRIGHT = Material("upright_blue", "#2566b4", 0.25, 0.42)
RACK_GREY = Material("rack_grey", "#c4cad0", 0.3, 0.48)
CABINET = Material("cabinet", "#e4e8eb", 0.15, 0.45)
CABINET_DARK = Material("cabinet_dark", "#3b434b", 0.15, 0.5)
FIRE_WALL = Material("fire_wall", "#d8d3ca", 0.0, 0.85)
FIRE_RED = Material("fire_red", "#c8242b", 0.05, 0.45)
PORTAL = Material("portal", "#e7eaed", 0.25, 0.42)
MESH_DARK = Material("fence_mesh", "#2c3136", 0.3, 0.6)
SCREEN = Material("screen", "#2fa4c7", 0.0, 0.25, emission=0.5)
LAMP_RED = Material("lamp_red", "#b81e24", 0.0, 0.25, emission=0.12)
LAMP_AMBER = Material("lamp_amber", "#c98412", 0.0, 0.25, emission=0.12)
LAMP_GREEN = Material("lamp_green", "#1c8f4a", 0.0, 0.25, emission=0.12)
LAMP_SLOT = Material("lamp_slot", "#2bbf8f", 0.0, 0.3, emission=0.4)
SHADOW = Material("shadow", "#11161c", 0.0, 1.0, blended=True)

#: Colours a lamp can have by signals, as sRGB; ``dark`` is a lamp that is off.
LAMP_COLOURS = {
    "red": "#ff3030",
    "amber": "#ffb224",
    "green": "#25d76c",
    "blue": "#3aa2ff",
    "white": "#fff4d6",
    "dark": "#34393e",
}
#: Colour of a pack by its state of charge, in between evenly blended; and of one whose charge nobody knows.
CHARGE = ((0.0, "#d9342b"), (0.2, "#f0742a"), (0.5, "#f2c230"), (0.8, "#8fcf3f"), (1.0, "#22c07a"))
CHARGE_UNKNOWN = "#8d969f"
