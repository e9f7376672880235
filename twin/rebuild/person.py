"""What people did at a station's panel, from its own signals, from changes of state, or from stops alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from twin import event as events
from twin.analysis.cause_table import CauseTable
from twin.analysis.samples import RecordSamples
from twin.analysis.why import explain, find_stops
from twin.formula.document import Sentence
from twin.panel import operator_signals
from twin.rebuild.anchor import STATE
from twin.rebuild.happening import NS, Happening, Happenings, changes, value_at
from twin.rebuild.jog import jogs
from twin.rebuild.known import How, known
from twin.record import Event
from twin.signals import Signal

_PANEL = "operator.panel."
_ESTOP = "operator.estop.op_pressed"
_MODE = "station.unit.seq_mode"
_PRESS_S = 0.5
#: An alarm so near explains a hold that nobody asked for.
_NEAR_NS = 2 * NS
#: States that are left because somebody asked for it, whatever is seen next, and the button. A log that looks rarely
#: misses what lies between.
_BUTTONS: dict[tuple[str, str], str] = {
    ("Aborted", "Clearing"): "op_clear",
    ("Aborted", "Stopped"): "op_clear",
    ("Stopped", "Resetting"): "op_reset",
    ("Stopped", "Idle"): "op_reset",
    ("Held", "Unholding"): "op_confirm",
    ("Held", "Execute"): "op_confirm",
    ("Suspended", "Unsuspending"): "op_confirm",
    ("Suspended", "Execute"): "op_confirm",
}
#: Modes in which a person moves the axes.
_BY_HAND = frozenset({"manual", "maintenance"})
#: Causes after which a confirmation does not suffice to go on.
_LONG_WAY = frozenset({"estop", "fence_open", "truck_moved"})
#: Causes that pass by themselves.
_PASS = frozenset({"no_full_pack"})


def what_people_did(
    all_: Happenings,
    samples: RecordSamples,
    table: CauseTable | None,
    noted: Sequence[Event],
    start_ns: int,
    end_ns: int,
) -> None:
    """Add what people did in a stretch of a log, after what came from outside."""
    all_.found += _pressed(samples, start_ns, end_ns)
    if any(name.startswith(f"{_PANEL}op_") for name in samples.signals):
        return
    if STATE in samples.signals:
        _inferred(all_, samples, noted, start_ns, end_ns)
    else:
        all_.known.append(
            known(
                "operator", "", "not known", "Neither buttons nor states are logged: what people did is supposed.",
                "日志无按钮与状态：操作动作为推测。",
            )
        )  # fmt: skip
        if table is not None:
            _supposed(all_, samples, table, start_ns, end_ns)


def _pressed(samples: RecordSamples, start_ns: int, end_ns: int) -> Iterator[Happening]:
    """What the signals of panel and isolators say; the emergency stop is told by its chain."""
    for key, asked in operator_signals().items():
        name = asked.address
        if name == _ESTOP or name not in samples.signals:
            continue
        signal = samples.signals[name]
        for t_ns, value in changes(samples, name, start_ns, end_ns):
            if signal.type == "bool":
                to: bool | float | str = bool(value)
            else:
                to = signal.labels.get(int(value), value) if signal.type == "enum" else value
            text = Sentence(en=f"The operator sets {key} to {to}.", zh=f"操作员将 {key} 设为 {to}。")
            yield Happening(t_ns, events.OperatorAction(set={key: to}), name, "logged", text)


def _inferred(all_: Happenings, samples: RecordSamples, noted: Sequence[Event], start_ns: int, end_ns: int) -> None:
    """What people must have asked for, from changes of state and mode."""
    state = samples.signals[STATE]
    mode = samples.signals.get(_MODE)
    alarms = [e.t_ns for e in noted if e.kind == "alarm" and e.data.get("edge", "raised") == "raised"]
    alarms += [h.t_ns for h in all_.found if h.t_ns is not None]
    t_ns, values = samples.series(state.name)
    labels = [state.labels.get(int(value), "") for value in values]
    times = t_ns.tolist()
    for since_ns, at_ns, was, is_ in zip(times, times[1:], labels, labels[1:], strict=False):
        if not start_ns <= at_ns <= end_ns or was == is_:
            continue
        button = _BUTTONS.get((was, is_), "")
        alone = not any(abs(at_ns - other) < _NEAR_NS for other in alarms)
        if is_ in ("Holding", "Held") and was == "Execute" and alone:
            button = "op_hold"
        elif is_ in ("Stopping", "Stopped") and was not in ("Stopping", "Clearing", "Aborted", "Aborting"):
            # A reset in Held lets the truck go, by way of Stopping.
            button = "op_reset" if was in ("Held", "Suspended") else "op_stop"
        elif is_ == "Starting" and not _automatic(samples, at_ns):
            button = "op_start"
        if button == "op_clear":
            _before_clearing(all_, samples, since_ns, at_ns)
        elif was == "Stopped" and button:
            # Where the packs are must have been confirmed before; it does no harm where nobody asked.
            all_.found.append(_button("op_inventory_ok", max(at_ns - NS, since_ns), f"{was} → {is_}"))
        if button:
            all_.found.append(_button(button, at_ns, f"{was} → {is_}"))
    if mode is not None:
        _chosen(all_, samples, mode, start_ns, end_ns)


def _chosen(all_: Happenings, samples: RecordSamples, mode: Signal, start_ns: int, end_ns: int) -> None:
    """Modes that were chosen, and what was moved by hand in them."""
    chosen = [(t_ns, mode.labels.get(int(value), "")) for t_ns, value in changes(samples, mode.name, start_ns, end_ns)]
    for n, (t_ns, label) in enumerate(chosen):
        if not label:
            continue
        text = Sentence(en=f"The operator chooses the mode {label}.", zh=f"操作员选择模式 {label}。")
        all_.found.append(Happening(t_ns, events.OperatorAction(set={"op_mode": label}), "op_mode", "logged", text))
        if label in _BY_HAND:
            until_ns = chosen[n + 1][0] if n + 1 < len(chosen) else end_ns
            all_.found += jogs(samples, t_ns, until_ns)
            all_.known.append(
                known(
                    "operator.keys", "", "not known", f"Keys and locks moved by hand in {label} are not rebuilt.",
                    f"{label} 模式下手动操作钥匙与锁未重建。",
                )
            )  # fmt: skip


def _automatic(samples: RecordSamples, t_ns: int) -> bool:
    """Whether nobody need say start; taken for so where the log does not tell the mode."""
    mode = samples.signals.get(_MODE)
    code = float("nan") if mode is None else value_at(samples, _MODE, t_ns)
    return mode is None or np.isnan(code) or mode.labels.get(int(code), "automatic") == "automatic"


def _supposed(all_: Happenings, samples: RecordSamples, table: CauseTable, start_ns: int, end_ns: int) -> None:
    """A station that stood and went on was let go on by somebody; one that stood without a cause was held."""
    outside = [one.t_ns for one in all_.found if one.t_ns is not None]
    for stop in find_stops(samples, table):
        if not start_ns <= stop.at_ns <= end_ns:
            continue
        causes = {cause.name for cause in explain(samples, table, stop).causes}
        if causes & _PASS:
            continue
        if not causes and not any(stop.at_ns - _NEAR_NS <= t_ns <= stop.until_ns for t_ns in outside):
            all_.found.append(_button("op_hold", stop.at_ns, "it stood, and nothing says why", "assumed"))
        if not stop.open and not causes & _LONG_WAY:
            all_.found.append(_button("op_confirm", stop.until_ns - NS // 2, "it went on", "assumed"))


def _button(name: str, t_ns: int, why: str, how: How = "estimated") -> Happening:
    text = Sentence(en=f"The operator presses {name} ({why}).", zh=f"操作员按下 {name}（{why}）。")
    action = events.OperatorAction(set={name: True}, hold_s=_PRESS_S)
    return Happening(t_ns, action, name, how, text, "±1 s")


def _before_clearing(all_: Happenings, samples: RecordSamples, aborted_ns: int, clear_ns: int) -> None:
    """An abort is cleared only once the safety chain was reset: where the log shows no reset, shortly before."""
    name = "station.safety.cmd_reset"
    shown = (
        [t_ns for t_ns, now in changes(samples, name, aborted_ns, clear_ns) if now] if name in samples.signals else []
    )
    all_.found += [_button("op_reset", t_ns, name) for t_ns in shown or [max(clear_ns - NS, aborted_ns)]]
