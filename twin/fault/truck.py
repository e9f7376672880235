"""Faults of the truck, its driver and what holds it in the bay."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.fault.base import About, Fault, Share, Text

_MOVES = ("bay.sensor.pv_position_m", "bay.sensor.pv_speed_m_s")


class TruckCreep(Fault):
    """The truck rolls against its brake, along the lane; negative is backwards."""

    about = About(
        kind="physics",
        title=Text("Truck creeps", "车辆溜动"),
        changes=Text("The truck rolls along the lane against its brake.", "车辆克服制动沿车道溜动。"),
        seen=Text("position and speed of the truck, wheel clamp closed or not", "车辆位置与速度变化"),
        signals=_MOVES,
        response=Text(
            "Emergency stop if anything is under the truck. Chock the wheels, measure anew before anything moves.",
            "车下有设备时急停。塞住车轮，重新测量后方可动作。",
        ),
        example={"speed_m_s": 0.02, "duration_s": 3.0},
        severity="speed_m_s",
    )
    name: Literal["truck_creep"]
    speed_m_s: Annotated[float, Field(ge=-0.5, le=0.5)]
    duration_s: Annotated[float, Field(gt=0, le=600)]


class DriverDrivesOff(Fault):
    """The driver lets the brake go and drives, whatever the lights say."""

    about = About(
        kind="physics",
        title=Text("Driver drives off", "司机擅自驶离"),
        changes=Text("The park brake is let go and the truck pulls away.", "驻车制动松开，车辆起步。"),
        seen=Text("the park brake bit goes first, then the truck moves", "驻车制动信号先消失，随后车辆移动"),
        signals=("truck.interface.st_park_brake", *_MOVES),
        response=Text(
            "Emergency stop, call the driver, everyone away from the truck. Nothing goes on before a new measurement.",
            "急停，呼叫司机，人员远离。重新测量前不得继续。",
        ),
        example={"speed_m_s": 0.3, "duration_s": 2.0},
        severity="speed_m_s",
    )
    name: Literal["driver_drives_off"]
    speed_m_s: Annotated[float, Field(gt=0, le=0.5)] = 0.3
    duration_s: Annotated[float, Field(gt=0, le=60)] = 2.0


class ParkBrakeOff(Fault):
    """The truck's park brake is let go; the wheel clamp alone holds it."""

    about = About(
        kind="physics",
        title=Text("Park brake let go", "驻车制动松开"),
        changes=Text("The brake no longer holds the truck; the wheel clamp alone does.", "仅由车轮夹紧器固定车辆。"),
        seen=Text("the park brake bit goes", "驻车制动信号消失"),
        signals=("truck.interface.st_park_brake", "bay.clamp.pv_force_n"),
        response=Text(
            "Stop work under the truck, let the driver set the brake, confirm it by sight.",
            "停止车下作业，让司机拉起驻车制动并目视确认。",
        ),
    )
    name: Literal["park_brake_off"]


class PayloadShift(Fault):
    """The load of the trailer shifts: the truck leans. To the right is positive, as of a parking."""

    about = About(
        kind="physics",
        title=Text("Payload shifts, truck leans", "载荷移位，车辆侧倾"),
        changes=Text(
            "A moment about the lane's direction leans the chassis on its springs, brackets and packs with it.",
            "绕车道方向的力矩使底盘连同支架、电池包侧倾。",
        ),
        seen=Text("roll in a new measurement; pads of one side touch first", "重新测量可见侧倾；一侧先接触"),
        signals=("bay.pose.pv_roll_rad", "bracket2.seat.st_pad*", "shuttle.plate.pv_load_n"),
        response=Text(
            "Hold. Measure again; beyond the window send the truck off to have its load secured.",
            "保持并重新测量；超出允许范围则让车辆离开加固货物。",
        ),
        example={"roll_deg": 1.0},
        severity="roll_deg",
        source="a load of 5 t shifted by 0.2 m on the shipped springs",
        confidence="D",
    )
    name: Literal["payload_shift"]
    roll_deg: Annotated[float, Field(ge=-3, le=3)] = 1.0


class SuspensionLeak(Fault):
    """An air spring leaks: the truck sinks until it rests on its stops."""

    about = About(
        kind="physics",
        title=Text("Suspension leaks, truck sinks", "悬架漏气，车身下沉"),
        changes=Text("The chassis sinks at a rate, down to its stops.", "车身以一定速率下沉至限位。"),
        seen=Text("contact comes lower than measured; height of a new measurement", "接触高度低于测量值；重新测量高度"),
        signals=("bay.pose.pv_z_m", "shuttle.lift.pv_position_m", "shuttle.plate.pv_load_n"),
        response=Text(
            "Hold with the plate off the pack, measure the height again, let the driver fill the springs.",
            "托盘脱离后保持，重新测高，让司机给气囊充气。",
        ),
        example={"rate_mm_s": 0.5},
        severity="rate_mm_s",
    )
    name: Literal["suspension_leak"]
    rate_mm_s: Annotated[float, Field(gt=0, le=20)] = 0.5
    depth_mm: Annotated[float, Field(gt=0, le=80)] = 40.0


class HvStaysOn(Fault):
    """A contactor of the truck is welded: its high voltage does not go off."""

    about = About(
        kind="power",
        title=Text("High voltage stays on", "高压无法断开"),
        changes=Text("The truck's high voltage is on, whatever the station asks.", "车辆高压保持接通。"),
        seen=Text("the truck does not say that it is off", "车辆未反馈高压断开"),
        signals=("truck.interface.st_hv_off",),
        response=Text(
            "Nobody touches pack or connector. No unlocking. The truck goes to the workshop, not to the swap.",
            "严禁触碰电池包和连接器，禁止解锁，车辆送修。",
        ),
    )
    name: Literal["hv_stays_on"]


class ClampWeak(Fault):
    """The wheel clamp closes with a share of its force."""

    about = About(
        kind="physics",
        title=Text("Wheel clamp weak", "车轮夹紧力不足"),
        changes=Text("The closed clamp holds with a share of its force.", "夹紧器仅有部分夹紧力。"),
        seen=Text("clamp force below its usual value", "夹紧力低于正常值"),
        signals=("bay.clamp.pv_force_n",),
        response=Text(
            "Chock the wheels by hand, look at pressure and hoses before the next truck.",
            "人工塞住车轮，下一车前检查压力和管路。",
        ),
        severity="force_frac",
    )
    name: Literal["clamp_weak"]
    force_frac: Share = 0.3


class ClampJammed(Fault):
    """The wheel clamp stays where it is."""

    about = About(
        kind="physics",
        title=Text("Wheel clamp jammed", "车轮夹紧器卡住"),
        changes=Text("The clamp neither closes nor opens.", "夹紧器不能夹紧或打开。"),
        seen=Text("neither closed nor open in time", "未按时夹紧或打开"),
        signals=("bay.clamp.st_closed", "bay.clamp.st_open"),
        response=Text(
            "No robot under a truck that is not clamped; a truck that is held is not let go before the clamp is open.",
            "未夹紧车下禁止进入设备；夹紧器未打开不得放行。",
        ),
    )
    name: Literal["clamp_jammed"]
