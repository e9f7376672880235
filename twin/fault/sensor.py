"""Faults of sensors and their wires: the world is as it was, and what is believed of it is wrong."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.fault.base import About, DeviceTarget, Fault, MeasuredSignal, Text

_PAD = {"target": "bracket2.seat.st_pad1"}


class SensorStuck(Fault):
    """A sensor says one value, whatever is true."""

    about = About(
        kind="sensor",
        title=Text("Sensor stuck", "传感器卡死"),
        changes=Text("Nothing moves; the signal says one value.", "物理状态不变，信号固定为一个值。"),
        seen=Text("it contradicts its partner, or what was commanded", "与冗余传感器或指令矛盾"),
        signals=("{target}",),
        response=Text(
            "Look before you believe: compare with its partner and with your eyes, then change the sensor.",
            "先核实：与冗余传感器和现场目视比对，再更换传感器。",
        ),
        example={"target": "bracket2.lock1.st_released", "value": False},
        severity="value",
    )
    name: Literal["sensor_stuck"]
    target: MeasuredSignal
    value: bool | float


class SensorSwapped(Fault):
    """The wires of two sensors are swapped: each says what the other measures."""

    about = About(
        kind="sensor",
        title=Text("Sensors swapped", "传感器接反"),
        changes=Text("Nothing moves; two signals say each other's value.", "物理状态不变，两个信号互换。"),
        seen=Text("each follows the other's command", "各自跟随对方的动作"),
        signals=("{target}",),
        response=Text(
            "Stop at the first movement that shows at the wrong place; trace the wires after maintenance.",
            "发现动作显示在错误位置立即停止；检修后核对接线。",
        ),
        example={"target": "bracket2.lock1.st_locked", "other": "bracket2.lock2.st_locked"},
    )
    name: Literal["sensor_swapped"]
    target: MeasuredSignal
    other: MeasuredSignal


class SensorOffset(Fault):
    """A sensor says too much or too little by one amount, in its signal's unit."""

    about = About(
        kind="sensor",
        title=Text("Sensor reads off", "传感器零偏"),
        changes=Text("Nothing moves; the signal is off by one amount.", "物理状态不变，信号整体偏移。"),
        seen=Text("it does not read its rest value at rest", "静止时不显示零值"),
        signals=("{target}",),
        response=Text(
            "Compare with a known value (empty plate, home switch), set the zero anew.",
            "与已知值比对（空托盘、原点开关），重新调零。",
        ),
        example={"target": "shuttle.plate.pv_load_n", "offset": 1500.0},
        severity="offset",
    )
    name: Literal["sensor_offset"]
    target: MeasuredSignal
    offset: Annotated[float, Field(ge=-1e6, le=1e6)]


class SensorStale(Fault):
    """A value in the PLC is not renewed: it stays what it was at the onset."""

    about = About(
        kind="sensor",
        title=Text("Value is stale", "数值不更新"),
        changes=Text("Nothing moves; the signal keeps the value of the onset.", "物理状态不变，信号保持故障起始值。"),
        seen=Text("it does not change while its axis or its process does", "过程变化而数值不变"),
        signals=("{target}",),
        response=Text(
            "Treat the value as unknown: stop what depends on it, look at module and program.",
            "视该值为未知：停止依赖它的动作，检查模块和程序。",
        ),
        example={"target": "shuttle.plate.pv_load_n"},
    )
    name: Literal["sensor_stale"]
    target: MeasuredSignal


class SensorFlickers(Fault):
    """A loose contact: of every period the signal is zero for a share."""

    about = About(
        kind="sensor",
        title=Text("Loose contact", "接触不良"),
        changes=Text("Nothing moves; the signal falls to zero for a share of each period.", "信号周期性掉零。"),
        seen=Text("the signal drops and comes back without a cause", "信号无故中断又恢复"),
        signals=("{target}",),
        response=Text(
            "Do not override it. Hold, move the plug and the cable with power off, change them.",
            "不得短接屏蔽。保持，断电后检查插头和电缆并更换。",
        ),
        example=_PAD,
        severity="off_frac",
    )
    name: Literal["sensor_flickers"]
    target: MeasuredSignal
    period_s: Annotated[float, Field(ge=0.04, le=60)] = 1.0
    off_frac: Annotated[float, Field(gt=0, lt=1)] = 0.3


class ClockSkew(Fault):
    """A device's clock is behind: what it says now was measured a while ago."""

    about = About(
        kind="sensor",
        title=Text("Clock behind", "时钟滞后"),
        changes=Text(
            "Everything a device says comes late by one delay, as where values are taken by the stamp of its clock.",
            "设备全部信号按固定延迟到达，如按其滞后时钟取值。",
        ),
        seen=Text("its values follow those of its neighbours by one delay", "其数值总是滞后于相邻设备"),
        signals=("{target}.*",),
        response=Text(
            "Do not trust an order of events across devices; set the clock, look at the time server.",
            "跨设备事件先后不可信；校时并检查时间服务器。",
        ),
        example={"target": "shuttle.lift"},
        severity="delay_s",
    )
    name: Literal["clock_skew"]
    target: DeviceTarget
    delay_s: Annotated[float, Field(gt=0, le=10)] = 0.5


class LensDirty(Fault):
    """The sensor that measures the truck's pose looks through dirt, rain or the sun."""

    about = About(
        kind="sensor",
        title=Text("Pose sensor dirty", "位姿传感器脏污"),
        changes=Text("The noise of the measured pose grows by a factor.", "位姿测量噪声按倍数增大。"),
        seen=Text("two measurements of a truck that stands do not agree", "静止车辆两次测量不一致"),
        signals=("bay.pose.pv_*",),
        response=Text(
            "Clean the lens, shade it, measure again before the robot goes in.", "清洁或遮光后重新测量，再让设备进入。"
        ),
        severity="noise_factor",
        source="more than 100 mm at night or in rain with camera and ultrasonics (S21) against 2 mm",
        confidence="M",
    )
    name: Literal["lens_dirty"]
    noise_factor: Annotated[float, Field(gt=1, le=100)] = 10.0
