"""Faults of the supply: grid, chargers, safety chain, doors and floor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.fault.base import About, Fault, Share, SlotTarget, Text


class ChargerModuleLost(Fault):
    """Power modules of a slot's charger are gone: it charges with a share of its power."""

    about = About(
        kind="power",
        title=Text("Charger module lost", "充电模块故障"),
        changes=Text("The slot charges with a share of its power.", "该仓以部分功率充电。"),
        seen=Text("charge power below its neighbours', charge behind plan", "充电功率低于相邻仓，电量滞后计划"),
        signals=("{target}.pv_charge_w", "{target}.pv_soc_frac"),
        response=Text(
            "Plan with fewer full packs, move the pack to a healthy slot if it is needed, report the module.",
            "按较少满电包排班，需要时移至正常仓，报修模块。",
        ),
        example={"target": "rack.slot4"},
        severity="power_frac",
        source="one of two modules out",
    )
    name: Literal["charger_module_lost"]
    target: SlotTarget
    power_frac: Share = 0.5


class GridLimited(Fault):
    """The grid gives less than all chargers ask for: they share what there is."""

    about = About(
        kind="power",
        title=Text("Grid limited", "电网限电"),
        changes=Text(
            "All slots together get at most one power, shared by what they ask for.", "全部仓位共享受限功率。"
        ),
        seen=Text("charge power of all slots falls together", "各仓充电功率同时下降"),
        signals=("rack.slot*.pv_charge_w",),
        response=Text(
            "Charge the packs that are needed first; tell the drivers how long it takes.",
            "优先充需要的电池包，告知司机等待时间。",
        ),
        severity="limit_kw",
    )
    name: Literal["grid_limited"]
    limit_kw: Annotated[float, Field(ge=0, le=5000)] = 200.0


class MainsDip(Fault):
    """The mains fail for a moment and come back."""

    about = About(
        kind="power",
        title=Text("Mains dip", "电压暂降"),
        changes=Text("The mains are away for a moment, and with them the drives' power.", "主电源短时中断，驱动断电。"),
        seen=Text("mains and drive power go off; the drives stay off", "主电源和驱动电源断开，驱动不自动恢复"),
        signals=("station.safety.st_mains_ok", "station.safety.st_drives_on"),
        response=Text(
            "Nothing starts by itself. Look where every pack is, acknowledge, switch the drives on, confirm to go on.",
            "设备不会自动启动。核对各电池包位置，确认报警，合驱动电源，确认后继续。",
        ),
        example={"duration_s": 1.0},
        severity="duration_s",
    )
    name: Literal["mains_dip"]
    duration_s: Annotated[float, Field(gt=0, le=600)] = 1.0


class ContactorWelded(Fault):
    """The contactor of the drives is welded: their power does not go off, at an emergency stop neither."""

    about = About(
        kind="power",
        title=Text("Drive contactor welded", "驱动接触器粘连"),
        changes=Text(
            "Drive power that is on stays on, whatever the chain and the controller say.", "驱动电源接通后无法断开。"
        ),
        seen=Text("drive power says on with the chain open", "安全回路断开而驱动电源仍接通"),
        signals=("station.safety.st_drives_on", "station.safety.st_estop_ok"),
        response=Text(
            "Open the main switch, lock it, tag it. Nobody goes in before the absence of voltage is tested.",
            "断开总开关并上锁挂牌。验电前严禁进入。",
        ),
    )
    name: Literal["contactor_welded"]


class ChainBroken(Fault):
    """A wire of the emergency-stop chain is broken: it is open and cannot be reset."""

    about = About(
        kind="power",
        title=Text("Safety chain broken", "安全回路断线"),
        changes=Text(
            "The chain is open with no button pressed, and drive power off.", "无人按急停而回路断开，驱动断电。"
        ),
        seen=Text("the chain does not close on a reset", "复位后回路不闭合"),
        signals=("station.safety.st_estop_ok", "station.safety.st_drives_on"),
        response=Text(
            "Check every button, door and wire. Never bridge the chain.", "逐一检查按钮、门和接线，严禁短接安全回路。"
        ),
    )
    name: Literal["chain_broken"]


class DoorOpen(Fault):
    """A door of the fence stands open."""

    about = About(
        kind="physics",
        title=Text("Fence door open", "安全门打开"),
        changes=Text("A door of the fence stands open: somebody may be inside.", "安全门打开，内部可能有人。"),
        seen=Text("the fence is not closed", "安全门未关闭"),
        signals=("station.safety.st_fence_closed",),
        response=Text(
            "Everything stands. Look who is inside, close the door from outside, then clear.",
            "全部停止。确认内部无人，从外部关门后清除。",
        ),
    )
    name: Literal["door_open"]


class FloorWet(Fault):
    """Water stands on the floor under the low slots."""

    about = About(
        kind="physics",
        title=Text("Water on the floor", "地面积水"),
        changes=Text("Water stands on the floor under the rack.", "货架下方地面积水。"),
        seen=Text("the floor is not dry", "地面积水传感器动作"),
        signals=("station.safety.st_floor_dry",),
        response=Text(
            "Charging stays off. Nobody steps into the water before the mains are off; look for the source.",
            "停止充电。断电前严禁踏入积水；排水并查找来源。",
        ),
    )
    name: Literal["floor_wet"]
