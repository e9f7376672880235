"""Faults of packs and of the slots they stand in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.constraint import Like
from twin.fault.base import About, Fault, Names, PackTarget, SlotTarget, Text


class WrongSerial(Fault):
    """A pack bears another pack's label, or one that cannot be read."""

    about = About(
        kind="sensor",
        title=Text("Wrong serial", "序列号错误"),
        changes=Text("Every reader reads another serial of this pack, or none.", "读码器读到其他序列号或读不到。"),
        seen=Text("the same serial at two places, or none at a place with a pack", "同一序列号出现两处，或有包无号"),
        signals=("rack.slot*.pv_pack_serial", "transfer.*.pv_pack_serial"),
        response=Text(
            "Neither charge nor hand out a pack that is not known; read its plate, correct the inventory.",
            "身份不明的电池包不得充电和出库；核对铭牌并更正库存。",
        ),
        example={"target": "QJ75-0101"},
    )
    name: Literal["wrong_serial"]
    target: PackTarget
    reads: Annotated[
        str,
        Field(pattern=r"^([A-Z0-9][A-Z0-9-]{1,31})?$"),
        Like("QJ75-0001, or nothing for a label that cannot be read"),
        Names("pack"),
    ] = ""


class BmsOff(Fault):
    """A pack's battery management says a state of charge that is off by a share."""

    about = About(
        kind="sensor",
        title=Text("State of charge wrong", "荷电状态错误"),
        changes=Text("The pack tells more or less charge than it holds.", "电池包上报电量与实际不符。"),
        seen=Text("charge power stops early, or the energy put in does not fit", "提前停充，或充入电量不符"),
        signals=("rack.slot*.pv_soc_frac", "rack.slot*.pv_charge_w"),
        response=Text(
            "Compare with the energy counted by the charger; keep the pack back for calibration.",
            "与充电机计量比对；扣留电池包校准。",
        ),
        example={"target": "QJ75-0101", "error_frac": 0.15},
        severity="error_frac",
    )
    name: Literal["bms_off"]
    target: PackTarget
    error_frac: Annotated[float, Field(ge=-1, le=1)] = 0.15


class SlotLatchStuck(Fault):
    """A slot's latch stays where it is."""

    about = About(
        kind="physics",
        title=Text("Slot latch stuck", "仓锁卡滞"),
        changes=Text("The slot's latch neither closes nor opens.", "仓锁不能锁住或打开。"),
        seen=Text("latched does not follow its command", "仓锁反馈不跟随指令"),
        signals=("{target}.st_latched",),
        response=Text(
            "Keep the fork out of the slot. Free the latch by hand, then confirm.",
            "货叉不得进入该仓。人工松开仓锁后确认。",
        ),
        example={"target": "rack.slot4"},
    )
    name: Literal["slot_latch_stuck"]
    target: SlotTarget


class SlotConnectorStuck(Fault):
    """A slot's charge connector stays where it is."""

    about = About(
        kind="physics",
        title=Text("Slot connector stuck", "仓位连接器卡住"),
        changes=Text("The charge connector neither mates nor parts.", "充电连接器不能对接或脱开。"),
        seen=Text("connected does not follow its command; nothing is charged", "对接反馈不跟随指令，无充电"),
        signals=("{target}.st_connected", "{target}.pv_charge_w"),
        response=Text(
            "Charger off and locked out first; then part or mate it by hand, look at its guide.",
            "先断电上锁，再人工分合连接器并检查导向。",
        ),
        example={"target": "rack.slot4"},
    )
    name: Literal["slot_connector_stuck"]
    target: SlotTarget
