"""Faults of the locks that hold a pack under a truck."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.fault.base import About, Fault, LockTarget, Text

_SENSORS = ("{target}.st_locked", "{target}.st_released")
_LOAD = ("shuttle.lock_driver.pv_torque_n_m", "shuttle.plate.pv_load_n", "shuttle.lift.pv_force_n")
_EXAMPLE = {"target": "bracket2.lock1"}


class LockStuck(Fault):
    """A lock of the truck's bracket stays as it is, whatever drives it."""

    about = About(
        kind="physics",
        title=Text("Lock stuck", "锁卡滞"),
        changes=Text("The latch stays where it is.", "锁舌停在原位不动。"),
        seen=Text("its two sensors do not change while the keys stall", "两个传感器不变化，钥匙堵转"),
        signals=(*_SENSORS, _LOAD[0]),
        response=Text(
            "Do not pull. Hold, keep the plate under the pack, free the lock by hand from below, then confirm.",
            "不得强拉。保持托盘托住电池包，人工从下方解开锁，再确认继续。",
        ),
        example=_EXAMPLE,
    )
    name: Literal["lock_stuck"]
    target: LockTarget


class LockHalfReleased(Fault):
    """A lock opens only part of its way. From a stroke of 0.9 on it still holds, and takes load from the lift."""

    about = About(
        kind="physics",
        title=Text("Lock opens only part of its way", "锁未完全打开"),
        changes=Text(
            "The latch stops at a part of its stroke; from 0.9 on it still holds its corner of the pack.",
            "锁舌停在行程的一部分；行程不小于 0.9 时仍承受该角的载荷。",
        ),
        seen=Text(
            "neither sensor says yes; where it still holds, the load on the plate does not follow the lift",
            "两个传感器均不到位；仍受力时托盘载荷不随升降变化",
        ),
        signals=(*_SENSORS, *_LOAD),
        response=Text(
            "Hold before lowering. Turn to lock, then to unlock once more; if it stays, free it by hand.",
            "下降前保持。先锁紧再解锁一次；仍不到位则人工解开。",
        ),
        example=_EXAMPLE,
        severity="stroke_frac",
    )
    name: Literal["lock_half_released"]
    target: LockTarget
    stroke_frac: Annotated[float, Field(ge=0.05, le=0.99)] = 0.5


class LockHalfClosed(Fault):
    """A lock closes only part of its way. Below a stroke of 0.9 it holds nothing."""

    about = About(
        kind="physics",
        title=Text("Lock closes only part of its way", "锁未完全锁紧"),
        changes=Text(
            "The latch stops before it is home; below 0.9 of its stroke it holds nothing.",
            "锁舌未到位即停止；行程小于 0.9 时不承力。",
        ),
        seen=Text("the locked sensor stays off, the keys stall at the stop", "锁到位传感器不动作，钥匙在止挡处堵转"),
        signals=(*_SENSORS, _LOAD[0]),
        response=Text(
            "Keep the plate pressed up. Unlock, look at the pin, lock again; never let a truck go on three of four.",
            "托盘保持顶住。解锁、检查锁销后重新锁紧；四锁缺一不得放行。",
        ),
        example=_EXAMPLE,
        severity="stroke_frac",
    )
    name: Literal["lock_half_closed"]
    target: LockTarget
    stroke_frac: Annotated[float, Field(ge=0.01, le=0.96)] = 0.6


class LockSluggish(Fault):
    """A lock turns slowly, as one that is dry or iced."""

    about = About(
        kind="physics",
        title=Text("Lock turns slowly", "锁动作迟缓"),
        changes=Text("The latch moves at a share of its speed.", "锁舌以部分速度动作。"),
        seen=Text("it arrives after its three neighbours, or after the time limit", "比其他三锁晚到位，或超时"),
        signals=_SENSORS,
        response=Text(
            "Let it finish or lock and unlock once more; report it for cleaning and grease.",
            "等待到位或再锁解一次；报修清洁润滑。",
        ),
        example=_EXAMPLE,
        severity="speed_frac",
    )
    name: Literal["lock_sluggish"]
    target: LockTarget
    speed_frac: Annotated[float, Field(ge=0.02, lt=1)] = 0.2


class LockLoosens(Fault):
    """A lock that is closed opens by itself, as with a broken detent."""

    about = About(
        kind="physics",
        title=Text("Lock opens by itself", "锁自行松开"),
        changes=Text(
            "While the truck is parked the latch moves towards open; below 0.9 of its stroke it lets go.",
            "停车期间锁舌自行向开启方向移动；行程小于 0.9 时脱开。",
        ),
        seen=Text("the locked sensor goes off with nothing driving the lock", "无驱动时锁到位传感器消失"),
        signals=_SENSORS,
        response=Text(
            "Keep or bring the plate under the pack, lock again, and keep the truck: its detent is to be changed.",
            "保持或将托盘移至包下，重新锁紧；扣留车辆更换定位件。",
        ),
        example=_EXAMPLE,
        severity="rate_1_s",
    )
    name: Literal["lock_loosens"]
    target: LockTarget
    rate_1_s: Annotated[float, Field(gt=0, le=5)] = 0.05
