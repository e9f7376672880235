"""Faults of the machines: drives, brakes, encoders, guides, plate and keys."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.constraint import Like
from twin.fault.base import About, AxisTarget, Fault, Names, Share, Text

_MOTION = ("{target}.pv_position_*", "{target}.pv_speed_*")
_STATUS = ("{target}.st_ready", "{target}.st_overload")
_LIFT = {"target": "shuttle.lift"}


class EncoderDrift(Fault):
    """What an axis measures runs away from where it is; its drive follows what it measures."""

    about = About(
        kind="physics",
        title=Text("Encoder drifts", "编码器漂移"),
        changes=Text(
            "The measured position runs away from the true one, and the drive, which follows it, moves the axis off.",
            "测量位置偏离真实位置，驱动跟随测量值使轴移位。",
        ),
        seen=Text(
            "the home switch does not come at zero; loads, pads and places are met too early or too late",
            "零位处原点开关不动作；接触与到位提前或滞后",
        ),
        signals=("{target}.st_home", *_MOTION),
        response=Text(
            "Stop the axis, bring it home slowly, compare with the switch, reference it anew; check coupling and disc.",
            "停轴，低速回零并与原点开关比对，重新标定；检查联轴器与码盘。",
        ),
        example={"target": "shuttle.travel"},
        severity="drift_mm_s",
    )
    name: Literal["encoder_drift"]
    target: AxisTarget
    drift_mm_s: Annotated[float, Field(ge=-50, le=50, description="mm/s; of a rotary axis mrad/s")] = 0.5


class WheelSlip(Fault):
    """Driven wheels slip: the encoder on the wheel counts more way than the machine makes."""

    about = About(
        kind="physics",
        title=Text("Wheels slip", "车轮打滑"),
        changes=Text(
            "The machine makes only a part of the way that its wheels turn and its encoder counts.",
            "机器实际行程小于车轮转动与编码器计数。",
        ),
        seen=Text(
            "places are missed by a share of the way; the home switch does not come at zero",
            "按行程比例未到位；零位处原点开关不动作",
        ),
        signals=("{target}.st_home", *_MOTION),
        response=Text(
            "Stop, dry and clean rail and wheels, bring the machine home, reference it anew.",
            "停机，擦干清洁轨道和车轮，回零重新标定。",
        ),
        example={"target": "shuttle.travel"},
        severity="slip_frac",
    )
    name: Literal["wheel_slip"]
    target: Annotated[
        str, Field(pattern=r"^(shuttle|crane)\.travel$"), Like("shuttle.travel or crane.travel, which run on wheels"),
        Names("axis"),
    ]  # fmt: skip
    slip_frac: Annotated[float, Field(gt=0, le=0.9)] = 0.02


class BrakeFade(Fault):
    """The holding brake of an axis keeps only a share of its force."""

    about = About(
        kind="physics",
        title=Text("Brake fades", "制动器衰退"),
        changes=Text(
            "The closed brake holds with a share of its force; a load beyond that sinks.",
            "制动器仅保留部分制动力，超出的载荷会下滑。",
        ),
        seen=Text("the position changes while the drive is not enabled", "驱动未使能而位置变化"),
        signals=("{target}.st_enabled", *_MOTION),
        response=Text(
            "Nobody below. Switch the drive on so that it holds, or set the load on its supports; change the brake.",
            "下方禁止有人。重新使能驱动保持载荷，或将载荷落到支撑上；更换制动器。",
        ),
        example=_LIFT,
        severity="force_frac",
    )
    name: Literal["brake_fade"]
    target: AxisTarget
    force_frac: Share = 0.25


class DriveWeak(Fault):
    """A drive gives only a share of its force, as with a phase lost or too hot."""

    about = About(
        kind="physics",
        title=Text("Drive is weak", "驱动出力不足"),
        changes=Text("The drive gives at most a share of its force.", "驱动最大出力仅为额定的一部分。"),
        seen=Text(
            "the axis lags, its following error trips the drive, or the move takes too long",
            "轴滞后、跟随误差跳闸或动作超时",
        ),
        signals=(*_STATUS, *_MOTION),
        response=Text(
            "Hold, unload the axis if it can be done safely, look at phases and temperature of the drive.",
            "保持，安全时卸载，检查驱动相线与温度。",
        ),
        example=_LIFT,
        severity="force_frac",
    )
    name: Literal["drive_weak"]
    target: AxisTarget
    force_frac: Share = 0.5


class GuideFriction(Fault):
    """A guide is dry or bent: friction takes a part of the drive's force."""

    about = About(
        kind="physics",
        title=Text("Guide runs hard", "导轨卡涩"),
        changes=Text(
            "Friction takes a part of the drive's force while the axis moves.", "运动时摩擦力消耗部分驱动力。"
        ),
        seen=Text("the drive's force is higher both ways at the same load", "同一载荷下双向驱动力均增大"),
        signals=("{target}.pv_force_n", "{target}.pv_torque_n_m", *_STATUS),
        response=Text(
            "Finish the step slowly, then take the machine out of service: look at rail, rollers and grease.",
            "低速完成当前步骤后停用，检查导轨、滚轮和润滑。",
        ),
        example=_LIFT,
        severity="friction_n",
    )
    name: Literal["guide_friction"]
    target: AxisTarget
    friction_n: Annotated[float, Field(gt=0, le=30_000, description="N; of a rotary axis N·m")] = 5_000.0


class DriveTrip(Fault):
    """A drive trips and cannot be switched on: its brake closes."""

    about = About(
        kind="power",
        title=Text("Drive tripped", "驱动跳闸"),
        changes=Text(
            "The drive is off and its brake closed, whatever is asked of it.", "驱动断电、制动器抱闸，不响应指令。"
        ),
        seen=Text("the drive is not ready", "驱动未就绪"),
        signals=("{target}.st_ready", "{target}.st_enabled"),
        response=Text(
            "Read the drive's code, remove the cause, switch off and on again, then clear and go on.",
            "读取驱动代码，排除原因，断合一次后清除并继续。",
        ),
        example=_LIFT,
    )
    name: Literal["drive_trip"]
    target: AxisTarget


class DriveSlow(Fault):
    """A drive runs no faster than a share of its speed."""

    about = About(
        kind="physics",
        title=Text("Drive is slow", "驱动降速"),
        changes=Text("The axis moves at most at a share of its speed.", "轴速限制为额定的一部分。"),
        seen=Text("moves take longer than before, at last longer than allowed", "动作时间变长直至超时"),
        signals=("{target}.pv_speed_*",),
        response=Text(
            "Let the swap finish if the times allow it; look why the drive limits itself.",
            "时间允许则完成换电；检查驱动限速原因。",
        ),
        example=_LIFT,
        severity="speed_frac",
    )
    name: Literal["drive_slow"]
    target: AxisTarget
    speed_frac: Annotated[float, Field(ge=0.02, lt=1)] = 0.3


class FloatStuck(Fault):
    """The plate's float neither frees nor centres itself: it stays as it is."""

    about = About(
        kind="physics",
        title=Text("Float stuck", "浮动机构卡滞"),
        changes=Text("The plate stays as it is, free or centred.", "托盘保持当前浮动或对中状态。"),
        seen=Text(
            "the offsets stay at nothing on a truck that stands askew, or the plate does not centre",
            "车辆偏斜时浮动量不变，或托盘不能对中",
        ),
        signals=("{target}.st_centred", "{target}.pv_offset_*"),
        response=Text(
            "Do not press the pack on its cones. Lower, bring the plate out, free the float.",
            "不得强行顶入导向锥。下降并退出，修复浮动机构。",
        ),
        example={"target": "shuttle.plate"},
    )
    name: Literal["float_stuck"]
    target: Literal["shuttle.plate"] = "shuttle.plate"


class KeysJammed(Fault):
    """The keys on the plate neither rise nor lower."""

    about = About(
        kind="physics",
        title=Text("Keys jammed", "钥匙卡住"),
        changes=Text("The keys stay at the height where they are.", "钥匙停在当前高度。"),
        seen=Text("neither up nor down is reached in time", "升起与缩回均未按时到位"),
        signals=("{target}.st_engaged", "{target}.st_retracted"),
        response=Text(
            "No axis moves with keys in the locks. Free them by hand, lower them, then confirm.",
            "钥匙在锁内时任何轴不得动作。人工松开并缩回后确认。",
        ),
        example={"target": "shuttle.lock_driver"},
    )
    name: Literal["keys_jammed"]
    target: Literal["shuttle.lock_driver"] = "shuttle.lock_driver"
