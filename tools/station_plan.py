"""Draws docs/images/station_plan.svg from the shipped station's files: ``python tools/station_plan.py``."""

from __future__ import annotations

from pathlib import Path

from twin import assets

OUT = Path(__file__).resolve().parent.parent / "docs" / "images" / "station_plan.svg"
PX_PER_M = 46.0
#: What is drawn of W, m.
X0, X1, Y0, Y1 = -10.2, 10.2, -3.1, 12.1
LANE_HALF_Y, CAB, WIDTH_Y, REAR_X = 1.8, (1.15, 3.35), 2.55, -3.95
CARRIAGE = (2.40, 1.30)
RAIL_Y = (-0.9, 5.8)
CRANE_RAIL_X = (-3.5, 6.1)
FENCE = (-4.2, 6.9, 2.3, 11.6)  # x, x, y, y
PASSAGE_X = 1.85
INK, GREY, BLUE, ORANGE, YELLOW, RED, TEAL = "#22303a", "#8b98a2", "#1f5fa8", "#d9601a", "#c99a10", "#b23a2e", "#16897f"


Point = tuple[float, float]


class Drawing:
    """Shapes in metres of W, x to the right and y up."""

    def __init__(self) -> None:
        width, height = (X1 - X0) * PX_PER_M, (Y1 - Y0) * PX_PER_M
        self.lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'font-family="system-ui, sans-serif" font-size="12">',
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fbfcfc"/>',
        ]

    def at(self, x: float, y: float) -> Point:
        return (x - X0) * PX_PER_M, (Y1 - y) * PX_PER_M

    def box(self, middle: Point, size: Point, fill: str, ink: str = "none") -> None:
        x, y = self.at(middle[0] - size[0] / 2, middle[1] + size[1] / 2)
        w, h = size[0] * PX_PER_M, size[1] * PX_PER_M
        self.lines.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" stroke="{ink}"/>'
        )

    def line(self, a: Point, b: Point, ink: str, width: float = 1.5, dash: str = "") -> None:
        (x0, y0), (x1, y1) = self.at(*a), self.at(*b)
        self.lines.append(
            f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{ink}" stroke-width="{width:g}"'
            + (f' stroke-dasharray="{dash}"/>' if dash else "/>")
        )

    def text(self, p: Point, words: str, ink: str = INK, anchor: str = "middle") -> None:
        x, y = self.at(*p)
        self.lines.append(f'<text x="{x:.1f}" y="{y + 4:.1f}" fill="{ink}" text-anchor="{anchor}">{words}</text>')

    def svg(self) -> str:
        return "\n".join([*self.lines, "</svg>", ""])


def draw_lane(d: Drawing, station: assets.Station) -> None:
    d.box((0, 0), (X1 - X0, 2 * LANE_HALF_Y), "#e9edef")
    for x, words in ((station.bay.entry_line_x_m.value, "entry line"), (station.bay.exit_line_x_m.value, "exit line")):
        d.line((x, -LANE_HALF_Y), (x, LANE_HALF_Y), GREY, 3)
        d.text((x, -2.1), words, GREY)
    d.text((-7.2, 0), "trucks drive this way →", GREY)
    for x in station.floor.rail_x_m:
        d.line((x, RAIL_Y[0]), (x, RAIL_Y[1]), ORANGE, 4)
    d.text((1.3, 3.2), "flush rails", ORANGE, "start")
    d.line((-1.3, -2.1), (-1.1, -0.95), GREY, 1)
    d.text((-1.3, -2.35), "the rails end in the lane, flush: tyres roll over them", GREY)


def draw_truck(d: Drawing, truck: assets.Truck, pack: assets.Pack) -> None:
    d.box(((CAB[1] + REAR_X) / 2, 0), (CAB[1] - REAR_X, WIDTH_Y), "none", BLUE)
    d.box((sum(CAB) / 2, 0), (CAB[1] - CAB[0], WIDTH_Y), "#1f5fa822", BLUE)
    diameter, width = truck.tyre_diameter_m.value, truck.tyre_width_m.value
    for x, tracks in (
        (truck.front_axle_x_m.value, (-1.05, 1.05)),
        (truck.rear_axle_x_m.value + 1.35, truck.tyre_tracks_y_m),
        (truck.rear_axle_x_m.value, truck.tyre_tracks_y_m),
    ):
        for y in tracks:
            d.box((x, y), (diameter, width), "#3d474e")
    for name, x in truck.positions_x_m.items():
        d.box((x, 0), (pack.length_x_m.value, pack.length_y_m.value), "#16897f33", TEAL)
        d.text((x, -0.75), name, TEAL)
    d.text((2.25, 0), "cab", BLUE)


def draw_transfer(d: Drawing, station: assets.Station, pack: assets.Pack) -> None:
    d.box((0, station.controller.get("shuttle", {}).get("home_y_m", 2.75)), CARRIAGE, "#d9601a33", ORANGE)
    d.text((0, 2.85), "shuttle at", ORANGE)
    d.text((0, 2.5), "home", ORANGE)
    for name, place in station.transfer.items():
        x, y = place.x_m.value, place.y_m.value
        d.box((x, y), (pack.length_x_m.value, pack.length_y_m.value), "#16897f55", TEAL)
        d.text((x, y), name, TEAL)
    for box in assets.static_boxes(station).values():
        d.box(box.p_m[:2], box.size_m[:2], BLUE if box.p_m[1] < 8 else GREY)
    d.text((1.45, 4.6), "two transfer places,", BLUE, "start")
    d.text((1.45, 4.25), "the pack hangs between", BLUE, "start")
    d.text((1.45, 3.9), "hangers: shuttle below", BLUE, "start")


def draw_rack(d: Drawing, station: assets.Station, pack: assets.Pack) -> None:
    aisle, rack = station.crane_p_m[1], station.rack
    d.line((CRANE_RAIL_X[0], aisle), (CRANE_RAIL_X[1], aisle), YELLOW, 4)
    d.box((0.8, aisle), (1.5, 0.5), "#c99a1044", YELLOW)
    d.box((0.8, aisle), (0.44, 2.20), "#c99a1066", YELLOW)
    d.text((1.85, aisle + 0.35), "stacker crane, fork both ways", YELLOW, "start")
    for column in range(rack.columns):
        x = rack.first_x_m.value + column * rack.pitch_x_m.value
        d.box((x, rack.y_m.value), (pack.length_x_m.value, pack.length_y_m.value), "#16897f22", TEAL)
        for level in range(rack.levels):
            number = level * rack.columns + column + 1
            words = f"slot {number}" if number <= rack.slots else "charger"
            d.text((x, rack.y_m.value - 0.4 + 0.8 * level), words, TEAL if number <= rack.slots else GREY)
    d.text((rack.first_x_m.value - 0.75, rack.y_m.value + 0.4), "level 2", GREY, "end")
    d.text((rack.first_x_m.value - 0.75, rack.y_m.value - 0.4), "level 1", GREY, "end")
    x = rack.isolation_x_m.value
    d.box((x, rack.y_m.value), (pack.length_x_m.value, pack.length_y_m.value), "#b23a2e22", RED)
    d.text((x, rack.y_m.value + 0.2), "isolation", RED)
    edge = rack.first_x_m.value + (rack.columns - 0.5) * rack.pitch_x_m.value
    wall_x = (edge + x - rack.pitch_x_m.value / 2) / 2
    d.box((wall_x, rack.y_m.value), (0.2, 2.7), RED)
    d.text((wall_x, rack.y_m.value + 1.6), "fire wall", RED)


def draw_around(d: Drawing) -> None:
    x0, x1, y0, y1 = FENCE
    for a, b in (
        ((x0, y0), (-PASSAGE_X, y0)),
        ((PASSAGE_X, y0), (x1, y0)),
        ((x1, y0), (x1, y1)),
        ((x0, y1), (x0, y0)),
    ):
        d.line(a, b, INK, 1.5, "5 4")
    d.line((-PASSAGE_X, y0), (PASSAGE_X, y0), RED, 1.5, "2 3")
    d.text((5.6, 2.55), "fence", INK)
    d.text((PASSAGE_X + 0.1, 2.05), "light curtain", RED, "start")
    d.box((-5.0, 3.0), (0.62, 0.9), GREY)
    d.text((-5.5, 3.0), "operator", INK, "end")
    for side in (1, -1):
        d.box((1.95, side * 1.5), (0.45, 0.35), YELLOW)
    d.text((2.35, -2.1), "wheel clamps", YELLOW)
    for x in (-9.6, 6.0):
        d.box((x, -2.45), (0.25, 0.25), INK)
        d.text((x + 0.25, -2.45), "light", INK, "start")
    d.line((0, 0), (1.0, 0), INK, 1.5)
    d.line((0, 0), (0, 1.0), INK, 1.5)
    d.text((0.95, -0.2), "x")
    d.text((0.14, 0.95), "y")
    d.line((-9.6, 11.2), (-7.6, 11.2), INK, 2)
    d.text((-8.6, 11.45), "2 m")


def plan() -> str:
    """The plan as SVG text."""
    station = assets.load_station("chassis_swap")
    truck, pack = assets.load_truck("tractor_6x4"), assets.load_pack(station.pack)
    d = Drawing()
    draw_lane(d, station)
    draw_truck(d, truck, pack)
    draw_transfer(d, station, pack)
    draw_rack(d, station, pack)
    draw_around(d)
    return d.svg()


if __name__ == "__main__":
    OUT.write_text(plan(), encoding="utf-8")
