"""Every alarm of the reference controller, with its class and what it says."""

from __future__ import annotations

from twin.control.alarm import Alarm, AlarmClass
from twin.control.wiring import Wiring

_FIXED: tuple[tuple[str, AlarmClass, str, str], ...] = (
    ("station.safety.alm_estop", "A1", "emergency-stop chain open", "急停回路断开"),
    ("station.safety.alm_fence_open", "A1", "fence door open", "安全门打开"),
    ("bay.sensor.alm_truck_moved", "A1", "truck moved while clamped", "夹紧状态下车辆移动"),
    ("shuttle.lift.alm_overload", "A2", "load on the plate over its limit", "托盘载荷超限"),
    ("shuttle.plate.alm_load_lost", "A2", "load on the plate lost", "托盘载荷丢失"),
    ("crane.load.alm_overload", "A2", "load on the fork over its limit", "货叉载荷超限"),
    ("crane.load.alm_load_lost", "A2", "load on the fork lost", "货叉载荷丢失"),
    ("station.safety.alm_mains", "B", "mains lost", "主电源失电"),
    ("bay.sensor.alm_not_parked", "B", "truck did not park at its mark", "车辆未停到标记处"),
    ("bay.sensor.alm_not_leaving", "D", "truck does not leave", "车辆未驶离"),
    ("bay.clamp.alm_not_closed", "B", "clamp did not close", "夹紧器未夹紧"),
    ("bay.clamp.alm_not_open", "B", "clamp did not open", "夹紧器未打开"),
    ("bay.pose.alm_no_measurement", "B", "no valid measurement of the bracket", "未测得有效位姿"),
    ("bay.pose.alm_out_of_range", "B", "truck stands outside the robot's window", "车辆位姿超出允许范围"),
    ("truck.interface.alm_not_authorised", "B", "truck not authorised", "车辆未授权"),
    ("truck.interface.alm_hv_not_off", "B", "high voltage not off", "高压未断开"),
    ("truck.interface.alm_hv_not_on", "B", "high voltage not back", "高压未恢复"),
    ("truck.interface.alm_handshake_lost", "B", "park brake or high voltage off lost", "驻车制动或高压断开信号丢失"),
    ("shuttle.travel.alm_timeout", "B", "travel took too long", "行走超时"),
    ("shuttle.cross.alm_timeout", "B", "cross move or yaw took too long", "横移或偏航超时"),
    ("shuttle.lift.alm_timeout", "B", "lift took too long", "升降超时"),
    ("shuttle.lift.alm_no_load", "B", "pack's weight not taken", "未承接到电池包重量"),
    ("shuttle.plate.alm_not_clear", "B", "plate did not come free", "托盘未脱离"),
    ("shuttle.lock_driver.alm_not_engaged", "B", "keys not up", "钥匙未升起"),
    ("shuttle.lock_driver.alm_not_retracted", "B", "keys not down", "钥匙未缩回"),
    ("crane.travel.alm_timeout", "B", "crane could not reach its place", "堆垛机未到位"),
    ("crane.hoist.alm_timeout", "B", "pack could not be set down", "电池包未放下"),
    ("crane.fork.alm_timeout", "B", "fork took too long", "货叉超时"),
    ("crane.load.alm_no_load", "B", "fork did not take the pack", "货叉未取到电池包"),
    ("station.safety.alm_water", "C", "water on the floor", "地面积水"),
    ("station.inventory.alm_mismatch", "C", "a place is not as believed", "库位状态与记录不符"),
    ("station.unit.alm_no_full_pack", "C", "not enough full packs", "满电电池包不足"),
    ("operator.panel.alm_refused", "D", "request refused", "操作被拒绝"),
)


#: Of every slot: heat and fire, what is in the air first. Gas and smoke leave the crane its power: it takes the pack to
#: isolation.
OF_SLOT: dict[str, tuple[AlarmClass, str, str]] = {
    "alm_gas": ("C", "flammable gas in the slot", "仓内可燃气体"),
    "alm_smoke": ("C", "smoke in the slot", "仓内烟雾"),
    "alm_flame": ("D", "flame in the slot, which opens the emergency-stop chain", "仓内火焰，急停回路已断开"),
    "alm_pack_hot": ("C", "pack too hot", "电池包过热"),
    "alm_pin_hot": ("D", "charge connector too hot, charging stopped", "充电连接器过热，已停充"),
    "alm_coolant": ("D", "coolant pressure low, charging stopped", "冷却液压力低，已停充"),
    "alm_insulation": ("D", "insulation low, charging stopped", "绝缘低，已停充"),
}


def station_alarms(wiring: Wiring) -> list[Alarm]:
    """The alarms of a station with these places and brackets."""
    alarms = [Alarm(*item) for item in _FIXED]

    def add(name: str, english: str, chinese: str) -> None:
        alarms.append(Alarm(name, "B", english, chinese))

    for axis in wiring.axes:
        add(f"{axis.name}.alm_drive_fault", "drive fault", "驱动故障")
    add(f"{wiring.full.device}.alm_no_pack", "no full pack came", "满电电池包未到位")
    add(f"{wiring.empty.device}.alm_not_vacant", "transfer place not vacant", "交接位未腾空")
    add(f"{wiring.empty.device}.alm_not_seated", "pack not seated on the transfer place", "交接位电池包未落座")
    for slot in wiring.slots:
        alarms.extend(Alarm(f"{slot.device}.{name}", *rest) for name, rest in OF_SLOT.items())
        add(f"{slot.device}.alm_not_latched", "slot latch did not close", "仓锁未锁住")
    for bracket in wiring.brackets:
        add(f"{bracket.name}.seat.alm_unclear", "locks and pads disagree", "锁与落座信号不一致")
        add(f"{bracket.name}.seat.alm_not_free", "pack did not come free", "电池包未脱离")
        add(f"{bracket.name}.seat.alm_not_seated", "pack not seated", "电池包未落座")
        add(f"{bracket.name}.seat.alm_not_mated", "connector not mated", "连接器未对接")
        for i in range(1, 5):
            add(f"{bracket.name}.lock{i}.alm_not_released", "lock did not open", "锁未打开")
            add(f"{bracket.name}.lock{i}.alm_not_locked", "lock did not close", "锁未锁紧")
    return alarms


def concerned(template: str, wiring: Wiring, bracket: int, target: int) -> list[str]:
    """The alarms a table's alarm stands for: ``*`` is the bracket, lock or slot that is concerned."""
    if template.startswith("bracket*"):
        name = wiring.brackets[bracket].name
        if "lock*" not in template:
            return [template.replace("bracket*", name)]
        sensor = "st_released" if template.endswith("released") else "st_locked"
        locks = [i for i, lock in enumerate(wiring.brackets[bracket].locks, 1) if not getattr(lock, sensor)]
        # Every first sensor says yes: it is the second sensors that contradict.
        return [template.replace("bracket*", name).replace("lock*", f"lock{i}") for i in locks or range(1, 5)]
    if template.startswith("rack.*"):
        return [template.replace("rack.*", wiring.places[target].device)]
    roles = {"transfer.full.": wiring.full.device, "transfer.empty.": wiring.empty.device}
    for role, device in roles.items():
        if template.startswith(role):
            return [f"{device}.{template.removeprefix(role)}"]
    return [template] if template else []
