"""What a map's tags move: the motion that an imported Record carries."""

from __future__ import annotations

from collections.abc import Sequence

from twin import assets, frames
from twin.importing.layout import Column
from twin.motion import JointSource, MachineSource, Motion, Setup
from twin.tag_map import TagMap


def motion_of(tag_map: TagMap, columns: Sequence[Column]) -> Motion | None:
    """What the map's tags move, of those that the log has."""
    if not tag_map.machines:
        return None
    machines = []
    for name, machine in tag_map.machines.items():
        urdf = assets.asset_folder("cells", machine.cell) / assets.load_cell(machine.cell).urdf
        X_WR = tuple(frames.pose(machine.p_m, machine.rpy_rad).tolist())
        machines.append(MachineSource(name, urdf.read_text(encoding="utf-8"), X_WR, str(urdf)))
    joints = [
        JointSource(tag.joint, tag.signal, tag.joint_scale, tag.joint_offset, tag.period_s, tag.logged)
        for tag in (column.tag for column in columns)
        if tag.joint is not None and tag.signal is not None
    ]
    return Motion(Setup(machines, joints))
