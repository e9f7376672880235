"""All that happened to a station in a stretch of a log: from outside, by people, and what broke."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from twin import event as events
from twin.analysis.cause_table import CauseTable
from twin.analysis.samples import RecordSamples
from twin.formula.document import Sentence
from twin.rebuild.fault import freed, stuck, what_broke
from twin.rebuild.happening import Happening, Happenings, changes
from twin.rebuild.known import known
from twin.rebuild.person import what_people_did
from twin.record import Event

Outside = tuple[str, Callable[[], events.Action], Callable[[], events.Action], str, str]


#: Signals that are true while all is well: what makes them false, and true again.
_OUTSIDE: tuple[Outside, ...] = (
    ("station.safety.st_estop_ok", events.PressEstop, events.ReleaseEstop, "emergency stop", "急停"),
    ("station.safety.st_mains_ok", events.MainsOff, events.MainsOn, "mains", "主电源"),
    *(
        (name, lambda name=name: stuck(name, False), lambda name=name: freed(name), en, zh)
        for name, en, zh in (
            ("station.safety.st_fence_closed", "fence", "围栏"),
            ("station.safety.st_floor_dry", "floor", "地面"),
        )
    ),
)


def happenings(
    samples: RecordSamples, noted: Sequence[Event], table: CauseTable | None, start_ns: int, end_ns: int
) -> Happenings:
    """What happened in a stretch of a log.

    Args:
        samples: bridged, so that what changed in a silence is found at the first sample that shows it.
    """
    all_ = Happenings()
    for name, lost, back, en, zh in _OUTSIDE:
        if name not in samples.signals:
            all_.known.append(known(name, "", "not known", f"The log does not show the {en}.", f"日志未显示{zh}。"))
            continue
        for t_ns, now in changes(samples, name, start_ns, end_ns):
            action, word, word_zh = (back(), "back", "恢复") if now else (lost(), "lost", "断开")
            text = Sentence(en=f"The {en}: {word}.", zh=f"{zh}{word_zh}。")
            all_.found.append(Happening(t_ns, action, name, "logged", text))
    what_people_did(all_, samples, table, noted, start_ns, end_ns)
    if table is not None:
        what_broke(all_, samples, table, noted, start_ns, end_ns)
    # Of what happened at once, a person acts last.
    all_.found.sort(
        key=lambda one: (-1 if one.t_ns is None else one.t_ns, isinstance(one.action, events.OperatorAction))
    )
    return all_
