"""Faults of the fieldbus."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from twin.fault.base import About, DeviceTarget, Fault, Text


class BusLost(Fault):
    """Controller and devices do not reach each other.

    The controller sees the last values, or zeros, as its bus is configured. The devices go on with the last commands
    until their own watchdog lets all of them fall.
    """

    about = About(
        kind="bus",
        title=Text("Bus lost", "总线中断"),
        changes=Text(
            "Values no longer arrive and commands no longer leave; after its watchdog the device drops all commands.",
            "数据不再到达，指令不再送出；看门狗超时后设备撤销全部指令。",
        ),
        seen=Text(
            "all signals of a device stand still, or are zero, together; steps run into their time limits",
            "设备全部信号同时不变或归零；步骤超时",
        ),
        signals=("{target}.*",),
        response=Text(
            "The screen is old, look at the machine. Hold, mend cable or coupler, check every position anew.",
            "画面数据已过期，以现场为准。保持，修复电缆或耦合器，重新核对全部位置。",
        ),
        example={"target": "crane"},
        severity="watchdog_s",
    )
    name: Literal["bus_lost"]
    target: DeviceTarget
    inputs: Literal["hold", "zero"] = "hold"
    watchdog_s: Annotated[float, Field(ge=0, le=60)] = 0.2


class BusDropsOut(Fault):
    """The bus is lost for a share of each period, as with a worn drag chain or slip ring."""

    about = About(
        kind="bus",
        title=Text("Bus drops out", "总线间断"),
        changes=Text(
            "For a share of each period values stand still and commands do not arrive.", "周期性地数据停滞、指令不达。"
        ),
        seen=Text("all signals of a device stand still together, again and again", "设备全部信号反复同时停滞"),
        signals=("{target}.*",),
        response=Text(
            "Finish the step by hand and slowly or hold; change the cable in the drag chain.",
            "手动低速完成或保持；更换拖链电缆。",
        ),
        example={"target": "shuttle.lift"},
        severity="off_frac",
    )
    name: Literal["bus_drops_out"]
    target: DeviceTarget
    period_s: Annotated[float, Field(ge=0.1, le=60)] = 2.0
    off_frac: Annotated[float, Field(gt=0, lt=1)] = 0.25
