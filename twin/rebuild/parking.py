"""How far from its mark a truck stood, from what the station measured of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from twin.analysis.samples import RecordSamples
from twin.assets import Station
from twin.rebuild.happening import value_at
from twin.rebuild.known import Known, known
from twin.scenario import Parking
from twin.units import m_to_mm, rad_to_deg

_POSE = "bay.pose"
_SENSOR = "bay.sensor.pv_position_m"
#: A log may show the values so much after it shows that they are valid.
_LATE_NS = 1_500_000_000
#: Name of the parking key to the range that a scenario takes.
_LIMITS: Mapping[str, float] = {
    "offset_x_mm": 300.0, "offset_y_mm": 300.0, "yaw_deg": 5.0, "roll_deg": 3.0, "ride_height_mm": 80.0,
}  # fmt: skip


def parking(
    samples: RecordSamples, station: Station, measured_ns: int | None, until_ns: int, *, loaded: bool
) -> tuple[Parking, list[Known]]:
    """The parking error, and how well it is known.

    Args:
        measured_ns, until_ns: from when the truck's pose was measured until the shuttle set off; measured_ns None: the
            log does not hold that.
        loaded: the truck had all its packs then; without one it stands higher.
    """
    pose = None if measured_ns is None else _measured(samples, measured_ns, until_ns)
    bias_mm = m_to_mm(station.bay.pose_bias_m.value)
    bias_deg = rad_to_deg(station.bay.pose_bias_rad.value)
    if pose is not None:
        x, y, z, yaw, roll = pose
        along = x / math.cos(yaw)
        values = {
            "offset_x_mm": m_to_mm(along),
            "offset_y_mm": m_to_mm(y - along * math.sin(yaw)),
            "yaw_deg": rad_to_deg(yaw),
            "roll_deg": rad_to_deg(roll),
            "ride_height_mm": m_to_mm(z) if loaded else 0.0,
        }
        clipped = {key: float(np.clip(value, -_LIMITS[key], _LIMITS[key])) for key, value in values.items()}
        kept = Parking(**{key: round(value, 3) for key, value in clipped.items()})
        facts = [
            known(
                f"truck.parking.{key}", f"{value:.2f}", "logged", "Where the truck stood, as its pose was measured.",
                "车辆停放位置，取自位姿测量。", f"±{bias_deg:.2f} °" if key.endswith("deg") else f"±{bias_mm:.1f} mm",
            )
            for key, value in clipped.items()
            if loaded or key != "ride_height_mm"
        ]  # fmt: skip
        if not loaded:
            facts.append(
                known(
                    "truck.parking.ride_height_mm", "0", "assumed", "How high it stood with its packs is not logged.",
                    "日志未给出满载时的车架高度。", "±15 mm",
                )
            )  # fmt: skip
        return kept, facts
    stopped = _along(samples, measured_ns, until_ns)
    if stopped is None:
        return Parking(), [
            known(
                "truck.parking", "0", "assumed", "The log does not tell where the truck stood: at its mark.",
                "日志未给出停车位置：按停在标记处处理。", "±60 mm",
            )
        ]  # fmt: skip
    limit = _LIMITS["offset_x_mm"]
    offset = float(np.clip(m_to_mm(stopped), -limit, limit))
    return Parking(offset_x_mm=round(offset, 2)), [
        known(
            "truck.parking.offset_x_mm", f"{offset:.1f}", "logged", "Where the truck stopped, by the bay's sensor.",
            "车辆停止位置，取自车位传感器。", "±5 mm",
        ),
        known(
            "truck.parking", "0", "assumed", "Sideways, turned and tilted: not in the log, taken as none.",
            "横向、偏航与倾斜日志未给出，按零处理。", "±60 mm",
        ),
    ]  # fmt: skip


def measured(samples: RecordSamples, start_ns: int, end_ns: int) -> tuple[int, int] | None:
    """From when to when the truck's pose was first measured in a stretch; None where the log does not say."""
    name = f"{_POSE}.st_valid"
    if name not in samples.signals:
        return None
    t_ns, values = samples.series(name)
    rises = np.flatnonzero((values == 1) & (t_ns > start_ns) & (t_ns <= end_ns))
    if not len(rises):
        return None
    first = int(rises[0])
    until_ns = int(t_ns[first + 1]) if first + 1 < len(t_ns) else end_ns
    return int(t_ns[first]), min(until_ns + _LATE_NS, end_ns)


def _measured(samples: RecordSamples, t0_ns: int, t1_ns: int) -> tuple[float, ...] | None:
    """The pose as it stood once it was measured, the mean of what was logged of it."""
    names = [f"{_POSE}.pv_{field}" for field in ("x_m", "y_m", "z_m", "yaw_rad", "roll_rad")]
    if any(name not in samples.signals for name in names):
        return None
    found = []
    for name in names:
        t_ns, values = samples.series(name)
        within = values[(t_ns > t0_ns) & (t_ns <= t1_ns)]
        # Where nothing new came, the value that stood before is what was measured.
        value = float(np.median(within)) if len(within) else value_at(samples, name, t1_ns)
        if math.isnan(value):
            return None
        found.append(value)
    return tuple(found)


def _along(samples: RecordSamples, t0_ns: int | None, t1_ns: int) -> float | None:
    if _SENSOR not in samples.signals:
        return None
    t_ns, values = samples.series(_SENSOR)
    rows = t_ns <= t1_ns
    if t0_ns is not None:
        rows &= t_ns >= t0_ns
    return float(np.median(values[rows])) if rows.any() else None
