"""Faults that make heat: worn pins, leaking coolant, and a cell that runs away."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.fault.base import About, Fault, PackTarget, SlotTarget, Text


class ConnectorWorn(Fault):
    """The pins of a slot's charge connector are worn or dirty: contact resistance on top of a new one's 0.1 mOhm."""

    about = About(
        kind="physics",
        title=Text("Charge connector worn", "充电连接器磨损"),
        changes=Text(
            "The pins' resistance is higher; they warm with it and with the square of the current (I2R).",
            "端子电阻增大，发热随电阻和电流平方（I²R）增加。",
        ),
        seen=Text("pin temperature above its neighbours' at the same power", "同功率下端子温度高于相邻仓"),
        signals=("{target}.pv_pin_temperature_c", "{target}.pv_charge_w"),
        response=Text(
            "Stop charging there, lock the slot out, change the connector; no cleaning under voltage.",
            "停止该仓充电并上锁，更换连接器；严禁带电清洁。",
        ),
        example={"target": "rack.slot3"},
        severity="added_mohm",
        source="23 W at 0.1 mOhm and 118 W at 0.5 mOhm for 485 A; an alarm of 50 K at 278 A takes some 1.5 mOhm",
        confidence="D",
    )
    name: Literal["connector_worn"]
    target: SlotTarget
    added_mohm: Annotated[float, Field(gt=0, le=20)] = 2.0


class CoolantLeak(Fault):
    """The coolant coupling of a slot leaks: pressure decays, insulation falls, the pack is cooled less."""

    about = About(
        kind="physics",
        title=Text("Coolant leaks", "冷却液泄漏"),
        changes=Text(
            "A share of the pressure is lost every second; what leaks out wets the pack and takes its insulation.",
            "压力按比例持续下降，泄漏液浸湿电池包使绝缘下降。",
        ),
        seen=Text(
            "pressure first, then insulation resistance, at last the pack's temperature", "先压力、后绝缘、最后温度"
        ),
        signals=("{target}.pv_coolant_pressure_pa", "{target}.pv_insulation_ohm", "{target}.pv_pack_temperature_c"),
        response=Text(
            "Stop charging; measure the insulation before anybody touches the pack; close the valve.",
            "停止充电，测量绝缘前勿触碰电池包，关阀并更换接头。",
        ),
        example={"target": "rack.slot3"},
        severity="rate_1_s",
    )
    name: Literal["coolant_leak"]
    target: SlotTarget
    rate_1_s: Annotated[float, Field(gt=0, le=1)] = 0.02


class CellRunaway(Fault):
    """A cell of a pack heats itself: gas at its first venting, much gas at its second, flame where gas can burn."""

    about = About(
        kind="physics",
        title=Text("Cell runs away", "电芯热失控"),
        changes=Text(
            "A cell heats itself; at 163 and 246 degrees C it vents gas into its slot; undrawn, the gas can burn.",
            "电芯自加热，在 163 °C 和 246 °C 两次泄压析出气体；不排风则可能燃爆。",
        ),
        seen=Text("the pack's temperature, then gas, then smoke, at last flame", "先温度，再气体、烟雾，最后火焰"),
        signals=(
            "rack.slot*.pv_pack_temperature_c", "rack.slot*.pv_gas_lel_frac", "rack.slot*.st_smoke",
            "rack.slot*.st_flame",
        ),
        response=Text(
            "Charging off, exhaust on, everybody out. To isolation only before flame; call the fire brigade.",
            "停止充电，启动排风，人员撤离。仅在起火前转移至隔离仓，随后报警。",
        ),
        example={"target": "QJ75-0004"},
        severity="heating_k_s",
        source="ventings at 163.3 and 245.9 degrees C of 280 Ah LFP (S47e); how fast it heats is estimated",
    )  # fmt: skip
    name: Literal["cell_runaway"]
    target: PackTarget
    heating_k_s: Annotated[float, Field(gt=0, le=10)] = 1.0
