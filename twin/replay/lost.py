"""Scans of a log that are missing, came twice or came late: told as such, never taken for the controller's doing."""

from __future__ import annotations

import numpy as np

from twin.record import Record
from twin.replay.difference import Difference, Kind
from twin.replay.model import Replay
from twin.replay.pair import scan_period_ns

#: A scan that comes this share of a period from when it is due is late.
_LATE = 0.1


def lost_samples(record: Record, replay: Replay) -> list[Difference]:
    """Where the log's rows do not follow each other scan by scan; nothing where the log has no row for each scan."""
    scan_ns = scan_period_ns(record)
    if not scan_ns or len(replay.t_ns) < 2:
        return []
    steps = np.diff(replay.t_ns)
    odd = np.flatnonzero(np.abs(steps - scan_ns) > _LATE * scan_ns)
    found: list[Difference] = []
    late_ns = 0
    for k in odd.tolist():
        at_ns, step_ns = int(replay.t_ns[k + 1]), int(steps[k])
        missing = round((step_ns + late_ns) / scan_ns) - 1
        off_ns = step_ns + late_ns - (missing + 1) * scan_ns
        if missing > 0:
            found.append(_lost("sample gap", at_ns, missing * scan_ns, missing))
        elif missing < 0:
            found.append(_lost("sample extra", at_ns, scan_ns, 1))
        elif not late_ns:
            found.append(_lost("sample late", at_ns, off_ns, 0))
        late_ns = off_ns if abs(off_ns) > _LATE * scan_ns else 0
    return found


def _lost(kind: Kind, t_ns: int, by_ns: int, scans: int) -> Difference:
    time = f"{by_ns / 1e6:.4g} ms"
    text = {
        "sample gap": (
            f"the log lacks {scans} scans before here, {time}",
            f"日志在此之前缺少 {scans} 个周期（{time}）",
        ),
        "sample extra": ("the log has a scan more than there can be", "日志多出一个周期的采样"),
        "sample late": (f"the log's scan is {time} off", f"日志的采样偏移 {time}"),
    }[kind]
    return Difference("log.scans", kind, t_ns, t_ns, by_ns=by_ns, by_scans=scans, text={"en": text[0], "zh": text[1]})
