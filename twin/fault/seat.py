"""Faults of the seat under a truck: what lies on it, and its couplings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.constraint import Like
from twin.fault.base import About, ConeTarget, Fault, Names, Text


class SeatDebris(Fault):
    """Something hard lies on a guide cone, so that the pack stops that much before its seat."""

    about = About(
        kind="physics",
        title=Text("Debris on the seat", "落座面异物"),
        changes=Text(
            "A hard body on a guide cone keeps one side of the pack down.", "导向锥上的硬物使电池包一侧不能落座。"
        ),
        seen=Text("pads on that side do not touch while the lift's force rises", "该侧接触传感器不动作而升降力增大"),
        signals=("{device}.seat.st_pad*", "shuttle.plate.pv_load_n", "shuttle.lift.pv_position_m"),
        response=Text(
            "Do not press harder. Lower, bring the pack out, clean both cones, seat again.",
            "不得加力顶升。下降并移出电池包，清洁两侧导向锥后重新落座。",
        ),
        example={"target": "bracket2.cone1"},
        severity="height_mm",
    )
    name: Literal["seat_debris"]
    target: ConeTarget
    height_mm: Annotated[float, Field(gt=0, le=60)] = 12.0


class CouplingBent(Fault):
    """A coupling of the bracket stands off its place, so that a seated pack does not mate with it."""

    about = About(
        kind="physics",
        title=Text("Coupling out of place", "连接器偏位"),
        changes=Text(
            "The coupling stands off its place; it mates only within what its float still allows.",
            "连接器偏离安装位置，仅在浮动余量内才能对接。",
        ),
        seen=Text("its mated sensor stays off on a pack that touches all pads", "四点接触但对接传感器不动作"),
        signals=("{device}.seat.st_electrical_mated", "{device}.seat.st_coolant_mated", "{device}.seat.st_pad*"),
        response=Text(
            "High voltage stays off. Take the pack out again, look at the coupling, do not let the truck go.",
            "保持高压断开。取出电池包检查连接器，不得放行车辆。",
        ),
        example={"target": "bracket2.electrical"},
        severity="offset_mm",
        source="must exceed the connector's float of 8 mm to matter",
    )
    name: Literal["coupling_bent"]
    target: Annotated[
        str, Field(pattern=r"^bracket[1-3]\.(electrical|coolant)$"), Like("bracket2.electrical or bracket2.coolant"),
        Names("bracket"),
    ]  # fmt: skip
    offset_mm: Annotated[float, Field(gt=0, le=30)] = 12.0
